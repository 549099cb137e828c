package dev.ridgeline.estimate;

import dev.ridgeline.mapping.CacheFootprint;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.LayerFootprint;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import java.util.function.ToDoubleFunction;

/** Makes the memory ledger of a program under some traffic. */
public final class MemoryPlan {
  /**
   * Tokens a step holds activations for at once. Engines cut longer work into chunks; 8,192 is
   * vLLM's and TensorRT-LLM's default budget for serving on data-centre parts.
   */
  public static final long TOKENS_IN_FLIGHT = 8192;

  private static final int MOST_REQUESTS = 1_000_000_000;
  private static final double MOST_BLOCKS = 1e15;

  private MemoryPlan() {}

  /** The ledger of the fullest stage, with the most requests that would fit. */
  public static MemoryLedger ledger(
      Program program, Platform platform, Engine engine, Traffic traffic) {
    MemoryLedger now = fullest(program, platform, engine, traffic);
    return now.withLargestBatch(largestBatch(program, platform, engine, traffic));
  }

  private static MemoryLedger fullest(
      Program program, Platform platform, Engine engine, Traffic traffic) {
    MemoryLedger fullest = stage(program, platform, engine, traffic, 0);
    for (int stage = 1; stage < program.stages(); stage++) {
      MemoryLedger other = stage(program, platform, engine, traffic, stage);
      boolean worse =
          other.shortfallBytes() > fullest.shortfallBytes()
              || other.shortfallBytes() == fullest.shortfallBytes()
                  && other.totalBytes() > fullest.totalBytes();
      MemoryLedger kept = worse ? other : fullest;
      boolean tighter = other.kvCapacityTokens() < fullest.kvCapacityTokens();
      fullest = kept.withRoom(tighter ? other : fullest);
    }
    return fullest;
  }

  /** The most requests in flight that fit, found by halving between one that fits and one not. */
  private static long largestBatch(
      Program program, Platform platform, Engine engine, Traffic traffic) {
    if (!fits(program, platform, engine, traffic, 1)) {
      return 0;
    }
    long fits = 1;
    long fails = 2;
    while (fails <= MOST_REQUESTS && fits(program, platform, engine, traffic, fails)) {
      fits = fails;
      fails *= 2;
    }
    if (fails > MOST_REQUESTS) {
      return MOST_REQUESTS;
    }
    while (fails - fits > 1) {
      long middle = (fits + fails) / 2;
      if (fits(program, platform, engine, traffic, middle)) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  private static boolean fits(
      Program program, Platform platform, Engine engine, Traffic traffic, long requests) {
    return fullest(program, platform, engine, traffic.withRequests((int) requests)).fits();
  }

  private static MemoryLedger stage(
      Program program, Platform platform, Engine engine, Traffic traffic, int stage) {
    Parallelism parallelism = program.deployment().parallelism();
    MemoryTier main = platform.chip().mainMemory();
    double capacity = main.capacity().value();
    CacheFootprint cache = program.cache().get(stage);
    long lastOutput = Math.max(0, traffic.outputTokens() - 1);
    double requestBytes = cache.requestBytes(traffic.inputTokens(), lastOutput, traffic.beams());
    int ranks = parallelism.data() * parallelism.attentionData();
    long perRank = Math.ceilDiv(traffic.inFlight(), ranks);

    double weights = program.weightBytes().get(stage);
    double kv = perRank * requestBytes;
    double tokens =
        Math.min(
            traffic.chunk().orElse(TOKENS_IN_FLIGHT),
            Math.max((double) perRank * traffic.inputTokens(), (double) perRank * traffic.beams())
                / parallelism.context());
    double activations = tokens * program.activationBytes();
    double communication =
        parallelism.devicesPerReplica() > 1
            ? 2
                * tokens
                * program.model().hidden()
                * program.model().nativeFormat().bytesPerElement()
            : 0;
    double reserved = (1 - engine.memoryUtilization()) * capacity + engine.reserve().value();
    TierPlan tiers = new TierPlan(program, platform);
    tiers.putWeights(weights, largestLayer(program, stage, LayerFootprint::weightBytes));
    tiers.putCache(
        kv,
        largestLayer(
            program,
            stage,
            layer ->
                perRank
                    * layer
                        .cache()
                        .requestBytes(traffic.inputTokens(), lastOutput, traffic.beams())));
    MemoryLedger.TierUse inMain = tiers.main();
    double perToken = bytesPerToken(cache, requestBytes, traffic.inputTokens() + lastOutput);
    double room = tiers.roomForCache(activations + communication + reserved);
    long blocks =
        perToken > 0
            ? (long) Math.clamp(Math.floor(room / perToken / engine.blockTokens()), 0, MOST_BLOCKS)
            : 0;
    return new MemoryLedger(
        inMain.weightsBytes(),
        inMain.kvBytes(),
        activations,
        communication,
        reserved,
        capacity,
        inMain.streamingBytes(),
        tiers.others(),
        perToken,
        blocks * engine.blockTokens(),
        blocks,
        0);
  }

  private static double largestLayer(
      Program program, int stage, ToDoubleFunction<LayerFootprint> size) {
    return program.layers().get(stage).stream().mapToDouble(size).max().orElse(0);
  }

  /**
   * Bytes of a token of one sequence: the slope where every layer keeps everything, else the mean
   * over a request, because windows, chunks and states do not grow with the context.
   */
  private static double bytesPerToken(CacheFootprint cache, double requestBytes, long tokens) {
    boolean plain = cache.windowBytes() == 0 && cache.stateBytes() == 0;
    return plain ? cache.bytesPerToken() : requestBytes / tokens;
  }
}
