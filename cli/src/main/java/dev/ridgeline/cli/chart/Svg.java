package dev.ridgeline.cli.chart;

import dev.ridgeline.cli.chart.Axis.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a chart as an SVG that needs nothing else: no style sheet, no script, no font file. */
public final class Svg {
  private static final int PANEL = 480;
  private static final int LEFT = 78;
  private static final int RIGHT = 34;
  private static final int LONE_PANEL = 680;
  private static final int TOP = 94;
  private static final int PLOT = 270;
  private static final int LEGEND_LINE = 18;
  private static final int ROW_GAP = 30;
  private static final int MARK_LINE = 15;
  private static final int MOST_IN_A_ROW = 3;

  /** Points closer together than that hide their curve. */
  private static final int MOST_MARKS = 40;

  /** Colours that are told apart by everybody (Okabe and Ito 2008). */
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

  /** Keeps words readable where a curve passes behind them. */
  private static final String HALO =
      " font-size=\"11\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"";

  private static final List<String> DASHES = List.of("", "7 4", "2 3", "9 3 2 3");

  private final StringBuilder text = new StringBuilder();
  private int panelWidth = PANEL;

  private Svg() {}

  /** The chart as SVG. */
  public static String of(Chart chart) {
    Svg svg = new Svg();
    svg.chart(chart);
    return svg.text.toString();
  }

