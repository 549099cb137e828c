package dev.ridgeline.cli.data;

import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.study.Capacity;
import dev.ridgeline.serving.study.Interval;
import dev.ridgeline.serving.study.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What several runs answer, as data. */
public final class StudyData {
  private StudyData() {}

  /**
   * Means over replications, and half the widths of their 95 % confidence intervals.
   *
   * @param wallSeconds how long the simulations computed
   */
  public static Data.Fields of(List<Trial> trials, double wallSeconds, List<String> assumptions) {
    return Data.fields()
        .put("replications", trials.size())
        .put("overloaded", trials.stream().anyMatch(trial -> trial.overload().overloaded()))
        .put("mean", figures(trials, Interval::mean))
        .put("half_width_95", figures(trials, Interval::halfWidth))
        .put("wall_s", wallSeconds)
        .put("assumptions", Data.texts(assumptions))
        .build();
  }

  private static Data figures(List<Trial> trials, ToDoubleFunction<Interval> part) {
    Data.Builder fields =
        Data.fields()
            .put("requests_per_s", over(trials, part, t -> t.result().requestsPerSecond()))
            .put("output_tokens_per_s", over(trials, part, t -> t.result().outputTokensPerSecond()))
            .put("preemptions", over(trials, part, t -> t.result().preemptions()))
            .put("makespan_s", over(trials, part, t -> t.result().makespanSeconds()))
            .put("ttft_s", quantiles(trials, part, t -> t.result().ttft()))
            .put("tpot_s", quantiles(trials, part, t -> t.result().tpot()))
            .put("tbt_s", quantiles(trials, part, t -> t.result().tbt()))
            .put("e2e_s", quantiles(trials, part, t -> t.result().endToEnd()))
            .put("energy_j", over(trials, part, t -> t.result().joules()))
            .put("usd", over(trials, part, t -> t.result().usd()));
    if (trials.getFirst().attainment().slo().asks()) {
      fields
          .put("slo_attainment", over(trials, part, t -> t.attainment().share()))
          .put("goodput_requests_per_s", over(trials, part, Trial::goodput));
    }
    return fields.build();
  }

  private static double over(
      List<Trial> trials, ToDoubleFunction<Interval> part, ToDoubleFunction<Trial> figure) {
    return part.applyAsDouble(Interval.of(trials.stream().mapToDouble(figure).toArray()));
  }

  private static Data quantiles(
      List<Trial> trials, ToDoubleFunction<Interval> part, Function<Trial, Quantiles> figure) {
    return Data.fields()
        .put("mean", over(trials, part, t -> figure.apply(t).mean()))
        .put("p50", over(trials, part, t -> figure.apply(t).p50()))
        .put("p90", over(trials, part, t -> figure.apply(t).p90()))
        .put("p99", over(trials, part, t -> figure.apply(t).p99()))
        .build();
  }

  /**
   * A rate that was searched for, and the run there.
   *
   * @param share of the requests that must meet their objectives
   * @param tolerance relative width of a bracket
   * @param wallSeconds how long the simulations computed
   * @param warnings why the rate may be wrong
   * @param assumptions what was taken for granted
   */
  public static Data.Fields of(
      Capacity capacity,
      double share,
      double tolerance,
      double wallSeconds,
      List<String> warnings,
      List<String> assumptions) {
    List<Data> rates = new ArrayList<>();
    capacity.rates().forEach(rate -> rates.add(Data.of(rate)));
    return SimulationData.put(
            Data.fields()
                .put(
                    "capacity",
                    Data.fields()
                        .put("requests_per_s", capacity.perSecond().mean())
                        .put("half_width_95", capacity.perSecond().halfWidth())
                        .put("replications", capacity.perSecond().count())
                        .put("each", new Data.Items(rates))
                        .put("lowest", capacity.lowest())
                        .put("highest", capacity.highest())
                        .put("bracket", tolerance)
                        .put("slo_share", share)
                        .put("runs", capacity.trials())
                        .put("warnings", Data.texts(warnings))
                        .build()),
            capacity.atLimit(),
            wallSeconds)
        .put("assumptions", Data.texts(assumptions))
        .build();
  }
}
