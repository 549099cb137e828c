package dev.ridgeline.kernel;

/**
 * A matrix product on one chip: the best of the tiles and splits of k that its library has.
 *
 * <p>For a tile of {@code a x b} outputs, run in {@code w} waves over the multiprocessors with k
 * cut into {@code s} parts:
 *
 * <pre>
 *   multiply = w 2ab(k/s) / (efficiency x peak of one multiprocessor), stretched by throttling,
 *              + w ab(k/s)/128 sums promoted to float32 where the matrix engine knows no block scales
 *   feed     = w (a inputs + b weights)(k/s) bytes / cache rate of one multiprocessor
 *   steps    = w (k/s) latency of a step
 *   load     = bytes that miss the cache / min(memory rate, busy multiprocessors x their own rate)
 *              + latency of the stream where weights miss
 *   edges    = w (fill of the pipeline + writing ab outputs at the cache rate)
 *   time     = launch + convert + norm(max(multiply, feed, steps) + edges, load) + reduction
 * </pre>
 *
 * Bytes from main memory follow from how the tables were measured: up to five copies of the weights
 * take turns, so weights hit where all copies fit; inputs and outputs hit where they fit. Cold, all
 * weights come from main memory.
 *
 * <p>Throttling follows from power. A flop's energy rises with the square of the voltage, voltage
 * with the clock, so power rises with the cube of the clock: a board whose matrix engine would draw
 * {@code x} times its limit at the stated clock runs it at the cube root of {@code 1/x} (Mudge,
 * IEEE Computer 34(4), 2001, DOI 10.1109/2.917539). Short products draw less, since their
 * multiprocessors also wait.
 *
 * <p>A few rows of 8-bit floats run without the matrix engine where {@link GemmTiles#vectorRows}
 * says so: launch + norm(flops at a share of the float32 peak + fill, load) + convert.
 */
final class GemmKernel implements Kernel<GemmShape> {
  /** Parts that k is cut into; each part keeps at least {@link #LEAST_PART}. */
  private static final int[] SPLITS = {1, 2, 4, 8, 16, 32, 64};

  private static final double LEAST_PART = 128;

  /** Elements along k that one step of the pipeline takes. */
  private static final double STEP = 32;

  /** Once blocks are this many times the multiprocessors no library splits k further. */
  private static final double ENOUGH_WAVES = 4;

  /** Inputs along k that share a scale where scales come in blocks. */
  private static final double SCALED_INPUTS = 128;

  private static final double FLOPS_OF_MULTIPLY_ADD = 2;
  private static final double MOST_COPIES = 5;
  private static final double OUTPUT_BYTES = 2;

  /** A partial sum in 32 bits, written by each part. */
  private static final double PARTIAL_BYTES = 4;

  /** The same written once and read once for the reduction. */
  private static final double PARTIAL_TRAFFIC_BYTES = 2 * PARTIAL_BYTES;

  /** Energies of flops are stated for this width and shrink with it. */
  private static final double WIDE_BITS = 16;

  private static final double PICO = 1e-12;
  private static final double GIGA = 1e9;

  /** Bytes of an input before and after conversion. */
  private static final double CONVERTED_BYTES = 3;

  private final double units;
  private final double flopsPerSecond;
  private final double unitFlopsPerSecond;
  private final double memoryBytesPerSecond;
  private final double unitMemoryBytesPerSecond;
  private final double loadLatencySeconds;
  private final double unitCacheBytesPerSecond;
  private final double cacheBytes;
  private final double weightCacheBytes;
  private final double activationCacheBytes;
  private final double overlap;
  private final double launchSeconds;
  private final double fillSeconds;
  private final double vectorFillSeconds;
  private final double stepSeconds;
  private final double tail;
  private final double splitSeconds;
  private final double throttle;
  private final double throttleOnsetSeconds;
  private final double convertBytes;
  private final double widenSeconds;
  private final double vectorFlopsPerSecond;
  private final double promoteSeconds;
  private final double raggedSeconds;
  private final double weightBytes;
  private final double inputBytes;
  private final boolean cold;
  private final GemmTiles tiles;

