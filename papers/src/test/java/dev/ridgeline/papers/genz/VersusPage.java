package dev.ridgeline.papers.genz;

import static dev.ridgeline.papers.genz.MarkdownText.number;
import static dev.ridgeline.papers.genz.MarkdownText.percent;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.papers.genz.Attribution.Part;
import dev.ridgeline.papers.genz.GoldenTable.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** The page that holds GenZ's figures beside Ridgeline's, in Markdown. */
final class VersusPage {
  private static final int CAUSES_SHOWN = 4;
  private static final double LEAST_SHOWN = 0.005;

  /** A cause that moves a figure by less than this share of it is not counted as moving it. */
  private static final double LEAST_MOVED = 1e-6;

  private static final double ROUNDING = 1e-9;
  private static final double BILLION = 1e9;

  /** GenZ's name and the catalog's of models that both describe. */
  private static final Map<String, String> MODELS = new LinkedHashMap<>();

  static {
    MODELS.put("llama2_7b", "llama-2-7b");
    MODELS.put("llama2_70b", "llama-2-70b");
    MODELS.put("meta-llama/Llama-3.1-8B", "llama-3.1-8b");
    MODELS.put("meta-llama/Llama-3.1-70B", "llama-3.1-70b");
    MODELS.put("meta-llama/Llama-3.1-405B", "llama-3.1-405b");
    MODELS.put("mistral_7b", "mistral-7b");
    MODELS.put("gemma2_9b", "gemma-2-9b");
    MODELS.put("Qwen/Qwen3-8B", "qwen3-8b");
    MODELS.put("Qwen/Qwen2.5-72B", "qwen2.5-72b");
    MODELS.put("gpt-3", "gpt-3-175b");
    MODELS.put("mixtral_8x7b", "mixtral-8x7b");
    MODELS.put("mistralai/Mixtral-8x22B", "mixtral-8x22b");
    MODELS.put("dbrx", "dbrx");
    MODELS.put("deepseek-ai/DeepSeek-V3-Base", "deepseek-v3");
    MODELS.put("tiiuae/falcon-mamba-7b", "falcon-mamba-7b");
    MODELS.put("state-spaces/mamba-2.8b-hf", "mamba-2.8b");
  }

  private final MarkdownText page = new MarkdownText();
  private final List<Row> rows;
  private final Map<String, Row> byId;
  private final List<Attribution> splits;

  private VersusPage(List<Row> rows, List<Attribution> splits) {
    this.rows = rows;
    this.byId = rows.stream().collect(Collectors.toMap(Row::id, Function.identity()));
    this.splits = splits;
  }

  /**
   * The page.
   *
   * @param speed what was measured of either's speed
   */
  static String of(List<Row> rows, List<Attribution> splits, SpeedFigures speed) {
    VersusPage versus = new VersusPage(rows, splits);
    versus.introduction();
    versus.sideBySide();
    versus.causes();
    versus.families();
    versus.notComparable();
    versus.models();
    speed.write(versus.page);
    versus.colophon();
    return versus.page.toString();
  }

  private void introduction() {
    page.paragraph("# GenZ and Ridgeline");
    page.paragraph(
        "Written by a test, which also checks it ([how](#how-this-page-is-made)); do not edit.");
    page.paragraph(
        "[GenZ](https://github.com/abhibambhaniya/GenZ-LLM-Analyzer) (Bambhaniya et al.,"
            + " arXiv:2406.01698; MIT licence; version 0.0.16 of commit `091bdd0`) is an analytic"
            + " model of LLM inference. It was asked %d questions; for %d of them both have an"
                .formatted(rows.size(), splits.size())
            + " answer to compare. Both sides see the same model shape, peak, bandwidths, link"
            + " latency, mapping and lengths. Ridgeline's figure is `ideal`, the tier nearest to"
            + " GenZ: a roofline without launches, tiles and engine overheads. Neither figure predicts a"
            + " measured time; how far Ridgeline's other tiers are from measurements is in"
            + " [accuracy.md](accuracy.md).");
    page.paragraph(
        "GenZ's own equations, faults included, are written down anew beside the tests and give"
            + " every figure it printed to 1e-6. From there one convention after the other is"
            + " switched to Ridgeline's"
            + " ([model-of-computation.md](model-of-computation.md)) until its figure is reached:"
            + " what a switch moves is that cause's share. The largest part of a figure that no"
            + " cause explains is %s of it, which is rounding. The requirement table of the paper"
                .formatted(unexplained())
            + " is on a page of its own, [versus-genz-requirements.md](versus-genz-requirements.md).");
    page.tableHead(1, List.of("phase", "questions", "least", "median", "most"));
    phases().forEach((phase, of) -> page.row(withSpread(of, phase)));
    page.line("");
    page.paragraph(
        "Ridgeline's time over GenZ's. Time is that of a whole prompt, of a mean token after the"
            + " first, or of a step that mixes prompts and decoding.");
  }

