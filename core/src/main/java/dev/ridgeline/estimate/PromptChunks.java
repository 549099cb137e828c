package dev.ridgeline.estimate;

import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;

/**
 * One prompt cut into equal chunks, the last as long as what is left (Sarathi-Serve, arXiv
 * 2403.02310, section 4.2).
 *
 * @param promptTokens length of the prompt
 * @param chunkTokens length of a chunk, 1 to the prompt's
 */
record PromptChunks(long promptTokens, long chunkTokens) {
  private static final int MOST_SAMPLES = 4096;

  /** What is to be done with the chunks, one by one. */
  interface Visitor {
    /** A chunk that stands for {@code weight} of them, with a sequence of it added to a step. */
    void chunk(long newTokens, double weight);
  }

  /** Chunks of the prompt. */
  long count() {
    return Math.ceilDiv(promptTokens, chunkTokens);
  }

  /** The weights of all chunks that {@link #each} visits. */
  double totalWeight() {
    long whole = count();
    return whole <= MOST_SAMPLES ? whole : MOST_SAMPLES - 1.0;
  }

  /**
   * Adds each chunk to a cleared step, or of many chunks an even sample: their costs are sums of
   * straight lines and hinges of the position.
   */
  void each(StepFeatures step, Visitor visitor) {
    long whole = count();
    long sampled = Math.min(whole, MOST_SAMPLES);
    for (long sample = 0; sample < sampled; sample++) {
      long index = sampled == whole ? sample : Math.round(sample * (whole - 1.0) / (sampled - 1));
      boolean end = sampled < whole && (sample == 0 || sample == sampled - 1);
      long start = index * chunkTokens;
      long length = Math.min(chunkTokens, promptTokens - start);
      step.clear();
      step.add(Phase.PREFILL, 1, length, start, index == whole - 1 ? 1 : 0);
      visitor.chunk(length, end ? 0.5 : 1);
    }
  }
}
