package dev.ridgeline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class OverlapTest {
  private static final Overlap OVERLAP = new Overlap(0.375, 0.4, 0.8, 0.4, 0.8);

  @Test
  void longProductsPayForTheSharesTheyGive() {
    // For 8 / 0.8 = 10 s they have 0.6 of the device, so 4 of 100 s are lost.
    assertThat(OVERLAP.seconds(100, 8, 0)).isCloseTo(104, within(1e-9));
    // Both take theirs: 0.4 * 10 + 0.4 * 5.
    assertThat(OVERLAP.seconds(100, 8, 4)).isCloseTo(106, within(1e-9));
  }

  @Test
  void whatOutlastsTheProductsHasTheDeviceToItself() {
    // 6 s of products at 0.6 take 10 s, in which 8 of 20 s of attention are done.
    assertThat(OVERLAP.seconds(6, 20, 0)).isCloseTo(22, within(1e-9));
    assertThat(OVERLAP.seconds(0, 20, 5)).isCloseTo(20, within(1e-9));
  }

  @Test
  void neverFasterThanOneResourceAllows() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    for (int draw = 0; draw < 1000; draw++) {
      double compute = random.nextDouble();
      double memory = random.nextDouble();
      double network = random.nextDouble();
      double most = Math.max(compute, Math.max(memory, network));
      assertThat(OVERLAP.seconds(compute, memory, network))
          .isGreaterThanOrEqualTo(most * (1 - 1e-12))
          .isLessThan((compute + memory + network) / 0.8);
    }
  }

  @Test
  void moreThanTheWholeDeviceIsRefused() {
    assertThatThrownBy(() -> new Overlap(0.5, 0.6, 1, 0.5, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
