package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.units.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFileTest {

  private static TableFile table(String text) {
    return TableFile.open("t.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Measurements<Copying.Shape> measured(String text) {
    return Measurements.read(Copying.TABLE, table(text));
  }

  private static byte[] compressed(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void readsRowsInOrder() {
    try (TableFile table = table("a,b\n1,x\r\n2,y")) {
      assertThat(table.header()).containsExactly("a", "b");
      TableRow first = table.next().orElseThrow();
      assertThat(first.whole("a", 0, 9)).isEqualTo(1);
      assertThat(first.text("b")).isEqualTo("x");
      assertThat(first.raw()).isEqualTo("1,x");
      assertThat(table.next().orElseThrow().line()).isEqualTo(3);
      assertThat(table.next()).isEmpty();
    }
  }

  @Test
  void blankLinesAtTheEndAreNoRows() {
    try (TableFile table = table("a,b\n1,x\n\n  \n")) {
      assertThat(table.next()).isPresent();
      assertThat(table.next()).isEmpty();
    }
  }

  @Test
  void aQuoteIsClosedOnItsLine() {
    try (TableFile table = table("a,b\n\"1,\"\"x\"\"\",2\n3,\"y,4\n")) {
      assertThat(table.next().orElseThrow().text("a")).isEqualTo("1,\"x\"");
      assertThatThrownBy(table::next)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("t.csv:3")
          .hasMessageContaining("not closed");
    }
    assertThatThrownBy(() -> table("\"a,b\n1,2\n"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("t.csv:1")
        .hasMessageContaining("not closed");
  }

  @Test
  void readsCompressedFilesByTheirFirstBytes() throws IOException {
    byte[] bytes = compressed("a\n7\n");
    try (TableFile table = TableFile.open("t", new ByteArrayInputStream(bytes))) {
      assertThat(table.next().orElseThrow().text("a")).isEqualTo("7");
    }
  }

  @Test
  void saysWhereACompressedFileBreaksOff() throws IOException {
    byte[] bytes = compressed("a\n" + "7\n".repeat(100));
    byte[] half = Arrays.copyOf(bytes, bytes.length - 9);
    assertThatThrownBy(
            () -> {
              try (TableFile table = TableFile.open("t.gz", new ByteArrayInputStream(half))) {
                while (table.next().isPresent()) {
                  // Reads to the break.
                }
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining("t.gz:")
        .hasMessageContaining("ends too early");
  }

  /** All that is missing is said at once, with what columns of others' tables may stand for it. */
  @Test
  void saysWhatIsMissingWhatIsNeededAndWhatMayBeMeant() {
    TableFile table = table("gemm_dtype,M,n,num_kv_heads,latency_ms\n");

    assertThatThrownBy(() -> table.require(List.of("dtype", "m", "n", "kv_heads", "latency_us")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "no column \"dtype\", \"m\", \"kv_heads\", \"latency_us\"; convert \"latency_ms\"")
        .hasMessageContaining("it needs dtype, m, n, kv_heads, latency_us")
        .hasMessageContaining("gemm_dtype (for dtype)")
        .hasMessageContaining("M (for m)")
        .hasMessageContaining("num_kv_heads (for kv_heads)")
        .hasMessageNotContaining("Allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "''                                   | t.csv | is empty",
        "a,a                                  | t.csv:1 | names a column twice",
        "a,,b                                 | t.csv:1 | no name",
        "dtype,latency_us                     | t.csv:1 | no column \"\"bytes\"\"",
        "dtype,bytes                          | t.csv:1 | no column \"\"latency_us\"\"",
        "dtype,bytes,latency_ms               | t.csv:1 | convert \"\"latency_ms\"\"",
        "dtype,bytes,latency_us,latency_ms    | t.csv:1 | two units",
        "dtype,bytes,latency_us;x,1           | t.csv:2 | 2 cells, the header 3",
        "dtype,bytes,latency_us;x,1,2;;x,1,2  | t.csv:3 | blank line",
        "dtype,bytes,latency_us;x,1,0         | t.csv:2 | above zero",
        "dtype,bytes,latency_us;x,1,-3        | t.csv:2 | above zero",
        "dtype,bytes,latency_us;x,1,NaN       | t.csv:2 | above zero and finite",
        "dtype,bytes,latency_us;x,1,Infinity  | t.csv:2 | above zero and finite",
        "dtype,bytes,latency_us;x,1,3ms       | t.csv:2 | without a unit",
        "dtype,bytes,latency_us;x,NaN,3       | t.csv:2 | whole number",
        "dtype,bytes,latency_us;x,0,3         | t.csv:2 | at least 1",
        "dtype,bytes,latency_us;x,2147483649,3| t.csv:2 | must lie between",
      })
  void refusesNamingFileAndLine(String text, String place, String reason) {
    String written = text.strip().replace("''", "").replace(';', '\n');
    assertThatThrownBy(() -> measured(written))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(place)
        .hasMessageContaining(reason.replace("\"\"", "\""));
  }

  @Test
  void takesTheLargestExtent() {
    assertThat(measured("dtype,bytes,latency_us\nx,2147483648,3\n").rows()).isEqualTo(1);
  }

  @Test
  void keepsWholeFamiliesOut() {
    var text = new StringBuilder("dtype,bytes,latency_us\n");
    for (int i = 1; i <= 200; i++) {
      text.append("x,").append(1 + i % 20).append(',').append(i).append('\n');
    }
    Measurements<Copying.Shape> all = measured(text.toString());
    var h100 = dev.ridgeline.catalog.Catalog.shipped().platform("h100-sxm");
    var fitted = all.fitted("x", h100, dev.ridgeline.kernel.Warmth.WARM).orElseThrow();
    var heldOut = all.heldOut("x", h100, dev.ridgeline.kernel.Warmth.WARM).orElseThrow();

    assertThat(fitted.size() + heldOut.size()).isEqualTo(200);
    assertThat(heldOut.shapes()).doesNotContainAnyElementsOf(fitted.shapes());
  }
}
