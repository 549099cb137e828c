package dev.ridgeline.estimate;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The requests of a scenario, all alike.
 *
 * @param inputTokens prompt length, 1 to 2^31
 * @param outputTokens answer length, 1 to 2^31
 * @param batch requests that start and run together, at least 1
 * @param beams candidates of a request, at least 1
 * @param concurrency requests in flight in a steady state of continuous batching; in place of
 *     {@code batch}
 * @param chunk most tokens of a step, prompts and decoded tokens together, into which longer
 *     prompts are cut; empty where a step takes whole prompts
 */
public record Traffic(
    long inputTokens,
    long outputTokens,
    int batch,
    int beams,
    OptionalInt concurrency,
    OptionalLong chunk) {

  private static final long MOST_TOKENS = 1L << 31;

  /** Requests whose prompts are not cut. */
  public Traffic(
      long inputTokens, long outputTokens, int batch, int beams, OptionalInt concurrency) {
    this(inputTokens, outputTokens, batch, beams, concurrency, OptionalLong.empty());
  }

  public Traffic {
    check("input", inputTokens);
    check("output", outputTokens);
    chunk.ifPresent(tokens -> check("chunk", tokens));
    if (batch < 1 || beams < 1 || concurrency.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "batch %d, beams %d, concurrency %s".formatted(batch, beams, concurrency));
    }
  }

  private static void check(String what, long tokens) {
    if (tokens < 1 || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "%s length %d is outside 1 to %d tokens".formatted(what, tokens, MOST_TOKENS));
    }
  }

  /** So many of the requests, as a batch. */
  Traffic withRequests(int requests) {
    return new Traffic(inputTokens, outputTokens, requests, beams, OptionalInt.empty(), chunk);
  }

  /** Requests that hold cache at once. */
  public int inFlight() {
    return concurrency.orElse(batch);
  }
}
