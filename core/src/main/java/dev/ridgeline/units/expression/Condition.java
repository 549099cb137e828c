package dev.ridgeline.units.expression;

import java.util.function.Function;

/**
 * Two expressions held against each other, such as {@code fast.ttft_s < slow.ttft_s}.
 *
 * @param left one side
 * @param relation how it should stand to the other
 * @param right the other side
 */
public record Condition(Expression left, Relation relation, Expression right) {
  /** Equal figures may differ by rounding. */
  private static final double ROUNDING = 1e-9;

  /** How two amounts stand to each other. */
  public enum Relation {
    LESS,
    AT_MOST,
    EQUAL,
    AT_LEAST,
    MORE
  }

  /** Reads a text with one of {@code < <= = >= >}, or throws {@link ExpressionException}. */
  public static Condition parse(String text) {
    return new ExpressionText(text).condition();
  }

  /** Whether it is true. */
  public boolean holds(Function<String, Amount> names) {
    Amount one = left.value(names);
    Amount other = right.value(names);
    int order = one.compare(other);
    double larger = Math.max(Math.abs(one.value()), Math.abs(other.value()));
    boolean same = Math.abs(one.value() - other.value()) <= ROUNDING * larger;
    return switch (relation) {
      case LESS -> order < 0 && !same;
      case AT_MOST -> order < 0 || same;
      case EQUAL -> same;
      case AT_LEAST -> order > 0 || same;
      case MORE -> order > 0 && !same;
    };
  }
}
