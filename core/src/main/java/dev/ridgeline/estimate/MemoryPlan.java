package dev.ridgeline.estimate;

import dev.ridgeline.mapping.CacheFootprint;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryTier;

/** Makes the memory ledger of a program under some traffic. */
public final class MemoryPlan {
  /**
   * Tokens a step holds activations for at once. Engines cut longer work into chunks; 8,192 is
   * vLLM's and TensorRT-LLM's default budget for serving on data-centre parts.
   */
  public static final long TOKENS_IN_FLIGHT = 8192;

  private static final int MOST_REQUESTS = 1_000_000_000;

  private MemoryPlan() {}

  /** The ledger of the fullest stage, with the most requests that would fit. */
  public static MemoryLedger ledger(Program program, Chip chip, Engine engine, Traffic traffic) {
    MemoryLedger now = fullest(program, chip, engine, traffic);
    return now.withLargestBatch(largestBatch(program, chip, engine, traffic));
  }

  private static MemoryLedger fullest(Program program, Chip chip, Engine engine, Traffic traffic) {
    MemoryLedger fullest = stage(program, chip, engine, traffic, 0);
    for (int stage = 1; stage < program.stages(); stage++) {
      MemoryLedger other = stage(program, chip, engine, traffic, stage);
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
  private static long largestBatch(Program program, Chip chip, Engine engine, Traffic traffic) {
    if (!fits(program, chip, engine, traffic, 1)) {
      return 0;
    }
    long fits = 1;
    long fails = 2;
    while (fails <= MOST_REQUESTS && fits(program, chip, engine, traffic, fails)) {
      fits = fails;
      fails *= 2;
    }
    if (fails > MOST_REQUESTS) {
      return MOST_REQUESTS;
    }
    while (fails - fits > 1) {
      long middle = (fits + fails) / 2;
      if (fits(program, chip, engine, traffic, middle)) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  private static boolean fits(
      Program program, Chip chip, Engine engine, Traffic traffic, long requests) {
    return fullest(program, chip, engine, traffic.withRequests((int) requests)).fits();
  }

  private static MemoryLedger stage(
      Program program, Chip chip, Engine engine, Traffic traffic, int stage) {
    Parallelism parallelism = program.deployment().parallelism();
    Placement placement = program.deployment().placement();
    MemoryTier main = chip.mainMemory();
    MemoryTier weightsTier = tier(placement.weights().orElse(main.name()), chip);
    MemoryTier kvTier = tier(placement.kv().orElse(main.name()), chip);
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
    double mainWeights = weightsTier.equals(main) ? weights : 0;
    double mainKv = kvTier.equals(main) ? kv : 0;
    // Tensors outside main memory share a tier, or the fuller of two counts.
    double offWeights = weights - mainWeights;
    double offKv = kv - mainKv;
    MemoryTier offTier = offKv > 0 && !kvTier.equals(main) ? kvTier : weightsTier;
    double offBytes =
        (weightsTier.equals(offTier) ? offWeights : 0) + (kvTier.equals(offTier) ? offKv : 0);
    double kvRoom =
        kvTier.equals(main)
            ? capacity - mainWeights - activations - communication - reserved
            : kvTier.capacity().value() - (weightsTier.equals(kvTier) ? weights : 0);
    double perToken = bytesPerToken(cache, requestBytes, traffic.inputTokens() + lastOutput);
    long blocks =
        perToken > 0 ? (long) Math.max(0, Math.floor(kvRoom / perToken / engine.blockTokens())) : 0;
    return new MemoryLedger(
        mainWeights,
        mainKv,
        activations,
        communication,
        reserved,
        capacity,
        offBytes,
        offTier.equals(main) ? 0 : offTier.capacity().value(),
        perToken,
        blocks * engine.blockTokens(),
        blocks,
        0);
  }

  /**
   * Bytes of a token of one sequence: the slope where every layer keeps everything, else the mean
   * over a request, because windows, chunks and states do not grow with the context.
   */
  private static double bytesPerToken(CacheFootprint cache, double requestBytes, long tokens) {
    boolean plain = cache.windowBytes() == 0 && cache.stateBytes() == 0;
    return plain ? cache.bytesPerToken() : requestBytes / tokens;
  }

  private static MemoryTier tier(String name, Chip chip) {
    return chip.tier(name).orElse(chip.mainMemory());
  }
}
