package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FitterTest {
  private static final Platform H100 = Catalog.shipped().platform("h100-sxm");
  private static final double LAUNCH = 3e-6;
  private static final double REACH = 0.63;

  /** Times by the law itself with 3 % noise, one row in twenty ten times too long. */
  private static Sample<Copying.Shape> sample(int rows) {
    var random = new SplittableRandom(7);
    List<Copying.Shape> shapes = new ArrayList<>();
    double[] seconds = new double[rows];
    for (int i = 0; i < rows; i++) {
      long bytes = (long) Math.exp(random.nextDouble(5, 22));
      shapes.add(new Copying.Shape("fp16", bytes));
      double noise = Math.exp(0.03 * random.nextGaussian());
      seconds[i] = noise * (LAUNCH + bytes / (REACH * 3.35e12)) * (i % 20 == 0 ? 10 : 1);
    }
    return new Sample<>(H100, "fp16", Warmth.WARM, shapes, seconds);
  }

  @Test
  void findsTheConstantsThatMadeTheDataDespiteOutliers() {
    Fitter.Fit fit = Fitter.fit(new Copying(), sample(1500), Fitter.Settings.USUAL.with(1200, 800));

    assertThat(fit.constants()[0]).isCloseTo(LAUNCH, within(0.02 * LAUNCH));
    assertThat(fit.constants()[2]).isCloseTo(REACH, within(0.02 * REACH));
  }

  @Test
  void leavesWhatTheDataCannotTellAtItsTypicalValue() {
    Fitter.Fit fit = Fitter.fit(new Copying(), sample(1500), Fitter.Settings.USUAL.with(1200, 800));

    assertThat(fit.constants()[1]).isCloseTo(2, within(0.05));
  }

  @Test
  void staysWithinTheEvaluationsItIsGiven() {
    for (int most : new int[] {50, 400, 3000}) {
      Fitter.Fit fit =
          Fitter.fit(new Copying(), sample(1500), Fitter.Settings.USUAL.with(most, 800));

      assertThat(fit.evaluations()).isLessThanOrEqualTo(most);
    }
  }

  @Test
  void findsAConstantThatActsInWholeNumbers() {
    var random = new SplittableRandom(3);
    List<Long> shapes = new ArrayList<>();
    double[] seconds = new double[500];
    for (int i = 0; i < seconds.length; i++) {
      shapes.add(random.nextLong(1, 200));
      seconds[i] = 2e-6 * Math.ceil(shapes.get(i) / 13.0) * Math.exp(0.01 * random.nextGaussian());
    }
    var sample = new Sample<>(H100, "waves", Warmth.WARM, shapes, seconds);
    Fitter.Fit fit = Fitter.fit(new Waves(), sample, Fitter.Settings.USUAL);

    assertThat(Math.rint(fit.constants()[1])).isEqualTo(13);
    assertThat(fit.constants()[0]).isCloseTo(2e-6, within(2e-8));
  }

  /** Blocks in waves of a whole number of them. */
  private static final class Waves implements KernelFamily<Long> {
    @Override
    public String name() {
      return "waves";
    }

    @Override
    public String variant(Long blocks) {
      return "waves";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          new Parameter("wave", "s", "one wave", 1e-8, 1e-6, 1e-4),
          new Parameter("blocks", "1", "blocks of a wave", 2, 4, 32));
    }

    @Override
    public Kernel<Long> on(Platform platform, String variant, Warmth warmth, double[] constants) {
      double each = Math.rint(constants[1]);
      return blocks -> constants[0] * Math.ceil(blocks / each);
    }
  }

  @Test
  void sameSeedSameConstants() {
    Fitter.Settings settings = Fitter.Settings.USUAL.with(200, 100);

    assertThat(Fitter.fit(new Copying(), sample(300), settings).constants())
        .containsExactly(Fitter.fit(new Copying(), sample(300), settings).constants());
  }

  @Test
  void goesOnFromAnEarlierFit() {
    Fitter.Settings one = Fitter.Settings.USUAL.with(1, 800);
    double[] truth = {LAUNCH, 2, REACH};
    Fitter.Fit resumed =
        Fitter.refine(new Copying(), List.of(sample(1500)), truth, one, (_, _) -> {});

    assertThat(resumed.constants()).containsExactly(truth, within(1e-9));
    assertThat(resumed.evaluations()).isEqualTo(1);
  }

  @Test
  void reportsEveryEvaluation() {
    List<Integer> heard = new ArrayList<>();
    Fitter.fit(
        new Copying(),
        List.of(sample(100)),
        List.of(Fitter.typical(new Copying())),
        Fitter.Settings.USUAL.with(50, 50),
        (evaluation, _) -> heard.add(evaluation));

    assertThat(heard).hasSizeGreaterThan(20).isSorted().startsWith(1, 2);
  }

  @Test
  void aSmallerSampleKeepsTheSpreadOfTimes() {
    Sample<Copying.Shape> all = sample(1000);
    Sample<Copying.Shape> few = all.atMost(100);

    assertThat(few.size()).isEqualTo(100);
    assertThat(few.seconds()).isSorted();
    assertThat(median(few)).isCloseTo(median(all), within(0.05 * median(all)));
  }

  private static double median(Sample<?> sample) {
    double[] sorted = sample.seconds().clone();
    java.util.Arrays.sort(sorted);
    return ErrorFigures.quantile(sorted, 0.5);
  }
}
