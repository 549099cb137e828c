package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ContextAttentionFamilyTest extends KernelContract<ContextAttentionShape> {
  private static final long[] HEAD_DIMS = {64, 80, 96, 128, 192, 256, 512};

  @Override
  KernelFamily<ContextAttentionShape> family() {
    return new ContextAttentionFamily();
  }

  @Override
  ContextAttentionShape shape(SplittableRandom random) {
    long kvHeads = 1L << random.nextInt(6);
    return new ContextAttentionShape(
        NumberFormat.BF16,
        random.nextBoolean() ? NumberFormat.BF16 : NumberFormat.FP8,
        HEAD_DIMS[random.nextInt(HEAD_DIMS.length)],
        kvHeads * random.nextLong(1, 17),
        kvHeads,
        random.nextBoolean() ? 0 : random.nextLong(1, 10_000),
        random.nextLong(1, 300),
        random.nextLong(1, 20_000),
        random.nextBoolean() ? 0 : random.nextLong(1, 100_000));
  }

  @Override
  ContextAttentionShape sixtyFourFold(ContextAttentionShape shape) {
    return new ContextAttentionShape(
        shape.attention(),
        shape.kv(),
        shape.headDim(),
        shape.heads(),
        shape.kvHeads(),
        shape.window(),
        64 * shape.batch(),
        shape.newTokens(),
        shape.cachedTokens());
  }

  @Override
  List<ContextAttentionShape> extremes() {
    return List.of(of(1, 1, 1, 0, 1, 1, 0), of(256, 128, 8, 0, 1L << 31, 1L << 31, 1L << 31));
  }

  private static ContextAttentionShape of(
      long headDim,
      long heads,
      long kvHeads,
      long window,
      long batch,
      long newTokens,
      long cachedTokens) {
    return new ContextAttentionShape(
        NumberFormat.BF16,
        NumberFormat.BF16,
        headDim,
        heads,
        kvHeads,
        window,
        batch,
        newTokens,
        cachedTokens);
  }

  /**
   * Pairs counted one query at a time, by a sum that knows nothing of tiles; products of an 8-bit
   * cache run at twice the 16-bit rate here.
   */
  @Override
  double leastFlops(ContextAttentionShape shape) {
    double pairs = 0;
    for (long token = 1; token <= shape.newTokens(); token++) {
      long visible = shape.cachedTokens() + token;
      pairs += shape.window() == 0 ? visible : Math.min(visible, shape.window());
    }
    double rate = shape.kv() == NumberFormat.FP8 ? 2 : 1;
    return 4.0 / rate * shape.batch() * shape.heads() * shape.headDim() * pairs;
  }

  @Override
  double leastBytes(ContextAttentionShape shape) {
    long past =
        shape.window() == 0
            ? shape.cachedTokens()
            : Math.min(shape.cachedTokens(), shape.window() - 1);
    return 2.0
        * shape.batch()
        * shape.kvHeads()
        * past
        * shape.headDim()
        * shape.kv().bytesPerElement();
  }

  private double seconds(ContextAttentionShape shape) {
    double[] typical = family().parameters().stream().mapToDouble(Parameter::typical).toArray();
    return family()
        .on(TestSilicon.round(), family().variant(shape), Warmth.WARM, typical)
        .seconds(shape);
  }

  /** Chunks of a prompt cost what its causal triangle costs, apart from launches and traffic. */
  @Test
  void chunksAddUpToThePrompt() {
    double whole = seconds(of(128, 32, 8, 0, 8, 16_384, 0));
    double chunks = 0;
    for (int chunk = 0; chunk < 4; chunk++) {
      chunks += seconds(of(128, 32, 8, 0, 8, 4096, 4096L * chunk));
    }
    assertThat(chunks).isCloseTo(whole, Percentage.withPercentage(8));
  }

  @Test
  void aWindowMakesLongPromptsLinear() {
    double once = seconds(of(64, 32, 8, 128, 1, 1 << 17, 0));
    double twice = seconds(of(64, 32, 8, 128, 1, 1 << 18, 0));
    assertThat(twice / once).isBetween(1.9, 2.1);
  }

  @Test
  void aPromptOfTwiceTheLengthTakesFourTimesAsLong() {
    double once = seconds(of(128, 32, 8, 0, 1, 1 << 17, 0));
    double twice = seconds(of(128, 32, 8, 0, 1, 1 << 18, 0));
    assertThat(twice / once).isBetween(3.9, 4.1);
  }

  @Test
  void shapesThatNoKernelCouldRunAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(0, 1, 1, 0, 1, 1, 0))
        .withMessageContaining("head dim must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(128, 6, 4, 0, 1, 1, 0))
        .withMessageContaining("multiple of kv heads");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(128, 4, 4, -1, 1, 1, 0))
        .withMessageContaining("window");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(128, 4, 4, 0, 1, 0, 0))
        .withMessageContaining("new tokens");
  }
}
