package dev.ridgeline.calibration;

import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.platform.Chip;

/**
 * What a meter showed while one call repeated.
 *
 * @param variant operator and format, as variants of {@link BoardPower} are named
 * @param family what the shape has in common with those held out together
 * @param seconds of one call
 * @param watts shown
 * @param limitWatts of the board
 * @param matrixLoad flops a second over the peak
 * @param memoryLoad bytes a second over the bandwidth
 */
record PowerReading(
    String variant,
    String family,
    double seconds,
    double watts,
    double limitWatts,
    double matrixLoad,
    double memoryLoad) {
  private static final double SECONDS_PER_MICROSECOND = 1e-6;

  /** 100 us, less the rounding of microseconds turned into seconds. */
  private static final double LONG_SECONDS = 1e-4 * (1 - 1e-12);

  static <S> PowerReading of(PowerTable<S> table, TableRow row, Chip chip) {
    S shape = table.table().shapeOf(row);
    double seconds = row.positive(OperatorTable.LATENCY) * SECONDS_PER_MICROSECOND;
    double peak = chip.peak(table.arithmetic().apply(shape)).orElseThrow().value();
    double bandwidth = chip.mainMemory().bandwidth().orElseThrow().value();
    return new PowerReading(
        table.variant(shape),
        table.familyKey().apply(shape),
        seconds,
        row.positive(PowerTable.WATTS),
        row.positive(PowerTable.LIMIT),
        table.flops().applyAsDouble(shape) / seconds / peak,
        table.trafficBytes().applyAsDouble(shape) / seconds / bandwidth);
  }

  /** Whether gaps between calls hardly matter. */
  boolean isLong() {
    return seconds >= LONG_SECONDS;
  }

  double metered(BoardPower power) {
    return power.meteredWatts(limitWatts, matrixLoad, memoryLoad, seconds);
  }

  double running(BoardPower power) {
    return power.watts(limitWatts, matrixLoad, memoryLoad);
  }
}
