package dev.ridgeline.kernel;

/** Smooth forms of the choices a kernel's time is made of. */
final class Blend {
  private Blend() {}

  /**
   * Time of activities that overlap: the {@code order}-norm, the sum at order 1, the longest alone
   * as the order grows.
   */
  static double overlap(double a, double b, double order) {
    return overlap(a, b, 0.0, order);
  }

  /** The same of three activities. */
  static double overlap(double a, double b, double c, double order) {
    double longest = Math.max(a, Math.max(b, c));
    if (longest <= 0) {
      return 0;
    }
    double sum =
        Math.pow(a / longest, order) + Math.pow(b / longest, order) + Math.pow(c / longest, order);
    return longest * Math.pow(sum, 1 / order);
  }

  /**
   * Share of repeated reads that a cache answers: near 1 while the working set fits, falling as the
   * power {@code sharpness} of the working set beyond, since no cache replaces its lines by strict
   * age.
   */
  static double hits(double workingSetBytes, double cacheBytes, double sharpness) {
    return 1 / (1 + Math.pow(workingSetBytes / cacheBytes, sharpness));
  }

  /**
   * Waves in which {@code items} run on {@code slots} that work at once, at least 1.
   *
   * @param rounding 1 where slots wait for the slowest of a wave, near 0 where a slot takes the
   *     next item as soon as it is free and items differ
   */
  static double waves(double items, double slots, double rounding) {
    double waves = items / slots;
    return waves <= 1 ? 1 : waves + rounding * (Math.ceil(waves) - waves);
  }
}
