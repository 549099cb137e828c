package dev.ridgeline.papers.genz;

import dev.ridgeline.papers.Papers;
import dev.ridgeline.papers.genz.GoldenTable.Row;
import dev.ridgeline.papers.run.ClaimResult;
import dev.ridgeline.papers.run.ClaimResult.Aside;
import dev.ridgeline.papers.run.Comparison;
import dev.ridgeline.papers.run.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The way from Ridgeline's figure of one cell of the requirement table to the published one.
 *
 * @param figure which of the four
 * @param useCase row
 * @param model row
 * @param published in the figure's unit, as printed
 * @param ours what Ridgeline itself answers, in the same unit
 * @param equations the same in closed form, without any of the authors' conventions
 * @param alone what each of the authors' conventions adds to ours when it is the only one
 * @param together the closed form with all of the authors' conventions
 */
record RequirementSplit(
    RequirementFigure figure,
    String useCase,
    String model,
    double published,
    double ours,
    double equations,
    Map<RequirementConvention, Double> alone,
    double together) {

  private static final String FILE = "usecase_requirements_2024.csv";
  private static final String RIDGELINE = "Ridgeline itself";

  /** Models of the table; of GPT-3 the vocabulary that was published. */
  private static final Map<String, ModelShape> SHAPES =
      Map.of(
          "LLaMA2-07B", ModelShape.named("llama2_7b"),
          "Mixtral-8x7B", ModelShape.named("mixtral_8x7b"),
          "LLaMA3-70B", ModelShape.named("meta-llama/Llama-3.1-70B"),
          "GPT3-175B", ModelShape.named("gpt-3").withVocabulary(50257),
          "GPT4-1.8T", ModelShape.named("gpt-4"));

  /** Every cell; skips the test where the table is absent. */
  static List<RequirementSplit> all() {
    List<Row> rows = GoldenTable.read(FILE);
    Path reference = Objects.requireNonNull(GoldenTable.folder().orElseThrow().getParent());
    Map<String, ClaimResult> claims = new HashMap<>();
    Papers.shipped()
        .run("genz", new Reference(reference))
        .claims()
        .forEach(claim -> claims.put(claim.claim().id(), claim));
    List<RequirementSplit> splits = new ArrayList<>();
    for (RequirementFigure figure : RequirementFigure.values()) {
      Map<String, Double> ours = answers(figure, claims);
      rows.forEach(row -> splits.add(split(figure, row, ours)));
    }
    return splits;
  }

  /** Ridgeline's own figures by use case and model. */
  private static Map<String, Double> answers(
      RequirementFigure figure, Map<String, ClaimResult> claims) {
    Map<String, Double> ours = new HashMap<>();
    for (String id : figure.claims()) {
      Aside own =
          Objects.requireNonNull(claims.get(id), id).asides().stream()
              .filter(aside -> aside.what().startsWith(RIDGELINE))
              .findFirst()
              .orElseThrow();
      for (Comparison comparison : own.comparisons()) {
        ours.put(comparison.label(), comparison.ours());
      }
    }
    return ours;
  }

  private static RequirementSplit split(
      RequirementFigure figure, Row row, Map<String, Double> answers) {
    String label = row.text("usecase") + ", " + row.text("model");
    double base = value(figure, row, EnumSet.noneOf(RequirementConvention.class));
    Map<RequirementConvention, Double> alone = new LinkedHashMap<>();
    for (RequirementConvention convention : figure.conventions()) {
      alone.put(convention, value(figure, row, EnumSet.of(convention)) - base);
    }
    return new RequirementSplit(
        figure,
        row.text("usecase"),
        row.text("model"),
        row.number(figure.column()),
        Objects.requireNonNull(answers.get(label), label),
        base,
        alone,
        value(figure, row, EnumSet.copyOf(figure.conventions())));
  }

  private static double value(
      RequirementFigure figure, Row row, Set<RequirementConvention> theirs) {
    return new RequirementEquations(
            Objects.requireNonNull(SHAPES.get(row.text("model")), row.text("model")),
            row.integer("input_tokens"),
            row.integer("output_tokens"),
            row.integer("beam"),
            row.number("ttft_slo_s"),
            row.number("tpot_slo_s"),
            theirs)
        .value(figure);
  }

  /** The published figure in the unit it is printed under. */
  double corrected() {
    boolean binary = figure.conventions().contains(RequirementConvention.UNITS);
    return binary ? published * (1 << 20) / 1e6 : published;
  }

  /** Whether no more than the unit stands between the two. */
  boolean agrees() {
    return Math.abs(ours - corrected()) <= 0.01 * corrected();
  }

  /** What conventions have in common: all together less each alone. */
  double overlap() {
    return together - equations - alone.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What no convention explains. */
  double remains() {
    return published - together;
  }
}
