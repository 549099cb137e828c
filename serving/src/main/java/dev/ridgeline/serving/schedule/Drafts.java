package dev.ridgeline.serving.schedule;

import java.util.random.RandomGenerator;

/**
 * Speculative decoding as a scheduler sees it (Leviathan, Kalman and Matias, arXiv 2211.17192): a
 * decoding request brings its drafts and one token of its own into a step; the drafts up to the
 * first that is rejected come out, and one more.
 *
 * @param acceptance for each depth of the draft, the probability that one of its candidates is
 *     accepted once all before were, 0 to 1
 * @param verifiedTokens tokens a step takes in for a request, above the depth of the draft; more
 *     than one above it where drafts are a tree
 */
@SuppressWarnings("ArrayRecordComponent") // Read at every token of a run; never compared.
public record Drafts(double[] acceptance, int verifiedTokens) {
  public Drafts {
    acceptance = acceptance.clone();
    boolean possible = acceptance.length >= 1 && verifiedTokens > acceptance.length;
    for (double each : acceptance) {
      possible &= each >= 0 && each <= 1;
    }
    if (!possible) {
      throw new IllegalArgumentException(
          "drafts of depth %d, %d tokens".formatted(acceptance.length, verifiedTokens));
    }
  }

  /**
   * Tokens that come out of a step, drawn at random.
   *
   * @param tokens taken in; where fewer than {@link #verifiedTokens}, so many depths less
   */
  public int emitted(int tokens, RandomGenerator random) {
    int depth = Math.min(acceptance.length, tokens - 1);
    int accepted = 0;
    while (accepted < depth && random.nextDouble() < acceptance[accepted]) {
      accepted++;
    }
    return accepted + 1;
  }

  /** Tokens that come out of a step on average. */
  public double expectedTokens() {
    double expected = 1;
    double reached = 1;
    for (double each : acceptance) {
      reached *= each;
      expected += reached;
    }
    return expected;
  }
}
