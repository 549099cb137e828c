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

  /** Above this many rows block-scaled products take the taller tile. */
  private static final int FEW_TOKENS = 64;

  private final int[][] few;
  private final int[][] many;

  private GemmTiles(int[][] few, int[][] many) {
    this.few = few;
    this.many = many;
  }

  /**
   * The tiles of an architecture; those that live in registers where the architecture is none of
   * NVIDIA's later ones.
   */
  static GemmTiles of(String architecture, GemmFormat format) {
    return switch (architecture) {
      case "hopper" ->
          format == GemmFormat.FP8_BLOCK
              ? new GemmTiles(BLOCK_SCALED_FEW, BLOCK_SCALED_MANY)
              : new GemmTiles(SHARED_MEMORY, SHARED_MEMORY);
      case "blackwell" -> new GemmTiles(TENSOR_MEMORY, TENSOR_MEMORY);
      default -> new GemmTiles(REGISTERS, REGISTERS);
    };
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
