package dev.ridgeline.cli.page;

import dev.ridgeline.cli.data.ModelFacts;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.estimate.Figure;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.Offer;
import dev.ridgeline.estimate.Requirement;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Parameters;
import java.util.ArrayList;
import java.util.List;

/** What each device must offer, on one page. */
public final class RequirementPage {
  private static final int LABEL = 26;
  private static final int CELL = 16;
  private static final String NONE = "-";

  private final Page page;
  private final Style style;
  private final RequirementAnswer answer;
  private final Requirement needed;

  private RequirementPage(Style style, RequirementAnswer answer) {
    this.page = new Page(style);
    this.style = style;
    this.answer = answer;
    this.needed = answer.needed();
  }

  /** The page. */
  public static String of(Style style, RequirementAnswer answer) {
    RequirementPage writer = new RequirementPage(style, answer);
    head(writer.page, answer);
    writer.page.gap();
    writer.table();
    writer.remarks();
    writer.page.list("Assumptions", answer.assumptions());
    return writer.page.finish();
  }

  /** Model, request, mapping, targets. */
  static void head(Page page, RequirementAnswer answer) {
    Traffic traffic = answer.scenario().traffic();
    head(
        page,
        answer,
        "%s tokens in, %s out"
            .formatted(
                Figures.count(traffic.inputTokens()), Figures.count(traffic.outputTokens())));
  }

  /** The same for several lengths of the prompt. */
  static void headWithoutInput(Page page, RequirementAnswer answer) {
    head(page, answer, Figures.count(answer.scenario().traffic().outputTokens()) + " tokens out");
  }

  private static void head(Page page, RequirementAnswer answer, String lengths) {
    Scenario scenario = answer.scenario();
    Style style = page.style();
    Traffic traffic = scenario.traffic();
    int devices = answer.devices();
    String where =
        answer.offer().isPresent()
            ? "devices like those of " + scenario.platform().name()
            : devices == 1 ? "one device" : "each of %d devices".formatted(devices);
    page.heading("What %s must offer for %s".formatted(where, scenario.model().name()));
    Parameters parameters = scenario.model().parameters();
    String size = Figures.parameters(parameters.language() + parameters.vision()) + " parameters";
    if (parameters.active() < parameters.language()) {
      size += ", " + Figures.parameters(parameters.active()) + " active";
    }
    String load =
        traffic.concurrency().isPresent()
            ? "concurrency " + Figures.count(traffic.inFlight())
            : "batch " + Figures.count(traffic.batch());
    List<String> request = new ArrayList<>();
    request.add(size);
    request.add(answer.useCase().map(name -> name + ": ").orElse("") + lengths);
    request.add(load);
    if (traffic.beams() > 1) {
      request.add(traffic.beams() + " beams");
    }
    page.line(style.dim(String.join(style.separator(), request)));
    Precision precision = scenario.deployment().precision();
    page.line(
        style.dim(
            String.join(
                style.separator(),
                scenario.deployment().parallelism().toString(),
                "weights "
                    + precision
                        .weights()
                        .map(NumberFormat::name)
                        .orElseGet(
                            () -> ModelFacts.bytesByFormat(scenario.model()).firstEntry().getKey()),
                "activations " + precision.activationFormat(scenario.model()),
                "cache " + precision.kvFormat(scenario.model()),
                "engine " + scenario.engine().name())));
    page.line("Targets: " + targets(scenario.objectives()));
    page.line("Cost model: " + costModel(answer.needed().source()));
  }

  private static String costModel(String source) {
    return switch (source) {
      case "floor" -> "floor, the largest total of one resource and nothing else";
      case "ideal" -> "ideal, datasheet rooflines without launches, tiles or engine overheads";
      case KernelModel.NAME -> "kernel, with launches, tiles and waves fitted to measured tables";
      default -> source;
    };
  }

  static String targets(Objectives objectives) {
    List<String> all = new ArrayList<>();
    objectives.ttft().ifPresent(target -> all.add("first token within " + target));
    objectives.tpot().ifPresent(target -> all.add("each further token within " + target));
    return String.join(", ", all);
  }