  /**
   * @param wideFlopsPerSecond peak of 16-bit products
   * @param uncapped how much faster the matrix engine would be had its maker not capped its rate
   * @param weightBytes of one weight as it is stored
   * @param cacheParts halves of the cache that keep copies of what the other has, or 1
   */
  GemmKernel(
      Silicon silicon,
      double wideFlopsPerSecond,
      double uncapped,
      int cacheParts,
      GemmFormat format,
      double weightBytes,
      GemmTiles tiles,
      Warmth warmth,
      double[] constants) {
    this.tiles = tiles;
    this.cold = warmth == Warmth.COLD;
    this.weightBytes = weightBytes;
    this.inputBytes = format.inputBytes();
    boolean registers = tiles.throughRegisters();
    double clock = silicon.clockHertz();
    this.units = silicon.multiprocessors();
    this.flopsPerSecond =
        silicon.matrixFlopsPerSecond()
            * Math.min(
                1,
                constants[registers ? GemmFamily.REGISTER_EFFICIENCY : GemmFamily.MATRIX_EFFICIENCY]
                    * uncapped);
    this.unitFlopsPerSecond = flopsPerSecond / units;
    this.memoryBytesPerSecond =
        constants[GemmFamily.MEMORY_EFFICIENCY] * silicon.memoryBytesPerSecond();
    this.unitMemoryBytesPerSecond = constants[GemmFamily.UNIT_MEMORY_RATE] * clock;
    this.loadLatencySeconds = constants[GemmFamily.LOAD_LATENCY];
    this.unitCacheBytesPerSecond =
        constants[GemmFamily.UNIT_CACHE_RATE] * wideFlopsPerSecond * uncapped / units;
    this.cacheBytes = silicon.cacheBytes();
    this.weightCacheBytes = constants[GemmFamily.WEIGHT_CACHE_SHARE] * cacheBytes / cacheParts;
    this.activationCacheBytes =
        constants[GemmFamily.ACTIVATION_CACHE_SHARE] * cacheBytes / cacheParts;
    this.overlap = constants[GemmFamily.OVERLAP];
    this.launchSeconds = constants[GemmFamily.LAUNCH];
    this.fillSeconds = constants[GemmFamily.TILE_FILL] / clock;
    this.vectorFillSeconds = constants[GemmFamily.VECTOR_FILL] / clock;
    this.stepSeconds = constants[GemmFamily.STEP_LATENCY] / clock;
    this.tail = constants[GemmFamily.WAVE_TAIL];
    this.splitSeconds = constants[GemmFamily.SPLIT_COST];
    this.throttle =
        throttle(
            constants[registers ? GemmFamily.REGISTER_ENERGY : GemmFamily.FLOP_ENERGY]
                * format.arithmetic().bits()
                / WIDE_BITS,
            clock,
            flopsPerSecond,
            silicon.limitWatts());
    this.throttleOnsetSeconds = constants[GemmFamily.THROTTLE_ONSET];
    this.convertBytes = format.convertsInput() ? constants[GemmFamily.CONVERT_TRAFFIC] : 0;
    this.widenSeconds = format.widensWeights() ? constants[GemmFamily.WIDEN_COST] / clock : 0;
    this.vectorFlopsPerSecond = constants[GemmFamily.VECTOR_SHARE] * silicon.vectorFlopsPerSecond();
    this.promoteSeconds =
        tiles.promotes()
            ? constants[GemmFamily.PROMOTE_COST]
                * FLOPS_OF_MULTIPLY_ADD
                / SCALED_INPUTS
                / (silicon.vectorFlopsPerSecond() / units)
            : 0;
    this.raggedSeconds = tiles.padsRows() ? constants[GemmFamily.RAGGED_COST] / clock : 0;
  }

  @Override
  public double seconds(GemmShape shape) {
    return seconds(shape.m(), shape.n(), shape.k());
  }

