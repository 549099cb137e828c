package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.memory.HostTier;
import java.util.Optional;
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
 * @param host memory beside the cache; empty for none
 * @param lookaheadTokens slots reserved beyond the tokens of a decoding request's step, for what
 *     will be drafted next (vLLM)
 * @param drafts how tokens are speculated; empty for plain decoding
 * @param attentionRanks ranks of a replica, each with requests, cache, budget and most sequences of
 *     its own, that step together; 1 where requests are not split
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
    Optional<DynamicChunk> dynamicChunk,
    boolean priorities,
    Optional<HostTier> host,
    int lookaheadTokens,
    Optional<Drafts> drafts,
    int attentionRanks) {

  /** Reserved for each request by Orca and static batching where nothing else is said. */
  public static final int USUAL_MAX_TOKENS = 4096;

  /** Without host memory and drafts, on one rank. */
  public SchedulerOptions(
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
      Optional<DynamicChunk> dynamicChunk,
      boolean priorities) {
    this(
        tokenBudget,
        maxSequences,
        maxTokens,
        kvBlocks,
        blockTokens,
        watermark,
        longPrefillThreshold,
        fullSequenceAdmission,
        prefixCaching,
        pipelineStages,
        maxWaitingIterations,
        dynamicChunk,
        priorities,
        Optional.empty(),
        0,
        Optional.empty(),
        1);
  }

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
    require(lookaheadTokens >= 0, "lookahead");
    require(attentionRanks >= 1, "attention ranks");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " out of range");
    }
  }

  /** The same with host memory beside the cache. */
  public SchedulerOptions withHost(HostTier tier) {
    return new SchedulerOptions(
        tokenBudget,
        maxSequences,
        maxTokens,
        kvBlocks,
        blockTokens,
        watermark,
        longPrefillThreshold,
        fullSequenceAdmission,
        prefixCaching,
        pipelineStages,
        maxWaitingIterations,
        dynamicChunk,
        priorities,
        Optional.of(tier),
        lookaheadTokens,
        drafts,
        attentionRanks);
  }

  /** The same with speculative decoding. */
  public SchedulerOptions withDrafts(int lookahead, Drafts speculation) {
    return new SchedulerOptions(
        tokenBudget,
        maxSequences,
        maxTokens,
        kvBlocks,
        blockTokens,
        watermark,
        longPrefillThreshold,
        fullSequenceAdmission,
        prefixCaching,
        pipelineStages,
        maxWaitingIterations,
        dynamicChunk,
        priorities,
        host,
        lookahead,
        Optional.of(speculation),
        attentionRanks);
  }

  /** The same for each of so many attention ranks. */
  public SchedulerOptions withAttentionRanks(int ranks) {
    return new SchedulerOptions(
        tokenBudget,
        maxSequences,
        maxTokens,
        kvBlocks,
        blockTokens,
        watermark,
        longPrefillThreshold,
        fullSequenceAdmission,
        prefixCaching,
        pipelineStages,
        maxWaitingIterations,
        dynamicChunk,
        priorities,
        host,
        lookaheadTokens,
        drafts,
        ranks);
  }

  /** The same with so many slots reserved ahead. */
  public SchedulerOptions withLookahead(int lookahead) {
    return new SchedulerOptions(
        tokenBudget,
        maxSequences,
        maxTokens,
        kvBlocks,
        blockTokens,
        watermark,
        longPrefillThreshold,
        fullSequenceAdmission,
        prefixCaching,
        pipelineStages,
        maxWaitingIterations,
        dynamicChunk,
        priorities,
        host,
        lookahead,
        drafts,
        attentionRanks);
  }

  /** Tokens that a step takes in for a decoding request. */
  int decodeTokens() {
    return drafts.isPresent() ? drafts.get().verifiedTokens() : 1;
  }

  /**
   * Slots that decoding needs beyond the token it is at, where what is drafted takes those ahead.
   */
  int slotsAhead() {
    return Math.max(decodeTokens() - 1, lookaheadTokens);
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
