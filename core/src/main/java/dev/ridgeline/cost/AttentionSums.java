package dev.ridgeline.cost;

/**
 * The alike sequences that stand for those of a step, of which only sums are known.
 *
 * <p>Of {@code b} sequences with {@code n} new and {@code c} cached tokens {@code T = bn} are new.
 * Where each sees all tokens before it, {@code U = b(n + c)} are touched and {@code P = Tc + T(n +
 * 1)/2} pairs are formed. With a window of {@code w} tokens that the new ones fill, {@code p =
 * min(c, w - 1)} cached tokens of each are touched, {@code U = b(n + p)}, and what is missing from
 * {@code w} pairs for each new token is the start of the sequence, {@code Tw - P = b(w - p)(w - 1 -
 * p)/2}. Of unlike sequences these are numbers and lengths that keep all three sums.
 */
final class AttentionSums {
  private AttentionSums() {}

  /** New tokens of each sequence where all tokens before are seen. */
  static double freshTokens(double tokens, double touched, double pairs) {
    return Math.clamp((pairs - tokens / 2) / (touched - tokens / 2), 1, Math.max(1, tokens));
  }

  /**
   * Number of sequences.
   *
   * @param window most tokens a token looks back to, itself included; 0 where all
   */
  static double sequences(double tokens, double touched, double pairs, double window) {
    double unlimited = tokens / freshTokens(tokens, touched, pairs);
    if (window == 0 || touched <= unlimited * window) {
      return unlimited;
    }
    double past = touched - tokens;
    double missing = Math.max(0, tokens * window - pairs);
    double half = past * (2 * window - 1) + 2 * missing;
    double product = window * (window - 1);
    // The smaller root of past p^2 - half p + past product = 0.
    double seen =
        past > 0
            ? 2
                * past
                * product
                / (half + Math.sqrt(Math.max(0, half * half - 4 * past * past * product)))
            : 0;
    double found =
        2 * seen > window - 1 ? past / seen : 2 * missing / ((window - seen) * (window - 1 - seen));
    return Math.clamp(found, Math.min(1, tokens), tokens);
  }
}
