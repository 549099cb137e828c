package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;

/**
 * Prefill attention as fused kernels compute it (FlashAttention-2, arXiv:2307.08691;
 * FlashAttention-3, arXiv:2407.08608): a first kernel applies the rotary embedding and writes the
 * cache, a second one walks the causal triangle in tiles.
 *
 * <p>A thread block owns a tile of queries of one head and visits the tiles of keys it can see.
 * Each visit costs its two products at a share of the dense peak and an exponential for each score,
 * less where the keys do not fill a tile; each block costs a start and an end, and the edge of a
 * window a few tiles more. The tiles of all blocks are spread over the multiprocessors, but no
 * schedule is shorter than the longest row of tiles. Memory traffic of both kernels goes to the
 * cache or to main memory as the working set fits. Long calls run at the clock the power limit
 * leaves. The tables of {@code reference/silicon} that constants are fitted to start each call with
 * queries, keys and values that the call before has left in the cache, as far as they fit; a served
 * model finds them there too, written by the projection before, but not the cached tokens.
 *
 * <p>Which kernel runs is a matter of the generation. From Hopper on, where tensor cores read
 * operands from shared memory that asynchronous copies fill, an 8-bit cache makes the products run
 * in 8 bits whatever was asked for: in the tables of an H100 and a GB200 both take the same time.
 * Before, on an L40S, they take as long as with a 16-bit cache. Launches cost cycles rather than
 * seconds; the later kernels fetch descriptors first, which takes a third as long again: at one
 * token an A100 and an L40S need 19,600 and 24,200 cycles, an H100 and a GB200 30,400 and 30,900.
 * They keep one block on a multiprocessor, whose start and end nothing hides, where the earlier
 * ones keep {@value #BLOCKS_AT_ONCE}. Heads of {@value #USUAL_HEAD} elements have kernels of their
 * own on some chips, with other fixed costs.
 */
public final class ContextAttentionFamily implements KernelFamily<ContextAttentionShape> {
  private static final double HALF_BYTES = 2;
  private static final String NARROW = "fp8";
  private static final long USUAL_HEAD = 128;
  private static final double BLOCKS_AT_ONCE = 4;

  /** Launch of the later kernels to that of the earlier ones, as fits to four chips have it. */
  private static final double DESCRIPTORS = 1.36;

  private static final int LAUNCH = 0;
  private static final int LAUNCH_OTHER = 1;
  private static final int MEMORY = 2;
  private static final int CACHE_SHARE = 3;
  private static final int CACHE_SHARPNESS = 4;
  private static final int CACHE_RATE = 5;
  private static final int MATRIX = 6;
  private static final int MATRIX_64 = 7;
  private static final int MATRIX_192 = 8;
  private static final int MATRIX_256 = 9;
  private static final int SOFTMAX = 10;
  private static final int BLOCK = 11;
  private static final int BLOCK_OTHER = 12;
  private static final int LONGEST_ROW = 13;
  private static final int ALONE = 14;
  private static final int WINDOW_EDGE = 15;
  private static final int ROTARY = 16;
  private static final int OVERLAP = 17;
  private static final int THROTTLE = 18;
  private static final int THROTTLE_AFTER = 19;

  /** Prompts below this many tokens are one tile, whatever the mask. */
  private static final long SHORT = 128;

