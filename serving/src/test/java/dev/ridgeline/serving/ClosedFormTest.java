package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.units.InputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedFormTest {
  /** Two decoding sequences of 10 and 20 tokens, and 6 tokens of a prompt after 4. */
  private static Batch batch() {
    Batch batch = new Batch();
    batch.addDecode(0, 9);
    batch.addDecode(1, 19);
    batch.addChunk(2, 6, 4, false);
    return batch;
  }

  @ParameterizedTest
  @CsvSource({
    "1ms*N, 0.008",
    "1 ms * S, 0.003",
    "1ms*D, 0.002",
    "1us*K, 30e-6",
    "1us*P, 42e-6",
    "20 ms + 0.5ms*N - 1us*(K-D)/2, 0.023986",
    "1 ms * N * K / (S + D), 0.048",
    "'max(1 ms * N, 2 ms * S)', 0.008",
    "8ms/N, 0.001"
  })
  void isTheArithmeticItSays(String text, double seconds) {
    double[] stages = new double[1];
    ClosedForm.parse(text).price(batch(), stages);
    assertThat(stages[0]).isCloseTo(seconds, within(1e-15));
    double[] four = new double[4];
    ClosedForm.parse(text).price(batch(), four);
    assertThat(four).containsOnly(stages[0] / 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "20", "N", "20 ms +", "20 ms * X", "20 B * N", "1 ms + 1", "n * 1 ms"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> ClosedForm.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--step-cost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 ms * (N - 100)", "1 ms / (S - 3)"})
  void timesThatCannotBeAreRefusedWhenTheyCome(String text) {
    ClosedForm cost = ClosedForm.parse(text);
    assertThatThrownBy(() -> cost.price(batch(), new double[1]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("N = 8");
  }
}
