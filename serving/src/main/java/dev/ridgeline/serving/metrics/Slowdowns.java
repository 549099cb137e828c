package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;

/** How much longer requests take than they would with a machine to themselves. */
public final class Slowdowns implements RequestSink {
  private final IdleTimes idle;

  // A slowdown of 1 is kept as one second.
  private final Durations ttft = new Durations();
  private final Durations tpot = new Durations();
  private final Durations endToEnd = new Durations();

  /** Nothing seen yet. */
  public Slowdowns(IdleTimes idle) {
    this.idle = idle;
  }

  @Override
  public void ended(RequestTable table, int slot) {
    int input = table.input[slot];
    int further = table.output[slot] - 1;
    double first = table.firstTokenNanos[slot] - table.arrivalNanos[slot];
    double last = table.lastTokenNanos[slot] - table.arrivalNanos[slot];
    double idleFirst = idle.ttftSeconds(input);
    double idleGap = idle.gapSeconds(input);
    ttft.add(Math.round(first / idleFirst), 1);
    endToEnd.add(Math.round(last / (idleFirst + further * idleGap)), 1);
    if (further > 0) {
      tpot.add(Math.round((last - first) / further / idleGap), 1);
    }
  }

  /** Of the time to the first token. */
  public Quantiles ttft() {
    return Quantiles.of(ttft);
  }

  /** Of the mean gap of each request. */
  public Quantiles tpot() {
    return Quantiles.of(tpot);
  }

  /** Of the time to the last token. */
  public Quantiles endToEnd() {
    return Quantiles.of(endToEnd);
  }
}
