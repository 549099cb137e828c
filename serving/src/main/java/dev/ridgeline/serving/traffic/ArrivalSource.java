package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;

/** A stream of requests in order of arrival: a trace, or a generator. */
public interface ArrivalSource extends AutoCloseable {
  /**
   * Fills in the next request.
   *
   * @return false if there is none, and nothing is filled in
   */
  boolean next(Arrival into);

  /** Whether answers make further requests come. */
  default boolean reacts() {
    return false;
  }

  /** Whether some requests are not counted. */
  default boolean cuts() {
    return false;
  }

  /**
   * A request of a session has its last token.
   *
   * @return when the session's next request comes; {@link Nanos#NEVER} if none does
   */
  default long answered(long session, long nowNanos) {
    return Nanos.NEVER;
  }

  /**
   * Fills in the next request of a session, but for its time, which has come.
   *
   * @return false if the session has ended
   */
  default boolean turn(long session, Arrival into) {
    return false;
  }

  /** A request of a session could never run. */
  default void refused(long session) {}

  @Override
  default void close() {}
}
