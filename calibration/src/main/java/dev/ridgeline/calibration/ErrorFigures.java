package dev.ridgeline.calibration;

import java.util.Arrays;

/**
 * How far predictions lie from measurements. All figures are shares: 0.1 is 10 %.
 *
 * @param rows how many pairs; at least 1
 * @param geo geometric mean error exp(mean |ln(predicted/measured)|) - 1
 * @param median of exp |ln(predicted/measured)| - 1, so that half and double count alike
 * @param p90 90th percentile of the same
 * @param bias exp(mean ln(predicted/measured)) - 1; above 0 where predictions are too long
 */
public record ErrorFigures(int rows, double geo, double median, double p90, double bias) {
  private static final double UPPER_DECILE = 0.9;

  /** Collects pairs; memory grows by 8 bytes each. */
  public static final class Collector {
    private static final int FIRST_CAPACITY = 1024;

    private double[] logRatios = new double[FIRST_CAPACITY];
    private int size;

    /** Adds a pair, both above 0 and in the same unit. */
    public void add(double predicted, double measured) {
      double logRatio = Math.log(predicted / measured);
      if (Double.isNaN(logRatio) || Double.isInfinite(logRatio)) {
        throw new IllegalArgumentException(
            "predicted %s, measured %s".formatted(predicted, measured));
      }
      if (size == logRatios.length) {
        logRatios = Arrays.copyOf(logRatios, 2 * size);
      }
      logRatios[size++] = logRatio;
    }

    /** How many pairs were added. */
    public int size() {
      return size;
    }

    /** The figures of what was added, at least one pair. */
    public ErrorFigures figures() {
      return ofLogRatios(Arrays.copyOf(logRatios, size));
    }

    /** The quantile of exp |ln(predicted/measured)| - 1, from 0 to 1, of at least one pair. */
    public double distance(double share) {
      double[] distances = Arrays.stream(logRatios, 0, size).map(Math::abs).sorted().toArray();
      return Math.expm1(quantile(distances, share));
    }

    /**
     * The quantile of measured over predicted, by linear interpolation between order statistics.
     *
     * @param share from 0 to 1
     */
    public double measuredOverPredicted(double share) {
      double[] sorted = Arrays.copyOf(logRatios, size);
      Arrays.sort(sorted);
      return Math.exp(-quantile(sorted, 1 - share));
    }
  }

  /** The figures of pairs in two arrays of the same length. */
  public static ErrorFigures of(double[] predicted, double[] measured) {
    var collector = new Collector();
    for (int i = 0; i < predicted.length; i++) {
      collector.add(predicted[i], measured[i]);
    }
    return collector.figures();
  }

  private static ErrorFigures ofLogRatios(double[] logRatios) {
    if (logRatios.length == 0) {
      throw new IllegalArgumentException("no pairs to compare");
    }
    double sum = 0;
    double distance = 0;
    double[] distances = new double[logRatios.length];
    for (int i = 0; i < logRatios.length; i++) {
      sum += logRatios[i];
      distances[i] = Math.abs(logRatios[i]);
      distance += distances[i];
    }
    Arrays.sort(distances);
    return new ErrorFigures(
        logRatios.length,
        Math.expm1(distance / logRatios.length),
        Math.expm1(quantile(distances, 0.5)),
        Math.expm1(quantile(distances, UPPER_DECILE)),
        Math.expm1(sum / logRatios.length));
  }

  /** Linear interpolation between order statistics. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    double above = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (position - below) * (above - sorted[below]);
  }
}
