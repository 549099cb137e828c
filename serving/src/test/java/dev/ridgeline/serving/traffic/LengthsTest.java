package dev.ridgeline.serving.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.RandomStreams;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Lengths against the moments and quantiles of their distributions. */
class LengthsTest {
  private static final int DRAWS = 200_000;

  private static int[] draws(LengthDistribution distribution) {
    RandomGenerator random = new RandomStreams(7).stream("lengths");
    int[] draws = new int[DRAWS];
    Arrays.setAll(draws, _ -> distribution.draw(random));
    return draws;
  }

  private static double mean(int[] draws) {
    return Arrays.stream(draws).average().orElseThrow();
  }

  @Test
  void uniformReachesBothEnds() {
    LengthDistribution uniform = new LengthDistribution.Uniform(800, 1000);
    int[] draws = draws(uniform);
    double deviation = Math.sqrt((201.0 * 201 - 1) / 12);
    assertThat(mean(draws)).isCloseTo(900, within(4 * deviation / Math.sqrt(DRAWS)));
    assertThat(Arrays.stream(draws).min()).hasValue(800);
    assertThat(Arrays.stream(draws).max()).hasValue(1000);
    assertThat(uniform.mean()).isEqualTo(900);
  }

  /** Median 1000 and p90 4000 make sigma = ln 4 / 1.28155 and the mean 1000 exp(sigma^2 / 2). */
  @Test
  void lognormalHasItsMedianItsTailAndItsMean() {
    LengthDistribution lognormal = new LengthDistribution.LogNormal(1000, 4000);
    int[] draws = draws(lognormal);
    Arrays.sort(draws);
    assertThat((double) draws[DRAWS / 2]).isCloseTo(1000, within(20.0));
    assertThat((double) draws[DRAWS * 9 / 10]).isCloseTo(4000, within(120.0));
    double sigma = Math.log(4) / 1.2815515655446004;
    double expected = 1000 * Math.exp(sigma * sigma / 2);
    double deviation = expected * Math.sqrt(Math.exp(sigma * sigma) - 1);
    assertThat(mean(draws)).isCloseTo(expected, within(4 * deviation / Math.sqrt(DRAWS)));
    assertThat(lognormal.mean()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void outOfRangeIsRefused() {
    assertThatThrownBy(() -> new LengthDistribution.Fixed(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LengthDistribution.Uniform(10, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LengthDistribution.LogNormal(10, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LengthDistribution.LogNormal(Double.NaN, 9))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Pairs that were seen together stay together. */
  @Test
  void samplesKeepPairs() {
    int[] left = {5};
    Lengths.Sample sample =
        Lengths.Sample.of(into -> {
          into.inputTokens = 10 * left[0];
          into.outputTokens = left[0];
          return left[0]-- > 0;
        });
    assertThat(sample.size()).isEqualTo(5);
    RandomGenerator random = new RandomStreams(1).stream("x");
    Arrival arrival = new Arrival();
    int[] seen = new int[6];
    for (int draw = 0; draw < 1000; draw++) {
      sample.draw(random, arrival);
      assertThat(arrival.inputTokens).isEqualTo(10 * arrival.outputTokens);
      seen[arrival.outputTokens]++;
    }
    assertThat(Arrays.stream(seen).skip(1)).allMatch(count -> count > 140 && count < 260);
  }

  /** A fit to draws of a known distribution finds that distribution. */
  @Test
  void fitsFindTheDistributionOfTheSample() {
    Lengths known = new Lengths.Fitted(7, 0.8, 1 << 20, 5, 0.6, 1 << 20, -0.4);
    ArrivalSource source = known.source(new RandomStreams(4).stream("known"));
    int[] left = {DRAWS};
    Lengths fitted = Lengths.Sample.of(into -> left[0]-- > 0 && source.next(into)).fitted();
    assertThat(fitted).isInstanceOf(Lengths.Fitted.class);
    Lengths.Fitted found = (Lengths.Fitted) fitted;
    assertThat(found.meanInput()).isCloseTo(7, within(4 * 0.8 / Math.sqrt(DRAWS)));
    assertThat(found.deviationInput()).isCloseTo(0.8, within(4 * 0.8 / Math.sqrt(2.0 * DRAWS)));
    assertThat(found.meanOutput()).isCloseTo(5, within(4 * 0.6 / Math.sqrt(DRAWS) + 1e-4));
    assertThat(found.deviationOutput()).isCloseTo(0.6, within(4 * 0.6 / Math.sqrt(2.0 * DRAWS)));
    assertThat(found.correlation()).isCloseTo(-0.4, within(4 / Math.sqrt(DRAWS)));
  }
}
