package dev.ridgeline.cost;

/**
 * Whole numbers at which something is remembered: each up to a limit, then a fixed number in each
 * octave, so that neighbours are never further apart than a fixed ratio.
 *
 * @param bits two to the power of this many points in each octave, 1 to 10
 * @param exponent values below two to the power of this have a point above them; at least bits
 */
record Grid(int bits, int exponent) {
  private static final int USUAL_EXPONENT = 45;

  /** A grid for sizes of any use. */
  static Grid of(int bits) {
    return new Grid(bits, USUAL_EXPONENT);
  }

  /** How many points there are. */
  int size() {
    return ((exponent - bits) << bits) + (2 << bits);
  }

  /** Index of the largest point not above {@code value}, which is at least 0. */
  int below(double value) {
    long whole = (long) value;
    if (whole < 2L << bits) {
      return (int) whole;
    }
    int octave = 63 - Long.numberOfLeadingZeros(whole) - bits;
    return (octave << bits) + (int) (whole >> octave);
  }

  /** The point at an index. */
  long at(int index) {
    if (index < 2 << bits) {
      return index;
    }
    int octave = (index >> bits) - 1;
    long mantissa = (index & ((1 << bits) - 1)) | (1L << bits);
    return mantissa << octave;
  }

  /** How far {@code value} lies from the point at {@code index} to the next, 0 to 1. */
  double share(double value, int index) {
    long low = at(index);
    return (value - low) / (at(index + 1) - low);
  }
}
