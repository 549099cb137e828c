package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;
import java.util.List;

/** Tells several of the same. */
public final class Sinks {
  private Sinks() {}

  /** All of some sinks for requests. */
  public static RequestSink requests(List<RequestSink> sinks) {
    List<RequestSink> all = List.copyOf(sinks);
    return switch (all.size()) {
      case 0 -> RequestSink.NONE;
      case 1 -> all.getFirst();
      default ->
          new RequestSink() {
            @Override
            public void ended(RequestTable table, int slot) {
              all.forEach(sink -> sink.ended(table, slot));
            }

            @Override
            public void rejected(RequestTable table, int slot) {
              all.forEach(sink -> sink.rejected(table, slot));
            }
          };
    };
  }

  /** All of some sinks for batches. */
  public static IterationSink iterations(List<IterationSink> sinks) {
    List<IterationSink> all = List.copyOf(sinks);
    return switch (all.size()) {
      case 0 -> IterationSink.NONE;
      case 1 -> all.getFirst();
      default ->
          (replica, start, end, size, prefill, decode) ->
              all.forEach(sink -> sink.ended(replica, start, end, size, prefill, decode));
    };
  }
}
