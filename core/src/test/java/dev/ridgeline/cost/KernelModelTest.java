package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.testdomain.TestPlatforms;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KernelModelTest {
  private static final KernelProfiles NOTHING = (_, _, _) -> Optional.empty();

  /** Every kernel at its typical constants. */
  private static final KernelProfiles TYPICAL =
      (family, _, _) ->
          Optional.of(
              new FittedConstants(
                  family.parameters().stream().mapToDouble(Parameter::typical).toArray(),
                  0.8,
                  1.3,
                  "kernel:typical"));

  private static CostModel priced(KernelProfiles profiles) {
    return new KernelModel(profiles, KernelModel.CollectiveLibrary.NCCL);
  }

  /** Sequences of a step differ here, and attention is asked for their mean. */
  @Nested
  class WithConstants extends CostModelContract {
    @Override
    CostModel costModel() {
      return priced(TYPICAL);
    }

    @Override
    List<CostModel> chain() {
      return List.of(costModel(), Roofline.IDEAL);
    }

    @Override
    Chip chip(double flopsPerSecond, double memoryBytesPerSecond, double linkBytesPerSecond) {
      return TestPlatforms.cachedChip(flopsPerSecond, memoryBytesPerSecond, linkBytesPerSecond);
    }

    @Override
    boolean scalesExactly() {
      return false;
    }
  }

  @Test
  void recoversAlikeSequences() {
    double batch = 6;
    double fresh = 40;
    double cached = 1000;
    double tokens = batch * fresh;
    double touched = batch * (fresh + cached);
    double pairs = batch * (fresh * cached + fresh * (fresh + 1) / 2);

    assertThat(AttentionSums.freshTokens(tokens, touched, pairs)).isEqualTo(fresh);
    assertThat(AttentionSums.freshTokens(batch, batch * (1 + cached), batch * (1 + cached)))
        .isEqualTo(1);
  }

  @Test
  void hasNoPriceWithoutConstants() {
    assertThat(priced(NOTHING).name()).isEqualTo("kernel");
    assertThat(priced(NOTHING).band().oneSided()).isTrue();
  }
}
