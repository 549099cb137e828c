package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftOutBandsTest {
  private static final Platform H100 = Catalog.shipped().platform("h100-sxm");
  private static final double[] TRUTH = {3e-6, 2, 0.6};

  /** The 90 % quantile of the standard normal distribution. */
  private static final double NORMAL_DECILE = 1.2815515655446004;

  private static Sample<Copying.Shape> noisy(int rows, double sigma, long seed) {
    var random = new SplittableRandom(seed);
    var kernel = new Copying().on(H100, "fp16", Warmth.WARM, TRUTH);
    List<Copying.Shape> shapes = new ArrayList<>();
    double[] seconds = new double[rows];
    for (int i = 0; i < rows; i++) {
      var shape = new Copying.Shape("fp16", 1L << (10 + i % 20));
      shapes.add(shape);
      seconds[i] = kernel.seconds(shape) * Math.exp(sigma * random.nextGaussian());
    }
    return new Sample<>(H100, "fp16", Warmth.WARM, shapes, seconds);
  }

  @Test
  void holdsEightInTenOfRowsTheFitHasNotSeen() {
    List<Sample<Copying.Shape>> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parts.add(noisy(1000, 0.1, i));
    }
    LeftOutBands bands = LeftOutBands.of(new Copying(), parts, 4000, TRUTH, (_, _) -> TRUTH);

    assertThat(bands.all().high()).isCloseTo(Math.exp(0.1 * NORMAL_DECILE), within(0.01));
    assertThat(bands.all().low()).isCloseTo(Math.exp(-0.1 * NORMAL_DECILE), within(0.01));
    assertThat(bands.from()).contains("4000 rows").contains("3 of 4 parts");
  }

  @Test
  void judgesEachPartByConstantsThatHaveNotSeenIt() {
    List<Sample<Copying.Shape>> parts = List.of(noisy(500, 0.01, 1), noisy(500, 0.3, 2));
    List<Integer> sizes = new ArrayList<>();
    double[] twiceAsFast = {1.5e-6, 2, 1.0};
    LeftOutBands bands =
        LeftOutBands.of(
            new Copying(),
            parts,
            1000,
            TRUTH,
            (part, rest) -> {
              sizes.add(rest.size());
              assertThat(rest).doesNotContain(parts.get(part));
              return twiceAsFast;
            });

    assertThat(sizes).containsExactly(1, 1);
    assertThat(bands.all().high()).isGreaterThan(1.6);
  }

  @Test
  void saysSoWhereThereIsNothingToLeaveOut() {
    LeftOutBands bands =
        LeftOutBands.of(
            new Copying(), List.of(noisy(100, 0.1, 3)), 1, TRUTH, (_, _) -> new double[0]);

    assertThat(bands.from()).contains("100 rows of the fit itself");
  }

  /** Deciles of Student's distribution from tables: 3.078, 1.533 and 1.290 for 1, 4 and 99. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2.942", "5, 1.310", "100, 1.0117"})
  void fewFamiliesSayLessOfAnother(int families, double stretch) {
    assertThat(LeftOutBands.stretch(families)).isCloseTo(stretch, within(2e-3));
  }
}
