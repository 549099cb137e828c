package dev.ridgeline.serving.schedule;

/** Told of tokens that come out. */
public interface TokenSink {
  /** A request got a token; its figures are in the table still. */
  void token(int slot, long nowNanos);

  /**
   * Requests got a token each, none of them its first, that come so long after the ones before;
   * their figures in the table are those of another time.
   */
  void gap(long nanos, int requests);

  /** A request got its last token; its slot is free after this. */
  void finished(int slot, long nowNanos);
}
