package dev.ridgeline.kernel.measured;

import dev.ridgeline.kernel.Kernel;
import java.util.Arrays;

/**
 * Logarithms of a time and of its ratio to a reference, at sizes in rising order.
 *
 * @param sizes along the curve
 * @param logSeconds natural logarithms of the times
 * @param logRatios natural logarithms of time over reference
 */
record Curve(long[] sizes, double[] logSeconds, double[] logRatios) {
  static final Curve EMPTY = new Curve(new long[0], new double[0], new double[0]);

  /** With ratios to a reference. */
  static <S> Curve over(
      Kernel<S> reference, Axes<S> axes, S shape, long[] sizes, double[] logSeconds) {
    double[] logRatios = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      logRatios[i] = logSeconds[i] - Math.log(reference.seconds(axes.at().at(shape, sizes[i])));
    }
    return new Curve(sizes, logSeconds, logRatios);
  }

  boolean isEmpty() {
    return sizes.length == 0;
  }

  long first() {
    return sizes[0];
  }

  long last() {
    return sizes[sizes.length - 1];
  }

  boolean covers(long size) {
    return !isEmpty() && size >= first() && size <= last();
  }

  /** The place of the last size that is not above {@code size}; 0 where all are. */
  int below(long size) {
    int found = Arrays.binarySearch(sizes, size);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }

  /** The ratio, linear between logarithms of sizes; beyond the ends that of the end. */
  double logRatio(long size) {
    int low = below(size);
    if (size <= sizes[low] || low == sizes.length - 1) {
      return logRatios[low];
    }
    double share = share(sizes[low], size, sizes[low + 1]);
    return logRatios[low] + share * (logRatios[low + 1] - logRatios[low]);
  }

  /**
   * The time of a size that the curve covers, never beyond those of the two sizes around it.
   *
   * <p>Between them the ratio moves with the logarithm of the size where it rises, and with that of
   * the reference where it falls: the time then rises wherever the reference and the two times do.
   *
   * @param logReference logarithm of the reference's time for this size
   */
  double logSeconds(long size, double logReference) {
    int low = below(size);
    if (sizes[low] == size) {
      return logSeconds[low];
    }
    double from = logSeconds[low];
    double to = logSeconds[low + 1];
    double referenceFrom = from - logRatios[low];
    double referenceSpan = to - logRatios[low + 1] - referenceFrom;
    double change = logRatios[low + 1] - logRatios[low];
    double share =
        change < 0 && referenceSpan > 0
            ? Math.clamp((logReference - referenceFrom) / referenceSpan, 0, 1)
            : share(sizes[low], size, sizes[low + 1]);
    return Math.clamp(
        logReference + logRatios[low] + share * change, Math.min(from, to), Math.max(from, to));
  }

  /** Without one of its points. */
  Curve without(int place) {
    return new Curve(
        Arrays.stream(sizes).filter(size -> size != sizes[place]).toArray(),
        drop(logSeconds, place),
        drop(logRatios, place));
  }

  /** How far {@code size} lies from {@code low} to {@code high} in logarithms. */
  static double share(long low, long size, long high) {
    return Math.log((double) size / low) / Math.log((double) high / low);
  }

  private static double[] drop(double[] values, int place) {
    double[] rest = new double[values.length - 1];
    System.arraycopy(values, 0, rest, 0, place);
    System.arraycopy(values, place + 1, rest, place, rest.length - place);
    return rest;
  }
}
