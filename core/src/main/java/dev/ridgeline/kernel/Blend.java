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
    return overlap(a, b, c, 0.0, order);
  }

  /** The same of four activities. */
  static double overlap(double a, double b, double c, double d, double order) {
    double longest = Math.max(Math.max(a, b), Math.max(c, d));
    if (longest <= 0) {
      return 0;
    }
    double sum =
        Math.pow(a / longest, order)
            + Math.pow(b / longest, order)
            + Math.pow(c / longest, order)
            + Math.pow(d / longest, order);
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
   * How long thread blocks of one length take, in units of what one takes alone, at least 1.
   *
   * <p>A multiprocessor holds {@code resident} blocks at once; each beyond the first makes a wave
   * longer by the share {@code crowding}, since they compete. Full waves follow one another, the
   * last holds what is left.
   *
   * @param blocks for each multiprocessor, on average
   * @param resident at least 1
   * @param crowding 0 where blocks only wait for memory, 1 where they share a unit that is full
   * @param rounding 1 where the last wave takes as long as its fullest multiprocessor, near 0 where
   *     blocks differ and even out
   */
  static double waves(double blocks, double resident, double crowding, double rounding) {
    double fullWaves = Math.floor(blocks / resident);
    double rest = Math.max(0, blocks - fullWaves * resident);
    double fullest = rest + rounding * (Math.ceil(rest) - rest);
    double last;
    if (rest <= 0) {
      last = 0;
    } else if (rest <= 1) {
      last = fullWaves > 0 ? fullest : 1;
    } else {
      last = 1 + crowding * (fullest - 1);
    }
    return Math.max(1, fullWaves * (1 + crowding * (resident - 1)) + last);
  }
}
