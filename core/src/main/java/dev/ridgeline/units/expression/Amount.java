package dev.ridgeline.units.expression;

/**
 * A finite number with a unit.
 *
 * @param value in base units
 * @param unit product of base units
 */
public record Amount(double value, Unit unit) {

  /** Refuses what is not a number. */
  public Amount {
    if (!Double.isFinite(value)) {
      throw new ExpressionException("the result is not a finite number");
    }
  }

  /** A plain number. */
  public static Amount of(double value) {
    return new Amount(value, Unit.NONE);
  }

  Amount plus(Amount other) {
    requireSame(other, "added to");
    return new Amount(value + other.value, unit);
  }

  Amount minus(Amount other) {
    requireSame(other, "subtracted from");
    return new Amount(value - other.value, unit);
  }

  Amount times(Amount other) {
    return new Amount(value * other.value, unit.times(other.unit));
  }

  Amount over(Amount other) {
    if (other.value == 0) {
      throw new ExpressionException("division by zero");
    }
    return new Amount(value / other.value, unit.over(other.unit));
  }

  /** How this compares with {@code other}; both must have one unit. */
  int compare(Amount other) {
    requireSame(other, "compared with");
    return Double.compare(value, other.value);
  }

  /** How often {@code other} goes into this; both must have one unit. */
  public double in(Amount other) {
    requireSame(other, "stated in");
    return value / other.value;
  }

  private void requireSame(Amount other, String verb) {
    if (!unit.equals(other.unit)) {
      throw new ExpressionException("%s cannot be %s %s".formatted(unit, verb, other.unit));
    }
  }
}
