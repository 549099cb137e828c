package dev.ridgeline.kernel;

import static dev.ridgeline.kernel.MlaFamily.HALF_BYTES;
import static dev.ridgeline.kernel.MlaFamily.LATENT;
import static dev.ridgeline.kernel.MlaFamily.ROTATED;

/**
 * Decode: all heads of a sequence read the same latents, once as keys with the rotated part, once
 * as values (FlashMLA, DeepSeek, 2025). As many rows of heads as fill a matrix instruction share a
 * thread block, or several blocks that divide the values among them; the next heads find the
 * latents in the cache. Queries come in before the first tile of tokens and outputs leave after the
 * last, so their traffic adds to the rest.
 *
 * <p>A matrix instruction has {@value #ROWS_OF_A_WARP_GROUP} rows, and {@value #ROWS_OF_A_CLUSTER}
 * where tensor cores read both operands from shared memory and write to a memory of their own (more
 * than {@value #CLUSTER_FLOPS_PER_CYCLE} flop per cycle and multiprocessor in 16 bits). There up to
 * {@value #MOST_SWAPPED_ROWS} rows take the other side of the instruction, {@value #SWAPPED_ROWS}
 * to a block: on a GB200 times of 8 and 16 heads are equal, and those of 32 half as long again.
 *
 * <p>Rows that fill an instruction only in part cost as a full one where it is a warp group's or a
 * cluster's, and the blocks of one sequence get latents by one load for all of them (thread block
 * clusters, NVIDIA H100 whitepaper, 2022): a Hopper chip reaches two thirds of its peak with 128
 * heads (FlashMLA, DeepSeek, 2025). Elsewhere further blocks read them again.
 */
final class MlaGenerationKernel implements Kernel<MlaShape> {
  static final double ROWS_OF_A_WARP_GROUP = 64;
  static final double ROWS_OF_A_CLUSTER = 128;
  static final double CLUSTER_FLOPS_PER_CYCLE = 6000;

  /** More than this: instructions of a whole warp group, and clusters of blocks. */
  static final double WARP_GROUP_FLOPS_PER_CYCLE = 3000;

  static final double SWAPPED_ROWS = 16;
  static final double MOST_SWAPPED_ROWS = 32;
  private static final double BLOCKS_OF_A_CLUSTER = 2;
  private static final double HEAD_TILE = 16;
  private static final double KEY_TILE = 64;

  private final double[] constants;
  private final boolean cold;
  private final double multiprocessors;
  private final double clockHertz;
  private final boolean clusters;
  private final boolean warpGroups;
  private final double resident;
  private final double valueParts;
  private final double usableCacheBytes;
  private final double memoryBytesPerSecond;
  private final double cacheBytesPerSecond;
  private final double matrixFlopsPerSecond;

  /**
   * Binds the constants.
   *
   * @param silicon in 16 bits
   * @param matrixFlopsPerSecond peak of the products' own format
   */
  MlaGenerationKernel(
      Silicon silicon, double matrixFlopsPerSecond, boolean cold, double[] constants) {
    this.constants = constants;
    this.cold = cold;
    this.multiprocessors = silicon.multiprocessors();
    this.clockHertz = silicon.clockHertz();
    double flopsPerCycle = silicon.matrixFlopsPerSecond() / multiprocessors / clockHertz;
    this.clusters = flopsPerCycle > CLUSTER_FLOPS_PER_CYCLE;
    this.warpGroups = flopsPerCycle > WARP_GROUP_FLOPS_PER_CYCLE;
    this.resident = Math.rint(constants[MlaFamily.RESIDENT]);
    this.valueParts = Math.rint(constants[MlaFamily.VALUE_PARTS]);
    this.usableCacheBytes = constants[MlaFamily.CACHE_SHARE] * silicon.cacheBytes();
    this.memoryBytesPerSecond = constants[MlaFamily.MEMORY] * silicon.memoryBytesPerSecond();
    this.cacheBytesPerSecond = constants[MlaFamily.CACHE_RATE] * multiprocessors * clockHertz;
    this.matrixFlopsPerSecond = constants[MlaFamily.MATRIX] * matrixFlopsPerSecond;
  }

