package dev.ridgeline.serving.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.RandomStreams;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.hipparchus.distribution.continuous.GammaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrivals against the moments and distribution functions of theory. */
class ArrivalProcessTest {
  private static final int GAPS = 200_000;

  /** Kolmogorov's bound at a level of 0.1 % for many values. */
  private static final double KOLMOGOROV = 1.949;

  private static double[] gaps(ArrivalProcess process, long seed) {
    ArrivalProcess.Clock clock = process.start(new RandomStreams(seed).stream("arrivals"));
    double[] gaps = new double[GAPS];
    double last = 0;
    for (int index = 0; index < GAPS; index++) {
      double next = clock.nextSeconds();
      gaps[index] = next - last;
      last = next;
    }
    return gaps;
  }

  /** Gamma of shape k: mean 1/r, deviation CV/r; the mean of n is off by deviation / sqrt(n). */
  @ParameterizedTest
  @CsvSource({"4, 1, 1", "4, 0.5, 2", "0.25, 2, 3", "100, 3, 4", "7, 0.9, 5"})
  void momentsOfGaps(double rate, double variation, long seed) {
    double[] gaps = gaps(new ArrivalProcess(rate, variation, 0, 1), seed);
    double mean = 0;
    for (double gap : gaps) {
      mean += gap / GAPS;
    }
    double variance = 0;
    for (double gap : gaps) {
      variance += (gap - mean) * (gap - mean) / (GAPS - 1);
    }
    assertThat(mean * rate).isCloseTo(1, within(4 * variation / Math.sqrt(GAPS)));
    // The variance of a sample variance: (kurtosis - 1) / n, and a Gamma has 3 + 6 CV^2.
    double relative = Math.sqrt((2 + 6 * variation * variation) / GAPS);
    assertThat(variance * rate * rate)
        .isCloseTo(variation * variation, within(4 * relative * variation * variation));
  }

  /** Kolmogorov and Smirnov's distance from Hipparchus's distribution function. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.7, 1, 1.5, 4})
  void gapsAreGamma(double variation) {
    double shape = 1 / (variation * variation);
    RandomGenerator random = new RandomStreams(9).stream("gamma");
    double[] gaps = new double[GAPS];
    Arrays.setAll(gaps, _ -> ArrivalProcess.gamma(shape, random));
    Arrays.sort(gaps);
    assertThat(distance(gaps, new GammaDistribution(shape, 1)))
        .isLessThan(KOLMOGOROV / Math.sqrt(GAPS));
  }

  @Test
  void gapsOfAPoissonProcessAreExponential() {
    double[] gaps = gaps(ArrivalProcess.poisson(2), 9);
    Arrays.sort(gaps);
    assertThat(distance(gaps, new GammaDistribution(1, 0.5)))
        .isLessThan(KOLMOGOROV / Math.sqrt(GAPS));
  }

  private static double distance(double[] sorted, GammaDistribution gamma) {
    double distance = 0;
    for (int index = 0; index < sorted.length; index += 97) {
      double share = gamma.cumulativeProbability(sorted[index]);
      distance = Math.max(distance, Math.abs(share - (index + 0.5) / sorted.length));
    }
    return distance;
  }

  /** Counts of a Poisson process in equal stretches: variance equal to the mean. */
  @Test
  void poissonCountsAreAsSpreadAsTheirMean() {
    double[] gaps = gaps(ArrivalProcess.poisson(20), 11);
    int[] counts = new int[GAPS / 20];
    double at = 0;
    for (double gap : gaps) {
      at += gap;
      if (at < counts.length) {
        counts[(int) at]++;
      }
    }
    int complete = (int) Math.min(counts.length, at) - 1;
    double mean = 0;
    for (int index = 0; index < complete; index++) {
      mean += (double) counts[index] / complete;
    }
    double variance = 0;
    for (int index = 0; index < complete; index++) {
      variance += (counts[index] - mean) * (counts[index] - mean) / (complete - 1);
    }
    assertThat(variance / mean).isCloseTo(1, within(4 * Math.sqrt(2.0 / complete)));
  }

  @Test
  void regularGapsAreEqual() {
    assertThat(Arrays.stream(gaps(new ArrivalProcess(8, 0, 0, 1), 1)))
        .allMatch(gap -> Math.abs(gap - 0.125) < 1e-9);
  }

  /** Of a rate r (1 + s sin), the first half of a period has the share 1/2 + s / pi. */
  @ParameterizedTest
  @CsvSource({"0.5, 1", "1, 2", "0, 3"})
  void theRateSwings(double swing, long seed) {
    double period = 100;
    double[] gaps = gaps(new ArrivalProcess(40, 1, swing, period), seed);
    double at = 0;
    int first = 0;
    int all = 0;
    for (double gap : gaps) {
      at += gap;
      if (at < 40 * period) {
        all++;
        first += at % period < period / 2 ? 1 : 0;
      }
    }
    assertThat((double) first / all)
        .isCloseTo(0.5 + swing / Math.PI, within(4 * 0.5 / Math.sqrt(all)));
    assertThat(all / (40 * period)).isCloseTo(40, within(4 * Math.sqrt(40 / (40 * period))));
  }

  @Test
  void theSameSeedGivesTheSameTimes() {
    ArrivalProcess process = new ArrivalProcess(3, 2, 0.4, 50);
    assertThat(gaps(process, 5)).containsExactly(gaps(process, 5));
    assertThat(gaps(process, 5)[0]).isNotEqualTo(gaps(process, 6)[0]);
  }

  /** Capacity searches rely on it: another rate is the same run on another clock. */
  @Test
  void anotherRateStretchesTime() {
    double[] slow = gaps(ArrivalProcess.poisson(1), 5);
    double[] fast = gaps(ArrivalProcess.poisson(1).at(4), 5);
    for (int index = 0; index < 100; index++) {
      assertThat(slow[index]).isCloseTo(4 * fast[index], within(1e-9));
    }
  }

  @Test
  void impossibleProcessesAreRefused() {
    assertThatThrownBy(() -> ArrivalProcess.poisson(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ArrivalProcess(1, -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ArrivalProcess(1, 1, 1.5, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ArrivalProcess(1, Double.NaN, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
