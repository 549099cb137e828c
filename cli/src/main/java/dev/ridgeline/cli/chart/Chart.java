package dev.ridgeline.cli.chart;

import java.util.List;

/**
 * Panels under one title, up to three in a row.
 *
 * @param title what it shows
 * @param notes under which conditions, a line each, two at most
 * @param panels in reading order, at least one
 */
public record Chart(String title, List<String> notes, List<Panel> panels) {

  /** Copies the lists. */
  public Chart {
    notes = List.copyOf(notes);
    panels = List.copyOf(panels);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("a chart needs a panel");
    }
  }

  /**
   * Curves over two axes.
   *
   * @param x horizontal axis
   * @param y vertical axis
   * @param curves at least one point among them
   * @param guides horizontal lines to compare with
   * @param marks vertical lines to compare with
   */
  public record Panel(Axis x, Axis y, List<Curve> curves, List<Guide> guides, List<Guide> marks) {

    /** Copies the lists. */
    public Panel {
      curves = List.copyOf(curves);
      guides = List.copyOf(guides);
      marks = List.copyOf(marks);
      if (curves.stream().allMatch(curve -> curve.points().isEmpty())) {
        throw new IllegalArgumentException("a panel needs a point");
      }
    }
  }

  /**
   * A line through points.
   *
   * @param label for the legend
   * @param points from left to right
   */
  public record Curve(String label, List<Point> points) {

    /** Copies the list. */
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** A point in the units of the axes. */
  public record Point(double x, double y) {}

  /**
   * A line across the panel.
   *
   * @param label what lies there
   * @param at where, in units of the axis that it crosses
   */
  public record Guide(String label, double at) {}
}
