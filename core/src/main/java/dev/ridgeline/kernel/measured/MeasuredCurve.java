package dev.ridgeline.kernel.measured;

/**
 * Rows of a table that differ in the size along their curve alone.
 *
 * @param shape any of them
 * @param sizes along the curve, strictly rising, each at least 1
 * @param seconds measured times above 0, one for each size
 * @param <S> the shape of one call
 */
public record MeasuredCurve<S>(S shape, long[] sizes, double[] seconds) {

  public MeasuredCurve {
    if (sizes.length == 0 || sizes.length != seconds.length) {
      throw new IllegalArgumentException(
          "%d sizes, %d times".formatted(sizes.length, seconds.length));
    }
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < (i == 0 ? 1 : sizes[i - 1] + 1)) {
        throw new IllegalArgumentException("sizes must rise from 1, found " + sizes[i]);
      }
      if (!(seconds[i] > 0 && seconds[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("time of " + seconds[i]);
      }
    }
  }
}
