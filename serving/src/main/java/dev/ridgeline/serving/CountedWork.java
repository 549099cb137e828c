package dev.ridgeline.serving;

import dev.ridgeline.events.Nanos;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** What is done between the first arrival that counts and the next that does not. */
final class CountedWork {
  private final LongSupplier doneNanos;
  private final DoubleSupplier doneJoules;
  private boolean counting = true;
  private long nanos;
  private double joules;

  /**
   * Nothing counted yet.
   *
   * @param doneNanos time busy so far, counted or not
   * @param doneJoules energy so far, counted or not
   */
  CountedWork(LongSupplier doneNanos, DoubleSupplier doneJoules) {
    this.doneNanos = doneNanos;
    this.doneJoules = doneJoules;
  }

  /** A request comes that counts, or one that does not. */
  void arrived(boolean counted) {
    if (counted != counting) {
      int sign = counted ? -1 : 1;
      nanos += sign * doneNanos.getAsLong();
      joules += sign * doneJoules.getAsDouble();
      counting = counted;
    }
  }

  double busySeconds() {
    return Nanos.seconds(nanos + (counting ? doneNanos.getAsLong() : 0));
  }

  double joules() {
    return joules + (counting ? doneJoules.getAsDouble() : 0);
  }
}
