package dev.ridgeline.cli.page;

import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.metrics.Attainment;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.serving.study.Overload;
import dev.ridgeline.serving.study.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a simulation answers, on one page. */
public final class SimulationPage {
  private static final int LABEL = 24;
  private static final int VALUE = 13;
  private static final int PER_THOUSAND = 1000;

  private SimulationPage() {}

  /** What serves, in a line. */
  public static String title(Optional<String> model, ServingSetup setup) {
    return model.map(name -> name + ", ").orElse("") + heading(setup);
  }

  /** What serves, in a line. */
  public static String title(PoolSetup setup) {
    return setup.both().isEmpty()
        ? "%d prefill and %d decode machines, mixed-pool"
            .formatted(setup.prefill().size(), setup.decode().size())
        : "%d machines, least-tokens".formatted(setup.both().size());
  }

  /**
   * The page of one run.
   *
   * @param wallSeconds how long the simulation computed
   * @param notes what to know about the answer
   */
  public static String of(
      Style style,
      String title,
      int replicas,
      Trial trial,
      double wallSeconds,
      List<String> notes) {
    Page page = new Page(style);
    page.heading(title);
    figures(page, style, replicas, trial, wallSeconds);
    page.list("Notes", notes);
    return page.finish();
  }

  static void figures(Page page, Style style, int replicas, Trial trial, double wallSeconds) {
    ServingResult result = trial.result();
    page.line(
        style.dim(
            "%s requests%s%s iterations%s%s simulated in %s"
                .formatted(
                    Figures.count(result.requests()),
                    style.separator(),
                    Figures.count(result.iterations()),
                    style.separator(),
                    Figures.shortTime(result.makespanSeconds()),
                    Figures.shortTime(wallSeconds))));
    overload(page, trial.overload());
    page.gap();
    if (result.requests() > 0) {
      row(page, "throughput", Figures.number(result.requestsPerSecond()) + " requests/s");
      row(page, "", Figures.number(result.outputTokensPerSecond()) + " output tokens/s");
    } else {
      row(page, "throughput", "none: no request ended");
    }
    row(page, "preemptions", Figures.count(result.preemptions()));
    if (result.rejected() > 0) {
      row(page, "rejected", Figures.count(result.rejected()) + " requests that could never run");
    }
    if (result.prefixHitTokens() > 0) {
      row(
          page,
          "prefix hits",
          Figures.percent((double) result.prefixHitTokens() / result.inputTokens())
              + " of prompt tokens");
    }
    if (result.movedBlocks() > 0) {
      row(page, "host link", Figures.count(result.movedBlocks()) + " blocks moved");
    }
    if (result.makespanSeconds() > 0) {
      row(
          page,
          "busy",
          Figures.percent(result.busySeconds() / (result.makespanSeconds() * replicas)));
    }
    trial.apart().ifPresent(apart -> PoolRows.put(page, apart));
    if (Double.isFinite(result.joules()) && result.outputTokens() > 0) {
      row(
          page,
          "energy",
          "%s, %s a request, %s an output token"
              .formatted(
                  Figures.joules(result.joules()),
                  Figures.joules(result.joules() / result.requests()),
                  Figures.joules(result.joules() / result.outputTokens())));
    }
    if (Double.isFinite(result.usd()) && result.outputTokens() > 0) {
      row(
          page,
          "cost",
          "%s USD, %s USD per 1,000 requests"
              .formatted(
                  Figures.usd(result.usd()),
                  Figures.usd(PER_THOUSAND * result.usd() / result.requests())));
    }
    attainment(page, trial);
    page.gap();
    page.heading(
        "  "
            + Page.left("latency", LABEL)
            + Page.right("mean", VALUE)
            + Page.right("p50", VALUE)
            + Page.right("p90", VALUE)
            + Page.right("p99", VALUE));
    latency(page, "time to first token", result.ttft());
    latency(page, "time per output token", result.tpot());
    latency(page, "time between tokens", result.tbt());
    latency(page, "end to end", result.endToEnd());
  }

  private static void overload(Page page, Overload overload) {
    if (overload.stopped()) {
      page.line(
          "Overloaded, given up: %s, and %s wait."
              .formatted(rates(overload), Figures.count(overload.waiting())));
    } else if (overload.overloaded()) {
      page.line(
          "Overloaded: %s, and %s waited at the last arrival."
              .formatted(rates(overload), Figures.count(overload.waiting())));
    }
  }

  /** What came and what ended over the same stretch of time. */
  public static String rates(Overload overload) {
    String offered = Figures.number(overload.offeredPerSecond());
    return overload.servedPerSecond() > 0
        ? "%s requests/s come and %s end"
            .formatted(offered, Figures.number(overload.servedPerSecond()))
        : "%s requests/s come and none ended while they did".formatted(offered);
  }

  private static void attainment(Page page, Trial trial) {
    Attainment attainment = trial.attainment();
    Slo slo = attainment.slo();
    if (!slo.asks()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    part(parts, "first token", slo.ttftSeconds(), attainment.ttftShare());
    part(parts, "further tokens", slo.tpotSeconds(), attainment.tpotShare());
    part(parts, "end to end", slo.endToEndSeconds(), attainment.endToEndShare());
    row(
        page,
        "objectives met",
        "%s (%s)".formatted(Figures.percent(attainment.share()), String.join(", ", parts)));
    row(page, "goodput", Figures.number(trial.goodput()) + " requests/s");
  }

  private static void part(List<String> parts, String what, double seconds, double share) {
    if (Double.isFinite(seconds)) {
      parts.add("%s in %s: %s".formatted(what, Figures.shortTime(seconds), Figures.percent(share)));
    }
  }

  private static String heading(ServingSetup setup) {
    List<String> parts = new ArrayList<>();
    parts.add(setup.policy().key());
    if (setup.replicas() > 1) {
      parts.add(setup.replicas() + " replicas, " + setup.routing().key());
    }
    if (setup.options().pipelineStages() > 1) {
      parts.add(setup.options().pipelineStages() + " stages");
    }
    int ranks = setup.options().attentionRanks();
    if (ranks > 1) {
      parts.add(ranks + " attention ranks");
    }
    parts.add(
        (ranks > 1 ? "each %s blocks of %s tokens" : "%s blocks of %s tokens")
            .formatted(
                Figures.count(setup.options().kvBlocks()),
                Figures.count(setup.options().blockTokens())));
    setup
        .options()
        .host()
        .ifPresent(host ->
            parts.add(
                "%s on the host, %s each on the link"
                    .formatted(
                        Figures.count(host.blocks()), Figures.shortTime(host.secondsPerBlock()))));
    return String.join(", ", parts);
  }

  static void row(Page page, String label, String value) {
    page.line("  " + Page.left(label, LABEL) + value);
  }

  private static void latency(Page page, String label, Quantiles quantiles) {
    page.line(
        "  "
            + Page.left(label, LABEL)
            + cell(quantiles.mean())
            + cell(quantiles.p50())
            + cell(quantiles.p90())
            + cell(quantiles.p99()));
  }

  private static String cell(double seconds) {
    return Page.right(Double.isNaN(seconds) ? "-" : Figures.shortTime(seconds), VALUE);
  }
}
