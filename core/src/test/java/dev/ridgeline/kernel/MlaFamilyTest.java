package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MlaFamilyTest extends KernelContract<MlaShape> {
  @Override
  KernelFamily<MlaShape> family() {
    return new MlaFamily();
  }

  @Override
  MlaShape shape(SplittableRandom random) {
    NumberFormat kv = random.nextBoolean() ? NumberFormat.BF16 : NumberFormat.FP8;
    long heads = random.nextLong(1, 129);
    long batch = random.nextLong(1, 300);
    return random.nextBoolean()
        ? new MlaShape(MlaShape.Phase.CONTEXT, kv, heads, batch, random.nextLong(1, 20_000), 0)
        : new MlaShape(
            MlaShape.Phase.GENERATION,
            kv,
            heads,
            batch,
            random.nextLong(1, 5),
            random.nextLong(0, 200_000));
  }

  @Override
  MlaShape sixtyFourFold(MlaShape shape) {
    return new MlaShape(
        shape.phase(),
        shape.kv(),
        shape.heads(),
        64 * shape.batch(),
        shape.queryTokens(),
        shape.pastTokens());
  }

  @Override
  List<MlaShape> extremes() {
    long large = 1L << 31;
    return List.of(
        of(MlaShape.Phase.CONTEXT, 1, 1, 1, 0),
        of(MlaShape.Phase.GENERATION, 1, 1, 1, 0),
        of(MlaShape.Phase.CONTEXT, 128, large, large, large),
        of(MlaShape.Phase.GENERATION, 128, large, 1, large));
  }

  private static MlaShape of(
      MlaShape.Phase phase, long heads, long batch, long queryTokens, long pastTokens) {
    return new MlaShape(phase, NumberFormat.BF16, heads, batch, queryTokens, pastTokens);
  }

  /** DeepSeek-V2: keys of 128 + 64 and values of 128 a head, or 512 + 64 and 512 of the latent. */
  @Override
  double leastFlops(MlaShape shape) {
    double queries = (double) shape.batch() * shape.heads() * shape.queryTokens();
    double pairs = queries * (shape.pastTokens() + (shape.queryTokens() + 1) / 2.0);
    return switch (shape.phase()) {
      case CONTEXT -> 2 * pairs * (192 + 128);
      case GENERATION -> 2 * pairs * (576 + 512);
    };
  }

  @Override
  double leastBytes(MlaShape shape) {
    return switch (shape.phase()) {
      case CONTEXT -> 0;
      case GENERATION ->
          576.0
              * shape.batch()
              * (shape.pastTokens() + shape.queryTokens())
              * shape.kv().bytesPerElement();
    };
  }

  @Test
  void phasesAndWidthsAreFittedApart() {
    assertThat(family().variant(of(MlaShape.Phase.CONTEXT, 16, 1, 100, 0)))
        .isEqualTo("context-kv-bf16");
    assertThat(
            family()
                .variant(new MlaShape(MlaShape.Phase.GENERATION, NumberFormat.FP8, 16, 1, 1, 100)))
        .isEqualTo("generation-kv-fp8");
  }

  @Test
  void shapesThatNoKernelCouldRunAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(MlaShape.Phase.CONTEXT, 0, 1, 1, 0))
        .withMessageContaining("heads must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(MlaShape.Phase.CONTEXT, 1, 1, 1, -1))
        .withMessageContaining("past tokens");
  }
}
