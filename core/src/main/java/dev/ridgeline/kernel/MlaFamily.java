package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;

/**
 * The core of multi-head latent attention: prefill over expanded heads ({@link MlaContextKernel}),
 * decode over shared latents ({@link MlaGenerationKernel}). Each uses the constants whose meaning
 * does not name the other; the rest stay at their typical values.
 */
public final class MlaFamily implements KernelFamily<MlaShape> {
  /** Elements of the latent that a token's keys and values are expanded from. */
  static final double LATENT = 512;

  /** Elements of the rotated part of a key, shared by all heads. */
  static final double ROTATED = 64;

  /** Elements of a head's unrotated key, and of its value. */
  static final double HEAD = 128;

  static final double HALF_BYTES = 2;

  private static final String CONTEXT = "context-kv-";

  static final int LAUNCH = 0;
  static final int BLOCK = 1;
  static final int MEMORY = 2;
  static final int CACHE_SHARE = 3;
  static final int CACHE_SHARPNESS = 4;
  static final int CACHE_RATE = 5;
  static final int OVERLAP = 6;
  static final int MATRIX = 7;
  static final int SOFTMAX = 8;
  static final int LONGEST_ROW = 9;
  static final int ROTARY = 10;
  static final int THROTTLE = 11;
  static final int THROTTLE_AFTER = 12;
  static final int VALUE_PARTS = 13;
  static final int RESIDENT = 14;
  static final int CROWDING = 15;
  static final int ROUNDING = 16;
  static final int TILE = 17;
  static final int GROUP_TILE = 18;
  static final int STREAM = 19;
  static final int MISS = 20;
  static final int SPLIT = 21;
  static final int SPLIT_TOKENS = 22;
  static final int SPLIT_WAVES = 23;
  static final int FOLLOWER = 24;

  /** Heads beyond one tile of a matrix instruction, where kernels differ most between chips. */
  private static final long FEW_HEADS = 16;

  private static final List<String> REGIMES = List.of("few heads", "many heads");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "launch of the kernels", 2e-6, 9e-6, 4e-5),
          new Parameter("block", "cycle", "a thread block without tokens", 20, 5000, 80000),
          new Parameter("memory", "1", "share of main memory's bandwidth", 0.3, 0.85, 1),
          new Parameter("cache_share", "1", "share of the cache that keeps data", 0.15, 0.8, 3),
          new Parameter("cache_sharpness", "1", "how suddenly the cache overflows", 1, 3, 10),
          new Parameter("cache_rate", "B/cycle", "cache to one multiprocessor", 4, 20, 250),
          new Parameter("overlap", "1", "order of the norm over overlapping work", 1, 2, 10),
          new Parameter("matrix", "1", "share of the dense peak", 0.4, 0.66, 1),
          new Parameter("softmax", "cycle", "prefill: for each score", 0.003, 0.05, 0.5),
          new Parameter(
              "longest_row", "1", "prefill: wait for the longest row of tiles", 0.05, 1, 3),
          new Parameter("rotary", "cycle", "prefill: for each token and head", 0.05, 1, 300),
          new Parameter(
              "throttle", "1", "prefill: factor on long calls at the power limit", 1, 1.08, 1.8),
          new Parameter(
              "throttle_after", "s", "prefill: time to reach the power limit", 2e-4, 3e-3, 5e-2),
          new Parameter(
              "value_parts",
              "1",
              "decode: blocks that share the values of 64 heads, rounded",
              1,
              2,
              4),
          new Parameter(
              "resident",
              "1",
              "decode: thread blocks at once on a multiprocessor, rounded",
              1,
              2,
              8),
          new Parameter(
              "crowding",
              "1",
              "decode: how much longer a wave takes for each further one",
              0.02,
              0.6,
              1),
          new Parameter(
              "rounding", "1", "decode: how far the last wave waits for its fullest", 0.02, 0.9, 1),
          new Parameter("tile", "cycle", "decode: a tile of tokens", 1, 1000, 60000),
          new Parameter(
              "group_tile", "1", "decode: extra of a tile for 16 more heads", 0.002, 0.15, 0.4),
          new Parameter("stream", "B/cycle", "decode: bytes a multiprocessor takes in", 1, 20, 200),
          new Parameter(
              "miss", "1", "decode: a tile from main memory to one from cache", 1, 1.2, 8),
          new Parameter("split", "s", "decode: joining the parts of a split", 1e-7, 2e-6, 2e-5),
          new Parameter("split_tokens", "1", "decode: least tokens of a part", 16, 128, 1e7),
          new Parameter(
              "split_waves",
              "1",
              "decode: blocks for each multiprocessor that splitting aims at",
              0.25,
              1.5,
              16),
          new Parameter(
              "follower",
              "1",
              "decode: a further reading of the same latents, to one from main memory",
              0.1,
              0.5,
              1));

  /** The family. */
  public MlaFamily() {}

  @Override
  public String name() {
    return "mla";
  }

  /** The phase and the width of the cache, such as {@code generation-kv-fp8}. */
  @Override
  public String variant(MlaShape shape) {
    String width = AttentionFormats.key(shape.kv());
    return switch (shape.phase()) {
      case CONTEXT -> CONTEXT + width;
      case GENERATION -> "generation-kv-" + width;
    };
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(MlaShape shape) {
    return shape.heads() <= FEW_HEADS ? 0 : 1;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public Kernel<MlaShape> on(Platform platform, String variant, Warmth warmth, double[] constants) {
    Silicon silicon = Silicon.halfWidth(platform);
    boolean cold = warmth == Warmth.COLD;
    if (variant.startsWith(CONTEXT)) {
      return new MlaContextKernel(silicon, cold, constants.clone());
    }
    return new MlaGenerationKernel(
        silicon, decodeFlopsPerSecond(platform, silicon, variant), cold, constants.clone());
  }

  /** Kernels of chips with 4-bit floats multiply 8-bit latents as they are; older ones widen. */
  private static double decodeFlopsPerSecond(Platform platform, Silicon silicon, String variant) {
    return variant.endsWith("fp8") && platform.chip().peak(Arithmetic.FP4).isPresent()
        ? platform.chip().peak(Arithmetic.FP8).orElseThrow().value()
        : silicon.matrixFlopsPerSecond();
  }
}
