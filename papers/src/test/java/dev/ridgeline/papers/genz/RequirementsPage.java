package dev.ridgeline.papers.genz;

import static dev.ridgeline.papers.genz.MarkdownText.number;
import static dev.ridgeline.papers.genz.MarkdownText.percent;
import static dev.ridgeline.papers.genz.MarkdownText.printed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The page that holds the requirement table of GenZ's authors beside Ridgeline's, in Markdown. */
final class RequirementsPage {
  private final MarkdownText page = new MarkdownText();
  private final List<RequirementSplit> splits;

  private RequirementsPage(List<RequirementSplit> splits) {
    this.splits = splits;
  }

  /** The page of every cell of the table. */
  static String of(List<RequirementSplit> splits) {
    RequirementsPage requirements = new RequirementsPage(splits);
    requirements.introduction();
    requirements.conventions();
    for (RequirementFigure figure : RequirementFigure.values()) {
      if (figure == RequirementFigure.LATER_DECODE_BANDWIDTH) {
        requirements.later();
      }
      requirements.figure(figure);
    }
    return requirements.page.toString();
  }

  private void introduction() {
    page.paragraph("# What a platform must offer: GenZ's requirement table");
    page.paragraph(
        "Written by a test, which also checks it ([how](versus-genz.md#how-this-page-is-made)); do"
            + " not edit.");
    page.paragraph(
        "The authors of GenZ (arXiv:2406.01698) published what five models need in five use cases:"
            + " eight-bit weights and KV cache, one request, no efficiency factor; the architecture"
            + " of GPT4-1.8T is their guess. The figures are those of their notebook of May 2024."
            + " Ridgeline was asked the same questions (`ridgeline require`; as experiments in the"
            + " pack `genz`, see [papers.md](papers.md#genz)). Of %d figures %d agree within 1 %%"
                .formatted(
                    published().size(),
                    published().stream().filter(RequirementSplit::agrees).count())
            + " once the unit is right; for the others the difference is split into causes. Capacity, the"
            + " fifth figure, agrees in every row.");
    page.paragraph(
        "The split starts from Ridgeline's figure. Each cause is a convention of the authors that is"
            + " switched on alone in Ridgeline's equations, in closed form; a test holds the closed"
            + " form without any of them to Ridgeline's own answer to 1e-9. *Together* is the closed"
            + " form with all of them, *overlap* what they have in common (the unit scales"
            + " bytes that another cause leaves out), *remains* what no cause explains; the largest"
            + " remainder is %s of the last printed digit.".formatted(largestRemainder()));
  }

  private List<RequirementSplit> published() {
    return splits.stream().filter(split -> !split.figure().later()).toList();
  }

  /** In units of the sixth decimal, which is the last that is printed. */
  private String largestRemainder() {
    return number(
        splits.stream().mapToDouble(split -> Math.abs(split.remains()) * 1e6).max().orElseThrow());
  }

  private void conventions() {
    page.tableHead(3, List.of("cause", "the authors", "Ridgeline", "figures moved", "most, %"));
    for (RequirementConvention convention : RequirementConvention.values()) {
      List<Double> shares =
          splits.stream()
              .map(split -> split.alone().getOrDefault(convention, 0.0) / split.published())
              .filter(share -> share != 0)
              .toList();
      page.row(
          convention.title(),
          convention.theirs(),
          convention.ours(),
          Integer.toString(shares.size()),
          shares.stream()
              .max(Comparator.comparingDouble(Math::abs))
              .map(MarkdownText::percent)
              .filter(most -> !most.isEmpty())
              .orElse("0"));
    }
    page.line("");
  }

  private void later() {
    page.heading("The same figures by the later version");
    page.paragraph(
        "GenZ 0.0.16 (commit `091bdd0`) counts otherwise: beams share the cache of their prompt"
            + " under grouped queries too, the router is counted, and so are the output head, on"
            + " every token of a prompt, and the token table, as a matrix product. The authors'"
            + " formulas were evaluated with that version, but for the bandwidth of prefill.");
  }

  private void figure(RequirementFigure figure) {
    List<RequirementSplit> cells =
        splits.stream().filter(split -> split.figure() == figure).toList();
    Set<RequirementConvention> moving = EnumSet.noneOf(RequirementConvention.class);
    cells.forEach(split ->
        split
            .alone()
            .forEach((convention, added) -> {
              if (added != 0) {
                moving.add(convention);
              }
            }));
    page.heading(figure.title());
    boolean binary = moving.contains(RequirementConvention.UNITS);
    page.paragraph(
        "In %s.%s Ratio: Ridgeline's over %s%s. Under a cause: what it alone adds to Ridgeline's"
                .formatted(
                    figure.unit(),
                    binary ? " The authors' TB/s is 10^6 MiB/s." : "",
                    figure.later() ? "GenZ's" : "the published figure",
                    binary ? " in true units" : "")
            + " figure, in per cent of the other as printed.");
    String printed = figure.later() ? "GenZ 0.0.16" : "published";
    List<String> titles = new ArrayList<>(List.of("use case", "model", printed));
    if (binary) {
      titles.add("in true units");
    }
    titles.addAll(List.of("Ridgeline", "ratio", "within 1 %"));
    moving.forEach(convention -> titles.add(convention.title()));
    titles.addAll(List.of("overlap", "together", "remains"));
    page.tableHead(2, titles);
    cells.forEach(split -> page.row(cells(split, moving, binary)));
    page.line("");
  }

  private static List<String> cells(
      RequirementSplit split, Set<RequirementConvention> moving, boolean binary) {
    List<String> cells = new ArrayList<>();
    cells.add(split.useCase());
    cells.add(split.model());
    cells.add(printed(split.published()));
    if (binary) {
      cells.add(number(split.corrected()));
    }
    cells.add(number(split.ours()));
    cells.add(String.format(Locale.ROOT, "%.3f", split.ours() / split.corrected()));
    cells.add(split.agrees() ? "yes" : "no");
    for (RequirementConvention convention : moving) {
      cells.add(percent(split.alone().getOrDefault(convention, 0.0) / split.published()));
    }
    cells.add(percent(split.overlap() / split.published()));
    cells.add(printed(rounded(split.together())));
    cells.add(percent(split.remains() / split.published()));
    return cells;
  }

  /** As the authors print it. */
  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
