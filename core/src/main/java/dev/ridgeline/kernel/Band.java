package dev.ridgeline.kernel;

/**
 * Factors on a predicted time between which eight measurements in ten are expected, one in ten
 * below and one in ten above.
 *
 * @param low above 0
 * @param high at least {@code low}, finite
 */
public record Band(double low, double high) {

  public Band {
    if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("band from %s to %s".formatted(low, high));
    }
  }

  /** Whether a measured time lies inside the band of a predicted one, in the same unit. */
  public boolean holds(double predicted, double measured) {
    return measured >= predicted * low && measured <= predicted * high;
  }
}
