package dev.ridgeline.calibration.served;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;

/**
 * Means of a closed loop in which the opening burst has the weight that it has in a whole run,
 * where fewer rounds were simulated than the benchmark had.
 */
final class LoopMeans implements RequestSink {
  private final ServedRun.Loop loop;
  private final Part burst = new Part();
  private final Part later = new Part();

  LoopMeans(ServedRun.Loop loop) {
    this.loop = loop;
  }

  @Override
  public void ended(RequestTable table, int slot) {
    (table.id[slot] < loop.inFlight() ? burst : later).add(table, slot);
  }

  Means means() {
    double share = later.requests == 0 ? 1 : loop.burstShare();
    return new Means(
        burst.requests + later.requests,
        weighed(share, burst.ttft / burst.requests, later.ttft / later.requests),
        weighed(later.gaps == 0 ? 1 : share, burst.gap / burst.gaps, later.gap / later.gaps));
  }

  private static double weighed(double share, double ofBurst, double ofLater) {
    return share == 1 ? ofBurst : share * ofBurst + (1 - share) * ofLater;
  }

  private static final class Part {
    private double ttft;
    private long requests;
    private double gap;
    private long gaps;

    void add(RequestTable table, int slot) {
      ttft += Nanos.seconds(table.firstTokenNanos[slot] - table.arrivalNanos[slot]);
      requests++;
      if (table.output[slot] > 1) {
        gap +=
            Nanos.seconds(table.lastTokenNanos[slot] - table.firstTokenNanos[slot])
                / (table.output[slot] - 1);
        gaps++;
      }
    }
  }
}
