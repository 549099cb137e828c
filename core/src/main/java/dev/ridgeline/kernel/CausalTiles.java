package dev.ridgeline.kernel;

/**
 * The triangle of a causal attention, walked in tiles by thread blocks that each own a row of it.
 *
 * <p>Tile sizes follow the generation: kernels for tensor cores that take operands from registers
 * (up to {@value #REGISTER_FLOPS_PER_CYCLE} flop per cycle and multiprocessor in 16 bits) walk 64
 * queries by 64 keys, later ones 128 by 64. A window ends inside a tile on both sides of a row, and
 * kernels take further steps to reach and mask it.
 */
final class CausalTiles {
  static final double REGISTER_FLOPS_PER_CYCLE = 3000;
  static final double QUERY_TILE = 64;
  static final double LATER_QUERY_TILE = 128;
  private static final double KEY_TILE = 64;
  private static final double KEYS_OF_AN_INSTRUCTION = 16;

  private final double multiprocessors;
  private final double queryTile;
  private final double blockSeconds;
  private final double longestRow;
  private final double alone;
  private final double edgeTiles;
  private final double overlap;

  /**
   * A triangle whose tiles take as long in a block alone as in one among others.
   *
   * @param blockCycles to start and end a thread block
   * @param longestRow how far the end waits for the longest row
   * @param overlap order of the norm that joins the longest row and the even spread
   */
  CausalTiles(
      Silicon silicon, double queryTile, double blockCycles, double longestRow, double overlap) {
    this(silicon, queryTile, blockCycles, longestRow, 1, 0, overlap);
  }

  /**
   * A triangle, or the band of it that a window leaves.
   *
   * @param blockCycles to start and end a thread block
   * @param longestRow how far the end waits for the longest row
   * @param alone time of a tile whose block has the multiprocessor to itself, to that of one among
   *     others: below 1 where blocks wait for one another, above where they hide each other's waits
   * @param edgeTiles what the edge of a window costs a row, in tiles
   * @param overlap order of the norm that joins the longest row and the even spread
   */
  CausalTiles(
      Silicon silicon,
      double queryTile,
      double blockCycles,
      double longestRow,
      double alone,
      double edgeTiles,
      double overlap) {
    this.multiprocessors = silicon.multiprocessors();
    this.queryTile = queryTile;
    this.blockSeconds = blockCycles / silicon.clockHertz();
    this.longestRow = longestRow;
    this.alone = alone;
    this.edgeTiles = edgeTiles;
    this.overlap = overlap;
  }

  /** Queries of a tile on a multiprocessor of that 16-bit rate. */
  static double queryTile(double flopsPerCycle) {
    return flopsPerCycle <= REGISTER_FLOPS_PER_CYCLE ? QUERY_TILE : LATER_QUERY_TILE;
  }

  /** Whether tensor cores read operands from shared memory, filled by asynchronous copies. */
  static boolean asynchronous(Silicon halfWidth) {
    return halfWidth.matrixFlopsPerSecond() / halfWidth.multiprocessors() / halfWidth.clockHertz()
        > REGISTER_FLOPS_PER_CYCLE;
  }

  /** Share of a tile of keys that so many keys fill, a matrix instruction at least. */
  static double filled(double keys) {
    return Math.clamp(keys / KEY_TILE, KEYS_OF_AN_INSTRUCTION / KEY_TILE, 1);
  }

  /** Query and key pairs of one tile. */
  double scores() {
    return queryTile * KEY_TILE;
  }

  /**
   * Time of all tiles on all multiprocessors.
   *
   * @param triangles sequences times heads
   * @param newTokens queries of each
   * @param cachedTokens keys before the first query
   * @param lookBack most keys a query sees, itself included; infinite where all
   * @param tileSeconds time of one tile
   */
  double seconds(
      double triangles,
      double newTokens,
      double cachedTokens,
      double lookBack,
      double tileSeconds) {
    double rows = Math.ceil(newTokens / queryTile);
    double keyTilesPerRow = queryTile / KEY_TILE;
    double cachedTiles = cachedTokens / KEY_TILE;
    double mostTiles =
        Math.min(
            Math.ceil((cachedTokens + newTokens) / KEY_TILE),
            Math.ceil((lookBack + queryTile) / KEY_TILE));
    double growingRows =
        Math.clamp(Math.floor((mostTiles - cachedTiles) / keyTilesPerRow), 0, rows);
    double tiles =
        growingRows * (cachedTiles + (growingRows + 1) / 2 * keyTilesPerRow)
            + (rows - growingRows) * mostTiles;
    double edge = lookBack < cachedTokens + newTokens ? edgeTiles : 0;
    double tilesPerRow = Math.clamp(tiles / rows, 1, mostTiles) + edge;
    double longestSeconds = (mostTiles + edge) * alone * tileSeconds + blockSeconds;
    double blocks = triangles * rows;
    if (blocks <= multiprocessors) {
      return longestSeconds;
    }
    double evenSeconds = blocks * (tilesPerRow * tileSeconds + blockSeconds) / multiprocessors;
    return Math.max(
        longestSeconds, Blend.overlap(evenSeconds, longestRow * longestSeconds, overlap));
  }
}
