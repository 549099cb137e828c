package dev.ridgeline.cli.page;

import dev.ridgeline.cli.chart.Axis;
import dev.ridgeline.cli.chart.Chart;
import dev.ridgeline.cli.chart.Chart.Curve;
import dev.ridgeline.cli.chart.Chart.Guide;
import dev.ridgeline.cli.chart.Chart.Panel;
import dev.ridgeline.cli.chart.Chart.Point;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.Measurements.Figure;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.metrics.TimeSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** A run as a drawing: how latencies are spread, and what happened when. */
public final class ServingChart {
  private static final int STEPS = 200;

  /** Stretches over which rates are averaged; prompts come in lumps that hide everything else. */
  private static final int RATE_STRETCHES = 60;

  private ServingChart() {}

  /**
   * Latencies from arrival, latencies between tokens, requests over time, tokens over time, time
   * busy.
   *
   * @param slo objectives, drawn across the latencies
   * @param series of the whole run
   * @param parts of instances that do the same, by what they are called
   */
  public static Chart of(
      String title,
      List<String> notes,
      Measurements measurements,
      Slo slo,
      TimeSeries series,
      Map<String, TimeSeries> parts) {
    List<Panel> panels = new ArrayList<>();
    distribution(
        panels,
        "latency from arrival",
        marks("first token", slo.ttftSeconds(), "last token", slo.endToEndSeconds()),
        curve("time to first token", Figure.TTFT, measurements),
        curve("end to end", Figure.END_TO_END, measurements));
    distribution(
        panels,
        "latency between tokens",
        marks("further tokens", slo.tpotSeconds()),
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
            averaged(step, "of prompts", series.prefillRate()),
            averaged(step, "decoded", series.decodeRate())));
    panels.add(
        timeline(
            "share of time busy",
            ServingChart::percent,
            parts.entrySet().stream()
                .map(part ->
                    averaged(part.getValue().stepSeconds(), part.getKey(), part.getValue().busy()))
                .toArray(Curve[]::new)));
    return new Chart(title, notes, panels);
  }

  private static List<Guide> marks(String label, double seconds) {
    return Double.isInfinite(seconds) ? List.of() : List.of(new Guide(label, seconds));
  }

  private static List<Guide> marks(
      String label, double seconds, String other, double otherSeconds) {
    return Stream.concat(marks(label, seconds).stream(), marks(other, otherSeconds).stream())
        .toList();
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  private static void distribution(
      List<Panel> panels, String label, List<Guide> marks, Curve... curves) {
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
              new Axis("share not above", ServingChart::percent, true),
              drawn,
              List.of(),
              marks));
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
        List.of(),
        List.of());
  }

  /** Means of neighbours, so that at most {@link #RATE_STRETCHES} points are drawn. */
  private static Curve averaged(double stepSeconds, String label, double[] values) {
    int group = Math.ceilDiv(values.length, RATE_STRETCHES);
    List<Point> points = new ArrayList<>();
    for (int from = 0; from < values.length; from += group) {
      int until = Math.min(values.length, from + group);
      points.add(
          new Point(
              (from + until) / 2.0 * stepSeconds,
              Arrays.stream(values, from, until).average().orElseThrow()));
    }
    return new Curve(label, points);
  }

  private static Curve over(double stepSeconds, String label, double[] values) {
    List<Point> points = new ArrayList<>();
    for (int at = 0; at < values.length; at++) {
      points.add(new Point((at + 0.5) * stepSeconds, values[at]));
    }
    return new Curve(label, points);
  }
}
