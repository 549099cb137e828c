package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/**
 * What every family of kernels owes its users, over random shapes and random constants.
 *
 * @param <S> the shape of one call
 */
abstract class KernelContract<S> {
  private static final int DRAWS = 3000;
  private static final double ROUNDING = 1e-9;

  /** The family under test. */
  abstract KernelFamily<S> family();

  /** A shape as a model could ask for it. */
  abstract S shape(SplittableRandom random);

  /** The same call on 64 times as many sequences or tokens. */
  abstract S sixtyFourFold(S shape);

  /** Shapes at the ends of what is legal. */
  abstract List<S> extremes();

  /** Multiplications and additions that cannot be left out, of 16-bit width. */
  abstract double leastFlops(S shape);

  /** Bytes that must come from main memory when caches are cold. */
  abstract double leastBytes(S shape);

  private Kernel<S> kernel(S shape, Warmth warmth, double[] constants) {
    return family().on(TestSilicon.round(), family().variant(shape), warmth, constants);
  }

  private double[] typical() {
    return family().parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  private double[] anywhere(SplittableRandom random) {
    return family().parameters().stream()
        .mapToDouble(p -> p.low() * Math.pow(p.high() / p.low(), random.nextDouble()))
        .toArray();
  }

  @Test
  void timesArePositiveAndFinite() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < DRAWS; i++) {
      S shape = shape(random);
      for (Warmth warmth : Warmth.values()) {
        assertThat(kernel(shape, warmth, anywhere(random)).seconds(shape))
            .as("%s", shape)
            .isPositive()
            .isFinite();
      }
    }
  }

  @Test
  void extremesArePositiveAndFinite() {
    for (S shape : extremes()) {
      for (Warmth warmth : Warmth.values()) {
        assertThat(kernel(shape, warmth, typical()).seconds(shape))
            .as("%s", shape)
            .isPositive()
            .isFinite();
      }
    }
  }

  @Test
  void sixtyFourTimesTheWorkIsNeverShorter() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < DRAWS; i++) {
      S shape = shape(random);
      Kernel<S> kernel = kernel(shape, Warmth.WARM, typical());
      assertThat(kernel.seconds(sixtyFourFold(shape)))
          .as("%s", shape)
          .isGreaterThanOrEqualTo(kernel.seconds(shape) * (1 - ROUNDING));
    }
  }

  @Test
  void coldIsNeverShorterThanWarm() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < DRAWS; i++) {
      S shape = shape(random);
      assertThat(kernel(shape, Warmth.COLD, typical()).seconds(shape))
          .as("%s", shape)
          .isGreaterThanOrEqualTo(
              kernel(shape, Warmth.WARM, typical()).seconds(shape) * (1 - ROUNDING));
    }
  }

  @Test
  void noConstantsBeatTheDatasheet() {
    var random = new SplittableRandom(4);
    for (int i = 0; i < DRAWS; i++) {
      S shape = shape(random);
      double seconds = kernel(shape, Warmth.COLD, anywhere(random)).seconds(shape);
      assertThat(seconds)
          .as("%s", shape)
          .isGreaterThan(leastFlops(shape) / TestSilicon.MATRIX_FLOPS_PER_SECOND)
          .isGreaterThan(leastBytes(shape) / TestSilicon.MEMORY_BYTES_PER_SECOND);
    }
  }

  @Test
  void aChipTwiceAsFastTakesHalfTheTimeApartFromFixedTimes() {
    var random = new SplittableRandom(5);
    List<Parameter> parameters = family().parameters();
    for (int i = 0; i < DRAWS; i++) {
      S shape = shape(random);
      double[] constants = anywhere(random);
      double[] halved =
          IntStream.range(0, constants.length)
              .mapToDouble(p -> constants[p] / (parameters.get(p).unit().equals("s") ? 2 : 1))
              .toArray();
      String variant = family().variant(shape);
      double slow =
          family().on(TestSilicon.round(), variant, Warmth.WARM, constants).seconds(shape);
      double fast = family().on(TestSilicon.faster(2), variant, Warmth.WARM, halved).seconds(shape);
      assertThat(2 * fast).as("%s", shape).isCloseTo(slow, Percentage.withPercentage(1e-6));
    }
  }

  @Test
  void namesOfConstantsAreDistinct() {
    assertThat(family().parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
  }

  @Test
  void aChipWithoutAClockIsRefused() {
    S shape = shape(new SplittableRandom(6));
    assertThatThrownBy(() ->
            family()
                .on(TestSilicon.withoutClock(), family().variant(shape), Warmth.WARM, typical()))
        .isInstanceOf(MissingFigureException.class)
        .hasMessageContaining("compute.clock");
  }
}
