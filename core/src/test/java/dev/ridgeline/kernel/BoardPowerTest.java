package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BoardPowerTest {
  private static final BoardPower POWER = new BoardPower(0.2, 0.4, 1, 0.5, 0.9, 1e-3, 1);
  private static final Offset<Double> ROUNDING = Offset.offset(1e-9);

  @Test
  void loadsAddUpToTheCap() {
    assertThat(POWER.watts(1000, 0, 0)).isCloseTo(400, ROUNDING);
    assertThat(POWER.watts(1000, 0.01, 0.04)).isCloseTo(600, ROUNDING);
    assertThat(POWER.watts(1000, 1, 1)).isCloseTo(900, ROUNDING);
    assertThat(POWER.watts(1000, 0, 7)).isEqualTo(POWER.watts(1000, 0, 1));
  }

  @Test
  void meterAveragesCallsWithTheGapsBetween() {
    assertThat(POWER.meteredWatts(1000, 0.01, 0.04, 1e-3)).isCloseTo(400, ROUNDING);
    assertThat(POWER.meteredWatts(1000, 0.01, 0.04, 3e-3)).isCloseTo(500, ROUNDING);
  }

  @Test
  void aSharpMeterSeesAllOfLongCallsAndNothingOfShortOnes() {
    var sharp = new BoardPower(0.2, 0.4, 1, 0.5, 0.9, 1e-3, 4);

    assertThat(sharp.meteredWatts(1000, 0.01, 0.04, 1e-3)).isCloseTo(400, ROUNDING);
    assertThat(sharp.meteredWatts(1000, 0.01, 0.04, 1e-4)).isBetween(200.0, 201.0);
    assertThat(sharp.meteredWatts(1000, 0.01, 0.04, 1e-2)).isBetween(599.0, 600.0);
  }

  @Test
  void constantsComeInTheOrderOfTheParameters() {
    assertThat(BoardPower.of(new double[] {0.2, 0.4, 1, 0.5, 0.9, 1e-3, 1})).isEqualTo(POWER);
    assertThat(BoardPower.parameters().stream().map(Parameter::name))
        .containsExactly("idle", "working", "matrix", "memory", "cap", "gap", "sharpness");
  }

  @Test
  void sharesOutOfOrderAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoardPower(0.5, 0.95, 1, 1, 0.9, 0, 1))
        .withMessageContaining("below the cap");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoardPower(0.1, 0.4, -1, 1, 0.9, 0, 1))
        .withMessageContaining("negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoardPower(0.1, 0.4, 1, 1, 0.9, -1, 1))
        .withMessageContaining("gap");
  }
}