  private static final List<String> REGIMES = List.of("full", "window", "short");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "cycle", "launch of both kernels", 4e3, 1.8e4, 8e4),
          new Parameter(
              "launch_other", "1", "launch for head dims other than 128 to it", 0.7, 1, 1.6),
          new Parameter("memory", "1", "share of main memory's bandwidth", 0.4, 0.85, 1.0),
          new Parameter("cache_share", "1", "share of the cache that keeps data", 0.15, 0.8, 2.5),
          new Parameter("cache_sharpness", "1", "how suddenly the cache overflows", 1, 3, 10),
          new Parameter("cache_rate", "B/cycle", "cache to one multiprocessor", 5, 20, 150),
          new Parameter("matrix", "1", "share of the dense peak, head dim 128", 0.15, 0.7, 1.0),
          new Parameter("matrix_64", "1", "that of head dim 64 relative to it", 0.2, 0.9, 2.5),
          new Parameter("matrix_192", "1", "that of head dim 192 relative to it", 0.2, 0.9, 2.5),
          new Parameter("matrix_256", "1", "that of head dim 256 relative to it", 0.15, 1.0, 2.5),
          new Parameter("softmax", "cycle", "for each score", 0.003, 0.05, 0.5),
          new Parameter("block", "cycle", "to start and end a thread block", 20, 2000, 20000),
          new Parameter("block_other", "1", "that of head dims other than 128 to it", 0.3, 1, 10),
          new Parameter("longest_row", "1", "wait for the longest row of tiles", 0.05, 0.8, 3),
          new Parameter("alone", "1", "a tile of a lone block to one among others", 0.3, 0.9, 3),
          new Parameter("window_edge", "1", "tiles a row that the edge costs", 0.05, 2, 30),
          new Parameter("rotary", "cycle", "for each token and head", 0.05, 5, 80),
          new Parameter("overlap", "1", "order of the norm over overlapping work", 1, 1.5, 8),
          new Parameter("throttle", "1", "factor on long calls at the power limit", 1, 1.08, 1.6),
          new Parameter("throttle_after", "s", "time to reach the power limit", 1e-3, 8e-3, 5e-2));

  @Override
  public String name() {
    return "context-attention";
  }

  /** The width of the products and that of the cache, such as {@code bf16-kv-fp8}. */
  @Override
  public String variant(ContextAttentionShape shape) {
    return AttentionFormats.key(shape.attention()) + "-kv-" + AttentionFormats.key(shape.kv());
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(ContextAttentionShape shape) {
    if (shape.newTokens() < SHORT) {
      return 2;
    }
    return shape.window() > 0 ? 1 : 0;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public double launchSeconds(Platform platform, double[] constants) {
    return launchSeconds(Silicon.halfWidth(platform), constants);
  }

  private static double launchSeconds(Silicon halfWidth, double[] constants) {
    double descriptors = CausalTiles.asynchronous(halfWidth) ? DESCRIPTORS : 1;
    return constants[LAUNCH] * descriptors / halfWidth.clockHertz();
  }

  @Override
  public Kernel<ContextAttentionShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    Silicon wide = Silicon.halfWidth(platform);
    boolean asynchronous = CausalTiles.asynchronous(wide);
    boolean narrow = variant.startsWith(NARROW) || asynchronous && variant.endsWith(NARROW);
    Silicon silicon = narrow ? Silicon.clocked(platform, Arithmetic.FP8) : wide;
    return new Tiled(
        silicon,
        asynchronous,
        launchSeconds(wide, constants),
        warmth == Warmth.COLD,
        constants.clone());
  }

  private static final class Tiled implements Kernel<ContextAttentionShape> {
    private final double[] constants;
    private final boolean cold;
    private final double multiprocessors;
    private final double clockHertz;
    private final double launchSeconds;
    private final double flopsPerSecondAndMultiprocessor;
    private final CausalTiles tiles;
    private final CausalTiles otherTiles;
    private final double usableCacheBytes;
    private final double memorySecondsPerByte;
    private final double cacheSecondsPerByte;

    Tiled(
        Silicon silicon,
        boolean asynchronous,
        double launchSeconds,
        boolean cold,
        double[] constants) {
      this.constants = constants;
      this.cold = cold;
      this.multiprocessors = silicon.multiprocessors();
      this.clockHertz = silicon.clockHertz();
      this.flopsPerSecondAndMultiprocessor = silicon.matrixFlopsPerSecond() / multiprocessors;
      this.tiles = tiles(silicon, asynchronous, 1);
      this.otherTiles = tiles(silicon, asynchronous, constants[BLOCK_OTHER]);
      this.launchSeconds = launchSeconds;
      this.usableCacheBytes = constants[CACHE_SHARE] * silicon.cacheBytes();
      this.memorySecondsPerByte = 1 / (constants[MEMORY] * silicon.memoryBytesPerSecond());
      this.cacheSecondsPerByte = 1 / (constants[CACHE_RATE] * multiprocessors * clockHertz);
    }

    private CausalTiles tiles(Silicon silicon, boolean asynchronous, double relative) {
      return new CausalTiles(
          silicon,
          asynchronous ? CausalTiles.LATER_QUERY_TILE : CausalTiles.QUERY_TILE,
          relative * constants[BLOCK] / (asynchronous ? 1 : BLOCKS_AT_ONCE),
          constants[LONGEST_ROW],
          constants[ALONE],
          constants[WINDOW_EDGE],
          constants[OVERLAP]);
    }

    @Override
    public double seconds(ContextAttentionShape shape) {
      double heads = shape.heads();
      double kvHeads = shape.kvHeads();
      double headDim = shape.headDim();
      double tokens = (double) shape.batch() * shape.newTokens();
      double operandBytes = shape.attention().bytesPerElement();
      double kvBytes = shape.kv().bytesPerElement();

      double inputBytes = tokens * headDim * (heads + 2 * kvHeads) * HALF_BYTES;
      double queryBytes = tokens * headDim * heads * operandBytes;
      double newKvBytes = tokens * headDim * 2 * kvHeads * kvBytes;
      double outputBytes = tokens * headDim * heads * HALF_BYTES;
      double seenTokens = Math.min(shape.cachedTokens(), lookBack(shape));
      double pastKvBytes = shape.batch() * seenTokens * headDim * 2 * kvHeads * kvBytes;

      // Queries are rotated in place unless they change their width.
      double workingSetBytes =
          inputBytes
              + (operandBytes < HALF_BYTES ? queryBytes : 0)
              + newKvBytes
              + outputBytes
              + pastKvBytes;
      double hits = Blend.hits(workingSetBytes, usableCacheBytes, constants[CACHE_SHARPNESS]);
      double secondsPerByte = (1 - hits) * memorySecondsPerByte + hits * cacheSecondsPerByte;
      double pastSeconds = pastKvBytes * (cold ? memorySecondsPerByte : secondsPerByte);

      double rotarySeconds =
          (inputBytes + queryBytes + newKvBytes) * secondsPerByte
              + constants[ROTARY] * tokens * (heads + kvHeads) / (multiprocessors * clockHertz);
      double trafficSeconds =
          (queryBytes + newKvBytes + outputBytes) * secondsPerByte + pastSeconds;
      double tileSeconds = tileSeconds(shape);
      double seconds =
          launchSeconds * (shape.headDim() == USUAL_HEAD ? 1 : constants[LAUNCH_OTHER])
              + rotarySeconds
              + Blend.overlap(tileSeconds, trafficSeconds, constants[OVERLAP]);
      double pastLimit = constants[THROTTLE_AFTER] / seconds;
      return seconds * (1 + (constants[THROTTLE] - 1) / (1 + pastLimit * pastLimit));
    }

    private static double lookBack(ContextAttentionShape shape) {
      return shape.window() == 0 ? Double.POSITIVE_INFINITY : shape.window();
    }

    /** Time of all tiles on all multiprocessors, memory aside. */
    private double tileSeconds(ContextAttentionShape shape) {
      double keys = (double) shape.newTokens() + shape.cachedTokens();
      double perTile = visitSeconds(shape.headDim()) * CausalTiles.filled(keys);
      return (shape.headDim() == USUAL_HEAD ? tiles : otherTiles)
          .seconds(
              shape.batch() * (double) shape.heads(),
              shape.newTokens(),
              shape.cachedTokens(),
              lookBack(shape),
              perTile);
    }

    /** Time of one tile of keys in one thread block. */
    private double visitSeconds(double headDim) {
      double relative =
          headDim <= 64
              ? constants[MATRIX_64]
              : headDim <= 128 ? 1 : headDim <= 192 ? constants[MATRIX_192] : constants[MATRIX_256];
      double efficiency = Math.min(1, relative * constants[MATRIX]);
      double scores = tiles.scores();
      return 4 * scores * headDim / (efficiency * flopsPerSecondAndMultiprocessor)
          + constants[SOFTMAX] * scores / clockHertz;
    }
  }
}
