package dev.ridgeline.units.expression;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** The functions of expressions: one amount made of several of one unit. */
public enum Aggregation {
  MIN,
  MAX,
  SUM,
  /** Arithmetic mean. */
  MEAN,
  /** Geometric mean; of positive amounts only. */
  GEOMEAN,
  /** The whole number below; of one plain number. */
  FLOOR,
  /** The whole number above; of one plain number. */
  CEIL;

  /** How it is written. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one amount.
   *
   * @param amounts at least one
   */
  public Amount of(List<Amount> amounts) {
    if (amounts.isEmpty()) {
      throw new ExpressionException("the %s of nothing has no value".formatted(key()));
    }
    return switch (this) {
      case MIN -> together(amounts, all -> fold(all, Double.POSITIVE_INFINITY, true));
      case MAX -> together(amounts, all -> fold(all, Double.NEGATIVE_INFINITY, false));
      case SUM -> together(amounts, all -> sum(all, value -> value));
      case MEAN -> together(amounts, all -> sum(all, value -> value) / all.length);
      case GEOMEAN -> together(amounts, Aggregation::geometricMean);
      case FLOOR -> whole(amounts, Math::floor);
      case CEIL -> whole(amounts, Math::ceil);
    };
  }

  private Amount together(List<Amount> amounts, ToDoubleFunction<double[]> function) {
    Unit unit = amounts.getFirst().unit();
    double[] values = new double[amounts.size()];
    for (int index = 0; index < values.length; index++) {
      Amount amount = amounts.get(index);
      if (!amount.unit().equals(unit)) {
        throw new ExpressionException(
            "the %s of %s and %s makes no sense".formatted(key(), unit, amount.unit()));
      }
      values[index] = amount.value();
    }
    return new Amount(function.applyAsDouble(values), unit);
  }

  private Amount whole(List<Amount> amounts, DoubleUnaryOperator rounding) {
    if (amounts.size() != 1 || !amounts.getFirst().unit().equals(Unit.NONE)) {
      throw new ExpressionException("%s takes one plain number".formatted(key()));
    }
    return Amount.of(rounding.applyAsDouble(amounts.getFirst().value()));
  }

  private static double fold(double[] values, double start, boolean smallest) {
    double best = start;
    for (double value : values) {
      best = smallest ? Math.min(best, value) : Math.max(best, value);
    }
    return best;
  }

  private static double sum(double[] values, DoubleUnaryOperator of) {
    double sum = 0;
    for (double value : values) {
      sum += of.applyAsDouble(value);
    }
    return sum;
  }

  private static double geometricMean(double[] values) {
    for (double value : values) {
      if (!(value > 0)) {
        throw new ExpressionException("a geometric mean needs amounts above zero");
      }
    }
    return Math.exp(sum(values, Math::log) / values.length);
  }
}
