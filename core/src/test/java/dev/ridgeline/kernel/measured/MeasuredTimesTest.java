package dev.ridgeline.kernel.measured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeasuredTimesTest {
  private static final long[] TOKENS = {1, 16, 64, 256, 1024, 4096};
  private static final long[] WIDTHS = {1024, 2048, 4096, 8192};

  /** Bytes at 1 TB/s or flops at 100 TFLOP/s, whichever takes longer. */
  private static final Kernel<GemmShape> ROOFLINE =
      shape ->
          Math.max(
              shape.flops() / 1e14,
              2e-12
                  * ((double) shape.m() * shape.k()
                      + (double) shape.n() * shape.k()
                      + (double) shape.m() * shape.n()));

  private static GemmShape shape(long m, long n, long k) {
    return new GemmShape(GemmFormat.BF16, m, n, k);
  }

  private static List<MeasuredCurve<GemmShape>> measured(Kernel<GemmShape> truth) {
    List<MeasuredCurve<GemmShape>> curves = new ArrayList<>();
    for (long n : WIDTHS) {
      for (long k : WIDTHS) {
        double[] seconds = new double[TOKENS.length];
        for (int i = 0; i < seconds.length; i++) {
          seconds[i] = truth.seconds(shape(TOKENS[i], n, k));
        }
        curves.add(new MeasuredCurve<>(shape(1, n, k), TOKENS, seconds));
      }
    }
    return curves;
  }

  private static MeasuredTimes<GemmShape> times(Kernel<GemmShape> truth) {
    return new MeasuredTimes<>(ShapeAxes.GEMM, ROOFLINE, measured(truth));
  }

  /** A kernel of constant utilisation is found everywhere, whatever its times do. */
  @Test
  void findsConstantUtilisationBetweenRowsAndCurves() {
    Kernel<GemmShape> truth = shape -> 1.7 * ROOFLINE.seconds(shape);
    MeasuredTimes<GemmShape> times = times(truth);
    for (GemmShape shape :
        List.of(
            shape(100, 2048, 4096),
            shape(300, 1024, 8192),
            shape(64, 3000, 4096),
            shape(3000, 5000, 1500))) {
      assertThat(times.seconds(shape).orElseThrow())
          .isCloseTo(truth.seconds(shape), within(1e-9 * truth.seconds(shape)));
    }
  }

  /** A utilisation that falls with a power of the tokens is a line between logarithms. */
  @Test
  void findsPowersOfTheTokens() {
    Kernel<GemmShape> truth = shape -> ROOFLINE.seconds(shape) * 2 * Math.pow(shape.m(), 0.1);
    MeasuredTimes<GemmShape> times = times(truth);
    for (GemmShape shape : List.of(shape(30, 2048, 2048), shape(700, 3000, 5000))) {
      assertThat(times.seconds(shape).orElseThrow())
          .isCloseTo(truth.seconds(shape), within(1e-9 * truth.seconds(shape)));
    }
    GemmShape row = shape(64, 2048, 2048);
    assertThat(times.withoutRow(row).orElseThrow())
        .isCloseTo(truth.seconds(row), within(1e-9 * truth.seconds(row)));
    assertThat(times.withoutCurve(row).apply(row).orElseThrow())
        .isCloseTo(truth.seconds(row), within(1e-9 * truth.seconds(row)));
  }

  @Test
  void answersRowsAsMeasured() {
    var random = new SplittableRandom(7);
    Kernel<GemmShape> truth = shape -> ROOFLINE.seconds(shape) * random.nextDouble(1, 3);
    List<MeasuredCurve<GemmShape>> curves = measured(truth);
    var times = new MeasuredTimes<>(ShapeAxes.GEMM, ROOFLINE, curves);
    for (MeasuredCurve<GemmShape> curve : curves) {
      for (int i = 0; i < TOKENS.length; i++) {
        GemmShape shape = ShapeAxes.GEMM.at().at(curve.shape(), TOKENS[i]);
        assertThat(times.seconds(shape).orElseThrow())
            .isCloseTo(curve.seconds()[i], within(1e-12 * curve.seconds()[i]));
        assertThat(times.hasRowOf(shape)).isTrue();
      }
    }
  }

  /** Launches and waves: a reference in steps, a truth that it does not know. */
  @Test
  void moreTokensAreNeverFasterWhereRowsSaySo() {
    var random = new SplittableRandom(11);
    Kernel<GemmShape> steps =
        shape ->
            2e-6 + ROOFLINE.seconds(shape(1 + (shape.m() - 1) / 128 * 128, shape.n(), shape.k()));
    List<MeasuredCurve<GemmShape>> curves = new ArrayList<>();
    for (MeasuredCurve<GemmShape> curve :
        measured(shape -> 3e-6 + ROOFLINE.seconds(shape) * random.nextDouble(1.2, 1.8))) {
      double[] rising = curve.seconds().clone();
      for (int i = 1; i < rising.length; i++) {
        rising[i] = Math.max(rising[i], rising[i - 1]);
      }
      curves.add(new MeasuredCurve<>(curve.shape(), curve.sizes(), rising));
    }
    var times = new MeasuredTimes<>(ShapeAxes.GEMM, steps, curves);
    for (GemmShape at : List.of(shape(1, 2048, 4096), shape(1, 3000, 1500))) {
      double before = 0;
      for (long m = 1; m <= 4096; m++) {
        double seconds = times.seconds(shape(m, at.n(), at.k())).orElseThrow();
        assertThat(seconds).as("m %d of %s", m, at).isGreaterThanOrEqualTo(before * (1 - 1e-12));
        before = seconds;
      }
    }
  }

  @Test
  void refusesWhatLiesOutsideAndHoldsTheBoundaryWhenAsked() {
    MeasuredTimes<GemmShape> times = times(shape -> 2 * ROOFLINE.seconds(shape));
    for (GemmShape outside :
        List.of(
            shape(8192, 2048, 2048),
            shape(64, 16384, 2048),
            shape(64, 512, 512),
            shape(5000, 3000, 3000))) {
      assertThat(times.seconds(outside)).isEmpty();
      assertThat(times.extrapolated(outside).orElseThrow() / ROOFLINE.seconds(outside))
          .isCloseTo(2, within(1e-9));
    }
    assertThat(times.extrapolated(shape(64, 1 << 20, 64))).isEmpty();
    assertThat(times.seconds(new GemmShape(GemmFormat.FP8, 64, 2048, 2048))).isEmpty();
  }

  @Test
  void ownsASingleRow() {
    var times =
        new MeasuredTimes<>(
            ShapeAxes.GEMM,
            ROOFLINE,
            List.of(new MeasuredCurve<>(shape(8, 64, 64), new long[] {8}, new double[] {5e-6})));
    assertThat(times.seconds(shape(8, 64, 64)).orElseThrow()).isCloseTo(5e-6, within(1e-18));
    assertThat(times.seconds(shape(9, 64, 64))).isEmpty();
    assertThat(times.withoutRow(shape(8, 64, 64))).isEmpty();
    assertThat(times.extrapolated(shape(16, 64, 64))).isPresent();
  }

  @Test
  void refusesCurvesThatAreNone() {
    GemmShape any = shape(1, 1, 1);
    assertThatThrownBy(() -> new MeasuredCurve<>(any, new long[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MeasuredCurve<>(any, new long[] {2, 2}, new double[] {1, 1}))
        .hasMessageContaining("rise");
    assertThatThrownBy(() -> new MeasuredCurve<>(any, new long[] {1}, new double[] {Double.NaN}))
        .hasMessageContaining("NaN");
  }

  @Test
  void levelsFallingValues() {
    double[] values = {1, 5, 3, 4, 2, 9};
    Isotonic.level(values);
    assertThat(values).containsExactly(1, 3.5, 3.5, 3.5, 3.5, 9);
  }
}
