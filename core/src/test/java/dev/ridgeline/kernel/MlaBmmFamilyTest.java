package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MlaBmmFamilyTest extends KernelContract<MlaBmmShape> {
  @Override
  KernelFamily<MlaBmmShape> family() {
    return new MlaBmmFamily();
  }

  @Override
  MlaBmmShape shape(SplittableRandom random) {
    return new MlaBmmShape(
        random.nextBoolean() ? MlaBmmShape.Product.BEFORE : MlaBmmShape.Product.AFTER,
        random.nextBoolean() ? NumberFormat.BF16 : NumberFormat.FP8,
        random.nextLong(1, 129),
        random.nextLong(1, 30_000));
  }

  @Override
  MlaBmmShape sixtyFourFold(MlaBmmShape shape) {
    return new MlaBmmShape(shape.product(), shape.format(), shape.heads(), 64 * shape.tokens());
  }

  @Override
  List<MlaBmmShape> extremes() {
    return List.of(of(1, 1), of(128, 1L << 31));
  }

  private static MlaBmmShape of(long heads, long tokens) {
    return new MlaBmmShape(MlaBmmShape.Product.BEFORE, NumberFormat.BF16, heads, tokens);
  }

  /** In units of the 16-bit peak; narrow products run at twice that. */
  @Override
  double leastFlops(MlaBmmShape shape) {
    double flops = 2.0 * shape.heads() * shape.tokens() * 128 * 512;
    return shape.format() == NumberFormat.FP8 ? flops / 2 : flops;
  }

  @Override
  double leastBytes(MlaBmmShape shape) {
    return shape.heads() * 128.0 * 512 * shape.format().bytesPerElement();
  }

  @Test
  void shapesThatNoKernelCouldRunAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(0, 1))
        .withMessageContaining("heads must be at least 1, was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> of(1, 0)).withMessageContaining("tokens");
  }
}
