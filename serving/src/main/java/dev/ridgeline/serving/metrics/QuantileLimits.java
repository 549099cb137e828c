package dev.ridgeline.serving.metrics;

/**
 * What percentiles must not exceed, in the unit of the figures they are held against; infinite
 * where nothing is asked.
 *
 * @param p50 median at most, above 0
 * @param p90 90th percentile at most, above 0
 * @param p99 99th percentile at most, above 0
 */
public record QuantileLimits(double p50, double p90, double p99) {
  /** Asks for nothing. */
  public static final QuantileLimits NONE =
      new QuantileLimits(
          Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public QuantileLimits {
    if (!(p50 > 0 && p90 > 0 && p99 > 0)) {
      throw new IllegalArgumentException("limits of %s, %s, %s".formatted(p50, p90, p99));
    }
  }

  /** Whether all three are kept. */
  public boolean keptBy(Quantiles figures) {
    return figures.p50() <= p50 && figures.p90() <= p90 && figures.p99() <= p99;
  }
}
