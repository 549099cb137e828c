package dev.ridgeline.kernel.measured;

/** Isotonic regression. */
final class Isotonic {
  private Isotonic() {}

  /**
   * Makes values rise: the rising sequence nearest to them in least squares, by pooling adjacent
   * violators (Barlow, Bartholomew, Bremner, Brunk: Statistical Inference under Order Restrictions,
   * 1972, section 1.2).
   *
   * @param values changed in place
   */
  static void level(double[] values) {
    double[] means = new double[values.length];
    int[] ends = new int[values.length];
    int[] counts = new int[values.length];
    int blocks = 0;
    for (int i = 0; i < values.length; i++) {
      means[blocks] = values[i];
      counts[blocks] = 1;
      ends[blocks] = i + 1;
      blocks++;
      while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
        int before = counts[blocks - 2];
        int after = counts[blocks - 1];
        means[blocks - 2] =
            (means[blocks - 2] * before + means[blocks - 1] * after) / (before + after);
        counts[blocks - 2] = before + after;
        ends[blocks - 2] = ends[blocks - 1];
        blocks--;
      }
    }
    int start = 0;
    for (int block = 0; block < blocks; block++) {
      for (int i = start; i < ends[block]; i++) {
        values[i] = means[block];
      }
      start = ends[block];
    }
  }
}
