package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.GemmFamily;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.measured.DatasheetFloor;
import dev.ridgeline.kernel.measured.MeasuredKernels.Measured;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredLibraryTest {
  private static final String HEADER = "dtype,kernel,m,n,k,latency_us\n";

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static MeasuredRows<GemmShape> read(Path file) {
    return MeasuredRows.read(ProductTables.GEMM, List.of(file), ColumnNames.OURS);
  }

  private Measured<GemmShape> found(Path place, ColumnNames names) {
    Platform platform = Catalog.shipped().platform("h100-sxm");
    return new MeasuredLibrary(place, names, (text, chip) -> text.replace('_', '-').equals(chip))
        .find(new GemmFamily(), "bf16", platform, DatasheetFloor.of(platform.chip()))
        .orElseThrow();
  }

  private static double micros(Measured<GemmShape> measured, long m) {
    return 1e6 * measured.times().seconds(new GemmShape(GemmFormat.BF16, m, 64, 64)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bf16,a,1,64,64,0                          | t.csv:2 | above zero",
        "bf16,a,1,64,64,-3                         | t.csv:2 | above zero",
        "bf16,a,1,64,64,NaN                        | t.csv:2 | above zero",
        "bf16,a,0,64,64,3                          | t.csv:2 | m 0",
        "bf16,a,1,64,64,3;bf16,a,2,64,64,fast      | t.csv:3 | number",
        "bf16,a,1,64,64,3;bf16,a,2,64,64,4;bf16,a,1,64,64,5 | t.csv:4 | line 2",
      })
  void refusesRows(String rows, String place, String reason) throws IOException {
    Path file = write("t.csv", HEADER + rows.replace(';', '\n') + "\n");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(place)
        .satisfies(refused ->
            assertThat(refused.getMessage().replace("must be at least 1, was", "m"))
                .contains(reason.equals("m 0") ? "0" : reason));
  }

  @Test
  void refusesTablesWithoutRowsOrColumns() throws IOException {
    Path empty = write("t.csv", HEADER);
    assertThatThrownBy(() -> read(empty)).hasMessageContaining("no rows");
    Path narrow = write("u.csv", "dtype,m,n,latency_us\nbf16,1,1,1\n");
    assertThatThrownBy(() -> read(narrow))
        .hasMessageContaining("u.csv:1")
        .hasMessageContaining("k");
  }

  /** Two kernels of one shape are repeats as far as the shape knows: the geometric mean. */
  @Test
  void averagesRepeats() throws IOException {
    Path file = write("t.csv", HEADER + "bf16,a,8,64,64,4\nbf16,b,8,64,64,9\n");
    assertThat(micros(found(file, ColumnNames.OURS), 8)).isCloseTo(6, within(1e-9));
  }

  @Test
  void findsTheTableOfTheChip() throws IOException {
    write("h100_sxm_gemm.csv", HEADER + "bf16,a,8,64,64,4\n");
    write("l40s_gemm.csv", HEADER + "bf16,a,8,64,64,7\n");
    write("h100_sxm_gemm_power.csv", "nothing\n");
    Measured<GemmShape> found = found(folder, ColumnNames.OURS);
    assertThat(micros(found, 8)).isCloseTo(4, within(1e-9));
    assertThat(found.source()).isEqualTo("measured:h100_sxm_gemm.csv");
  }

  @Test
  void readsAParquetTableWithNamesOfItsOwn() throws SQLException, IOException {
    Path file = folder.resolve("data/h100_sxm/gemm/trtllm/9.9/gemm_perf.parquet");
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 'bf16' AS kind, i AS rows, 64 AS n, 64 AS k, 0.001 * i AS time"
              + " FROM range(8, 11) r(i)) TO '%s' (FORMAT parquet)".formatted(file));
    }
    ColumnNames names = ColumnNames.parse("--columns", "dtype=kind, m=rows, latency_ms=time");
    assertThat(micros(found(folder, names), 9)).isCloseTo(9, within(1e-9));
    assertThatThrownBy(() -> found(folder, ColumnNames.OURS)).hasMessageContaining("gemm_perf");
  }

  @Test
  void asksWhichOfSeveralTables() throws IOException {
    write("h100_sxm/gemm/a/gemm_perf.parquet", "");
    write("h100_sxm/gemm/b/gemm_perf.parquet", "");
    assertThatThrownBy(() -> found(folder, ColumnNames.OURS)).hasMessageContaining("several");
  }

  @Test
  void refusesNamesThatAreNone() {
    for (String bad : List.of("m", "m=", "=x", "m=a,m=b", "m=a,n=a")) {
      assertThatThrownBy(() -> ColumnNames.parse("--columns", bad))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("--columns");
    }
  }

  /** A million rows of a thousand curves take seconds, so ten million stay bounded. */
  @Test
  void readsAMillionRows() throws IOException {
    Path file = folder.resolve("gemm.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(HEADER);
      for (int curve = 1; curve <= 1000; curve++) {
        for (int m = 1; m <= 1000; m++) {
          out.write("bf16,a," + m + "," + curve + ",64,1\n");
        }
      }
    }
    assertThat(read(file).rows()).isEqualTo(1_000_000);
  }
}
