package dev.ridgeline.kernel;

import java.util.List;
import java.util.Optional;

/**
 * Constants of a kernel family as some fit found them, with how far its predictions are trusted.
 *
 * @param values in the order of the family's parameters, in their units
 * @param low factor on a predicted time below which one measurement in ten is expected, above 0
 * @param high factor on a predicted time above which one measurement in ten is expected
 * @param regimes the same for each of the family's {@link KernelFamily#regimes}; empty where they
 *     are not told apart
 * @param source where they come from, such as {@code kernel:sibling h100-sxm}
 * @param doubt what a box that was not measured may make of them; the bands leave it out
 */
public record FittedConstants(
    double[] values,
    double low,
    double high,
    List<Band> regimes,
    String source,
    Optional<Doubt> doubt) {

  public FittedConstants {
    if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("band from %s to %s".formatted(low, high));
    }
    regimes = List.copyOf(regimes);
  }

  /** Constants of chips alone, or of a box that was measured. */
  public FittedConstants(
      double[] values, double low, double high, List<Band> regimes, String source) {
    this(values, low, high, regimes, source, Optional.empty());
  }

  /** Constants with one band for all shapes. */
  public FittedConstants(double[] values, double low, double high, String source) {
    this(values, low, high, List.of(), source);
  }

  /** The same with other constants. */
  public FittedConstants with(double[] newValues) {
    return new FittedConstants(newValues, low, high, regimes, source, doubt);
  }

  /** The same for a box that was not measured. */
  public FittedConstants inDoubt(double[] typical, Doubt range, String newSource) {
    return new FittedConstants(typical, low, high, regimes, newSource, Optional.of(range));
  }

  /** The band of a regime, by its place among the family's. */
  public Band band(int regime) {
    return regimes.isEmpty() ? new Band(low, high) : regimes.get(regime);
  }
}
