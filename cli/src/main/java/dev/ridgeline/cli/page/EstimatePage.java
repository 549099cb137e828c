package dev.ridgeline.cli.page;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cli.data.ModelFacts;
import dev.ridgeline.cli.data.QualityText;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.SustainedRate;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Parameters;
import java.util.List;
import java.util.Optional;

/** One estimate on one page. */
public final class EstimatePage {
  private static final int LABEL = 24;
  private static final int VALUE = 16;

  private final Page page;
  private final Style style;
  private final Estimate estimate;
  private final Scenario scenario;

  private EstimatePage(Style style, Estimate estimate) {
    this.page = new Page(style);
    this.style = style;
    this.estimate = estimate;
    this.scenario = estimate.scenario();
  }

  /**
   * The page.
   *
   * @param useCase name of the use case, where one was named
   * @param assumptions everything taken for granted
   * @param explain whether to list every operator
   */
  public static String of(
      Style style,
      Estimate estimate,
      Optional<String> useCase,
      List<String> assumptions,
      boolean explain) {
    EstimatePage writer = new EstimatePage(style, estimate);
    writer.head(useCase);
    writer.metrics();
    PhaseSection phases = new PhaseSection(writer.page);
    phases.add(estimate.prefill(), "Prefill");
    estimate.decode().ifPresent(decode -> phases.add(decode, "Decode"));
    SharedStepsSection shared = new SharedStepsSection(writer.page);
    estimate.chunks().ifPresent(shared::add);
    estimate
        .speculation()
        .ifPresent(report -> shared.add(writer.scenario.speculation().orElseThrow(), report));
    new MemorySection(writer.page)
        .add(
            estimate.memory(),
            writer.scenario.engine().name(),
            writer.scenario.engine().blockTokens());
    if (explain) {
      OperatorTable operators = new OperatorTable(writer.page);
      operators.add(estimate.prefill(), "Prefill");
      estimate.decode().ifPresent(decode -> operators.add(decode, "Decode"));
    }
    writer.page.list(
        "Published quality",
        QualityText.lines(
            Catalog.shipped()
                .quality()
                .of(writer.scenario.model(), writer.scenario.deployment().precision())));
    writer.page.list("Assumptions", assumptions);
    writer.page.list("Warnings", estimate.warnings().stream().distinct().toList());
    return writer.page.finish();
  }

  private void head(Optional<String> useCase) {
    Traffic traffic = scenario.traffic();
    Precision precision = scenario.deployment().precision();
    Parameters parameters = scenario.model().parameters();
    page.heading(scenario.model().name() + " on " + scenario.platform().name());
    long served = parameters.language() + parameters.vision();
    String size = Figures.parameters(served) + " parameters";
    if (parameters.active() < parameters.language()) {
      size += ", " + Figures.parameters(parameters.active()) + " active";
    }
    String load =
        traffic.concurrency().isPresent()
            ? "concurrency " + Figures.count(traffic.inFlight())
            : "batch " + Figures.count(traffic.batch());
    String lengths =
        "%s tokens in, %s out"
            .formatted(Figures.count(traffic.inputTokens()), Figures.count(traffic.outputTokens()));
    String request = useCase.map(name -> name + ": ").orElse("") + lengths;
    String beams = traffic.beams() > 1 ? style.separator() + traffic.beams() + " beams" : "";
    page.line(style.dim(String.join(style.separator(), size, request, load) + beams));
    page.line(
        style.dim(
            String.join(
                style.separator(),
                "%s on %d of %d devices"
                    .formatted(
                        scenario.deployment().parallelism(),
                        estimate.devices(),
                        scenario.platform().chips()),
                "weights "
                    + precision.weights().map(NumberFormat::name).orElseGet(this::storedFormat),
                "activations " + precision.activationFormat(scenario.model()),
                "cache " + precision.kvFormat(scenario.model()),
                "engine " + scenario.engine().name())));
  }

  private String storedFormat() {
    return ModelFacts.bytesByFormat(scenario.model()).firstEntry().getKey();
  }

  private void metrics() {
    page.gap();
    metric(
        "Time to first token",
        Figures.time(estimate.ttftSeconds()),
        target(scenario.objectives().ttft(), estimate.ttftSeconds()));
    metric(
        "Time per output token",
        estimate.tpotSeconds().isPresent()
            ? Figures.time(estimate.tpotSeconds().getAsDouble())
            : "undefined",
        estimate.tpotSeconds().isPresent()
            ? target(scenario.objectives().tpot(), estimate.tpotSeconds().getAsDouble())
            : style.dim("one output token"));
    metric("End to end", Figures.time(estimate.endToEndSeconds()), "");
    metric(
        "Throughput",
        Figures.number(estimate.outputTokensPerSecond()) + " tok/s",
        Figures.number(estimate.outputTokensPerSecond() / estimate.allDevices())
            + " tok/s per device"
            + (estimate.allDevices() > estimate.devices()
                ? " of " + estimate.allDevices() + " with the drafter's"
                : "")
            + style.separator()
            + Figures.number(estimate.requestsPerSecond())
            + " requests/s");
    metric(
        "Energy",
        estimate.energyJoulesPerOutputToken().isPresent()
            ? Figures.joules(estimate.energyJoulesPerOutputToken().getAsDouble())
            : "unknown",
        estimate.averageWattsPerDevice().isPresent()
            ? "per output token"
                + style.separator()
                + Figures.watts(estimate.averageWattsPerDevice().getAsDouble())
                + " per device"
            : style.dim("the chip states no power"));
    SustainedRate.of(estimate)
        .filter(kept -> kept.share() < 1)
        .ifPresent(kept ->
            metric(
                "Sustained",
                Figures.number(kept.outputTokensPerSecond()) + " tok/s",
                "once the case is warm"
                    + style.separator()
                    + Figures.watts(kept.wattsPerDevice())
                    + " per device"));
    metric(
        "Cost",
        estimate.usdPerMillionOutputTokens().isPresent()
            ? Figures.usd(estimate.usdPerMillionOutputTokens().getAsDouble()) + " USD"
            : "unknown",
        scenario
            .platform()
            .price()
            .map(price -> "per million output tokens" + style.separator() + price + " per device")
            .orElse(style.dim("no price; give one with --price")));
    sourceLine();
  }

  private void sourceLine() {
    String lead = "  " + Page.left("Source", LABEL) + Page.right(estimate.source(), VALUE) + "   ";
    page.hanging(lead, band());
  }

  private String band() {
    return estimate.band().oneSided()
        ? estimate.band().meaning()
        : "%s to %s times these figures: %s"
            .formatted(
                Figures.number(estimate.band().low()),
                Figures.number(estimate.band().high()),
                estimate.band().meaning());
  }

  private void metric(String label, String value, String remark) {
    page.line(
        "  " + Page.left(label, LABEL) + style.bold(Page.right(value, VALUE)) + "   " + remark);
  }

  private String target(Optional<Seconds> target, double reached) {
    if (target.isEmpty()) {
      return "";
    }
    double ratio = reached / target.get().value();
    return ratio <= 1
        ? style.good("target " + target.get() + ": met")
        : style.bad(
            "target " + target.get() + ": missed, " + Figures.number(ratio) + " times as long");
  }
}
