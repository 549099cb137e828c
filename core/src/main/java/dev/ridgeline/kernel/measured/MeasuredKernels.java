package dev.ridgeline.kernel.measured;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.platform.Platform;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where measured times are found; what stands behind it is for others to say. */
public interface MeasuredKernels {

  /**
   * The measured times of a variant on a platform.
   *
   * @param reference the kernel in the state of caches that was measured, to interpolate against
   * @return empty where nothing was measured
   */
  <S> Optional<Measured<S>> find(
      KernelFamily<S> family, String variant, Platform platform, Kernel<S> reference);

  /** What is looked for, for people who are told that it was not found. */
  default String lookedFor() {
    return "measured times";
  }

  /**
   * Measured times with how far what is read between them is trusted.
   *
   * @param times the rows
   * @param source such as {@code measured:gemm.csv}
   * @param row the band for shapes on curves with rows
   * @param curve the band for shapes on curves without
   * @param <S> the shape of one call
   */
  record Measured<S>(MeasuredTimes<S> times, String source, Band row, Band curve) {

    /** The band for a shape. */
    public Band band(S shape) {
      return times.hasCurveOf(shape) ? row : curve;
    }

    /**
     * A kernel that asks the rows inside their hull, and another kernel outside.
     *
     * @param measured the kernel in the state of caches that was measured
     * @param asked the same in the state that is asked for; measured times grow by the ratio
     * @param use what is told of every shape asked for
     */
    public Kernel<S> over(Kernel<S> measured, Kernel<S> asked, MeasuredUse use) {
      return shape -> {
        double otherwise = asked.seconds(shape);
        OptionalDouble seconds = times.seconds(shape);
        use.note(seconds.isPresent());
        return seconds.isPresent()
            ? seconds.getAsDouble() * Math.max(1, otherwise / measured.seconds(shape))
            : otherwise;
      };
    }
  }

  /**
   * Factors on a time between which eight measurements in ten are expected.
   *
   * @param low above 0
   * @param high at least {@code low}
   */
  record Band(double low, double high) {}
}
