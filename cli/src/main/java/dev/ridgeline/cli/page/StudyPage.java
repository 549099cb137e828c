package dev.ridgeline.cli.page;

import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.study.Capacity;
import dev.ridgeline.serving.study.Interval;
import dev.ridgeline.serving.study.Trial;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What several runs answer, on one page. */
public final class StudyPage {
  private static final int LABEL = 24;
  private static final int VALUE = 20;

  private StudyPage() {}

  /**
   * Means over replications with their confidence intervals.
   *
   * @param wallSeconds how long the simulations computed
   * @param notes what to know about the answer
   */
  public static String of(
      Style style, String title, List<Trial> trials, double wallSeconds, List<String> notes) {
    Page page = new Page(style);
    page.heading(title);
    page.line(
        style.dim(
            "%d replications of %s requests%ssimulated in %s%smeans and 95 %% confidence intervals"
                .formatted(
                    trials.size(),
                    Figures.count(trials.getFirst().result().requests()),
                    style.separator(),
                    Figures.shortTime(wallSeconds),
                    style.separator())));
    long overloaded = trials.stream().filter(trial -> trial.overload().overloaded()).count();
    if (overloaded > 0) {
      page.line(
          "Overloaded in %d of %d: more came than ended.".formatted(overloaded, trials.size()));
    }
    page.gap();
    row(page, "requests/s", trials, t -> t.result().requestsPerSecond(), Figures::number);
    row(page, "output tokens/s", trials, t -> t.result().outputTokensPerSecond(), Figures::number);
    if (Double.isFinite(trials.getFirst().result().joules())) {
      row(
          page,
          "energy a request",
          trials,
          t -> t.result().joules() / t.result().requests(),
          Figures::joules);
    }
    if (trials.getFirst().attainment().slo().asks()) {
      row(page, "objectives met", trials, t -> t.attainment().share(), Figures::percent);
      row(page, "goodput, requests/s", trials, Trial::goodput, Figures::number);
    }
    page.gap();
    page.heading(
        "  "
            + Page.left("latency", LABEL)
            + Page.right("mean", VALUE)
            + Page.right("p50", VALUE)
            + Page.right("p90", VALUE)
            + Page.right("p99", VALUE));
    latency(page, "time to first token", trials, t -> t.result().ttft());
    latency(page, "time per output token", trials, t -> t.result().tpot());
    latency(page, "time between tokens", trials, t -> t.result().tbt());
    latency(page, "end to end", trials, t -> t.result().endToEnd());
    page.list("Notes", notes);
    return page.finish();
  }

  private static void row(
      Page page,
      String label,
      List<Trial> trials,
      ToDoubleFunction<Trial> figure,
      DoubleFunction<String> text) {
    page.line("  " + Page.left(label, LABEL) + interval(over(trials, figure), text));
  }

  private static Interval over(List<Trial> trials, ToDoubleFunction<Trial> figure) {
    return Interval.of(trials.stream().mapToDouble(figure).toArray());
  }

  private static String interval(Interval interval, DoubleFunction<String> text) {
    if (Double.isNaN(interval.mean())) {
      return "-";
    }
    String mean = text.apply(interval.mean());
    return Double.isNaN(interval.halfWidth())
        ? mean
        : mean + " ± " + text.apply(interval.halfWidth());
  }

  private static void latency(
      Page page, String label, List<Trial> trials, Function<Trial, Quantiles> quantiles) {
    List<ToDoubleFunction<Quantiles>> parts =
        List.of(Quantiles::mean, Quantiles::p50, Quantiles::p90, Quantiles::p99);
    StringBuilder line = new StringBuilder("  " + Page.left(label, LABEL));
    for (ToDoubleFunction<Quantiles> part : parts) {
      Interval interval = over(trials, t -> part.applyAsDouble(quantiles.apply(t)));
      line.append(Page.right(interval(interval, Figures::shortTime), VALUE));
    }
    page.line(line.toString());
  }

  /**
   * A rate that was searched for, and the run there.
   *
   * @param share of the requests that must meet their objectives
   * @param tolerance relative width of a bracket
   * @param wallSeconds how long the simulations computed
   * @param notes what to know about the answer
   */
  public static String of(
      Style style,
      String title,
      Capacity capacity,
      double share,
      double tolerance,
      int replicas,
      double wallSeconds,
      List<String> notes) {
    Page page = new Page(style);
    page.heading(title);
    Interval rate = capacity.perSecond();
    page.line(
        "Up to %s requests/s, %s of the requests meet their objectives."
            .formatted(interval(rate, Figures::number), Figures.percent(share)));
    page.line(
        style.dim(
            "%s%severy one met up to %s, none beyond %s%sbracketed to %s%s%d runs"
                .formatted(
                    rate.count() == 1
                        ? "one replication"
                        : rate.count() + " replications, 95 % confidence",
                    style.separator(),
                    Figures.number(capacity.lowest()),
                    Figures.number(capacity.highest()),
                    style.separator(),
                    Figures.percent(tolerance),
                    style.separator(),
                    capacity.trials())));
    page.gap();
    page.heading("At the highest rate that met, first replication");
    SimulationPage.figures(page, style, replicas, capacity.atLimit(), wallSeconds);
    page.list("Notes", notes);
    return page.finish();
  }
}
