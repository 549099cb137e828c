package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;

/** Told of each request that ends, in order of its end. */
public interface RequestSink {
  /** Nobody wants to know. */
  RequestSink NONE = (_, _) -> {};

  /** A request has its last token, at {@link RequestTable#lastTokenNanos}. */
  void ended(RequestTable table, int slot);

  /** A request was refused, because it could never run. */
  default void rejected(RequestTable table, int slot) {}
}
