package dev.ridgeline.serving.schedule;

import java.util.OptionalInt;

/**
 * What a scheduler is configured with. A policy reads what its engine has and ignores the rest;
 * {@link Policy} says which.
 *
 * @param tokenBudget tokens of a step; for vLLM V0 the padded count times longest prompt; empty for
 *     the engine's default
 * @param maxSequences requests in progress at most
 * @param maxTokens longest sequence, prompt and output together; Orca and static batching reserve
 *     it for each
 * @param kvBlocks usable blocks of a replica
 * @param blockTokens tokens of a block
 * @param watermark share of the blocks that new requests leave free
 * @param longPrefillThreshold most prompt tokens of a request in a step; 0 for no such limit
 * @param fullSequenceAdmission whether a request enters only when all its tokens fit
 * @param prefixCaching whether prompts share blocks
 * @param pipelineStages batches in flight
 * @param maxWaitingIterations decode steps between looks at the queue (LightLLM)
 * @param dynamicChunk a chunk that shrinks along the prompt; empty for a fixed one
 * @param priorities whether urgent requests go first (vLLM V1)
 */
public record SchedulerOptions(
    OptionalInt tokenBudget,
    int maxSequences,
    OptionalInt maxTokens,
    int kvBlocks,
    int blockTokens,
    double watermark,
    int longPrefillThreshold,
    boolean fullSequenceAdmission,
    boolean prefixCaching,
    int pipelineStages,
    int maxWaitingIterations,
    java.util.Optional<DynamicChunk> dynamicChunk,
    boolean priorities) {

  /** Reserved for each request by Orca and static batching where nothing else is said. */
  public static final int USUAL_MAX_TOKENS = 4096;

  public SchedulerOptions {
    require(tokenBudget.orElse(1) >= 1, "token budget");
    require(maxSequences >= 1, "sequences");
    require(maxTokens.orElse(1) >= 1, "longest sequence");
    require(kvBlocks >= 1, "blocks");
    require(blockTokens >= 1, "block size");
    require(watermark >= 0 && watermark < 1, "watermark");
    require(longPrefillThreshold >= 0, "long-prefill threshold");
    require(pipelineStages >= 1, "stages");
    require(maxWaitingIterations >= 1, "waiting iterations");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " out of range");
    }
  }

  /** Blocks that new requests leave free. */
  int watermarkBlocks() {
    return (int) (watermark * kvBlocks);
  }

  /** Requests of one of the batches that share a pipeline. */
  int sequencesOfBatch() {
    return Math.max(1, maxSequences / pipelineStages);
  }
}
