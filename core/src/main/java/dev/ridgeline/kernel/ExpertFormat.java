package dev.ridgeline.kernel;

import dev.ridgeline.workload.Arithmetic;
import java.util.Locale;

/** Number formats that grouped expert kernels come in. */
public enum ExpertFormat {
  BFLOAT16(Arithmetic.BF16, 2, 2),
  FP8(Arithmetic.FP8, 1, 1),
  /** 8-bit floats with a float32 scale for each 128 x 128 of weights and 1 x 128 of inputs. */
  FP8_BLOCK(Arithmetic.FP8, 1, 1 + 4 / 128.0),
  /** 4-bit floats with an 8-bit scale for each 16. */
  NVFP4(Arithmetic.FP4, 0.5625, 0.5625),
  /** Weights of 4-bit floats with an 8-bit scale for each 32, multiplied in bf16. */
  W4A16_MXFP4(Arithmetic.BF16, 0.53125, 2),
  /** The same weights, inputs of 8-bit floats with an 8-bit scale for each 32. */
  W4A8_MXFP4_MXFP8(Arithmetic.FP8, 0.53125, 1.03125),
  /** 4-bit integer weights with scales, inputs in 8-bit floats. */
  W4AFP8(Arithmetic.FP8, 0.53125, 1),
  INT8_WO(Arithmetic.BF16, 1, 2),
  INT4_WO(Arithmetic.BF16, 0.5, 2),
  /** 8-bit integers on both sides. */
  SQ(Arithmetic.INT8, 1, 1),
  /** 4-bit integer weights, multiplied in 8-bit integers. */
  NARROW_INT8(Arithmetic.INT8, 0.515625, 1),
  /** 6-bit floats, an 8-bit scale for each 32. */
  MXFP6(Arithmetic.FP6, 0.78125, 0.78125),
  /** 4-bit integers on both sides. */
  INT4(Arithmetic.INT4, 0.515625, 0.515625);

  private final Arithmetic arithmetic;
  private final double weightBytes;
  private final double inputBytes;

  ExpertFormat(Arithmetic arithmetic, double weightBytes, double inputBytes) {
    this.arithmetic = arithmetic;
    this.weightBytes = weightBytes;
    this.inputBytes = inputBytes;
  }

  /** The arithmetic of the matrix engine. */
  public Arithmetic arithmetic() {
    return arithmetic;
  }

  /** Bytes of one weight with its share of the scales. */
  public double weightBytes() {
    return weightBytes;
  }

  /** Bytes of one input of a product with its share of the scales. */
  public double inputBytes() {
    return inputBytes;
  }

  /**
   * Whether its kernels take their tile from the tokens of the call over the experts of the rank,
   * rather than try all.
   */
  boolean tileFollowsTokens() {
    return this == W4A16_MXFP4 || this == W4A8_MXFP4_MXFP8;
  }

  /** The name in tables and profiles, such as {@code fp8_block}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of that key.
   *
   * @throws IllegalArgumentException where there is none, naming those there are
   */
  public static ExpertFormat of(String key) {
    return Shapes.format(key, values(), ExpertFormat::key);
  }
}
