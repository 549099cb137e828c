package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import java.util.List;

/**
 * Decode attention as fused kernels compute it, the cache split over thread blocks where there are
 * too few of them (Flash-Decoding, Dao et al., 2023; TensorRT-LLM's XQA and masked multi-head
 * kernels).
 *
 * <p>Two kinds of kernel exist. The <em>grouped</em> kind gives a thread block one head of keys and
 * values of one sequence with all the query heads that share it, padded to multiples of {@value
 * #QUERY_TILE}, on matrix units. Heads of {@value #SMALL_HEAD} elements, which carry attention
 * sinks, have a build of their own. The <em>per-head</em> kind gives a block one query head; it
 * serves heads that share nothing, and groups above {@value #LARGEST_GROUP}, for which it reads
 * keys and values once for every query head.
 *
 * <p>A block costs a fixed time and a time for each tile of cached tokens. Blocks run in waves over
 * the multiprocessors, a few at once on each that slow each other down. Against this chain of
 * latencies stand the bytes one multiprocessor can take in, and the bytes main memory and cache can
 * give. A sequence is split while it has enough tokens and until the blocks fill a number of waves;
 * the split counts the whole sequence, so with a window most blocks find nothing to do and cost a
 * part of their fixed time.
 *
 * <p>Grouped kernels that take operands from registers are left to a per-head kernel where even
 * parts of {@value #DISPATCH_TOKENS} tokens would not fill a quarter of the multiprocessors: in the
 * tables of an A100, an H100 (16-bit caches) and an L40S times change there from those of heads
 * that share to those of as many heads that do not. That kernel works on {@value #PASS_TOKENS}
 * tokens of 128 elements at once, and splits what is longer. Kernels with asynchronous copies
 * (8-bit caches from Hopper on, all from Blackwell on) and those for 8-bit caches before them show
 * no such change.
 */
public final class GenerationAttentionFamily implements KernelFamily<GenerationAttentionShape> {
  static final long LARGEST_GROUP = 32;
  static final long QUERY_TILE = 8;
  static final long SMALL_HEAD = 64;

  private static final double HALF_BYTES = 2;
  private static final double GROUPED_KEY_TILE = 64;
  private static final double PER_HEAD_KEY_TILE = 16;
  private static final double USUAL_HEAD = 128;
  private static final String PER_HEAD = "-per-head";
  private static final String HALF_WIDTH = "bf16";

  static final long DISPATCH_TOKENS = 128;
  static final long PASS_TOKENS = 256;
  private static final double DISPATCH_SHARE = 0.25;
  private static final double FIRST_TILE = 16;
  private static final double FIRST_TILES = 4;
  private static final double HEADS_AT_ONCE = 8;

  /** Share of memory bandwidth without the help of shared pages: the most that any table shows. */
  private static final double MOST_OF_MEMORY = 0.96;

  /** Lines that both halves of a cache read are kept twice. */
  private static final double KEPT_TWICE = 0.5;

  private static final int LAUNCH = 0;
  private static final int BLOCK = 1;
  private static final int RESIDENT = 2;
  private static final int CROWDING = 3;
  private static final int ROUNDING = 4;
  private static final int TILE = 5;
  private static final int GROUP_BLOCK = 6;
  private static final int GROUP_TILE = 7;
  private static final int HEAD_DIM = 8;
  private static final int STREAM = 9;
  private static final int MISS = 10;
  private static final int MEMORY = 11;
  private static final int CACHE_SHARE = 12;
  private static final int CACHE_SHARPNESS = 13;
  private static final int CACHE_RATE = 14;
  private static final int OVERLAP = 15;
  private static final int SPLIT = 16;
  private static final int SPLIT_TOKENS = 17;
  private static final int SPLIT_WAVES = 18;
  private static final int IDLE_BLOCK = 19;
  private static final int HEAD_BLOCK = 20;
  private static final int HEAD_TILE = 21;
  private static final int HEAD_SPLIT = 22;
  private static final int HEAD_CROWDING = 23;

  /** Caches below this many tokens are one tile or two. */
  private static final long SHORT = 128;

