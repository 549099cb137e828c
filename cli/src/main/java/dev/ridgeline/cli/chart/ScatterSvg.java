package dev.ridgeline.cli.chart;

import dev.ridgeline.calibration.SiliconValidation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws predicted against measured times, a panel for each operator, both axes logarithmic. */
public final class ScatterSvg {
  private static final int PANEL = 300;
  private static final int MARGIN = 46;
  private static final int PLOT = 230;
  private static final int COLUMNS = 4;
  private static final double LEAST_SECONDS = 1e-6;
  private static final double DECADES = 7;

  private ScatterSvg() {}

  /** The drawing; the diagonal is a perfect prediction, the lines beside it half and double. */
  public static String of(Map<String, List<SiliconValidation.Point>> points) {
    int rows = (points.size() + COLUMNS - 1) / COLUMNS;
    int width = PANEL * Math.min(COLUMNS, Math.max(1, points.size()));
    int height = PANEL * Math.max(1, rows);
    var text = new StringBuilder();
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="Helvetica, Arial, sans-serif" font-size="11" role="img">
        <title>Predicted against measured operator times</title>
        <rect width="%d" height="%d" fill="#ffffff"/>
        """
            .formatted(width, height, width, height, width, height));
    int index = 0;
    for (Map.Entry<String, List<SiliconValidation.Point>> entry : points.entrySet()) {
      panel(
          text,
          entry.getKey(),
          entry.getValue(),
          index % COLUMNS * PANEL + MARGIN,
          index / COLUMNS * PANEL + MARGIN / 2);
      index++;
    }
    return text.append("</svg>\n").toString();
  }

  private static void panel(
      StringBuilder text, String title, List<SiliconValidation.Point> points, int left, int top) {
    line(text, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", left, top - 6, title);
    line(
        text,
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999999\"/>",
        left,
        top,
        PLOT,
        PLOT);
    String[] labels = {"1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s"};
    for (int decade = 0; decade < labels.length; decade += 2) {
      double at = decade / DECADES * PLOT;
      line(
          text,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%s</text>",
          left + at,
          top + PLOT + 14,
          labels[decade]);
      line(
          text,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555555\">%s</text>",
          left - 4,
          top + PLOT - at + 4,
          labels[decade]);
    }
    line(
        text,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">measured</text>",
        left + PLOT / 2,
        top + PLOT + 28);
    for (SiliconValidation.Point point : points) {
      line(
          text,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.1\" fill=\"#0072b2\" fill-opacity=\"0.25\"/>",
          left + share(point.measuredSeconds()) * PLOT,
          top + PLOT - share(point.predictedSeconds()) * PLOT);
    }
    for (double factor : new double[] {0.5, 1, 2}) {
      double shift = Math.log10(factor) / DECADES * PLOT;
      line(
          text,
          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d55e00\""
              + " stroke-width=\"%s\"/>",
          left + Math.max(0, -shift),
          top + PLOT - Math.max(0, shift),
          left + PLOT - Math.max(0, shift),
          top + Math.max(0, -shift),
          factor == 1 ? "1.2" : "0.5");
    }
  }

  private static double share(double seconds) {
    return Math.clamp(Math.log10(seconds / LEAST_SECONDS) / DECADES, 0, 1);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