  private String unexplained() {
    double largest =
        splits.stream()
            .mapToDouble(split -> Math.abs(split.unexplainedSeconds()) / split.genzSeconds())
            .max()
            .orElseThrow();
    return largest <= ROUNDING ? "less than 1e-9" : number(largest);
  }

  private Map<String, List<Attribution>> phases() {
    return splits.stream()
        .collect(
            Collectors.groupingBy(
                split -> row(split).text("phase"), LinkedHashMap::new, Collectors.toList()));
  }

  private static List<String> withSpread(List<Attribution> of, String... words) {
    List<String> cells = new ArrayList<>(List.of(words));
    cells.add(Integer.toString(of.size()));
    double[] ratios = of.stream().mapToDouble(VersusPage::ratio).sorted().toArray();
    cells.add(number(ratios[0]));
    cells.add(number(median(ratios)));
    cells.add(number(ratios[ratios.length - 1]));
    return cells;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double ratio(Attribution split) {
    return split.idealSeconds() / split.genzSeconds();
  }

  private Row row(Attribution split) {
    return Objects.requireNonNull(byId.get(split.id()), split.id());
  }

  private void sideBySide() {
    page.heading("The same questions");
    page.paragraph(
        "The first question of each family and phase, then the two whose answers are farthest"
            + " apart. Platforms called Sys and Sweep are those of the authors' studies; chunks are"
            + " written cached+new tokens, decodes requests x context. Behind a cause stands what it"
            + " adds, in per cent of GenZ's figure; the %d largest of at least half a per cent are shown."
                .formatted(CAUSES_SHOWN));
    page.row("question", "GenZ, ms", "Ridgeline, ms", "ratio", "why");
    page.row("---", "--:", "--:", "--:", "---");
    grouped().values().stream().map(List::getFirst).forEach(this::answer);
    Comparator<Attribution> byRatio = Comparator.comparingDouble(VersusPage::ratio);
    answer(splits.stream().min(byRatio).orElseThrow());
    answer(splits.stream().max(byRatio).orElseThrow());
    page.line("");
  }

  /** By family and phase, in the order of the table. */
  private Map<List<String>, List<Attribution>> grouped() {
    return splits.stream()
        .collect(
            Collectors.groupingBy(
                split -> List.of(row(split).text("group"), row(split).text("phase")),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private void answer(Attribution split) {
    String why =
        split.parts().stream()
            .filter(part -> share(split, part) >= LEAST_SHOWN)
            .sorted(Comparator.comparingDouble((Part part) -> share(split, part)).reversed())
            .limit(CAUSES_SHOWN)
            .map(part ->
                "%s %s %%"
                    .formatted(part.cause().title(), percent(part.seconds() / split.genzSeconds())))
            .collect(Collectors.joining(", "));
    page.row(
        GoldenQuestion.text(row(split)),
        number(split.genzSeconds() * 1e3),
        number(split.idealSeconds() * 1e3),
        number(ratio(split)),
        why);
  }

  private static double share(Attribution split, Part part) {
    return Math.abs(part.seconds()) / split.genzSeconds();
  }

  private void causes() {
    page.heading("What each cause explains");
    page.paragraph(
        "In the order in which they are switched: a cause is charged with what its switch moves"
            + " after those before it. Shares are in per cent of GenZ's figure, over the questions"
            + " that the cause moves.");
    page.row("cause", "GenZ", "Ridgeline", "questions", "least", "median", "most");
    page.row("---", "---", "---", "--:", "--:", "--:", "--:");
    for (Cause cause : Cause.values()) {
      double[] shares =
          splits.stream()
              .mapToDouble(split -> split.seconds(cause) / split.genzSeconds())
              .filter(share -> Math.abs(share) > LEAST_MOVED)
              .sorted()
              .toArray();
      page.row(
          cause.title(),
          cause.theirs(),
          cause.ours(),
          Integer.toString(shares.length),
          orZero(shares[0]),
          orZero(median(shares)),
          orZero(shares[shares.length - 1]));
    }
    page.line("");
  }

  private static String orZero(double share) {
    String text = percent(share);
    return text.isEmpty() ? "0" : text;
  }

  private void families() {
    page.heading("All questions");
    page.paragraph(
        "Ridgeline's time over GenZ's, by family of questions, and the cause that moves the family"
            + " most in the mean, in per cent of GenZ's figures.");
    page.row("family", "phase", "questions", "least", "median", "most", "largest cause", "mean");
    page.row("---", "---", "--:", "--:", "--:", "--:", "---", "--:");
    grouped()
        .forEach((names, of) -> {
          List<String> cells = withSpread(of, names.getFirst(), names.getLast());
          Cause largest =
              List.of(Cause.values()).stream()
                  .max(Comparator.comparingDouble(cause -> Math.abs(mean(of, cause))))
                  .orElseThrow();
          cells.add(largest.title());
          cells.add(percent(mean(of, largest)));
          page.row(cells);
        });
    page.line("");
  }

  private static double mean(List<Attribution> of, Cause cause) {
    return shares(of, cause).average().orElseThrow();
  }

  private static DoubleStream shares(List<Attribution> of, Cause cause) {
    return of.stream().mapToDouble(split -> split.seconds(cause) / split.genzSeconds());
  }

  private void colophon() {
    page.heading("How this page is made");
    page.paragraph(
        "`VersusPageTest` in `papers` computes this page and that of the requirements and fails"
            + " where the files differ. It needs what GenZ printed, which is not part of this"
            + " repository (`RIDGELINE_REFERENCE`, see [CONTRIBUTING.md](../CONTRIBUTING.md)), and is"
            + " skipped without. To write both pages anew:");
    page.line("```");
    page.line(
        "mvn -pl papers -am test -Dtest=VersusPageTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dridgeline.rewrite=true");
    page.line("```");
  }

  private void notComparable() {
    page.heading("Questions without two answers");
    page.tableHead(1, List.of("why", "questions"));
    Map<String, Integer> reasons = new TreeMap<>();
    GenzComparison.obstacles().values().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    reasons.forEach((reason, count) -> page.row(reason, Integer.toString(count)));
    page.line("");
  }

  /** As a prefill of GenZ counts them, on as few ranks as it was asked for. */
  private double parameters(String model) {
    Row row =
        rows.stream()
            .filter(asked -> asked.answered() && asked.text("phase").equals("prefill"))
            .filter(asked -> asked.text("model").equals(model))
            .min(Comparator.comparingInt(asked -> asked.scenario().ranks()))
            .orElseThrow();
    Scenario scenario = row.scenario();
    return row.number("weights_gib") * Rates.GIB * scenario.ranks() / scenario.format().bytes();
  }

  private void models() {
    page.heading("What the models hold");
    page.paragraph(
        "Parameters in billions: as GenZ's prefill counts them, as Ridgeline counts them from the"
            + " published configuration, and as published. The comparison of times above takes"
            + " GenZ's shapes on both sides and leaves out those that miss.");
    page.tableHead(1, List.of("model", "GenZ", "Ridgeline", "published", "GenZ / published"));
    Catalog catalog = Catalog.shipped();
    MODELS.forEach((genz, name) -> {
      double theirs = parameters(genz) / BILLION;
      double published = catalog.modelEntry(name).orElseThrow().publishedParameters() / BILLION;
      page.row(
          name,
          number(theirs),
          number(catalog.model(name).parameters().language() / BILLION),
          number(published),
          number(theirs / published));
    });
    page.line("");
  }
}
