package dev.ridgeline.cli.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * An axis. Figures of hardware are above zero and lie decades apart, so most are logarithmic.
 *
 * @param label what is drawn
 * @param text a value with its unit
 * @param linear whether equal differences, not equal ratios, are equally long; such an axis starts
 *     at zero
 */
public record Axis(String label, DoubleFunction<String> text, boolean linear) {
  private static final double[] FINEST = {1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final double[] FINE = {1, 2, 5};
  private static final double[] COARSE = {1};
  private static final double MOST_FINEST_DECADES = 0.8;
  private static final double MOST_FINE_DECADES = 2.2;

  private static final double[] EVEN = {1, 2, 5, 10};
  private static final int MOST_TICKS = 6;

  /** A logarithmic axis. */
  public Axis(String label, DoubleFunction<String> text) {
    this(label, text, false);
  }

  /** The range that shows all values. */
  Range range(List<Double> values) {
    return linear ? Range.even(values) : Range.of(values);
  }

  /** A value with its unit. */
  String at(double value) {
    return text.apply(value);
  }

  /**
   * What an axis covers.
   *
   * @param low above zero, or zero on a linear axis
   * @param high above {@code low}
   * @param linear whether values are spread evenly
   */
  record Range(double low, double high, boolean linear) {
    /** From zero to all values, with a margin above but for shares. */
    static Range even(List<Double> values) {
      double high = 0;
      for (double value : values) {
        high = Math.max(high, value);
      }
      return new Range(0, high == 0 || high == 1 ? 1 : high * 1.04, true);
    }

    /** All values, with a margin on either side. */
    static Range of(List<Double> values) {
      double low = Double.POSITIVE_INFINITY;
      double high = 0;
      for (double value : values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      double margin = Math.max(Math.pow(high / low, 0.06), 1.12);
      return new Range(low / margin, high * margin, false);
    }

    /** Where a value lies between the ends, from 0 to 1. */
    double share(double value) {
      if (linear) {
        return value / high;
      }
      return Math.log(value / low) / Math.log(high / low);
    }

    /** Round values inside, about as many as have room. */
    List<Double> ticks() {
      if (linear) {
        return evenTicks();
      }
      double decades = Math.log10(high / low);
      double[] steps =
          decades > MOST_FINE_DECADES ? COARSE : decades > MOST_FINEST_DECADES ? FINE : FINEST;
      List<Double> ticks = new ArrayList<>();
      int first = (int) Math.floor(Math.log10(low));
      int last = (int) Math.ceil(Math.log10(high));
      for (int decade = first; decade <= last; decade++) {
        for (double step : steps) {
          // Parsed, so that 5e12 is exactly that and prints so.
          double value = Double.parseDouble(step + "e" + decade);
          if (value >= low && value <= high) {
            ticks.add(value);
          }
        }
      }
      return ticks;
    }

    /** Parsed, so that it is exactly that and prints so. */
    private static double even(int index, int decade) {
      return Double.parseDouble(EVEN[index] + "e" + decade);
    }

    private List<Double> evenTicks() {
      int decade = (int) Math.floor(Math.log10(high / MOST_TICKS));
      int index = 0;
      double step = even(0, decade);
      while (high / step > MOST_TICKS) {
        step = even(++index, decade);
      }
      List<Double> ticks = new ArrayList<>();
      for (int count = 0; count * step <= high * (1 + 1e-9); count++) {
        ticks.add(count * step);
      }
      return ticks;
    }
  }
}
