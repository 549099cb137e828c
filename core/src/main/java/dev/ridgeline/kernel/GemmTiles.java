package dev.ridgeline.kernel;

/**
 * The tiles of the output that one block of threads computes, by what the matrix engine of a
 * generation reads its operands from.
 *
 * <p>A tile is a pair: rows along m, columns along n. At small m the operands change sides, so that
 * the wide side of the instruction falls on n and the tile is as narrow as 8 tokens where the
 * instruction allows it.
 */
final class GemmTiles {
  /** Operands in registers ({@code mma.sync}): Volta to Ada. */
  private static final int[][] REGISTERS = {
    {16, 64}, {16, 128}, {32, 64}, {32, 128}, {64, 32}, {64, 64}, {64, 128},
    {64, 256}, {128, 32}, {128, 64}, {128, 128}, {128, 256}, {256, 64}, {256, 128}
  };

  /** Operands in shared memory, 64 x 8 to 64 x 256 ({@code wgmma}): Hopper. */
  private static final int[][] SHARED_MEMORY = {
    {8, 64},
    {16, 64},
    {16, 128},
    {32, 64},
    {32, 128},
    {64, 64},
    {64, 128},
    {64, 256},
    {128, 64},
    {128, 128},
    {128, 256},
    {256, 64},
    {256, 128}
  };

  /** Accumulators in a memory of their own, 64 or 128 rows ({@code tcgen05}): Blackwell. */
  private static final int[][] TENSOR_MEMORY = {
    {8, 128},
    {16, 128},
    {32, 128},
    {64, 128},
    {64, 64},
    {64, 256},
    {128, 64},
    {128, 128},
    {128, 192},
    {128, 256},
    {192, 128},
    {256, 64},
    {256, 128}
  };

  /** Products with a scale for each block of Hopper, up to 64 tokens: never wider than a scale. */
  private static final int[][] BLOCK_SCALED_FEW = {
    {64, 16}, {64, 32}, {64, 64}, {64, 96}, {64, 128}
  };

  /** The same beyond 64 tokens. */
  private static final int[][] BLOCK_SCALED_MANY = {
    {128, 16}, {128, 32}, {128, 64}, {128, 96}, {128, 112}, {128, 128}
  };

  /** Rows that TensorRT-LLM multiplies on vector units. */
  private static final int FEW_ROWS = 8;

  /** Above this many rows block-scaled products take the taller tile. */
  private static final int FEW_TOKENS = 64;

  private final int[][] few;
  private final int[][] many;
  private final boolean registers;
  private final boolean promotes;
  private final int vectorRows;

  private GemmTiles(
      int[][] few, int[][] many, boolean registers, boolean promotes, int vectorRows) {
    this.few = few;
    this.many = many;
    this.registers = registers;
    this.promotes = promotes;
    this.vectorRows = vectorRows;
  }

  /**
   * The tiles of an architecture; those that live in registers where the architecture is none of
   * NVIDIA's later ones.
   */
  static GemmTiles of(String architecture, GemmFormat format) {
    boolean block = format == GemmFormat.FP8_BLOCK;
    return switch (architecture) {
      case "hopper" ->
          block
              ? new GemmTiles(BLOCK_SCALED_FEW, BLOCK_SCALED_MANY, false, true, 0)
              : new GemmTiles(SHARED_MEMORY, SHARED_MEMORY, false, false, 0);
      case "blackwell" -> new GemmTiles(TENSOR_MEMORY, TENSOR_MEMORY, false, false, 0);
      case "ada", "blackwell-rtx" ->
          new GemmTiles(
              REGISTERS,
              REGISTERS,
              true,
              block && architecture.equals("ada"),
              format == GemmFormat.FP8 ? FEW_ROWS : 0);
      default -> new GemmTiles(REGISTERS, REGISTERS, true, block, 0);
    };
  }

  /** Whether operands pass through registers on their way to the matrix engine. */
  boolean throughRegisters() {
    return registers;
  }

  /**
   * Whether sums of each block of scales are scaled and added by the vector units, since the matrix
   * engine multiplies by no scales: before Blackwell (DeepSeek-V3, arXiv 2412.19437, section
   * 3.3.2).
   */
  boolean promotes() {
    return promotes;
  }

  /**
   * Up to how many rows the vector units multiply instead of the matrix engine: 8 of plain 8-bit
   * floats in TensorRT-LLM for compute capabilities 8.9 and 12.0; times on an L40S rise with each
   * row up to the eighth and fall at the ninth. 0 where there is no such kernel.
   */
  int vectorRows() {
    return vectorRows;
  }

  /** Whether the library has no narrower tile for the rows left over at the edge. */
  boolean padsRows() {
    return few != many;
  }

  /** Rows along m and columns along n of each tile that products of {@code m} rows choose from. */
  int[][] at(double m) {
    return m <= FEW_TOKENS ? few : many;
  }
}
