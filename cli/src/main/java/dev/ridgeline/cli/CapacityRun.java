package dev.ridgeline.cli;

import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.StudyData;
import dev.ridgeline.cli.page.StudyPage;
import dev.ridgeline.serving.metrics.Attainment;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.study.Capacity;
import dev.ridgeline.serving.study.Trial;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.Seconds;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches for the highest rate that meets the objectives, in runs long enough for a queue to build
 * up where one would.
 *
 * @param base what runs, at the rate where the search begins
 */
record CapacityRun(SimulationRun base) {
  /**
   * How many times the mean time of a request a run lasts at least. A server begins empty, so that
   * shorter runs end before the queue of a rate that is too high has grown: at 20 the rate found is
   * within its confidence interval of that of runs five times as long.
   */
  private static final double LONG_ENOUGH = 20;

  private static final long MOST_REQUESTS = 1 << 20;
  private static final int MOST_ROUNDS = 4;

  /** Answers on the page, or in JSON; the exit code. */
  int answer() {
    StudyOption study = base.study();
    long start = System.nanoTime();
    Capacity capacity;
    try {
      capacity = find(base, rate(base));
      for (int round = 1; round < MOST_ROUNDS; round++) {
        double length = length(capacity);
        if (length >= LONG_ENOUGH || !TrafficOption.isLengthOpen(base.parsed())) {
          break;
        }
        // A little more than needed: with more requests the rate falls.
        long requests = requestsNeeded(capacity);
        SimulationRun longer = base.with(TrafficOption.read(base.parsed(), requests));
        capacity = find(longer, capacity.perSecond().mean());
      }
    } catch (Capacity.Unbounded nothing) {
      base.surroundings().err().println("ridgeline: " + why(nothing));
      return ExitCode.INFEASIBLE;
    }
    double wall = (System.nanoTime() - start) / 1e9;
    List<String> warnings = warnings(capacity);
    List<String> notes = new ArrayList<>(warnings);
    notes.addAll(base.served().notes());
    base.surroundings()
        .out()
        .print(
            base.json()
                ? JsonPrinter.print(
                    StudyData.of(
                        capacity,
                        study.share(),
                        study.tolerance(),
                        wall,
                        warnings,
                        base.served().notes()))
                : StudyPage.of(
                    base.style(),
                    base.served().title(),
                    capacity,
                    study.share(),
                    study.tolerance(),
                    base.served().replicas(),
                    wall,
                    notes));
    return ExitCode.DONE;
  }

  private static double rate(SimulationRun run) {
    double rate = run.traffic().measuredPerSecond();
    if (rate > 0 && Double.isFinite(rate)) {
      return rate;
    }
    throw Problem.of("a trace whose requests all come at once has no rate to search from")
        .withField(StudyOption.CAPACITY)
        .exception();
  }

  private static Capacity find(SimulationRun run, double guess) {
    double own = rate(run);
    return Capacity.find(
        (rate, replication) -> run.trial(rate / own, replication),
        guess,
        run.study().share(),
        run.study().tolerance(),
        run.study().replications());
  }

  /** How many times the mean time of a request the run at the limit lasts. */
  private static double length(Capacity capacity) {
    Trial trial = capacity.atLimit();
    return trial.result().makespanSeconds() / trial.result().endToEnd().mean();
  }

  private static long requestsNeeded(Capacity capacity) {
    Trial trial = capacity.atLimit();
    double needed = 1.2 * LONG_ENOUGH / length(capacity) * trial.result().requests();
    return (long) Math.ceil(Math.min(MOST_REQUESTS, needed));
  }

  private static List<String> warnings(Capacity capacity) {
    double length = length(capacity);
    return length >= LONG_ENOUGH
        ? List.of()
        : List.of(
            "the runs are short: at this rate they last %.3g times as long as a request, and a queue has no time to build up below %.0f; the rate is likely too high, ask for about %,d requests"
                .formatted(length, LONG_ENOUGH, requestsNeeded(capacity)));
  }

  private String why(Capacity.Unbounded nothing) {
    Trial trial = nothing.trial();
    if (nothing.everyRate()) {
      return "every rate meets the objectives, up to %.4g requests/s: %,d requests are too few to load this server"
          .formatted(nothing.perSecond(), trial.result().requests());
    }
    if (trial.result().requests() == 0) {
      return "no rate meets the objectives: every request is refused, at any rate";
    }
    Attainment attainment = trial.attainment();
    Slo slo = attainment.slo();
    double share = base.study().share();
    List<String> parts = new ArrayList<>();
    part(
        parts,
        "first token takes",
        slo.ttftSeconds(),
        trial.result().ttft(),
        attainment.ttftShare());
    part(
        parts,
        "each further token takes",
        slo.tpotSeconds(),
        trial.result().tpot(),
        attainment.tpotShare());
    part(
        parts,
        "whole request takes",
        slo.endToEndSeconds(),
        trial.result().endToEnd(),
        attainment.endToEndShare());
    if (parts.isEmpty()) {
      parts.add(
          "each objective alone is met, but %.4g %% of the requests meet all, and %.4g %% must"
              .formatted(100 * attainment.share(), 100 * share));
    }
    return "no rate meets the objectives: even where requests come alone, "
        + String.join("; ", parts);
  }

  /** An objective that too few meet, and what can be had. */
  private void part(
      List<String> parts, String what, double asked, Quantiles reached, double share) {
    if (share < base.study().share() && Double.isFinite(asked)) {
      parts.add(
          "the %s %s at the median and %s at the 99th percentile, and %s is asked of %.4g %% (%.4g %% have it)"
              .formatted(
                  what,
                  new Seconds(reached.p50()),
                  new Seconds(reached.p99()),
                  new Seconds(asked),
                  100 * base.study().share(),
                  100 * share));
    }
  }
}
