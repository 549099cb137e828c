package dev.ridgeline.serving.study;

import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A mean over independent replications and how far off it may be.
 *
 * @param count replications, at least 1
 * @param mean of them
 * @param halfWidth of the 95 % confidence interval, by Student's t (Law, Simulation Modeling and
 *     Analysis, 5th edition, section 4.5); NaN of one
 */
public record Interval(int count, double mean, double halfWidth) {
  private static final double UPPER = 0.975;

  /** Of at least one value. */
  public static Interval of(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    if (values.length < 2) {
      return new Interval(values.length, mean, Double.NaN);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(squares / (values.length - 1) / values.length);
    double t = new TDistribution(values.length - 1).inverseCumulativeProbability(UPPER);
    return new Interval(values.length, mean, t * error);
  }
}
