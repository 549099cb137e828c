package dev.ridgeline.papers.run;

import dev.ridgeline.papers.run.ServingRun.Outcome;
import dev.ridgeline.papers.run.ServingRun.Search;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.metrics.Slowdowns;
import dev.ridgeline.serving.metrics.TokenPace;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.ExpressionException;
import dev.ridgeline.units.expression.Unit;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of a run of the serving simulator by their path, computed when first asked for. */
final class ServedFigures {
  private static final Unit PER_SECOND = Unit.NONE.over(Unit.SECOND);
  private static final String HIGHEST = "highest_rate_per_s";
  private static final String AT_HIGHEST = "at_highest.";
  private static final String SLOWDOWN = "slowdown.";

  private final ServingRun run;
  private final Map<Double, Outcome> outcomes = new HashMap<>();
  private OptionalDouble highest = OptionalDouble.empty();

  ServedFigures(ServingRun run) {
    this.run = run;
  }

  /** The figure of a path such as {@code ttft.p90_s} or {@code at_highest.slowdown.ttft.p99}. */
  synchronized Amount figure(String path) {
    if (path.equals(HIGHEST)) {
      return new Amount(highestRate(), PER_SECOND);
    }
    if (path.equals("machines")) {
      return Amount.of(run.server().size());
    }
    if (path.startsWith(AT_HIGHEST)) {
      return figure(at(highestRate()), path.substring(AT_HIGHEST.length()));
    }
    double rate =
        run.load()
            .perSecond()
            .orElseThrow(
                () -> new ExpressionException("traffic has no rate; ask for at_highest." + path));
    return figure(at(rate), path);
  }

  private Outcome at(double rate) {
    return outcomes.computeIfAbsent(rate, run::at);
  }

  /**
   * The highest rate of the search whose percentiles keep to the limits: bracketed by strides that
   * double, then bisected. Where limits are kept, broken and kept again along the way, it is a rate
   * after which they are broken next.
   */
  private double highestRate() {
    Search search =
        run.search().orElseThrow(() -> new ExpressionException("the run names no rates to search"));
    if (highest.isPresent()) {
      return highest.getAsDouble();
    }
    boolean upwards = kept(search.near());
    double low = search.near();
    double high = search.near();
    for (double stride = search.step(); upwards == kept(upwards ? high : low); stride *= 2) {
      if (upwards) {
        low = high;
        high += stride;
      } else {
        high = low;
        low -= stride;
      }
      if (high > search.most() || low <= 0) {
        throw new ExpressionException(
            upwards
                ? "even %s requests/s keep to the limits".formatted(low)
                : "not even %s requests/s keep to the limits".formatted(high));
      }
    }
    while (Math.round((high - low) / search.step()) > 1) {
      double middle = low + search.step() * (Math.round((high - low) / search.step()) / 2);
      if (kept(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    highest = OptionalDouble.of(low);
    return low;
  }

  private boolean kept(double rate) {
    return run.limits().keptBy(at(rate));
  }

  private Amount figure(Outcome outcome, String path) {
    if (path.startsWith(SLOWDOWN)) {
      return slowdown(outcome, path.substring(SLOWDOWN.length()));
    }
    var result = outcome.result();
    return switch (path) {
      case "offered" -> Amount.of(outcome.offered());
      case "requests" -> Amount.of(result.requests());
      case "rejected" -> Amount.of(result.rejected());
      case "preemptions" -> Amount.of(result.preemptions());
      case "iterations" -> Amount.of(result.iterations());
      case "makespan_s" -> new Amount(result.makespanSeconds(), Unit.SECOND);
      case "requests_per_s" -> new Amount(result.requestsPerSecond(), PER_SECOND);
      case "output_tokens_per_s" -> new Amount(result.outputTokensPerSecond(), PER_SECOND);
      case "tokens_per_s" ->
          new Amount(
              result.outputTokensPerSecond() + result.inputTokens() / result.makespanSeconds(),
              PER_SECOND);
      case "utilisation" ->
          Amount.of(result.busySeconds() / result.makespanSeconds() / run.server().size());
      case "within_limits" -> Amount.of(run.limits().keptBy(outcome) ? 1 : 0);
      case "attainment" -> Amount.of(pace(outcome).share());
      case "effective_per_s" ->
          new Amount(pace(outcome).kept() / result.makespanSeconds(), PER_SECOND);
      default -> {
        int dot = path.indexOf('.');
        Quantiles of =
            switch (dot < 0 ? path : path.substring(0, dot)) {
              case "ttft" -> result.ttft();
              case "tpot" -> result.tpot();
              case "tbt" -> result.tbt();
              case "e2e" -> result.endToEnd();
              default -> throw unknown(path);
            };
        String which = path.substring(dot + 1);
        if (!which.endsWith("_s")) {
          throw unknown(path);
        }
        yield new Amount(quantile(of, which.substring(0, which.length() - 2)), Unit.SECOND);
      }
    };
  }

  private static Amount slowdown(Outcome outcome, String path) {
    Slowdowns slowdowns =
        outcome
            .slowdowns()
            .orElseThrow(() -> new ExpressionException("the run names no idle machine"));
    int dot = path.indexOf('.');
    Quantiles of =
        switch (dot < 0 ? path : path.substring(0, dot)) {
          case "ttft" -> slowdowns.ttft();
          case "tpot" -> slowdowns.tpot();
          case "e2e" -> slowdowns.endToEnd();
          default -> throw unknown(path);
        };
    return Amount.of(quantile(of, path.substring(dot + 1)));
  }

  private static TokenPace pace(Outcome outcome) {
    return outcome.pace().orElseThrow(() -> new ExpressionException("the run names no pace"));
  }

  private static double quantile(Quantiles of, String which) {
    return switch (which) {
      case "mean" -> of.mean();
      case "p50" -> of.p50();
      case "p90" -> of.p90();
      case "p95" -> of.p95();
      case "p99" -> of.p99();
      default -> throw unknown(which);
    };
  }

  private static ExpressionException unknown(String path) {
    return new ExpressionException("no figure of a run is called \"%s\"".formatted(path));
  }
}