  private static final List<String> REGIMES = List.of("full", "window", "short", "wide group");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "launch of the kernels", 2e-6, 6e-6, 4e-5),
          new Parameter("block", "cycle", "a thread block without tokens", 200, 5000, 80000),
          new Parameter(
              "resident", "1", "thread blocks at once on a multiprocessor, rounded", 1, 1.5, 8),
          new Parameter(
              "crowding",
              "1",
              "how much longer a wave takes for each further one of them",
              0.02,
              0.8,
              1),
          new Parameter(
              "rounding",
              "1",
              "how far the last wave waits for its fullest multiprocessor",
              0.02,
              0.6,
              1),
          new Parameter("tile", "cycle", "a tile of tokens", 1, 200, 10000),
          new Parameter("group_block", "1", "extra of a block for 8 more heads", 0.004, 0.2, 2.5),
          new Parameter("group_tile", "1", "extra of a tile for 8 more heads", 0.004, 0.1, 2.5),
          new Parameter("head_dim", "1", "power of the head dim in both", 0.02, 0.5, 2),
          new Parameter("stream", "B/cycle", "bytes a multiprocessor takes in", 2, 50, 200),
          new Parameter("miss", "1", "a tile from main memory to one from cache", 1, 1.3, 4),
          new Parameter(
              "memory",
              "1",
              "share of main memory's bandwidth; above 1 where sequences share pages",
              0.5,
              0.87,
              2),
          new Parameter("cache_share", "1", "share of the cache that keeps data", 0.3, 1, 3),
          new Parameter("cache_sharpness", "1", "how suddenly the cache overflows", 2, 5, 10),
          new Parameter("cache_rate", "B/cycle", "cache to one multiprocessor", 8, 25, 130),
          new Parameter("overlap", "1", "order of the norm over overlapping work", 1.5, 2.5, 8),
          new Parameter("split", "s", "joining the parts of a split", 1e-7, 2e-6, 2e-5),
          new Parameter("split_tokens", "1", "least tokens of a part", 16, 128, 1e7),
          new Parameter(
              "split_waves",
              "1",
              "thread blocks for each multiprocessor that splitting aims at",
              0.25,
              8,
              16),
          new Parameter(
              "idle_block", "1", "a block outside the window to one inside", 0.004, 0.3, 1),
          new Parameter("head_block", "cycle", "too few blocks: a query head", 500, 5000, 40000),
          new Parameter("head_tile", "cycle", "too few blocks: its first tiles", 50, 1400, 10000),
          new Parameter(
              "head_split", "cycle", "too few blocks: splitting a long one", 500, 9000, 40000),
          new Parameter(
              "head_crowding", "1", "too few blocks: a further head to the first", 0.05, 0.4, 1));

  @Override
  public String name() {
    return "generation-attention";
  }

  /** The width of the cache and the kind of kernel, such as {@code fp8-grouped}. */
  @Override
  public String variant(GenerationAttentionShape shape) {
    String width = AttentionFormats.key(shape.kv());
    if (shape.group() == 1 || shape.group() > LARGEST_GROUP) {
      return width + PER_HEAD;
    }
    return width + (shape.headDim() <= SMALL_HEAD ? "-grouped-64" : "-grouped");
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(GenerationAttentionShape shape) {
    if (shape.group() > LARGEST_GROUP) {
      return 3;
    }
    if (shape.kvTokens() < SHORT) {
      return 2;
    }
    return shape.window() > 0 ? 1 : 0;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  /** No other chip gains from pages that the sequences of a table share. */
  @Override
  public double[] lent(double[] constants) {
    double[] lent = constants.clone();
    lent[MEMORY] = Math.min(MOST_OF_MEMORY, lent[MEMORY]);
    return lent;
  }

  @Override
  public Kernel<GenerationAttentionShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    return new Split(
        Silicon.halfWidth(platform),
        variant.endsWith(PER_HEAD),
        variant.startsWith(HALF_WIDTH),
        warmth == Warmth.COLD,
        constants.clone());
  }

  private static final class Split implements Kernel<GenerationAttentionShape> {
    private final double[] constants;
    private final boolean perHead;
    private final boolean dispatched;
    private final boolean cold;
    private final double multiprocessors;
    private final double resident;
    private final double clockHertz;
    private final double matrixFlopsPerSecond;
    private final double usableCacheBytes;
    private final double memoryBytesPerSecond;
    private final double cacheBytesPerSecond;

    Split(Silicon silicon, boolean perHead, boolean wide, boolean cold, double[] constants) {
      this.constants = constants;
      this.perHead = perHead;
      this.dispatched =
          wide && !perHead && flopsPerCycle(silicon) <= MlaGenerationKernel.CLUSTER_FLOPS_PER_CYCLE;
      this.cold = cold;
      this.multiprocessors = silicon.multiprocessors();
      this.resident = Math.rint(constants[RESIDENT]);
      this.clockHertz = silicon.clockHertz();
      this.matrixFlopsPerSecond = silicon.matrixFlopsPerSecond();
      this.usableCacheBytes =
          constants[CACHE_SHARE] * silicon.cacheBytes() * (silicon.halvedCache() ? KEPT_TWICE : 1);
      double share = cold ? Math.min(MOST_OF_MEMORY, constants[MEMORY]) : constants[MEMORY];
      this.memoryBytesPerSecond = share * silicon.memoryBytesPerSecond();
      this.cacheBytesPerSecond = constants[CACHE_RATE] * multiprocessors * clockHertz;
    }

    @Override
    public double seconds(GenerationAttentionShape shape) {
      double sequences = shape.batch();
      double storedTokens = shape.kvTokens();
      double seenTokens =
          shape.window() == 0 ? storedTokens : Math.min(shape.window(), storedTokens);
      double headDim = shape.headDim();
      double tokenBytes = 2 * headDim * shape.kv().bytesPerElement();
      double kvBytes = sequences * shape.kvHeads() * seenTokens * tokenBytes;
      double readBytes = perHead ? kvBytes * shape.group() : kvBytes;
      double vectorBytes = 3 * sequences * shape.heads() * headDim * HALF_BYTES;
      double vectorHits =
          Blend.hits(kvBytes + vectorBytes, usableCacheBytes, constants[CACHE_SHARPNESS]);
      double hits = cold ? 0 : vectorHits;

      double items = sequences * (perHead ? shape.heads() : shape.kvHeads());
      double flopSeconds =
          4 * sequences * shape.heads() * seenTokens * headDim / matrixFlopsPerSecond;
      if (dispatched
          && items * Math.max(1, storedTokens / DISPATCH_TOKENS)
              <= DISPATCH_SHARE * multiprocessors) {
        double missedBytes = cold ? kvBytes : 0;
        double trafficSeconds =
            missedBytes / memoryBytesPerSecond
                + (kvBytes * shape.group() - missedBytes + vectorBytes) / cacheBytesPerSecond;
        return constants[LAUNCH]
            + Math.max(
                Math.max(flopSeconds, trafficSeconds),
                perHeadSeconds(shape, storedTokens, seenTokens));
      }
      double parts =
          Math.max(
              1,
              Math.min(
                  Math.floor(constants[SPLIT_WAVES] * multiprocessors / items),
                  Math.floor(storedTokens / constants[SPLIT_TOKENS])));
      double partTokens = storedTokens / parts;
      double busyParts = Math.min(parts, Math.ceil(seenTokens / partTokens));
      double keyTile = perHead ? PER_HEAD_KEY_TILE : GROUPED_KEY_TILE;
      double tiles = Math.ceil(Math.min(seenTokens, partTokens) / keyTile);

      double moreHeads = perHead ? 0 : Math.ceil((double) shape.group() / QUERY_TILE) - 1;
      double size = Math.pow(headDim / USUAL_HEAD, constants[HEAD_DIM]);
      double blockCycles = constants[BLOCK] * size * (1 + constants[GROUP_BLOCK] * moreHeads);
      double tileCycles =
          constants[TILE]
              * size
              * (1 + constants[GROUP_TILE] * moreHeads)
              * (1 + (constants[MISS] - 1) * (1 - hits));
      double busyCycles =
          Blend.waves(
                  items * busyParts / multiprocessors,
                  resident,
                  constants[CROWDING],
                  constants[ROUNDING])
              * (blockCycles + tiles * tileCycles);
      double crowdedShare = (1 + constants[CROWDING] * (resident - 1)) / resident;
      double idleCycles =
          items
              * (parts - busyParts)
              / multiprocessors
              * crowdedShare
              * constants[IDLE_BLOCK]
              * blockCycles;
      double chainSeconds = (busyCycles + idleCycles) / clockHertz;

      double streamSeconds =
          Math.max(1, items * busyParts / multiprocessors)
              * tiles
              * keyTile
              * tokenBytes
              / (constants[STREAM] * clockHertz);
      double missedBytes = kvBytes * (1 - hits) + vectorBytes * (1 - vectorHits);
      double trafficSeconds =
          missedBytes / memoryBytesPerSecond
              + (readBytes - missedBytes + vectorBytes) / cacheBytesPerSecond;
      return constants[LAUNCH]
          + Math.max(
              flopSeconds,
              Blend.overlap(chainSeconds, streamSeconds, trafficSeconds, constants[OVERLAP]))
          + (parts > 1 ? constants[SPLIT] : 0);
    }

    /** Chain of the kernel that takes over where there are too few blocks. */
    private double perHeadSeconds(
        GenerationAttentionShape shape, double storedTokens, double seenTokens) {
      double relative = shape.headDim() / USUAL_HEAD;
      double passes = Math.ceil(storedTokens * relative / PASS_TOKENS);
      double firstTiles = Math.min(FIRST_TILES, Math.ceil(seenTokens * relative / FIRST_TILE));
      double headCycles =
          constants[HEAD_BLOCK]
              + firstTiles * constants[HEAD_TILE]
              + (passes > 1 ? constants[HEAD_SPLIT] : 0);
      double blocks = (double) shape.batch() * shape.heads() * passes;
      return Blend.waves(blocks / multiprocessors, HEADS_AT_ONCE, constants[HEAD_CROWDING], 1)
          * headCycles
          / clockHertz;
    }

    private static double flopsPerCycle(Silicon silicon) {
      return silicon.matrixFlopsPerSecond() / silicon.multiprocessors() / silicon.clockHertz();
    }
  }
}
