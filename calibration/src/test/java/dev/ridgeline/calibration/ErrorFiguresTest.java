package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ErrorFiguresTest {
  private static final double TINY = 1e-12;

  /** Twice too long and half too short are the same miss, and cancel in the bias. */
  @Test
  void countsBothDirectionsAlike() {
    ErrorFigures figures = ErrorFigures.of(new double[] {2, 1}, new double[] {1, 2});

    assertThat(figures.rows()).isEqualTo(2);
    assertThat(figures.geo()).isCloseTo(1, within(TINY));
    assertThat(figures.median()).isCloseTo(1, within(TINY));
    assertThat(figures.p90()).isCloseTo(1, within(TINY));
    assertThat(figures.bias()).isCloseTo(0, within(TINY));
  }

  /**
   * Eleven misses of exp(0), exp(0.1), ... exp(1): the tenth of the steps is the 90th percentile.
   */
  @Test
  void interpolatesBetweenOrderStatistics() {
    double[] predicted = new double[11];
    double[] measured = new double[11];
    for (int i = 0; i <= 10; i++) {
      predicted[i] = Math.exp(i / 10.0);
      measured[i] = 1;
    }
    ErrorFigures figures = ErrorFigures.of(predicted, measured);

    assertThat(figures.p90()).isCloseTo(Math.expm1(0.9), within(TINY));
    assertThat(figures.median()).isCloseTo(Math.expm1(0.5), within(TINY));
    assertThat(figures.geo()).isCloseTo(Math.expm1(0.5), within(TINY));
    assertThat(figures.bias()).isCloseTo(Math.expm1(0.5), within(TINY));
  }

  @Test
  void givesTheFactorsOfABand() {
    var collector = new ErrorFigures.Collector();
    for (int i = 0; i <= 10; i++) {
      collector.add(1, Math.exp(i / 10.0));
    }
    assertThat(collector.measuredOverPredicted(0.1)).isCloseTo(Math.exp(0.1), within(TINY));
    assertThat(collector.measuredOverPredicted(0.9)).isCloseTo(Math.exp(0.9), within(TINY));
  }

  @Test
  void refusesWhatHasNoLogarithm() {
    var collector = new ErrorFigures.Collector();
    assertThatThrownBy(() -> collector.add(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> collector.add(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(collector::figures).isInstanceOf(IllegalArgumentException.class);
  }
}