  @Override
  public double seconds(MlaShape shape) {
    double sequences = shape.batch();
    double tokens = shape.pastTokens() + (double) shape.queryTokens();
    double rows = (double) shape.heads() * shape.queryTokens();
    double tokenBytes = (LATENT + ROTATED) * shape.kv().bytesPerElement();
    double kvBytes = sequences * tokens * tokenBytes;
    double vectorBytes = sequences * rows * (2 * (LATENT + ROTATED) + LATENT) * HALF_BYTES;
    double vectorHits =
        Blend.hits(kvBytes + vectorBytes, usableCacheBytes, constants[MlaFamily.CACHE_SHARPNESS]);
    double hits = cold ? 0 : vectorHits;

    double rowsOfBlock = rowsOfBlock(rows);
    double readers = Math.ceil(rows / rowsOfBlock);
    double items = sequences * readers * valueParts;
    double parts =
        Math.max(
            1,
            Math.min(
                Math.floor(constants[MlaFamily.SPLIT_WAVES] * multiprocessors / items),
                Math.floor(tokens / constants[MlaFamily.SPLIT_TOKENS])));
    double tiles = Math.ceil(tokens / parts / KEY_TILE);
    boolean shared = warpGroups && rowsOfBlock > SWAPPED_ROWS;
    double paddedRows = shared ? readers * rowsOfBlock : Math.ceil(rows / HEAD_TILE) * HEAD_TILE;
    double moreHeads =
        Math.ceil(Math.min(clusters ? paddedRows : rows, rowsOfBlock) / HEAD_TILE) - 1;
    double tileCycles =
        constants[MlaFamily.TILE]
            * (1
                + constants[MlaFamily.GROUP_TILE] * moreHeads
                + (constants[MlaFamily.MISS] - 1)
                    * (1 - hits)
                    / (shared ? Math.min(readers, BLOCKS_OF_A_CLUSTER) : 1));
    double blocks = items * parts / multiprocessors;
    double chainSeconds =
        Blend.waves(blocks, resident, constants[MlaFamily.CROWDING], constants[MlaFamily.ROUNDING])
            * (constants[MlaFamily.BLOCK] + tiles * tileCycles)
            / clockHertz;
    double streamSeconds =
        Math.max(1, blocks)
            * tiles
            * KEY_TILE
            * tokenBytes
            / (constants[MlaFamily.STREAM] * clockHertz);
    double missedBytes = kvBytes * (1 - hits);
    double trafficSeconds =
        missedBytes / memoryBytesPerSecond
            + (kvBytes - missedBytes) / cacheBytesPerSecond
            + (shared ? 0 : (readers - 1) * constants[MlaFamily.FOLLOWER] * kvBytes)
                / memoryBytesPerSecond;
    double vectorSeconds =
        vectorBytes * ((1 - vectorHits) / memoryBytesPerSecond + vectorHits / cacheBytesPerSecond);
    double flopSeconds =
        2 * sequences * paddedRows * tokens * (2 * LATENT + ROTATED) / matrixFlopsPerSecond;
    return constants[MlaFamily.LAUNCH]
        + vectorSeconds
        + Blend.overlap(
            chainSeconds,
            streamSeconds,
            Math.max(trafficSeconds, flopSeconds),
            constants[MlaFamily.OVERLAP])
        + (parts > 1 ? constants[MlaFamily.SPLIT] : 0);
  }

  private double rowsOfBlock(double rows) {
    if (!clusters) {
      return ROWS_OF_A_WARP_GROUP;
    }
    return rows <= MOST_SWAPPED_ROWS ? SWAPPED_ROWS : ROWS_OF_A_CLUSTER;
  }
}
