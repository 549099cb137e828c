package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.TraceFile;
import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
  @TempDir private Path folder;

  private TraceFile open(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("trace.csv"), text);
    return TraceFile.open(file, 2, Long.MAX_VALUE);
  }

  @Test
  void rowsAreReadAndScaled() throws IOException {
    try (TraceFile trace =
        open("arrival_s,input_tokens,output_tokens,hash_ids\n1.5,1025,7,4-5 9\n2,3,1,8\n\n")) {
      Arrival arrival = new Arrival();
      assertThat(trace.next(arrival)).isTrue();
      assertThat(arrival.timeNanos).isEqualTo(3_000_000_000L);
      assertThat(arrival.inputTokens).isEqualTo(1025);
      assertThat(arrival.outputTokens).isEqualTo(7);
      assertThat(arrival.content.ids()).containsExactly(4, 5, 9);
      assertThat(trace.next(arrival)).isTrue();
      assertThat(trace.next(arrival)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,5                  | has 2 fields
          1,5,6,7              | has 4 fields
          -1,5,6               | must not be negative
          x,5,6                | must be a number
          nan,5,6              | must be a number
          1e300,5,6            | too far in the future
          1,0,6                | must be a whole number from 1
          1,5,0                | must be a whole number from 1
          1,5.5,6              | must be a whole number from 1
          1,5,99999999999      | must be a whole number from 1
          0.5,5,6              | is before the row above
          """)
  void brokenRowsAreRefusedWithFileAndLine(String row, String reason) throws IOException {
    try (TraceFile trace = open("arrival_s,input_tokens,output_tokens\n0.75,1,1\n" + row + "\n")) {
      Arrival arrival = new Arrival();
      assertThat(trace.next(arrival)).isTrue();
      assertThatThrownBy(() -> trace.next(arrival))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("trace.csv:3")
          .hasMessageContaining(reason);
    }
  }

  @Test
  void headersAndFilesAreChecked() {
    assertThatThrownBy(() -> open("")).hasMessageContaining("is empty");
    assertThatThrownBy(() -> open("a,b,c\n1,2,3\n"))
        .hasMessageContaining("no column arrival_s")
        .hasMessageContaining("trace.csv:1");
    assertThatThrownBy(() -> TraceFile.open(folder.resolve("nowhere"), 1, 1))
        .isInstanceOf(InputException.class);
  }
}
