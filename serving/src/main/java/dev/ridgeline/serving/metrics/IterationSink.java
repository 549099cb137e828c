package dev.ridgeline.serving.metrics;

/** Told of each batch that ends, in order of its end. */
public interface IterationSink {
  /** Nobody wants to know. */
  IterationSink NONE = (_, _, _, _, _, _) -> {};

  /**
   * A batch has ended.
   *
   * @param batchSize requests
   * @param prefillTokens tokens of prompts
   * @param decodeTokens tokens of decoding requests: one each, and their drafts
   */
  void ended(
      int replica,
      long startNanos,
      long endNanos,
      int batchSize,
      long prefillTokens,
      long decodeTokens);
}
