package dev.ridgeline.estimate;

import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.workload.StepFeatures;

/**
 * How requests spread.
 *
 * @param perReplica requests of the busiest replica
 * @param parts micro-batches that fill the pipeline
 * @param perPart requests of a mean part on the busiest attention rank
 * @param groupPerPart requests of a mean part on all attention ranks
 * @param attentionRanks ranks that split the requests
 */
record Share(
    double perReplica, int parts, double perPart, double groupPerPart, int attentionRanks) {
  static Share of(Parallelism parallelism, int requests) {
    int perReplica = Math.ceilDiv(requests, parallelism.data());
    int perRank = Math.ceilDiv(perReplica, parallelism.attentionData());
    int parts = Math.min(parallelism.pipeline(), perRank);
    return new Share(
        perReplica,
        parts,
        (double) perRank / parts,
        (double) perReplica / parts,
        parallelism.attentionData());
  }

  /** Requests that do not divide by the ranks leave some with less than the busiest. */
  void setGroupTokens(StepFeatures step, double tokens) {
    if (attentionRanks > 1) {
      step.setGroupTokens(tokens);
    }
  }
}
