package dev.ridgeline.cli.page;

import dev.ridgeline.cli.chart.Axis;
import dev.ridgeline.cli.chart.Chart;
import dev.ridgeline.cli.chart.Chart.Curve;
import dev.ridgeline.cli.chart.Chart.Panel;
import dev.ridgeline.cli.chart.Chart.Point;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.Measurements.Figure;
import dev.ridgeline.serving.metrics.TimeSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** A run as a drawing: how latencies are spread, and what happened when. */
public final class ServingChart {
  private static final int STEPS = 200;

  private ServingChart() {}

  /** Latencies from arrival, latencies between tokens, requests over time, tokens over time. */
  public static Chart of(
      String title, List<String> notes, Measurements measurements, TimeSeries series) {
    List<Panel> panels = new ArrayList<>();
    distribution(
        panels,
        "latency from arrival",
        curve("time to first token", Figure.TTFT, measurements),
        curve("end to end", Figure.END_TO_END, measurements));
    distribution(
        panels,
        "latency between tokens",
        curve("time per output token, a request's mean", Figure.TPOT, measurements),
        curve("time between tokens, each", Figure.TBT, measurements));
    double step = series.stepSeconds();
    panels.add(
        timeline(
            "requests",
            Figures::scaled,
            over(step, "in progress", series.running()),
            over(step, "waiting", series.waiting())));
    panels.add(
        timeline(
            "tokens a second",
            Figures::scaled,
            over(step, "of prompts", series.prefillRate()),
            over(step, "decoded", series.decodeRate())));
    return new Chart(title, notes, panels);
  }

  private static void distribution(List<Panel> panels, String label, Curve... curves) {
    List<Curve> drawn = new ArrayList<>();
    for (Curve curve : curves) {
      if (!curve.points().isEmpty()) {
        drawn.add(curve);
      }
    }
    if (!drawn.isEmpty()) {
      panels.add(
          new Panel(
              new Axis(label, Figures::shortTime),
              new Axis("share not above", share -> Math.round(100 * share) + " %", true),
              drawn,
              List.of()));
    }
  }

  private static Curve curve(String label, Figure figure, Measurements measurements) {
    double[] shares = new double[STEPS + 1];
    for (int step = 0; step <= STEPS; step++) {
      shares[step] = (double) step / STEPS;
    }
    double[] at = measurements.quantiles(figure, shares);
    List<Point> points = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      if (at[step] > 0) {
        points.add(new Point(at[step], shares[step]));
      }
    }
    return new Curve(label, points);
  }

  private static Panel timeline(String label, DoubleFunction<String> text, Curve... curves) {
    return new Panel(
        new Axis("simulated time in s", Figures::scaled, true),
        new Axis(label, text, true),
        List.of(curves),
        List.of());
  }

  private static Curve over(double stepSeconds, String label, double[] values) {
    List<Point> points = new ArrayList<>();
    for (int at = 0; at < values.length; at++) {
      points.add(new Point((at + 0.5) * stepSeconds, values[at]));
    }
    return new Curve(label, points);
  }
}