  /** The time of {@code y[m, n] = x[m, k] W[n, k]^T}. */
  double seconds(double m, double n, double k) {
    double weightMisses = weightMisses(m, n, k);
    double loadBytes = memoryBytes(m, n, k, weightMisses);
    double latencySeconds = loadLatencySeconds * weightMisses;
    if (m <= tiles.vectorRows()) {
      return launchSeconds
          + Blend.overlap(
              2 * m * n * k / vectorFlopsPerSecond + vectorFillSeconds,
              latencySeconds
                  + loadBytes / Math.min(memoryBytesPerSecond, units * unitMemoryBytesPerSecond),
              overlap)
          + convertSeconds(m, k);
    }
    double fullClockSeconds = 2 * m * n * k / flopsPerSecond;
    double stretch = 1 + throttle * fullClockSeconds / (fullClockSeconds + throttleOnsetSeconds);
    double fill = m <= 1 ? vectorFillSeconds : fillSeconds;
    double bestSeconds = Double.POSITIVE_INFINITY;
    int[][] choices = tiles.at(m);
    for (int[] tile : choices) {
      double rows = tile[0];
      double columns = tile[1];
      double rowTiles = Math.ceil(m / rows);
      double columnTiles = Math.ceil(n / columns);
      double outputTiles = rowTiles * columnTiles;
      double stepFlops =
          rows * columns * (2 / unitFlopsPerSecond * stretch + promoteSeconds)
              + columns * widenSeconds;
      double stepBytes = (rows * inputBytes + columns * weightBytes) / unitCacheBytesPerSecond;
      double step = Math.max(Math.max(stepFlops, stepBytes), stepSeconds);
      double emptyRows = rows * rowTiles - m;
      double tileOutputs = rows * columns;
      double ragged = emptyRows * raggedSeconds * Math.ceil(columnTiles / units);
      for (int split : SPLITS) {
        if (split > 1 && k < LEAST_PART * split) {
          break;
        }
        double part = Math.ceil(k / split / STEP) * STEP;
        double blocks = outputTiles * split;
        double waves = blocks / units;
        if (waves > 1) {
          waves += tail * (Math.ceil(waves) - waves);
        } else {
          waves = 1;
        }
        double drain =
            tileOutputs * (split > 1 ? PARTIAL_BYTES : OUTPUT_BYTES) / unitCacheBytesPerSecond;
        double work = waves * (part * step + fill + drain) + part * ragged;
        double load =
            latencySeconds
                + loadBytes
                    / Math.min(
                        memoryBytesPerSecond, Math.min(blocks, units) * unitMemoryBytesPerSecond);
        double reduction =
            split == 1
                ? 0
                : splitSeconds
                    + split * m * n * PARTIAL_TRAFFIC_BYTES / (units * unitCacheBytesPerSecond);
        double longer = Math.max(work, load);
        if (longer + reduction < bestSeconds) {
          double ratio = Math.min(work, load) / longer;
          double seconds = longer * Math.pow(1 + Math.pow(ratio, overlap), 1 / overlap) + reduction;
          bestSeconds = Math.min(bestSeconds, seconds);
        }
        if (blocks > ENOUGH_WAVES * units) {
          break;
        }
      }
    }
    return launchSeconds + bestSeconds + convertSeconds(m, k);
  }

  /**
   * How much longer products that the power limit binds take than at full clock, less 1. Draw
   * swings, so the clock gives way a little before the mean reaches the limit.
   */
  private static double throttle(
      double flopEnergy, double clockHertz, double flopsPerSecond, double limitWatts) {
    double clock = clockHertz / GIGA;
    double draw = flopEnergy * PICO * clock * clock * flopsPerSecond / limitWatts;
    return Math.cbrt(Math.cbrt(1 + draw * draw * draw)) - 1;
  }

  /** Bytes that come from main memory or go back to it. */
  private double memoryBytes(double m, double n, double k, double weightMisses) {
    double activations = activationBytes(m, n, k);
    return weightBytes * n * k * weightMisses
        + activations * misses(activations, activationCacheBytes);
  }

  /** Share of the weights that comes from main memory. */
  private double weightMisses(double m, double n, double k) {
    if (cold) {
      return 1;
    }
    double weights = weightBytes * n * k;
    double copies = Math.clamp(Math.ceil(cacheBytes / weights), 1, MOST_COPIES);
    return misses(copies * weights + activationBytes(m, n, k), weightCacheBytes);
  }

  private double activationBytes(double m, double n, double k) {
    return inputBytes * m * k + OUTPUT_BYTES * m * n;
  }

  /** Time of the kernel that narrows the input. */
  private double convertSeconds(double m, double k) {
    if (convertBytes == 0) {
      return 0;
    }
    double misses = misses(CONVERTED_BYTES * m * k, weightCacheBytes);
    return m
        * k
        * convertBytes
        * (misses / memoryBytesPerSecond + (1 - misses) / (units * unitCacheBytesPerSecond));
  }

  /**
   * Share of bytes that a cache does not answer: rises with the 32nd power of the working set, half
   * where it equals the capacity. Copies that take turns miss all at once when they no longer fit,
   * so the edge is steep: on an L40S three copies of 32 MiB run from the cache, of 35 MiB from main
   * memory. Of the powers 16, 32 and 64 this one predicts families left out of a fit to it best.
   */
  private static double misses(double workingSetBytes, double capacityBytes) {
    double free = capacityBytes / workingSetBytes;
    free *= free;
    free *= free;
    free *= free;
    free *= free;
    return 1 / (1 + free * free);
  }
}
