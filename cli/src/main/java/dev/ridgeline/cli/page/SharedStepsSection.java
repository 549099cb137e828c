package dev.ridgeline.cli.page;

import dev.ridgeline.estimate.ChunkReport;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.estimate.SpeculationReport;
import dev.ridgeline.platform.Platform;
import java.util.stream.Collectors;

/** What steps take in beside one token of each request: chunks of prompts, drafts to check. */
final class SharedStepsSection {
  private static final int LABEL = 24;
  private static final int VALUE = 16;

  private final Page page;

  SharedStepsSection(Page page) {
    this.page = page;
  }

  void add(ChunkReport chunks) {
    page.gap()
        .line(
            page.style().bold("Chunked prefill")
                + "  at most %s tokens a step".formatted(Figures.count(chunks.budgetTokens())));
    line(
        "steps of a prompt",
        Figures.number(chunks.stepsPerPrompt()),
        "%s of its tokens each, beside %s decoding requests"
            .formatted(
                Figures.number(chunks.promptTokensPerStep()),
                Figures.number(chunks.decodingRequests())));
    if (chunks.waitSteps() > 0) {
      line(
          "steps it waits",
          Figures.number(chunks.waitSteps()),
          "every step is full: prompts queue");
    }
    line(
        "step with a chunk",
        Figures.time(chunks.mixedStepSeconds()),
        "the gap between tokens in %s of steps"
            .formatted(Figures.roughPercent(chunks.mixedShare())));
    chunks
        .plainStepSeconds()
        .ifPresent(plain ->
            line("step without", Figures.time(plain), "the gap between tokens in the others"));
  }

  void add(Speculation drafting, SpeculationReport report) {
    page.gap()
        .line(
            page.style().bold("Speculation")
                + "  %s on %s, %d deep, acceptance %s"
                    .formatted(
                        drafting.model().name(),
                        drafting.platform().map(Platform::name).orElse("the same devices"),
                        drafting.positions().size(),
                        acceptance(drafting)));
    line(
        "tokens of a round",
        Figures.number(report.tokensPerRound()),
        "on average, of %d that are checked".formatted(report.verifiedTokens()));
    line("drafting", Figures.time(report.draftSeconds()), "of a mean round");
    line("checking", Figures.time(report.verifySeconds()), "one pass of the model");
    line(
        "prompt of the drafter",
        Figures.time(report.promptSeconds()),
        "a request: for its own prompt and those between its rounds");
    String factor = Figures.number(report.speedup()) + " times";
    line(
        "speed-up",
        report.speedup() >= 1 ? page.style().good(factor) : page.style().bad(factor),
        "of further tokens, against the same without drafts",
        factor.length());
    line(
        "memory of the drafter",
        Figures.bytes(report.draftWeightsBytes() + report.draftKvBytes()),
        "a device: weights %s, cache %s"
            .formatted(
                Figures.bytes(report.draftWeightsBytes()), Figures.bytes(report.draftKvBytes())));
  }

  /** Once where all positions have the same. */
  private static String acceptance(Speculation drafting) {
    String all =
        drafting.positions().stream()
            .map(position ->
                position.acceptance().stream()
                    .map(Figures::shortNumber)
                    .collect(Collectors.joining("/")))
            .distinct()
            .collect(Collectors.joining(", "));
    return drafting.positions().stream().map(Speculation.Position::acceptance).distinct().count()
            == 1
        ? all
        : drafting.positions().stream()
            .map(position ->
                position.acceptance().stream()
                    .map(Figures::shortNumber)
                    .collect(Collectors.joining("/")))
            .collect(Collectors.joining(", "));
  }

  private void line(String label, String value, String remark) {
    line(label, value, remark, value.length());
  }

  private void line(String label, String value, String remark, int width) {
    page.line(
        "  "
            + Page.left(label, LABEL)
            + " ".repeat(Math.max(0, VALUE - width))
            + value
            + "   "
            + remark);
  }
}
