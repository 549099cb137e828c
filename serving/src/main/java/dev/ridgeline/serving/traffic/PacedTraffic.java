package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;

/** Requests of one source at times of a process; what the source says of time is dropped. */
public final class PacedTraffic implements ArrivalSource {
  private final ArrivalSource requests;
  private final ArrivalProcess.Clock clock;
  private final double durationSeconds;
  private long left;

  /**
   * Requests that end when the source does, the limit is reached, or the time is over.
   *
   * @param limit at most so many requests
   * @param durationSeconds no request comes later; may be infinite
   */
  public PacedTraffic(
      ArrivalSource requests, ArrivalProcess.Clock clock, long limit, double durationSeconds) {
    this.requests = requests;
    this.clock = clock;
    this.left = limit;
    this.durationSeconds = durationSeconds;
  }

  @Override
  public boolean next(Arrival into) {
    if (left <= 0) {
      return false;
    }
    double seconds = clock.nextSeconds();
    if (!(seconds <= durationSeconds)
        || !(seconds < Nanos.NEVER / (4 * Nanos.PER_SECOND))
        || !requests.next(into)) {
      left = 0;
      return false;
    }
    left--;
    into.timeNanos = Nanos.of(seconds);
    return true;
  }

  @Override
  public void close() {
    requests.close();
  }
}
