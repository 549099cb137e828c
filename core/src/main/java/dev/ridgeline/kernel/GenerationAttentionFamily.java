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
 * sinks, have a build of their own. A block costs a fixed time and a time for each tile of cached
 * tokens. Blocks run in waves over the multiprocessors, a few at once on each that slow each other
 * down. Against this chain of latencies stand the bytes one multiprocessor can take in, and the
 * bytes main memory and cache can give. A sequence is split while it has enough tokens and until
 * the blocks fill a number of waves; the split counts the whole sequence, so with a window most
 * blocks find nothing to do and cost a part of their fixed time. From Blackwell on it counts the
 * window alone. Kernels for 8-bit caches before Hopper do not split: on an L40S one sequence takes
 * as long as eight.
 *
 * <p>The <em>per-head</em> kind gives a block one query head. It serves heads that share nothing
 * (from Blackwell on the other kind does), and groups above {@value #LARGEST_GROUP}, for which it
 * reads keys and values once for every query head. It works on {@value #PASS_TOKENS} tokens of 128
 * elements at once, and splits what is longer into as many parts as give every multiprocessor a
 * block, rounded up, so that for most batches a few blocks are left for a second wave: on an H100
 * four heads leave none, and eight take 2.6 times as long. It also takes over from grouped kernels
 * of 16-bit caches before Blackwell where parts of {@value #DISPATCH_TOKENS} tokens would not fill
 * a quarter of the multiprocessors: times change there from those of heads that share to those of
 * as many heads that do not.
 */
public final class GenerationAttentionFamily implements KernelFamily<GenerationAttentionShape> {
  static final long LARGEST_GROUP = 32;
  static final long QUERY_TILE = 8;
  static final long SMALL_HEAD = 64;

  private static final double HALF_BYTES = 2;
  private static final double KEY_TILE = 64;
  private static final double USUAL_HEAD = 128;
  private static final String PER_HEAD = "-per-head";
  private static final String HALF_WIDTH = "bf16";

  static final long DISPATCH_TOKENS = 128;
  static final long PASS_TOKENS = 256;
  private static final double STEPS_OF_A_PASS = 2;
  private static final double FIRST_TILES = 16;
  private static final double FIRST_OF_A_PASS = 4;
  private static final double DISPATCH_SHARE = 0.25;
  private static final double HEADS_AT_ONCE = 2;

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
  private static final int HEAD_FIRST = 21;
  private static final int HEAD_STEP = 22;
  private static final int HEAD_SPLIT = 23;
  private static final int HEAD_CROWDING = 24;

  /** Caches below this many tokens are one tile or two. */
  private static final long SHORT = 128;

  private static final List<String> REGIMES = List.of("full", "window", "short", "wide group");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "cycle", "launch of the kernels", 3e3, 1.3e4, 8e4),
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
          new Parameter("tile", "cycle", "a tile of tokens", 1, 100, 10000),
          new Parameter("group_block", "1", "extra of a block for 8 more heads", 0.004, 0.2, 2.5),
          new Parameter("group_tile", "1", "extra of a tile for 8 more heads", 0.004, 0.1, 2.5),
          new Parameter("head_dim", "1", "power of the head dim in both", 0.02, 0.5, 2),
          new Parameter("stream", "B/cycle", "bytes a multiprocessor takes in", 2, 80, 200),
          new Parameter("miss", "1", "a tile from main memory to one from cache", 1, 1.3, 4),
          new Parameter(
              "memory",
              "1",
              "share of main memory's bandwidth; above 1 where sequences share pages",
              0.5,
              0.87,
              2),
          new Parameter("cache_share", "1", "share of the cache that keeps data", 0.6, 1, 2),
          new Parameter("cache_sharpness", "1", "how suddenly the cache overflows", 2, 5, 10),
          new Parameter("cache_rate", "B/cycle", "cache to one multiprocessor", 8, 25, 130),
          new Parameter("overlap", "1", "order of the norm over overlapping work", 1, 2.5, 8),
          new Parameter("split", "s", "joining the parts of a split", 1e-7, 2e-6, 2e-5),
          new Parameter("split_tokens", "1", "least tokens of a part", 16, 256, 1e5),
          new Parameter(
              "split_waves",
              "1",
              "thread blocks for each multiprocessor that splitting aims at",
              0.25,
              8,
              16),
          new Parameter(
              "idle_block", "1", "a block outside the window to one inside", 0.004, 0.3, 1),
          new Parameter("head_block", "cycle", "one head a block: the block", 200, 4000, 40000),
          new Parameter(
              "head_first", "cycle", "one head a block: its first tiles", 200, 4000, 20000),
          new Parameter(
              "head_step", "cycle", "one head a block: half a pass more", 50, 1500, 20000),
          new Parameter("head_split", "cycle", "one head a block: a split", 500, 9000, 40000),
          new Parameter("head_crowding", "1", "one head a block: a further block", 0.02, 0.4, 1));

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
    private final boolean clusters;
    private final boolean whole;
    private final boolean cold;
    private final double multiprocessors;
    private final double resident;
    private final double clockHertz;
    private final double launchSeconds;
    private final double matrixFlopsPerSecond;
    private final double usableCacheBytes;
    private final double memoryBytesPerSecond;
    private final double cacheBytesPerSecond;

    Split(Silicon silicon, boolean perHead, boolean wide, boolean cold, double[] constants) {
      this.constants = constants;
      this.perHead = perHead;
      this.clusters = flopsPerCycle(silicon) > MlaGenerationKernel.CLUSTER_FLOPS_PER_CYCLE;
      this.whole = !wide && !CausalTiles.asynchronous(silicon);
      this.dispatched = wide && !perHead && !clusters;
      this.cold = cold;
      this.multiprocessors = silicon.multiprocessors();
      this.resident = Math.rint(constants[RESIDENT]);
      this.clockHertz = silicon.clockHertz();
      this.launchSeconds = constants[LAUNCH] / clockHertz;
      this.matrixFlopsPerSecond = silicon.matrixFlopsPerSecond();
      this.usableCacheBytes =
          constants[CACHE_SHARE] * silicon.cacheBytes() * (silicon.halvedCache() ? KEPT_TWICE : 1);
      // Sequences share pages in tables of kernels before Hopper's alone.
      boolean shared = !cold && !perHead && !CausalTiles.asynchronous(silicon);
      double share = shared ? constants[MEMORY] : Math.min(MOST_OF_MEMORY, constants[MEMORY]);
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
      if (takesOneHead(shape, items)) {
        double walkSeconds =
            passSeconds(shape, seenTokens, tokenBytes, hits, vectorBytes, vectorHits);
        return launchSeconds + Math.max(flopSeconds, walkSeconds);
      }
      double splitTokens = clusters ? seenTokens : storedTokens;
      double parts =
          whole
              ? 1
              : Math.max(
                  1,
                  Math.min(
                      Math.floor(constants[SPLIT_WAVES] * multiprocessors / items),
                      Math.floor(splitTokens / constants[SPLIT_TOKENS])));
      double partTokens = splitTokens / parts;
      double busyParts = Math.min(parts, Math.ceil(seenTokens / partTokens));
      double tiles = Math.ceil(Math.min(seenTokens, partTokens) / KEY_TILE);

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
              * KEY_TILE
              * tokenBytes
              / (constants[STREAM] * clockHertz);
      double missedBytes = kvBytes * (1 - hits) + vectorBytes * (1 - vectorHits);
      double trafficSeconds =
          missedBytes / memoryBytesPerSecond
              + (readBytes - missedBytes + vectorBytes) / cacheBytesPerSecond;
      return launchSeconds
          + Math.max(
              flopSeconds,
              Blend.overlap(chainSeconds, streamSeconds, trafficSeconds, constants[OVERLAP]))
          + (parts > 1 ? constants[SPLIT] : 0);
    }

    /** Whether the kernel runs that gives a block one query head. */
    private boolean takesOneHead(GenerationAttentionShape shape, double items) {
      if (perHead) {
        return !clusters || shape.group() > LARGEST_GROUP;
      }
      return dispatched
          && items * Math.max(1, (double) shape.kvTokens() / DISPATCH_TOKENS)
              <= DISPATCH_SHARE * multiprocessors;
    }

    /**
     * Time of the kernel that gives a block one query head, launch aside. Its blocks walk a part of
     * the tokens in passes, half a pass at a time; a sequence is split so that every multiprocessor
     * has a block, rounded up, and a few blocks too many make a second wave.
     */
    private double passSeconds(
        GenerationAttentionShape shape,
        double seenTokens,
        double tokenBytes,
        double hits,
        double vectorBytes,
        double vectorHits) {
      double items = (double) shape.batch() * shape.heads();
      double passTokens = PASS_TOKENS * USUAL_HEAD / shape.headDim();
      double storedTokens = shape.kvTokens();
      double parts =
          Math.max(
              1,
              Math.min(Math.ceil(multiprocessors / items), Math.ceil(storedTokens / passTokens)));
      double partTokens = storedTokens / parts;
      double busyParts = Math.min(parts, Math.ceil(seenTokens / partTokens));
      double walkedTokens = Math.min(seenTokens, partTokens);
      double firstShare =
          Math.min(1, Math.ceil(FIRST_TILES * walkedTokens / passTokens) / FIRST_OF_A_PASS);
      double steps = Math.ceil(STEPS_OF_A_PASS * walkedTokens / passTokens) - 1;
      double idleCycles =
          constants[HEAD_BLOCK] * Math.pow(shape.headDim() / USUAL_HEAD, constants[HEAD_DIM]);
      double blockSeconds =
          (idleCycles
                  + (firstShare * constants[HEAD_FIRST] + steps * constants[HEAD_STEP])
                      * (1 + (constants[MISS] - 1) * (1 - hits)))
              / clockHertz;
      double kvBytes = (double) shape.batch() * shape.kvHeads() * seenTokens * tokenBytes;
      double readBytes = kvBytes * shape.group();
      double missedBytes = kvBytes * (1 - hits) + vectorBytes * (1 - vectorHits);
      double trafficSeconds =
          missedBytes / memoryBytesPerSecond
              + (readBytes - missedBytes + vectorBytes) / cacheBytesPerSecond;
      double blocks = items * busyParts;
      if (parts <= 1) {
        double waves =
            Blend.waves(blocks / multiprocessors, HEADS_AT_ONCE, constants[HEAD_CROWDING], 1);
        double streamSeconds =
            Math.max(1, blocks / multiprocessors)
                * readBytes
                / blocks
                / (constants[STREAM] * clockHertz);
        return Blend.overlap(
            waves * blockSeconds, streamSeconds, trafficSeconds, constants[OVERLAP]);
      }
      double fullWaves = Math.floor(blocks / multiprocessors);
      double rest = blocks - fullWaves * multiprocessors;
      double order = constants[OVERLAP];
      double splitSeconds = constants[HEAD_SPLIT] / clockHertz;
      double partSeconds = blockSeconds + splitSeconds;
      double blockTrafficSeconds = trafficSeconds / blocks;
      double seconds =
          fullWaves * Blend.overlap(partSeconds, multiprocessors * blockTrafficSeconds, order);
      if (rest > 0) {
        seconds += Blend.overlap(partSeconds, rest * blockTrafficSeconds, order);
      }
      double idleWaves =
          Math.ceil(items * parts / multiprocessors) - Math.ceil(blocks / multiprocessors);
      return seconds + idleWaves * (splitSeconds + idleCycles / clockHertz);
    }

    private static double flopsPerCycle(Silicon silicon) {
      return silicon.matrixFlopsPerSecond() / silicon.multiprocessors() / silicon.clockHertz();
    }
  }
}
