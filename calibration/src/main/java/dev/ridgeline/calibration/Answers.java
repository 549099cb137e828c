package dev.ridgeline.calibration;

/**
 * Who says how long the calls of a table take.
 *
 * @param <S> the shape of one call
 */
@FunctionalInterface
public interface Answers<S> {

  /**
   * The time of one call.
   *
   * @throws dev.ridgeline.units.InputException naming the row, where there is no answer
   */
  Answer to(S shape, TableRow row);

  /**
   * A time, and how far it is trusted.
   *
   * @param seconds above 0 and finite
   * @param low factor on it below which one measurement in ten is expected
   * @param high factor on it above which one measurement in ten is expected
   * @param source who says so
   */
  record Answer(double seconds, double low, double high, String source) {}
}