  private void chart(Chart chart) {
    int panels = chart.panels().size();
    panelWidth = panels == 1 ? LONE_PANEL : PANEL;
    int rows = Math.ceilDiv(panels, MOST_IN_A_ROW);
    int columns = Math.ceilDiv(panels, rows);
    int width = panelWidth * columns;
    int curves = 0;
    for (Chart.Panel panel : chart.panels()) {
      curves = Math.max(curves, panel.curves().size());
    }
    int rowHeight = PLOT + 52 + curves * LEGEND_LINE + 8;
    int height = TOP + rows * rowHeight + (rows - 1) * ROW_GAP;
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" role=\"img\">",
        width, height, width, height);
    line("<title>%s</title>", escaped(chart.title()));
    line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    label(LEFT, 22, "start", "#111111", chart.title(), " font-size=\"15\" font-weight=\"bold\"");
    for (int index = 0; index < chart.notes().size(); index++) {
      label(LEFT, 40 + 16 * index, "start", "#555555", chart.notes().get(index), "");
    }
    for (int index = 0; index < panels; index++) {
      panel(
          chart.panels().get(index),
          index % columns * panelWidth + LEFT,
          TOP + index / columns * (rowHeight + ROW_GAP));
    }
    line("</svg>");
  }

  private void panel(Chart.Panel panel, int left, int top) {
    int width = panelWidth - LEFT - RIGHT;
    List<Double> horizontal = new ArrayList<>();
    List<Double> vertical = new ArrayList<>();
    for (Chart.Curve curve : panel.curves()) {
      for (Chart.Point point : curve.points()) {
        horizontal.add(point.x());
        vertical.add(point.y());
      }
    }
    panel.guides().forEach(guide -> vertical.add(guide.at()));
    panel.marks().forEach(mark -> horizontal.add(mark.at()));
    Range x = panel.x().range(horizontal);
    Range y = panel.y().range(vertical);
    int bottom = top + PLOT;
    for (double tick : x.ticks()) {
      double at = left + width * x.share(tick);
      rule(at, top, at, bottom, "#e4e4e4", "");
      label(at, bottom + 17, "middle", "#333333", panel.x().at(tick), "");
    }
    for (double tick : y.ticks()) {
      double at = bottom - PLOT * y.share(tick);
      rule(left, at, left + width, at, "#e4e4e4", "");
      label(left - 7, at + 4, "end", "#333333", panel.y().at(tick), "");
    }
    line(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>",
        left, top, width, PLOT);
    label(left + width / 2.0, bottom + 37, "middle", "#111111", panel.x().label(), "");
    label(left, top - 8, "start", "#111111", panel.y().label(), " font-weight=\"bold\"");
    for (Chart.Guide guide : panel.guides()) {
      double at = bottom - PLOT * y.share(guide.at());
      rule(left, at, left + width, at, "#777777", " stroke-dasharray=\"5 4\"");
    }
    for (Chart.Guide mark : panel.marks()) {
      double at = left + width * x.share(mark.at());
      rule(at, top, at, bottom, "#777777", " stroke-dasharray=\"5 4\"");
    }
    for (int index = 0; index < panel.curves().size(); index++) {
      Chart.Curve curve = panel.curves().get(index);
      String stroke = COLOURS.get(index % COLOURS.size());
      String dash = DASHES.get(index % DASHES.size());
      StringBuilder points = new StringBuilder();
      for (Chart.Point point : curve.points()) {
        points
            .append(points.isEmpty() ? "" : " ")
            .append(number(left + width * x.share(point.x())))
            .append(',')
            .append(number(bottom - PLOT * y.share(point.y())));
      }
      line(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>",
          points, stroke, dashed(dash));
      List<Chart.Point> marked = curve.points().size() > MOST_MARKS ? List.of() : curve.points();
      for (Chart.Point point : marked) {
        line(
            "<circle cx=\"%s\" cy=\"%s\" r=\"2.6\" fill=\"%s\"/>",
            number(left + width * x.share(point.x())),
            number(bottom - PLOT * y.share(point.y())),
            stroke);
      }
      double at = bottom + 56 + index * LEGEND_LINE;
      rule(left, at - 4, left + 28, at - 4, stroke, " stroke-width=\"2\"" + dashed(dash));
      label(left + 36, at, "start", "#333333", curve.label(), "");
    }
    for (Chart.Guide guide : panel.guides()) {
      double at = bottom - PLOT * y.share(guide.at());
      String words = guide.label() + ", " + panel.y().at(guide.at());
      if (roomier(panel, y, guide)) {
        label(left + 5, at - 5, "start", "#444444", words, HALO);
      } else {
        label(left + width - 5, at - 5, "end", "#444444", words, HALO);
      }
    }
    for (int index = 0; index < panel.marks().size(); index++) {
      Chart.Guide mark = panel.marks().get(index);
      boolean leftHalf = x.share(mark.at()) < 0.5;
      label(
          left + width * x.share(mark.at()) + (leftHalf ? 5 : -5),
          top + 16 + index * MARK_LINE,
          leftHalf ? "start" : "end",
          "#444444",
          mark.label() + ", " + panel.x().at(mark.at()),
          HALO);
    }
  }

  /** Whether the curves are farther from a guide at their left ends than at their right ends. */
  private static boolean roomier(Chart.Panel panel, Range y, Chart.Guide guide) {
    double atLeft = 1;
    double atRight = 1;
    for (Chart.Curve curve : panel.curves()) {
      if (!curve.points().isEmpty()) {
        double at = y.share(guide.at());
        atLeft = Math.min(atLeft, Math.abs(y.share(curve.points().getFirst().y()) - at));
        atRight = Math.min(atRight, Math.abs(y.share(curve.points().getLast().y()) - at));
      }
    }
    return atLeft > atRight;
  }

  private static String dashed(String dash) {
    return dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"";
  }

  private void rule(double x1, double y1, double x2, double y2, String stroke, String more) {
    line(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"%s/>",
        number(x1), number(y1), number(x2), number(y2), stroke, more);
  }

  private void label(double x, double y, String anchor, String colour, String words, String more) {
    if (!words.isEmpty()) {
      line(
          "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>",
          number(x), number(y), anchor, colour, more, escaped(words));
    }
  }

  private void line(String form, Object... arguments) {
    text.append(String.format(Locale.ROOT, form, arguments)).append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Characters that XML gives a meaning, and those it forbids. */
  static String escaped(String words) {
    StringBuilder escaped = new StringBuilder(words.length());
    words
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            default ->
                escaped.appendCodePoint(
                    c < 32 || Character.getType(c) == Character.SURROGATE ? '?' : c);
          }
        });
    return escaped.toString();
  }
}
