package dev.ridgeline.kernel;

/**
 * A constant of a kernel family. Constants are positive and fitted in the logarithm.
 *
 * @param name key in profiles, such as {@code launch}
 * @param unit SI unit, or {@code 1} for a plain number
 * @param meaning what it stands for, in a few words
 * @param low smallest plausible value, above 0
 * @param typical value to start a fit from, and the pull where the data say nothing
 * @param high largest plausible value
 */
public record Parameter(
    String name, String unit, String meaning, double low, double typical, double high) {

  public Parameter {
    if (!(low > 0 && low <= typical && typical <= high && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "parameter %s: range %s to %s, typical %s".formatted(name, low, high, typical));
    }
  }
}
