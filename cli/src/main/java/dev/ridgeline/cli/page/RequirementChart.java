package dev.ridgeline.cli.page;

import dev.ridgeline.cli.chart.Axis;
import dev.ridgeline.cli.chart.Chart;
import dev.ridgeline.cli.chart.Chart.Curve;
import dev.ridgeline.cli.chart.Chart.Guide;
import dev.ridgeline.cli.chart.Chart.Panel;
import dev.ridgeline.cli.chart.Chart.Point;
import dev.ridgeline.estimate.Figure;
import dev.ridgeline.estimate.Frontier;
import dev.ridgeline.estimate.Requirement;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Draws requirements. */
public final class RequirementChart {
  private RequirementChart() {}

  /**
   * Lines to compare with, by what they measure.
   *
   * @param capacities in bytes
   * @param bandwidths in bytes per second
   */
  public record Guides(List<Guide> capacities, List<Guide> bandwidths) {
    /** Copies the lists. */
    public Guides {
      capacities = List.copyOf(capacities);
      bandwidths = List.copyOf(bandwidths);
    }
  }

  /** Capacity and memory bandwidth over the length of the prompt. */
  public static Chart overInput(List<RequirementAnswer> answers, Guides guides) {
    RequirementAnswer first = answers.getFirst();
    Axis input = new Axis("tokens of the prompt", Figures::scaled);
    return new Chart(
        "What %s needs".formatted(first.scenario().model().name()),
        notes(first, ""),
        List.of(
            new Panel(
                input,
                new Axis("memory capacity" + each(first), value -> new Bytes(value).toString()),
                List.of(
                    curve(
                        "weights, cache and what the engine leaves free",
                        answers,
                        RequirementChart::room)),
                guides.capacities(),
                List.of()),
            new Panel(
                input,
                new Axis("memory bandwidth" + each(first), RequirementChart::rate),
                List.of(
                    curve(
                        "least, when nothing else takes time",
                        answers,
                        Requirement::memoryBandwidthBytesPerSecond),
                    curve(
                        "with compute and links raised by one factor",
                        answers,
                        RequirementChart::together)),
                guides.bandwidths(),
                List.of())));
  }

  /** The least bandwidth for each amount of compute. */
  public static Chart frontier(RequirementAnswer answer, Frontier frontier, Guides guides) {
    List<Point> points = new ArrayList<>();
    for (Frontier.Point point : frontier.points()) {
      points.add(new Point(point.computeFlopsPerSecond(), point.tradedBytesPerSecond()));
    }
    String compute = "compute, dense " + answer.needed().arithmetic().key() + each(answer);
    return new Chart(
        "What meets the targets of %s".formatted(answer.scenario().model().name()),
        notes(answer, Figures.count(answer.scenario().traffic().inputTokens()) + " tokens in, "),
        List.of(
            new Panel(
                new Axis(compute, value -> new FlopsPerSecond(value).toString()),
                new Axis(traded(frontier) + each(answer), RequirementChart::rate),
                List.of(new Curve("least " + traded(frontier) + "; all above suffices", points)),
                guides.bandwidths(),
                List.of())));
  }

  static String traded(Frontier frontier) {
    return frontier.traded() == Figure.MEMORY_BANDWIDTH
        ? "memory bandwidth"
        : "link bandwidth, one way";
  }

  private static String each(RequirementAnswer answer) {
    return answer.devices() == 1 ? "" : " of each of %d devices".formatted(answer.devices());
  }

  private static List<String> notes(RequirementAnswer answer, String input) {
    List<String> parts = new ArrayList<>();
    parts.add(input + Figures.count(answer.scenario().traffic().outputTokens()) + " tokens out");
    if (answer.scenario().traffic().beams() > 1) {
      parts.add(answer.scenario().traffic().beams() + " beams");
    }
    parts.add("batch " + answer.scenario().traffic().inFlight());
    return List.of(
        String.join(", ", parts),
        "target: " + RequirementPage.targets(answer.scenario().objectives()));
  }

  private static Curve curve(
      String label, List<RequirementAnswer> answers, ToDoubleFunction<Requirement> figure) {
    List<Point> points = new ArrayList<>();
    for (RequirementAnswer answer : answers) {
      points.add(
          new Point(
              answer.scenario().traffic().inputTokens(), figure.applyAsDouble(answer.needed())));
    }
    return new Curve(label, points);
  }

  private static double room(Requirement needed) {
    return needed.memoryCapacityBytes();
  }

  private static double together(Requirement needed) {
    return needed.together().chip().mainMemory().bandwidth().orElseThrow().value();
  }

  private static String rate(double value) {
    return new BytesPerSecond(value).toString();
  }
}
