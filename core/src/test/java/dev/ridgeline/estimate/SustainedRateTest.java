package dev.ridgeline.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.cost.Roofline;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Power;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.Watts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SustainedRateTest {

  @Test
  void aDeviceRestsUntilItsMeanDrawIsWhatTheCaseSheds() {
    Estimate estimate = estimate(power(1000, 300, 100));
    double draw = estimate.averageWattsPerDevice().orElseThrow();
    assertThat(draw).isGreaterThan(300);

    SustainedRate kept = SustainedRate.of(estimate).orElseThrow();

    double mean = kept.share() * draw + (1 - kept.share()) * 100;
    assertThat(mean).isCloseTo(300, within(1e-9));
    assertThat(kept.wattsPerDevice()).isEqualTo(300);
    assertThat(kept.outputTokensPerSecond())
        .isCloseTo(kept.share() * estimate.outputTokensPerSecond(), within(1e-9));
  }

  @Test
  void aDeviceThatDrawsLessThanItMayNeverRests() {
    SustainedRate kept = SustainedRate.of(estimate(power(1000, 1000, 100))).orElseThrow();
    assertThat(kept.share()).isEqualTo(1);
  }

  @Test
  void nothingIsSaidWhereNothingIsKnown() {
    Power plain =
        new Power(
            Optional.of(new Watts(1000)), Optional.empty(), Map.of(), Map.of(), Optional.empty());
    assertThat(SustainedRate.of(estimate(plain))).isEmpty();
    assertThat(SustainedRate.of(estimate(Power.UNKNOWN))).isEmpty();
  }

  @Test
  void limitsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> power(100, 200, 10)).hasMessageContaining("sustained power");
    assertThatThrownBy(() -> power(100, 20, 30)).hasMessageContaining("idle power");
  }

  @Test
  void anotherLimitDropsWhatWouldExceedIt() {
    Power lower = power(100, 60, 10).withLimit(new Watts(50));
    assertThat(lower.tdp()).contains(new Watts(50));
    assertThat(lower.sustained()).isEmpty();
    assertThat(lower.idle()).contains(new Watts(10));
    assertThat(power(100, 60, 10).withLimit(new Watts(5)).idle()).isEmpty();
  }

  private static Power power(double most, double sustained, double idle) {
    return new Power(
        Optional.of(new Watts(most)),
        Optional.of(new Watts(sustained)),
        Optional.of(new Watts(idle)),
        Map.of(),
        Map.of(),
        Optional.empty());
  }

  private static Estimate estimate(Power power) {
    Chip chip = TestPlatforms.roundChip().withPower(power);
    Platform platform = TestPlatforms.nodes(1, 1, chip);
    return Estimator.estimate(
        new Scenario(
            TestModels.dense(),
            platform,
            Deployment.of(Parallelism.NONE),
            new Engine("test", "1", "Test", 1.0, Bytes.ZERO, 16, "", List.of()),
            new Traffic(100, 100, 1, 1, OptionalInt.empty()),
            Objectives.NONE,
            List.of(Roofline.IDEAL)));
  }
}
