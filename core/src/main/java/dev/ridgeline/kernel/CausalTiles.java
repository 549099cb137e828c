package dev.ridgeline.kernel;

/**
 * The triangle of a causal attention, walked in tiles by thread blocks that each own a row of it.
 *
 * <p>Tile sizes follow the generation: kernels for tensor cores that take operands from registers
 * (up to {@value #REGISTER_FLOPS_PER_CYCLE} flop per cycle and multiprocessor in 16 bits) walk 64
 * queries by 64 keys, later ones 128 by 64.
 */
final class CausalTiles {
  static final double REGISTER_FLOPS_PER_CYCLE = 3000;
  private static final double KEY_TILE = 64;

  private final double multiprocessors;
  private final double queryTile;
  private final double blockSeconds;
  private final double longestRow;
  private final double overlap;

  /**
   * @param blockCycles to start and end a thread block
   * @param longestRow how far the end waits for the longest row
   * @param overlap order of the norm that joins the longest row and the even spread
   */
  CausalTiles(
      Silicon silicon, double queryTile, double blockCycles, double longestRow, double overlap) {
    this.multiprocessors = silicon.multiprocessors();
    this.queryTile = queryTile;
    this.blockSeconds = blockCycles / silicon.clockHertz();
    this.longestRow = longestRow;
    this.overlap = overlap;
  }

  /** Queries of a tile on a multiprocessor of that 16-bit rate. */
  static double queryTile(double flopsPerCycle) {
    return flopsPerCycle <= REGISTER_FLOPS_PER_CYCLE ? 64 : 128;
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
    double tilesPerRow = Math.clamp(tiles / rows, 1, mostTiles);
    double longestSeconds = mostTiles * tileSeconds + blockSeconds;
    double blocks = triangles * rows;
    if (blocks <= multiprocessors) {
      return longestSeconds;
    }
    double evenSeconds = blocks * (tilesPerRow * tileSeconds + blockSeconds) / multiprocessors;
    return Math.max(
        longestSeconds, Blend.overlap(evenSeconds, longestRow * longestSeconds, overlap));
  }
}
