package dev.ridgeline.estimate;

/**
 * The further tokens of an answer, walked one by one up to 4,096 of them, beyond by trapezoids
 * between as many.
 */
final class DecodeSteps {
  private static final int MOST = 4096;

  private DecodeSteps() {}

  /** What is to be done at a token. */
  interface Visitor {
    /**
     * @param own tokens of the answer before this one
     * @param weight how much the sample counts beside the others
     */
    void at(long own, double weight);
  }

  /** Visits {@code steps} steps, or samples of them. */
  static void each(long steps, Visitor visitor) {
    long sampled = Math.min(steps, MOST);
    for (long sample = 0; sample < sampled; sample++) {
      boolean end = sampled < steps && (sample == 0 || sample == sampled - 1);
      long own = sampled == steps ? sample : Math.round(sample * (steps - 1.0) / (sampled - 1));
      visitor.at(own, end ? 0.5 : 1);
    }
  }
}
