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
    boolean narrow = weight.elementBits() < runs.bits();
    return switch (runs) {
      case INT8 -> Optional.of(narrow ? GemmFormat.NARROW_INT8 : GemmFormat.SQ);
      case FP8 ->
          Optional.of(
              narrow
                  ? GemmFormat.NARROW_FP8
                  : weight.block() > 1 ? GemmFormat.FP8_BLOCK : GemmFormat.FP8);
      case FP6 -> Optional.of(GemmFormat.MXFP6);
      case FP4 -> Optional.of(GemmFormat.NVFP4);
      case INT4 -> Optional.of(GemmFormat.INT4);
      case FP64, FP32, TF32, FP16, BF16 -> Optional.empty();
    };
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
    boolean narrow = weight.elementBits() < runs.bits();
    return switch (runs) {
      case INT8 -> Optional.of(narrow ? ExpertFormat.NARROW_INT8 : ExpertFormat.SQ);
      case FP8 ->
          Optional.of(
              narrow
                  ? weight.arithmetic().floating()
                      ? ExpertFormat.W4A8_MXFP4_MXFP8
                      : ExpertFormat.W4AFP8
                  : weight.block() > 1 ? ExpertFormat.FP8_BLOCK : ExpertFormat.FP8);
      case FP6 -> Optional.of(ExpertFormat.MXFP6);
      case FP4 -> Optional.of(ExpertFormat.NVFP4);
      case INT4 -> Optional.of(ExpertFormat.INT4);
      case FP64, FP32, TF32, FP16, BF16 -> Optional.empty();
    };
  }
}
