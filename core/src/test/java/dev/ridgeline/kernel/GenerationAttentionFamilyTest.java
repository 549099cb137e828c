package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GenerationAttentionFamilyTest extends KernelContract<GenerationAttentionShape> {
  private static final long[] HEAD_DIMS = {64, 80, 128, 192, 256, 512};

  @Override
  KernelFamily<GenerationAttentionShape> family() {
    return new GenerationAttentionFamily();
  }

  @Override
  GenerationAttentionShape shape(SplittableRandom random) {
    long kvHeads = 1L << random.nextInt(5);
    return new GenerationAttentionShape(
        random.nextBoolean() ? NumberFormat.BF16 : NumberFormat.FP8,
        HEAD_DIMS[random.nextInt(HEAD_DIMS.length)],
        kvHeads * random.nextLong(1, 70),
        kvHeads,
        random.nextBoolean() ? 0 : random.nextLong(1, 10_000),
        random.nextLong(1, 2000),
        random.nextLong(1, 200_000));
  }

  @Override
  GenerationAttentionShape sixtyFourFold(GenerationAttentionShape shape) {
    return new GenerationAttentionShape(
        shape.kv(),
        shape.headDim(),
        shape.heads(),
        shape.kvHeads(),
        shape.window(),
        64 * shape.batch(),
        shape.kvTokens());
  }

  @Override
  List<GenerationAttentionShape> extremes() {
    return List.of(of(1, 1, 1, 0, 1, 1), of(256, 128, 8, 0, 1L << 31, 1L << 31));
  }

  private static GenerationAttentionShape of(
      long headDim, long heads, long kvHeads, long window, long batch, long kvTokens) {
    return new GenerationAttentionShape(
        NumberFormat.BF16, headDim, heads, kvHeads, window, batch, kvTokens);
  }

  private static double seen(GenerationAttentionShape shape) {
    return shape.window() == 0 ? shape.kvTokens() : Math.min(shape.window(), shape.kvTokens());
  }

  @Override
  double leastFlops(GenerationAttentionShape shape) {
    return 4.0 * shape.batch() * shape.heads() * shape.headDim() * seen(shape);
  }

  @Override
  double leastBytes(GenerationAttentionShape shape) {
    return 2.0
        * shape.batch()
        * shape.kvHeads()
        * seen(shape)
        * shape.headDim()
        * shape.kv().bytesPerElement();
  }

  @Test
  void groupsBeyondWhatOneBlockHoldsRunHeadByHead() {
    assertThat(family().variant(of(128, 64, 1, 0, 1, 1))).isEqualTo("bf16-per-head");
    assertThat(family().variant(of(128, 32, 1, 0, 1, 1))).isEqualTo("bf16-grouped");
    assertThat(family().variant(of(64, 32, 1, 0, 1, 1))).isEqualTo("bf16-grouped-64");
    assertThat(family().variant(of(128, 8, 8, 0, 1, 1))).isEqualTo("bf16-per-head");
  }

  /** The rule under which TensorRT-LLM's tables change from one kernel to the other. */
  @Test
  void groupsThatFillLessThanAQuarterOfTheChipRunHeadByHead() {
    assertThat(tilesCount(of(128, 32, 1, 0, 25, 100))).isFalse();
    assertThat(tilesCount(of(128, 32, 1, 0, 26, 100))).isTrue();
    assertThat(tilesCount(of(128, 32, 1, 0, 5, 640))).isFalse();
    assertThat(tilesCount(of(128, 32, 1, 0, 5, 768))).isTrue();
    assertThat(tilesCount(new GenerationAttentionShape(NumberFormat.FP8, 128, 32, 1, 0, 25, 100)))
        .isTrue();
  }

  /** Whether the grouped kernel's time of a tile shows in the time of a call. */
  private boolean tilesCount(GenerationAttentionShape shape) {
    double[] constants = family().parameters().stream().mapToDouble(Parameter::typical).toArray();
    double before = seconds(shape, constants);
    for (int i = 0; i < constants.length; i++) {
      if (family().parameters().get(i).name().equals("tile")) {
        constants[i] *= 10;
      }
    }
    return seconds(shape, constants) > before;
  }

  private double seconds(GenerationAttentionShape shape, double[] constants) {
    return family()
        .on(TestSilicon.round(), family().variant(shape), Warmth.WARM, constants)
        .seconds(shape);
  }

  @Test
  void whatIsLentNeverBeatsTheDatasheetsMemory() {
    double[] highest = family().parameters().stream().mapToDouble(Parameter::high).toArray();
    GenerationAttentionShape large = of(128, 8, 8, 0, 1000, 100_000);

    assertThat(seconds(large, family().lent(highest)))
        .isGreaterThan(leastBytes(large) / TestSilicon.MEMORY_BYTES_PER_SECOND);
  }

  @Test
  void shapesThatNoKernelCouldRunAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(128, 4, 4, 0, 0, 1))
        .withMessageContaining("batch must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(128, 4, 4, 0, 1, 0))
        .withMessageContaining("kv tokens");
  }
}
