package dev.ridgeline.kernel;

import static dev.ridgeline.kernel.MlaFamily.HALF_BYTES;
import static dev.ridgeline.kernel.MlaFamily.HEAD;
import static dev.ridgeline.kernel.MlaFamily.LATENT;
import static dev.ridgeline.kernel.MlaFamily.ROTATED;

/**
 * Prefill: a kernel that rotates queries and keys and writes latents to the cache, then causal
 * attention with as many heads of keys and values as of queries, keys longer than values.
 */
final class MlaContextKernel implements Kernel<MlaShape> {
  private static final double KEY = HEAD + ROTATED;

  private final double[] constants;
  private final boolean cold;
  private final double multiprocessorHertz;
  private final double usableCacheBytes;
  private final double memorySecondsPerByte;
  private final double cacheSecondsPerByte;
  private final CausalTiles tiles;
  private final double tileSeconds;

  MlaContextKernel(Silicon silicon, boolean cold, double[] constants) {
    this.constants = constants;
    this.cold = cold;
    double clockHertz = silicon.clockHertz();
    this.multiprocessorHertz = silicon.multiprocessors() * clockHertz;
    this.usableCacheBytes = constants[MlaFamily.CACHE_SHARE] * silicon.cacheBytes();
    this.memorySecondsPerByte = 1 / (constants[MlaFamily.MEMORY] * silicon.memoryBytesPerSecond());
    this.cacheSecondsPerByte = 1 / (constants[MlaFamily.CACHE_RATE] * multiprocessorHertz);
    double peakFlopsPerSecond = silicon.matrixFlopsPerSecond();
    this.tiles =
        new CausalTiles(
            silicon,
            CausalTiles.queryTile(peakFlopsPerSecond / multiprocessorHertz),
            constants[MlaFamily.BLOCK],
            constants[MlaFamily.LONGEST_ROW],
            constants[MlaFamily.OVERLAP]);
    this.tileSeconds =
        2
                * tiles.scores()
                * (KEY + HEAD)
                / (constants[MlaFamily.MATRIX] * peakFlopsPerSecond / silicon.multiprocessors())
            + constants[MlaFamily.SOFTMAX] * tiles.scores() / clockHertz;
  }

  @Override
  public double seconds(MlaShape shape) {
    double heads = shape.heads();
    double tokens = (double) shape.batch() * shape.queryTokens();
    double queryBytes = tokens * heads * KEY * HALF_BYTES;
    double keyValueBytes = tokens * heads * (KEY + HEAD) * HALF_BYTES;
    double outputBytes = tokens * heads * HEAD * HALF_BYTES;
    double kvBytes = shape.kv().bytesPerElement();
    double latentBytes = tokens * (LATENT + ROTATED) * kvBytes;
    double pastTokens = (double) shape.batch() * shape.pastTokens();
    double pastBytes = pastTokens * heads * (KEY + HEAD) * HALF_BYTES;

    double hits =
        Blend.hits(
            queryBytes + keyValueBytes + outputBytes + latentBytes + pastBytes,
            usableCacheBytes,
            constants[MlaFamily.CACHE_SHARPNESS]);
    double secondsPerByte = (1 - hits) * memorySecondsPerByte + hits * cacheSecondsPerByte;
    double rotarySeconds =
        (2 * queryBytes + tokens * (LATENT + ROTATED) * (HALF_BYTES + kvBytes)) * secondsPerByte
            + constants[MlaFamily.ROTARY] * tokens * heads / multiprocessorHertz;
    double trafficSeconds =
        (queryBytes + keyValueBytes + outputBytes) * secondsPerByte
            + pastBytes * (cold ? memorySecondsPerByte : secondsPerByte);
    double walkSeconds =
        tiles.seconds(
            shape.batch() * heads,
            shape.queryTokens(),
            shape.pastTokens(),
            Double.POSITIVE_INFINITY,
            tileSeconds);
    double seconds =
        constants[MlaFamily.LAUNCH]
            + rotarySeconds
            + Blend.overlap(walkSeconds, trafficSeconds, constants[MlaFamily.OVERLAP]);
    double pastLimit = constants[MlaFamily.THROTTLE_AFTER] / seconds;
    return seconds * (1 + (constants[MlaFamily.THROTTLE] - 1) / (1 + pastLimit * pastLimit));
  }
}
