package dev.ridgeline.serving.traffic;

/** A number of requests offered all at once, for a closed loop to take one by one. */
public final class OfferedTraffic implements ArrivalSource {
  private final ArrivalSource requests;
  private long left;

  /** So many of a source at most. */
  public OfferedTraffic(ArrivalSource requests, long limit) {
    this.requests = requests;
    this.left = limit;
  }

  @Override
  public boolean next(Arrival into) {
    if (left <= 0 || !requests.next(into)) {
      return false;
    }
    left--;
    into.timeNanos = 0;
    return true;
  }

  @Override
  public void close() {
    requests.close();
  }
}
