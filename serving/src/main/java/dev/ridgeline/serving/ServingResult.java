package dev.ridgeline.serving;

import dev.ridgeline.serving.metrics.Quantiles;

/**
 * What came of it.
 *
 * @param requests that ended
 * @param iterations batches run
 * @param preemptions caches given up
 * @param rejected requests refused because they could never run
 * @param makespanSeconds from the first arrival to the last token
 * @param outputTokens generated
 * @param inputTokens of prompts
 * @param prefixHitTokens of these found in the cache
 * @param busySeconds replicas had a batch in flight, summed over replicas
 * @param joules beyond idling; NaN where not known
 * @param usd price of the replicas over the makespan; NaN where not known
 * @param ttft arrival to first token
 * @param tpot mean gap of each request
 * @param tbt each gap between tokens
 * @param endToEnd arrival to last token
 * @param movedBlocks cache blocks that steps waited for, moved to or from the host; where attention
 *     ranks move theirs at once, those of the busiest
 */
public record ServingResult(
    long requests,
    long iterations,
    long preemptions,
    long rejected,
    double makespanSeconds,
    long outputTokens,
    long inputTokens,
    long prefixHitTokens,
    double busySeconds,
    double joules,
    double usd,
    Quantiles ttft,
    Quantiles tpot,
    Quantiles tbt,
    Quantiles endToEnd,
    long movedBlocks) {

  /** Of servers without host memory. */
  public ServingResult(
      long requests,
      long iterations,
      long preemptions,
      long rejected,
      double makespanSeconds,
      long outputTokens,
      long inputTokens,
      long prefixHitTokens,
      double busySeconds,
      double joules,
      double usd,
      Quantiles ttft,
      Quantiles tpot,
      Quantiles tbt,
      Quantiles endToEnd) {
    this(
        requests,
        iterations,
        preemptions,
        rejected,
        makespanSeconds,
        outputTokens,
        inputTokens,
        prefixHitTokens,
        busySeconds,
        joules,
        usd,
        ttft,
        tpot,
        tbt,
        endToEnd,
        0);
  }

  /** Ended requests a second. */
  public double requestsPerSecond() {
    return requests / makespanSeconds;
  }

  /** Generated tokens a second. */
  public double outputTokensPerSecond() {
    return outputTokens / makespanSeconds;
  }

  /** The same with energy and price filled in; NaN where not known. */
  public ServingResult charged(double totalJoules, double totalUsd) {
    return new ServingResult(
        requests,
        iterations,
        preemptions,
        rejected,
        makespanSeconds,
        outputTokens,
        inputTokens,
        prefixHitTokens,
        busySeconds,
        totalJoules,
        totalUsd,
        ttft,
        tpot,
        tbt,
        endToEnd,
        movedBlocks);
  }
}
