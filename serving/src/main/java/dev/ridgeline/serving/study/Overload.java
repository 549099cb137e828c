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
 * @param held requests that were left when nothing could happen any more: whoever holds memory
 *     waits for memory
 */
public record Overload(
    boolean overloaded,
    boolean stopped,
    double offeredPerSecond,
    double servedPerSecond,
    long waiting,
    long held) {
  /** Nothing was watched. */
  public static final Overload UNKNOWN = new Overload(false, false, Double.NaN, Double.NaN, 0, 0);

  /** The same with requests that are held for ever. */
  public Overload holding(long requests) {
    return new Overload(
        overloaded || requests > 0, stopped, offeredPerSecond, servedPerSecond, waiting, requests);
  }

  private static final double SHARE = 0.02;
  private static final double DEVIATIONS = 5;

  /** Whether so many more wait after so many arrivals that it does not keep up. */
  static boolean grows(double growth, double arrivals) {
    return growth > SHARE * arrivals + DEVIATIONS * Math.sqrt(arrivals);
  }
}
