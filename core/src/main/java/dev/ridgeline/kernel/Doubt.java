package dev.ridgeline.kernel;

/**
 * Constants that stand for a box which nobody measured, of which only a range is known.
 *
 * @param best constants of a fast box, of which one in ten is faster
 * @param worst constants of a slow box, of which one in ten is slower
 */
public record Doubt(double[] best, double[] worst) {

  /** The band of one call: what its time would be in either box, over what is predicted. */
  public static Band of(double seconds, double bestSeconds, double worstSeconds) {
    return new Band(Math.min(1, bestSeconds / seconds), Math.max(1, worstSeconds / seconds));
  }
}
