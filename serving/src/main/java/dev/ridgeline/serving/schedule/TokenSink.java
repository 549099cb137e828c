package dev.ridgeline.serving.schedule;

/** Told of tokens that come out. */
public interface TokenSink {
  /** A request got a token; its figures are in the table still. */
  void token(int slot, long nowNanos);

  /** A request got its last token; its slot is free after this. */
  void finished(int slot, long nowNanos);
}
