package dev.ridgeline.serving.study;

/**
 * Whether a server keeps up with what comes. It does not where, over the second half of the
 * arrivals, the requests that wait grow by more than 2 % of those that come and by more than chance
 * explains (five standard deviations of a Poisson count).
 *
 * @param overloaded whether it does not
 * @param stopped whether the run was given up because of it
 * @param offeredPerSecond requests that came a second, over the second half; NaN where not known
 * @param servedPerSecond requests that ended a second meanwhile; NaN where not known
 * @param waiting requests that waited at the last arrival
 */
public record Overload(
    boolean overloaded,
    boolean stopped,
    double offeredPerSecond,
    double servedPerSecond,
    long waiting) {
  /** Nothing was watched. */
  public static final Overload UNKNOWN = new Overload(false, false, Double.NaN, Double.NaN, 0);

  private static final double SHARE = 0.02;
  private static final double DEVIATIONS = 5;

  /** Whether so many more wait after so many arrivals that it does not keep up. */
  static boolean grows(double growth, double arrivals) {
    return growth > SHARE * arrivals + DEVIATIONS * Math.sqrt(arrivals);
  }
}
