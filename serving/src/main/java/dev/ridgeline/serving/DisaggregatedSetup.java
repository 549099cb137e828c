package dev.ridgeline.serving;

import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.serving.route.Routing;
import java.util.List;
import java.util.OptionalInt;

/**
 * What serves: instances that prefill, and instances that decode what these have prefilled.
 *
 * @param prefill instances for prompts, of one kind or several
 * @param decode instances for the tokens after the first
 * @param transfer how caches move
 * @param firstToken when the first token reaches the user
 * @param prefillRouting which prefill instance a request goes to, when it comes
 * @param decodeRouting which decode instance, when its prompt starts (layer by layer) or is done
 * @param concurrency requests kept in flight instead of the trace's arrivals; empty to follow these
 * @param predictedOutput output tokens that policies reckon with; empty for the true ones
 * @param engine its front end delays each request; it is spread over hosts and is no bottleneck
 * @param seed of everything random
 * @param coalescing whether decoding requests that nothing happens to go on together, and unchanged
 *     batches are run in one go; the answer is the same
 */
public record DisaggregatedSetup(
    List<ServingInstance> prefill,
    List<ServingInstance> decode,
    Transfer transfer,
    FirstToken firstToken,
    Routing prefillRouting,
    Routing decodeRouting,
    OptionalInt concurrency,
    OptionalInt predictedOutput,
    EngineOverheads engine,
    long seed,
    boolean coalescing) {

  /** When the first token, which the prefill instance computes, reaches the user. */
  public enum FirstToken {
    /** When the prompt is done. */
    PREFILL,
    /** When the request has reached its decode instance, which answers the user from then on. */
    DECODE
  }

  /**
   * How caches move.
   *
   * @param layerWise whether a layer's cache leaves while later layers are computed, to blocks
   *     taken beforehand; else all of it leaves when the prompt is done
   * @param sharedBytesPerSecond what all transfers together may have; infinite where they share
   *     nothing but the instances' ports
   * @param latencySeconds from the last byte until the request may run
   */
  public record Transfer(boolean layerWise, double sharedBytesPerSecond, double latencySeconds) {
    public Transfer {
      if (!(sharedBytesPerSecond > 0)
          || !(latencySeconds >= 0 && latencySeconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "%s bytes/s, %s s".formatted(sharedBytesPerSecond, latencySeconds));
      }
    }
  }

  public DisaggregatedSetup {
    prefill = List.copyOf(prefill);
    decode = List.copyOf(decode);
    if (prefill.isEmpty() || decode.isEmpty() || concurrency.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "%d prefill and %d decode instances, concurrency %s"
              .formatted(prefill.size(), decode.size(), concurrency));
    }
  }

  /** The same with another seed. */
  public DisaggregatedSetup seeded(long otherSeed) {
    return new DisaggregatedSetup(
        prefill,
        decode,
        transfer,
        firstToken,
        prefillRouting,
        decodeRouting,
        concurrency,
        predictedOutput,
        engine,
        otherSeed,
        coalescing);
  }
}
