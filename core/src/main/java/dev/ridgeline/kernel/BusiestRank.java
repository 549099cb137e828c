package dev.ridgeline.kernel;

/**
 * What the busiest of {@code ep} ranks gets when expert loads follow a power law.
 *
 * <p>Loads of experts are independent draws from the density {@code x^-skew} on {@code [1, 0.8
 * tokens]}, or on {@code [0.01, 2]} when there are no more visits than experts, scaled to the
 * visits there are and rounded to whole tokens by largest remainder. Experts are dealt to ranks in
 * blocks of {@code n = experts / ep}. Benchmarks of expert kernels draw their routing this way.
 *
 * <p>A draw is the quantile function at a uniform number {@code v}. In the busiest rank, whose
 * largest experts made it the busiest, draws look like the quantile function at {@code v^(1 / t)}:
 * for {@code n = 1} that is the largest of {@code ep} draws and {@code t = ep} exactly; for larger
 * blocks {@code t = ep^(n^-0.45)} gives the mean load and the number of experts in use of drawn
 * ranks to a few percent ({@code BusiestRankTest} draws them).
 *
 * <p>Plain functions of numbers: a kernel may call them without allocation.
 */
final class BusiestRank {
  /** Points the loads of a rank's experts are summed over. */
  static final int POINTS = 16;

  private static final int EXACT_COUNTS = 8;

  private BusiestRank() {}

  /** Smallest draw before scaling. */
  static double least(double visits, double experts) {
    return visits > experts ? 1 : 0.01;
  }

  /** Largest draw before scaling. */
  static double most(double visits, double experts, double tokens) {
    return visits > experts ? Math.max(1.0001, 0.8 * tokens) : 2;
  }

  /** The exponent of the quantile function, kept away from its removable poles at 1 and 2. */
  static double exponent(double skew) {
    double one = Math.abs(skew - 1) < 1e-4 ? 1 + 1e-4 : skew;
    return Math.abs(one - 2) < 1e-4 ? 2 + 1e-4 : one;
  }

  /** Mean draw before scaling. */
  static double mean(double skew, double least, double most) {
    double b = 1 - skew;
    return (Math.pow(most, b + 1) - Math.pow(least, b + 1))
        / (b + 1)
        * b
        / (Math.pow(most, b) - Math.pow(least, b));
  }

  /** How strongly the busiest rank's draws lean to the large end; 1 for a single rank. */
  static double tilt(double experts, double ep) {
    return Math.pow(ep, Math.pow(experts / ep, -0.45));
  }

  /**
   * Share of all experts that no token visits.
   *
   * @param scale visits of an expert per unit of its draw
   */
  static double unvisited(double skew, double least, double most, double scale, double meanLoad) {
    double counted = 0;
    for (int count = 1; count <= EXACT_COUNTS; count++) {
      counted += above((count - 0.5) / scale, skew, least, most);
    }
    double from = Math.clamp(EXACT_COUNTS / scale, least, most);
    double b = 1 - skew;
    double beyond =
        scale
                * (Math.pow(most, b + 1) - Math.pow(from, b + 1))
                / (b + 1)
                * b
                / (Math.pow(most, b) - Math.pow(least, b))
            - EXACT_COUNTS * above(from, skew, least, most);
    // What rounding takes away goes to the experts just below one half.
    double missing = Math.max(0, meanLoad - counted - Math.max(0, beyond));
    double visited = above(0.5 / scale, skew, least, most) + missing;
    return 1 - Math.min(Math.min(1, visited), meanLoad);
  }

  /**
   * Tokens of one of the rank's experts in use, at the middle of the given of {@link #POINTS} equal
   * parts of them, the least loaded first.
   *
   * @param idle share of the rank's experts that no token visits
   * @param low {@code least^(1 - skew)}
   * @param span {@code most^(1 - skew) - low}
   */
  static double load(
      int point, double idle, double tilt, double low, double span, double skew, double scale) {
    double quantile = idle + (1 - idle) * (point + 0.5) / POINTS;
    double draw = Math.pow(low + span * Math.pow(quantile, 1 / tilt), 1 / (1 - skew));
    return Math.max(1, draw * scale);
  }

  private static double above(double draw, double skew, double least, double most) {
    double b = 1 - skew;
    double low = Math.pow(least, b);
    double share = (Math.pow(Math.clamp(draw, least, most), b) - low) / (Math.pow(most, b) - low);
    return 1 - Math.clamp(share, 0, 1);
  }
}
