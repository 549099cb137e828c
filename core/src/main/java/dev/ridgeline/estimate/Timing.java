package dev.ridgeline.estimate;

import java.util.Optional;

/**
 * When a request gets its tokens.
 *
 * @param ttft arrival to first token
 * @param tpot mean of further tokens; 0 for one output token
 * @param dynamicJoules energy of one replica while a request stays, beyond static power
 * @param otherStaticWatts static power of devices outside the deployment, such as a drafter's
 * @param chunks how prompts are cut
 * @param speculation what drafting does
 */
record Timing(
    double ttft,
    double tpot,
    double dynamicJoules,
    double otherStaticWatts,
    Optional<ChunkReport> chunks,
    Optional<SpeculationReport> speculation) {

  /** The same beside what plain decoding takes, and what the drafter holds. */
  Timing comparedWith(double plainTpot, double weightsBytes, double kvBytes) {
    return new Timing(
        ttft,
        tpot,
        dynamicJoules,
        otherStaticWatts,
        chunks,
        speculation.map(report -> report.comparedWith(plainTpot / tpot, weightsBytes, kvBytes)));
  }
}