  private void table() {
    StringBuilder head = new StringBuilder(Page.left("  each device", LABEL));
    head.append(Page.right("least alone", CELL))
        .append("  ")
        .append(Page.left("set by", 9))
        .append(Page.right("least together", CELL));
    answer.offer().ifPresent(_ -> head.append(Page.right("offered", CELL)).append("  over alone"));
    page.heading(head.toString());
    Platform together = needed.together();
    Chip chip = together.chip();
    row(
        Figure.COMPUTE,
        "compute, dense " + needed.arithmetic().key(),
        flops(needed.computeFlopsPerSecond()),
        chip.peak(needed.arithmetic()).map(FlopsPerSecond::toString).orElse(NONE),
        answer.offer().map(o -> flops(o.computeFlopsPerSecond())).orElse(""));
    row(
        Figure.MEMORY_BANDWIDTH,
        "memory bandwidth",
        rate(needed.memoryBandwidthBytesPerSecond()),
        chip.mainMemory().bandwidth().map(BytesPerSecond::toString).orElse(NONE),
        answer.offer().map(o -> rate(o.memoryBandwidthBytesPerSecond())).orElse(""));
    row(
        Figure.MEMORY_CAPACITY,
        "memory capacity",
        Figures.bytes(needed.memoryCapacityBytes()),
        chip.mainMemory().capacity().toString(),
        answer.offer().map(o -> Figures.bytes(o.memoryCapacityBytes())).orElse(""));
    boolean linked = needed.exchanges();
    row(
        Figure.LINK_BANDWIDTH,
        "link bandwidth, one way",
        linked ? rate(needed.linkBandwidthBytesPerSecond()) : NONE,
        linked ? together.levels().getFirst().bandwidth().toString() : NONE,
        answer.offer().map(o -> rate(o.linkBandwidthBytesPerSecond())).orElse(""));
    boolean waits = Double.isFinite(needed.linkLatencySeconds());
    row(
        Figure.LINK_LATENCY,
        "link latency, at most",
        waits ? Figures.time(needed.linkLatencySeconds()) : NONE,
        linked ? together.levels().getFirst().latency().toString() : NONE,
        answer.offer().map(o -> time(o.linkLatencySeconds())).orElse(""));
  }

  private void row(Figure figure, String label, String alone, String together, String offered) {
    String term = needed.binding().getOrDefault(figure, "none");
    StringBuilder line = new StringBuilder(Page.left("  " + label, LABEL));
    line.append(style.bold(Page.right(alone, CELL)))
        .append("  ")
        .append(Page.left(word(term), 9))
        .append(Page.right(together, CELL));
    answer
        .offer()
        .ifPresent(offer ->
            line.append(Page.right(offered, CELL)).append("  ").append(verdict(figure, offer)));
    page.line(line.toString());
  }

  private static String word(String term) {
    return switch (term) {
      case "ttft" -> "TTFT";
      case "tpot" -> "TPOT";
      case "none" -> NONE;
      default -> "contents";
    };
  }

  private String verdict(Figure figure, Offer offer) {
    double ratio = offer.ratio(figure, needed);
    if (Double.isInfinite(ratio)) {
      return style.dim("not needed");
    }
    String text = (ratio < 0.01 ? "<0.01" : Figures.shortNumber(ratio)) + " x";
    return ratio >= 1 ? style.good(text) : style.bad(text + ", low");
  }

  /** What stays when a figure is looked at alone. */
  private String alone() {
    List<String> stays = new ArrayList<>();
    if (answer.scenario().costModels().getFirst() instanceof KernelModel) {
      stays.add("launches and losses of kernels");
    }
    if (Double.isFinite(needed.linkLatencySeconds())) {
      stays.add("waits at links");
    }
    if (!answer.scenario().engine().overheads().leavesSteps()) {
      stays.add("the engine's own time");
    }
    return stays.isEmpty()
        ? "Least alone: nothing else takes time."
        : "Least alone: no other figure takes time, but %s, which no figure shortens, still do."
            .formatted(String.join(" and ", stays));
  }

  private void remarks() {
    page.gap();
    double factor = needed.commonFactor();
    String reached =
        "first token %s%s"
            .formatted(
                Figures.time(needed.reached().ttftSeconds()),
                needed.reached().tpotSeconds() > 0
                    ? ", each further token " + Figures.time(needed.reached().tpotSeconds())
                    : "");
    page.hanging(
        "  ",
        factor == 1
            ? alone() + " Least together: the same, which gives " + reached + "."
            : alone()
                + " Least together: compute and bandwidths "
                + Figures.number(factor)
                + " times that, one factor for all, which gives "
                + reached
                + "; --frontier shows other balances.");
    answer
        .offer()
        .ifPresent(offer -> {
          String name = answer.scenario().platform().name();
          String times =
              "first token %s%s"
                  .formatted(
                      Figures.time(offer.reached().ttftSeconds()),
                      offer.reached().tpotSeconds() > 0
                          ? ", each further token " + Figures.time(offer.reached().tpotSeconds())
                          : "");
          page.hanging(
              "  ",
              "Over alone: what is offered over the least alone; below 1 the targets are out of"
                  + " reach, above 1 the rest decides.");
          page.hanging(
              "  ",
              "%s as it is: %s, memory %s: targets %s."
                  .formatted(
                      name,
                      times,
                      offer.fits() ? "suffices" : "is too small",
                      offer.meets() ? "met" : "missed"));
        });
  }

  private static String flops(double value) {
    return value > 0 ? new FlopsPerSecond(value).toString() : NONE;
  }

  private static String rate(double value) {
    return value > 0 ? new BytesPerSecond(value).toString() : NONE;
  }

  private static String time(double value) {
    return value > 0 ? new Seconds(value).toString() : NONE;
  }
}
