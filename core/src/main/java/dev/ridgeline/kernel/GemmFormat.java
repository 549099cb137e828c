package dev.ridgeline.kernel;

import dev.ridgeline.workload.Arithmetic;
import java.util.Locale;

/**
 * What weights and inputs of a matrix product are stored and multiplied in. Each is a kernel of its
 * own: formats that narrow the input carry a kernel that converts it, formats that narrow only the
 * weights widen them on the way to the matrix engine.
 */
public enum GemmFormat {
  BF16(Arithmetic.BF16, 2, 2, false, false),
  /** 8-bit floats, one scale a tensor found while the input is converted. */
  FP8(Arithmetic.FP8, 1, 1, true, false),
  /** 8-bit floats, a scale for each 128 x 128 weights and each 1 x 128 inputs. */
  FP8_BLOCK(Arithmetic.FP8, 1, 1 + 4 / 128.0, true, false),
  /** 4-bit floats, an 8-bit scale for each 16. */
  NVFP4(Arithmetic.FP4, 0.5625, 0.5625, true, false),
  /** 8-bit integer weights, multiplied in bf16. */
  INT8_WO(Arithmetic.BF16, 1, 2, false, true),
  /** 4-bit integer weights, multiplied in bf16. */
  INT4_WO(Arithmetic.BF16, 0.5, 2, false, true),
  /** SmoothQuant: 8-bit integers on both sides, converted before. */
  SQ(Arithmetic.INT8, 1, 1, false, false),
  /** Weights of fewer than 8 bits, multiplied in 8-bit floats; what widening costs is not known. */
  NARROW_FP8(Arithmetic.FP8, 0.5625, 1, true, false),
  /** The same in 8-bit integers. */
  NARROW_INT8(Arithmetic.INT8, 0.515625, 1, false, false),
  /** 6-bit floats, an 8-bit scale for each 32. */
  MXFP6(Arithmetic.FP6, 0.78125, 0.78125, true, false),
  /** 4-bit integers on both sides, converted before. */
  INT4(Arithmetic.INT4, 0.515625, 0.515625, false, false);

  private final Arithmetic arithmetic;
  private final double weightBytes;
  private final double inputBytes;
  private final boolean convertsInput;
  private final boolean widensWeights;

  GemmFormat(
      Arithmetic arithmetic,
      double weightBytes,
      double inputBytes,
      boolean convertsInput,
      boolean widensWeights) {
    this.arithmetic = arithmetic;
    this.weightBytes = weightBytes;
    this.inputBytes = inputBytes;
    this.convertsInput = convertsInput;
    this.widensWeights = widensWeights;
  }

  /** What the matrix engine multiplies in. */
  public Arithmetic arithmetic() {
    return arithmetic;
  }

  /** Bytes of one weight with its share of the scales. */
  public double weightBytes() {
    return weightBytes;
  }

  /** Bytes of one input as the matrix engine reads it, with its share of the scales. */
  public double inputBytes() {
    return inputBytes;
  }

  /** Whether a kernel before the product turns the 16-bit input into this format. */
  public boolean convertsInput() {
    return convertsInput;
  }

  /** Whether weights are widened to the format of the input inside the product. */
  public boolean widensWeights() {
    return widensWeights;
  }

  /** The name in tables and profiles, such as {@code fp8_block}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of a key, or of another name of it, such as {@code bfloat16}.
   *
   * @throws IllegalArgumentException where there is none, naming those there are
   */
  public static GemmFormat of(String key) {
    return Shapes.format(key, values(), GemmFormat::key);
  }
}
