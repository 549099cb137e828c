package dev.ridgeline.events;

/** Simulated time: whole nanoseconds, so that sums do not depend on their order. */
public final class Nanos {
  /** Nanoseconds in a second. */
  public static final double PER_SECOND = 1e9;

  /** A time that is never reached, about 292 years. */
  public static final long NEVER = Long.MAX_VALUE;

  private Nanos() {}

  /**
   * The nearest whole number of nanoseconds, ties to even so that roundings do not add up.
   *
   * @param seconds finite; 0 or more; below 9.2e9
   * @throws IllegalArgumentException outside that range
   */
  public static long of(double seconds) {
    double nanos = Math.rint(seconds * PER_SECOND);
    if (!(nanos >= 0 && nanos < Long.MAX_VALUE)) {
      throw new IllegalArgumentException("no simulated time: " + seconds + " s");
    }
    return (long) nanos;
  }

  /** In seconds. */
  public static double seconds(long nanos) {
    return nanos / PER_SECOND;
  }
}
