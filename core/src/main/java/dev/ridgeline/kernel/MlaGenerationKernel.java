package dev.ridgeline.kernel;

import static dev.ridgeline.kernel.MlaFamily.HALF_BYTES;
import static dev.ridgeline.kernel.MlaFamily.LATENT;
import static dev.ridgeline.kernel.MlaFamily.ROTATED;

/**
 * Decode: all heads of a sequence read the same latents, once as keys with the rotated part, once
 * as values (FlashMLA, DeepSeek, 2025). Up to {@value #HEADS_PER_BLOCK} rows of heads share a
 * thread block, or several that divide the values among them; the second 64 heads find the latents
 * in the cache.
 */
final class MlaGenerationKernel implements Kernel<MlaShape> {
  static final int HEADS_PER_BLOCK = 64;
  private static final double HEAD_TILE = 16;
  private static final double KEY_TILE = 64;

  private final double[] constants;
  private final boolean cold;
  private final double multiprocessors;
  private final double clockHertz;
  private final double resident;
  private final double valueParts;
  private final double usableCacheBytes;
  private final double memoryBytesPerSecond;
  private final double cacheBytesPerSecond;
  private final double matrixFlopsPerSecond;

  MlaGenerationKernel(Silicon silicon, boolean cold, double[] constants) {
    this.constants = constants;
    this.cold = cold;
    this.multiprocessors = silicon.multiprocessors();
    this.clockHertz = silicon.clockHertz();
    this.resident = Math.rint(constants[MlaFamily.RESIDENT]);
    this.valueParts = Math.rint(constants[MlaFamily.VALUE_PARTS]);
    this.usableCacheBytes = constants[MlaFamily.CACHE_SHARE] * silicon.cacheBytes();
    this.memoryBytesPerSecond = constants[MlaFamily.MEMORY] * silicon.memoryBytesPerSecond();
    this.cacheBytesPerSecond = constants[MlaFamily.CACHE_RATE] * multiprocessors * clockHertz;
    this.matrixFlopsPerSecond = constants[MlaFamily.MATRIX] * silicon.matrixFlopsPerSecond();
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

    double readers = Math.ceil(rows / HEADS_PER_BLOCK);
    double items = sequences * readers * valueParts;
    double parts =
        Math.max(
            1,
            Math.min(
                Math.floor(constants[MlaFamily.SPLIT_WAVES] * multiprocessors / items),
                Math.floor(tokens / constants[MlaFamily.SPLIT_TOKENS])));
    double tiles = Math.ceil(tokens / parts / KEY_TILE);
    double moreHeads = Math.ceil(Math.min(rows, HEADS_PER_BLOCK) / HEAD_TILE) - 1;
    double tileCycles =
        constants[MlaFamily.TILE]
            * (1 + constants[MlaFamily.GROUP_TILE] * moreHeads)
            * (1 + (constants[MlaFamily.MISS] - 1) * (1 - hits));
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
    double missedBytes = kvBytes * (1 - hits) + vectorBytes * (1 - vectorHits);
    double trafficSeconds =
        missedBytes / memoryBytesPerSecond
            + (readers * kvBytes + vectorBytes - missedBytes) / cacheBytesPerSecond;
    double paddedRows = Math.ceil(rows / HEAD_TILE) * HEAD_TILE;
    double flopSeconds =
        2 * sequences * paddedRows * tokens * (2 * LATENT + ROTATED) / matrixFlopsPerSecond;
    return constants[MlaFamily.LAUNCH]
        + Blend.overlap(
            chainSeconds, streamSeconds, trafficSeconds, flopSeconds, constants[MlaFamily.OVERLAP])
        + (parts > 1 ? constants[MlaFamily.SPLIT] : 0);
  }
}
