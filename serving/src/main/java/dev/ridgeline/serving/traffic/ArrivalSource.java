package dev.ridgeline.serving.traffic;

/** A stream of requests in order of arrival: a trace, or a generator. */
public interface ArrivalSource extends AutoCloseable {
  /**
   * Fills in the next request.
   *
   * @return false if there is none, and nothing is filled in
   */
  boolean next(Arrival into);

  @Override
  default void close() {}
}
