package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {

  /** What Linux, Windows and a full disk say. */
  @ParameterizedTest
  @CsvSource({
    "Broken pipe, false",
    "The pipe is being closed, false",
    "No space left on device, true",
  })
  void aReaderThatHasSeenEnoughIsNoError(String reason, boolean failed) {
    Output output =
        new Output(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(reason);
              }
            },
            StandardCharsets.UTF_8);
    output.stream().print("answer");
    assertThat(output.failed()).isEqualTo(failed);
  }
}
