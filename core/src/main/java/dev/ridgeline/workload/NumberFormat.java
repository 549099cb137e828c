package dev.ridgeline.workload;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How numbers are stored: element bits, and the shared scale of a block of elements.
 *
 * @param name lower-case name, such as {@code nvfp4}
 * @param arithmetic what a multiplication of two such numbers runs as
 * @param elementBits bits of one element, 1 to 64
 * @param block elements that share one scale; 0 when scales are too few to count (per tensor)
 * @param scaleBits bits of one block's scale (and zero point), 0 without a block
 */
public record NumberFormat(
    String name, Arithmetic arithmetic, int elementBits, int block, int scaleBits) {

  public static final NumberFormat FP64 = plain("fp64", Arithmetic.FP64);
  public static final NumberFormat FP32 = plain("fp32", Arithmetic.FP32);

  /** Stored as 32 bits, multiplied with a 10-bit mantissa. */
  public static final NumberFormat TF32 = new NumberFormat("tf32", Arithmetic.TF32, 32, 0, 0);

  public static final NumberFormat FP16 = plain("fp16", Arithmetic.FP16);
  public static final NumberFormat BF16 = plain("bf16", Arithmetic.BF16);

  /** E4M3 or E5M2 with one scale a tensor or channel. */
  public static final NumberFormat FP8 = plain("fp8", Arithmetic.FP8);

  /** E4M3 with a float32 scale for each 128 x 128 block (DeepSeek-V3 report, section 3.3.2). */
  public static final NumberFormat FP8_BLOCK =
      new NumberFormat("fp8_block", Arithmetic.FP8, 8, 128 * 128, 32);

  /** OCP microscaling MX v1.0: 32 elements share an 8-bit exponent. */
  public static final NumberFormat MXFP8 = new NumberFormat("mxfp8", Arithmetic.FP8, 8, 32, 8);

  public static final NumberFormat MXFP6 = new NumberFormat("mxfp6", Arithmetic.FP6, 6, 32, 8);
  public static final NumberFormat MXFP4 = new NumberFormat("mxfp4", Arithmetic.FP4, 4, 32, 8);

  /** E2M1 with an E4M3 scale for 16 elements (NVIDIA, "Introducing NVFP4", 2025). */
  public static final NumberFormat NVFP4 = new NumberFormat("nvfp4", Arithmetic.FP4, 4, 16, 8);

  public static final NumberFormat INT8 = plain("int8", Arithmetic.INT8);

  /** Groups of 128 weights share a 16-bit scale, as GPTQ and AWQ checkpoints commonly do. */
  public static final NumberFormat INT4 = new NumberFormat("int4", Arithmetic.INT4, 4, 128, 16);

  /**
   * Two bits in groups of 32 that share a 16-bit scale and a 16-bit zero point, as KIVI stores the
   * cache (arXiv 2402.02750, section 4); expanded before they are multiplied.
   */
  public static final NumberFormat INT2 = new NumberFormat("int2", Arithmetic.INT4, 2, 32, 32);

  /** Every format known by name. */
  public static final List<NumberFormat> ALL =
      List.of(
          FP64, FP32, TF32, FP16, BF16, FP8, FP8_BLOCK, MXFP8, MXFP6, MXFP4, NVFP4, INT8, INT4,
          INT2);

  public NumberFormat {
    if (elementBits < 1 || elementBits > 64 || block < 0 || scaleBits < 0) {
      throw new IllegalArgumentException(
          "number format %s: element bits %d, block %d, scale bits %d"
              .formatted(name, elementBits, block, scaleBits));
    }
  }

  /** The format of that name, or of another that frameworks have for it; empty where none has. */
  public static Optional<NumberFormat> named(String name) {
    String common = commonName(name);
    return ALL.stream().filter(format -> format.name.equals(common)).findFirst();
  }

  /**
   * The name used here for what frameworks call otherwise, such as {@code bf16} for {@code
   * bfloat16}; any other name as it is, in lower case.
   */
  public static String commonName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "bfloat16" -> "bf16";
      case "half", "float16" -> "fp16";
      case "float", "float32" -> "fp32";
      default -> lower;
    };
  }

  private static NumberFormat plain(String name, Arithmetic arithmetic) {
    return new NumberFormat(name, arithmetic, arithmetic.bits(), 0, 0);
  }

  /** This format with another group size, such as int4 with groups of 32. */
  public NumberFormat withBlock(int newBlock) {
    String newName = newBlock == block ? name : name + "_g" + newBlock;
    return new NumberFormat(newName, arithmetic, elementBits, newBlock, scaleBits);
  }

  /** Bytes of one element, its share of the block's scale included. */
  public double bytesPerElement() {
    double scaleShareBits = block == 0 ? 0.0 : (double) scaleBits / block;
    return (elementBits + scaleShareBits) / 8.0;
  }

  @Override
  public String toString() {
    return name;
  }
}
