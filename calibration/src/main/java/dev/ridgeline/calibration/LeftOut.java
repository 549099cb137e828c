package dev.ridgeline.calibration;

import dev.ridgeline.kernel.measured.Axes;
import dev.ridgeline.kernel.measured.MeasuredCurve;
import dev.ridgeline.kernel.measured.MeasuredKernels.Band;
import dev.ridgeline.kernel.measured.MeasuredTimes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * How far interpolation would be off if a row, or a whole curve, had not been measured. Rows
 * outside the hull of the rest are not counted.
 *
 * @param row with single rows left out, one at a time
 * @param curve with whole curves left out, one at a time
 */
public record LeftOut(ErrorFigures.Collector row, ErrorFigures.Collector curve) {
  private static final double BAND_LOW = 0.1;
  private static final double BAND_HIGH = 0.9;
  private static final int FEW = 20;

  /** What nothing is known of. */
  private static final Band UNKNOWN = new Band(0.5, 2);

  /** What was left out. */
  enum What {
    ROW,
    CURVE
  }

  /**
   * Is told each row with what the others say of it.
   *
   * @param <S> the shape of one call
   */
  @FunctionalInterface
  interface Listener<S> {
    /** Times in seconds. */
    void leftOut(What what, S shape, double predicted, double measured);
  }

  /**
   * Leaves rows and curves out.
   *
   * @param every looks at one row of that many, and at one curve of that many, evenly spread
   */
  static <S> LeftOut of(
      MeasuredTimes<S> times, Axes<S> axes, List<MeasuredCurve<S>> curves, int every) {
    var errors = new LeftOut(new ErrorFigures.Collector(), new ErrorFigures.Collector());
    each(
        times,
        axes,
        curves,
        every,
        (what, _, predicted, measured) ->
            (what == What.ROW ? errors.row : errors.curve).add(predicted, measured));
    return errors;
  }

  /** As {@link #of}, row by row. */
  static <S> void each(
      MeasuredTimes<S> times,
      Axes<S> axes,
      List<MeasuredCurve<S>> curves,
      int every,
      Listener<S> listener) {
    int place = 0;
    for (int c = 0; c < curves.size(); c++) {
      MeasuredCurve<S> curve = curves.get(c);
      Optional<Function<S, OptionalDouble>> without =
          c % every == every / 2
              ? Optional.of(times.withoutCurve(curve.shape()))
              : Optional.empty();
      for (int i = 0; i < curve.sizes().length; i++) {
        S shape = axes.at().at(curve.shape(), curve.sizes()[i]);
        double measured = curve.seconds()[i];
        without
            .map(answer -> answer.apply(shape))
            .orElse(OptionalDouble.empty())
            .ifPresent(seconds -> listener.leftOut(What.CURVE, shape, seconds, measured));
        if (place++ % every == every / 2) {
          times
              .withoutRow(shape)
              .ifPresent(seconds -> listener.leftOut(What.ROW, shape, seconds, measured));
        }
      }
    }
  }

  /** The band around what is read between the rows of a curve. */
  public Band rowBand() {
    return row.size() >= FEW ? band(row) : UNKNOWN;
  }

  /** The band around what is read for a curve without rows. */
  public Band curveBand() {
    return curve.size() >= FEW ? band(curve) : UNKNOWN;
  }

  private static Band band(ErrorFigures.Collector errors) {
    return new Band(
        Math.min(1, errors.measuredOverPredicted(BAND_LOW)),
        Math.max(1, errors.measuredOverPredicted(BAND_HIGH)));
  }
}
