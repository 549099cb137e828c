package dev.ridgeline.cli.page;

import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.pool.PoolSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a simulation answers, on one page. */
public final class SimulationPage {
  private static final int LABEL = 24;
  private static final int VALUE = 13;

  private SimulationPage() {}

  /**
   * The page.
   *
   * @param model what is served, if it has a name
   * @param wallSeconds how long the simulation computed
   * @param notes what to know about the answer
   */
  public static String of(
      Style style,
      Optional<String> model,
      ServingSetup setup,
      ServingResult result,
      double wallSeconds,
      List<String> notes) {
    String heading = model.map(name -> name + ", ").orElse("") + heading(setup);
    return page(style, heading, setup.replicas(), result, wallSeconds, notes);
  }

  /**
   * The page of a cluster of pools.
   *
   * @param wallSeconds how long the simulation computed
   */
  public static String of(
      Style style, PoolSetup setup, ServingResult result, double wallSeconds) {
    String heading =
        setup.both().isEmpty()
            ? "%d prefill and %d decode machines, mixed-pool"
                .formatted(setup.prefill().size(), setup.decode().size())
            : "%d machines, least-tokens".formatted(setup.both().size());
    return page(style, heading, setup.machines(), result, wallSeconds, List.of());
  }

  private static String page(
      Style style,
      String heading,
      int replicas,
      ServingResult result,
      double wallSeconds,
      List<String> notes) {
    Page page = new Page(style);
    page.heading(heading);
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
    page.gap();
    row(page, "throughput", Figures.number(result.requestsPerSecond()) + " requests/s");
    row(page, "", Figures.number(result.outputTokensPerSecond()) + " output tokens/s");
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
    row(
        page,
        "busy",
        Figures.percent(result.busySeconds() / (result.makespanSeconds() * replicas)));
    if (Double.isFinite(result.joules())) {
      row(page, "energy", Figures.joules(result.joules()));
    }
    if (Double.isFinite(result.usd())) {
      row(page, "cost", Figures.usd(result.usd()) + " USD");
    }
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
    page.list("Notes", notes);
    return page.finish();
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
    parts.add(
        "%s blocks of %s tokens"
            .formatted(
                Figures.count(setup.options().kvBlocks()),
                Figures.count(setup.options().blockTokens())));
    return String.join(", ", parts);
  }

  private static void row(Page page, String label, String value) {
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
