package dev.ridgeline.serving.metrics;

import dev.ridgeline.events.Nanos;

/**
 * Mean and percentiles of durations.
 *
 * @param count how many
 * @param mean in seconds; NaN of none
 * @param p50 median, in seconds; NaN of none
 * @param p90 in seconds; NaN of none
 * @param p95 in seconds; NaN of none
 * @param p99 in seconds; NaN of none
 */
public record Quantiles(long count, double mean, double p50, double p90, double p95, double p99) {
  /** Of durations in nanoseconds. */
  public static Quantiles of(Durations durations) {
    double[] at = durations.percentiles(0.5, 0.9, 0.95, 0.99);
    return new Quantiles(
        durations.count(),
        durations.mean() / Nanos.PER_SECOND,
        at[0] / Nanos.PER_SECOND,
        at[1] / Nanos.PER_SECOND,
        at[2] / Nanos.PER_SECOND,
        at[3] / Nanos.PER_SECOND);
  }
}
