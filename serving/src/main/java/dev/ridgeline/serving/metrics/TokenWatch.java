package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;

/** Told of each token as it comes out. */
public interface TokenWatch {
  /** Nobody wants to know. */
  TokenWatch NONE = (_, _, _, _) -> {};

  /**
   * A request gets a token.
   *
   * @param sinceNanos when it got the one before; {@link RequestTable#UNSET} for its first
   */
  void token(RequestTable table, int slot, long sinceNanos, long nowNanos);
}
