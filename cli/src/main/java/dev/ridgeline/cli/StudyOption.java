package dev.ridgeline.cli;

import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.units.Problem;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What is asked of requests, and whether once, several times, or at which rate.
 *
 * @param slo what a request has to meet
 * @param share of the requests that have to
 * @param replications runs with other random numbers, at least 1
 * @param capacity whether the rate is searched for
 * @param tolerance width of its bracket, relative
 */
record StudyOption(Slo slo, double share, int replications, boolean capacity, double tolerance) {
  static final String REPLICATIONS = "--replications";
  static final String CAPACITY = "--capacity";
  private static final String SLO_TTFT = "--slo-ttft";
  private static final String SLO_TPOT = "--slo-tpot";
  private static final String SLO_E2E = "--slo-e2e";
  private static final String SHARE = "--slo-share";
  private static final String TOLERANCE = "--capacity-tolerance";
  private static final double USUAL_SHARE = 0.99;
  private static final double USUAL_TOLERANCE = 0.01;
  private static final int MOST_REPLICATIONS = 10_000;
  private static final int USUAL_REPLICATIONS_OF_SEARCH = 5;

  static void declare(CommandSpec command) {
    add(command, SLO_TTFT, "TIME", "Objective: first token in time, such as \"500 ms\".");
    add(command, SLO_TPOT, "TIME", "Objective: mean time of each further token.");
    add(command, SLO_E2E, "TIME", "Objective: last token in time.");
    add(command, SHARE, "X", "Share of the requests that must meet all (default 0.99).");
    add(
        command,
        REPLICATIONS,
        "N",
        "Run N times with other random numbers; figures get confidence intervals.");
    command.addOption(
        OutputOption.flag(
            CAPACITY,
            "Search for the highest rate that meets the objectives; --rate is where it begins."));
    add(command, TOLERANCE, "X", "Narrow a rate down to this share of itself (default 0.01).");
  }

  private static void add(CommandSpec command, String name, String label, String description) {
    command.addOption(SubjectOption.option(name, label, description));
  }

  static StudyOption read(ParseResult parsed, TrafficOption.Traffic traffic) {
    Slo slo = new Slo(time(parsed, SLO_TTFT), time(parsed, SLO_TPOT), time(parsed, SLO_E2E));
    boolean capacity = OutputOption.has(parsed, CAPACITY);
    OptionalDouble share = NumberOption.positive(parsed, SHARE);
    if (share.orElse(1) > 1) {
      throw refused(SHARE, "must be a number above 0, and 1 at most");
    }
    if (!slo.asks() && (capacity || share.isPresent())) {
      throw refused(
          capacity ? CAPACITY : SHARE,
          "which objective? Give " + String.join(", ", List.of(SLO_TTFT, SLO_TPOT, SLO_E2E)));
    }
    if (capacity && traffic.concurrency().isPresent()) {
      throw refused(CAPACITY, "a closed loop has no rate to search for");
    }
    OptionalDouble tolerance = NumberOption.positive(parsed, TOLERANCE);
    if (tolerance.isPresent() && !capacity) {
      throw refused(TOLERANCE, "belongs to " + CAPACITY);
    }
    int replications =
        NumberOption.whole(parsed, REPLICATIONS, 1, MOST_REPLICATIONS)
            .orElse(capacity && traffic.random() ? USUAL_REPLICATIONS_OF_SEARCH : 1);
    if (replications > 1 && !traffic.random()) {
      throw refused(
          REPLICATIONS,
          "a recorded trace is the same each time; have arrivals made up with --rate");
    }
    return new StudyOption(
        slo, share.orElse(USUAL_SHARE), replications, capacity, tolerance.orElse(USUAL_TOLERANCE));
  }

  private static double time(ParseResult parsed, String option) {
    return parsed.hasMatchedOption(option)
        ? TrafficOption.seconds(parsed, option)
        : Double.POSITIVE_INFINITY;
  }

  private static RuntimeException refused(String option, String reason) {
    return Problem.of(reason).withField(option).exception();
  }
}
