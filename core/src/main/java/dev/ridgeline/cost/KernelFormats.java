package dev.ridgeline.cost;

import dev.ridgeline.kernel.ExpertFormat;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.NumberFormat;
import java.util.Optional;

/** Which kernels run a product of given formats. */
final class KernelFormats {
  private static final int HALF_BITS = 16;
  private static final int BYTE_BITS = 8;

  private KernelFormats() {}

  /**
   * The kernel of a dense product.
   *
   * @param runs what the matrix engine multiplies in
   * @return empty where no kernel family knows the combination, such as float32
   */
  static Optional<GemmFormat> gemm(NumberFormat weight, NumberFormat input, Arithmetic runs) {
    if (runs.bits() > HALF_BITS) {
      return Optional.empty();
    }
    if (runs.bits() == HALF_BITS) {
      return Optional.of(
          weight.elementBits() >= HALF_BITS
              ? GemmFormat.BF16
              : weight.elementBits() > BYTE_BITS / 2 ? GemmFormat.INT8_WO : GemmFormat.INT4_WO);
    }
    if (!runs.floating()) {
      return runs.bits() == BYTE_BITS ? Optional.of(GemmFormat.SQ) : Optional.empty();
    }
    if (runs.bits() == BYTE_BITS) {
      return Optional.of(weight.block() > 1 ? GemmFormat.FP8_BLOCK : GemmFormat.FP8);
    }
    return Optional.of(GemmFormat.NVFP4);
  }

  /** The kernel of a layer of experts. */
  static Optional<ExpertFormat> experts(NumberFormat weight, NumberFormat input, Arithmetic runs) {
    if (runs.bits() > HALF_BITS) {
      return Optional.empty();
    }
    if (runs.bits() == HALF_BITS) {
      if (weight.elementBits() >= HALF_BITS) {
        return Optional.of(ExpertFormat.BFLOAT16);
      }
      if (weight.elementBits() > BYTE_BITS / 2) {
        return Optional.of(ExpertFormat.INT8_WO);
      }
      return Optional.of(
          weight.arithmetic().floating() ? ExpertFormat.W4A16_MXFP4 : ExpertFormat.INT4_WO);
    }
    if (!runs.floating()) {
      return Optional.empty();
    }
    if (runs.bits() == BYTE_BITS) {
      if (weight.elementBits() <= BYTE_BITS / 2) {
        return Optional.of(
            weight.arithmetic().floating() ? ExpertFormat.W4A8_MXFP4_MXFP8 : ExpertFormat.W4AFP8);
      }
      return Optional.of(weight.block() > 1 ? ExpertFormat.FP8_BLOCK : ExpertFormat.FP8);
    }
    return Optional.of(ExpertFormat.NVFP4);
  }
}
