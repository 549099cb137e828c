package dev.ridgeline.cli.page;

import dev.ridgeline.cost.ErrorBand;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.MemoryLedger;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.PhaseReport;
import dev.ridgeline.units.Seconds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** Several estimates side by side: a column each, or the reason why there is none. */
public final class ComparisonPage {
  private static final int LABEL = 22;
  private static final int NARROWEST = 17;
  private static final int GAP = 2;
  private static final String NONE = "-";

  /**
   * A line of the table.
   *
   * @param label what it shows
   * @param cell the text of a column
   */
  private record Row(String label, Function<Estimate, String> cell) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("mapping", e -> e.scenario().deployment().parallelism().toString()),
          new Row("devices", e -> e.devices() + " of " + e.scenario().platform().chips()),
          new Row("time to first token", e -> Figures.time(e.ttftSeconds())),
          new Row("time per output token", e -> optional(e.tpotSeconds(), Figures::time)),
          new Row("end to end", e -> Figures.time(e.endToEndSeconds())),
          new Row("throughput", e -> Figures.number(e.outputTokensPerSecond()) + " tok/s"),
          new Row(
              "  per device",
              e -> Figures.number(e.outputTokensPerSecond() / e.allDevices()) + " tok/s"),
          new Row("requests", e -> Figures.number(e.requestsPerSecond()) + "/s"),
          new Row(
              "energy per token", e -> optional(e.energyJoulesPerOutputToken(), Figures::joules)),
          new Row("power per device", e -> optional(e.averageWattsPerDevice(), Figures::watts)),
          new Row(
              "USD per million tok", e -> optional(e.usdPerMillionOutputTokens(), Figures::usd)),
          new Row("memory used", e -> used(e.memory())),
          new Row("largest batch", e -> Figures.count(e.memory().largestBatch())),
          new Row("prefill bound by", e -> bound(e.prefill())),
          new Row("decode bound by", e -> e.decode().map(ComparisonPage::bound).orElse(NONE)),
          new Row(
              "speculation speed-up",
              e -> e.speculation().map(r -> Figures.number(r.speedup()) + "x").orElse(NONE)),
          new Row(
              "  tokens a round",
              e -> e.speculation().map(r -> Figures.number(r.tokensPerRound())).orElse(NONE)),
          new Row(
              "  draft, check",
              e ->
                  e.speculation()
                      .map(r ->
                          Figures.time(r.draftSeconds()) + ", " + Figures.time(r.verifySeconds()))
                      .orElse(NONE)),
          new Row(
              "  draft memory",
              e ->
                  e.speculation()
                      .map(r -> Figures.bytes(r.draftWeightsBytes() + r.draftKvBytes()))
                      .orElse(NONE)),
          new Row(
              "chunked step",
              e -> e.chunks().map(c -> Figures.time(c.mixedStepSeconds())).orElse(NONE)),
          new Row("targets", ComparisonPage::targets),
          new Row("source", e -> model(e.source())),
          new Row("  80 % band", e -> band(e.band())));

  private static final Set<String> OF_SOME =
      Set.of(
          "speculation speed-up",
          "  tokens a round",
          "  draft, check",
          "  draft memory",
          "chunked step",
          "  80 % band");

  /** How assumptions begin that say where energy comes from. */
  private static final String ENERGY = "energy of devices only";

  private static final String MEASURED_ENERGY = ENERGY + ", from measured";

  /** Before energies that are no measurement, where others are. */
  private static final String SHARED_MARK = "~";

  private static final Set<String> ENERGIES = Set.of("energy per token", "power per device");

  private ComparisonPage() {}

  /**
   * The page.
   *
   * @param notes what holds for the comparison as a whole
   */
  public static String of(Style style, List<Outcome> outcomes, List<String> notes) {
    Page page = new Page(style);
    boolean oneModel = outcomes.stream().map(Outcome::model).distinct().count() == 1;
    if (oneModel) {
      page.heading(outcomes.getFirst().model()).gap();
    }
    int fit = Math.max(1, (Style.WIDTH - LABEL) / (NARROWEST + GAP));
    int tables = Math.ceilDiv(outcomes.size(), fit);
    int perTable = Math.ceilDiv(outcomes.size(), tables);
    for (int start = 0; start < outcomes.size(); start += perTable) {
      int end = Math.min(outcomes.size(), start + perTable);
      if (start > 0) {
        page.gap();
      }
      table(page, outcomes.subList(start, end), oneModel, outcomes);
    }
    List<String> all = new ArrayList<>(notes);
    all.addAll(profiles(outcomes));
    if (hasUnlikeEnergies(outcomes)) {
      all.add(
          "%s marks energy and power shared out from a power limit: not comparable with those from measured boards"
              .formatted(SHARED_MARK));
    }
    all.addAll(energies(outcomes));
    page.list("Notes", all);
    page.list("Not answered", refusals(outcomes));
    page.list("Warnings", warnings(outcomes));
    page.gap()
        .line(style.dim("Ask for one platform alone to see operators, memory and assumptions."));
    return page.finish();
  }

  private static void table(
      Page page, List<Outcome> outcomes, boolean oneModel, List<Outcome> all) {
    int widest = NARROWEST;
    for (Outcome outcome : outcomes) {
      widest = Math.max(widest, oneModel ? 0 : outcome.model().length());
      widest = Math.max(widest, outcome.platform().length());
    }
    int width = Math.min(widest, (Style.WIDTH - LABEL) / outcomes.size() - GAP);
    Style style = page.style();
    if (!oneModel) {
      head(page, outcomes, Outcome::model, width);
    }
    head(page, outcomes, Outcome::platform, width);
    page.line(style.rule(LABEL + outcomes.size() * (width + GAP)));
    List<List<String>> reasons = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      reasons.add(
          outcome instanceof Outcome.Refused refused
              ? Page.wrapped(reason(refused), width)
              : List.of());
    }
    List<Row> rows = ROWS.stream().filter(row -> said(row, outcomes)).toList();
    boolean unlike = hasUnlikeEnergies(all);
    for (int index = 0; index < rows.size(); index++) {
      Row row = rows.get(index);
      StringBuilder line = new StringBuilder(Page.left(row.label, LABEL));
      for (int column = 0; column < outcomes.size(); column++) {
        line.append(" ".repeat(GAP));
        switch (outcomes.get(column)) {
          case Outcome.Answered answered ->
              line.append(coloured(style, row, cut(cell(row, answered, unlike), width)));
          case Outcome.Refused _ ->
              line.append(
                  style.bad(Page.left(reasonLine(reasons.get(column), index, rows.size()), width)));
        }
      }
      page.line(line.toString());
    }
  }

  /** The text of a cell; energies of a model stand out beside energies that were measured. */
  private static String cell(Row row, Outcome.Answered answered, boolean unlike) {
    String text = row.cell.apply(answered.estimate());
    return unlike && ENERGIES.contains(row.label) && isShared(answered) && !text.equals(NONE)
        ? SHARED_MARK + text
        : text;
  }

  private static boolean isShared(Outcome.Answered answered) {
    return energy(answered).filter(said -> !said.startsWith(MEASURED_ENERGY)).isPresent();
  }

  private static Optional<String> energy(Outcome.Answered answered) {
    return answered.assumptions().stream().filter(said -> said.startsWith(ENERGY)).findFirst();
  }

  /** Whether some energies follow measured boards and others a power limit. */
  private static boolean hasUnlikeEnergies(List<Outcome> outcomes) {
    Set<Boolean> kinds = new LinkedHashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered && energy(answered).isPresent()) {
        kinds.add(isShared(answered));
      }
    }
    return kinds.size() > 1;
  }

  /** Rows of drafts and chunks are for those who have some. */
  private static boolean said(Row row, List<Outcome> outcomes) {
    return !OF_SOME.contains(row.label)
        || outcomes.stream()
            .anyMatch(outcome ->
                outcome instanceof Outcome.Answered answered
                    && !row.cell.apply(answered.estimate()).equals(NONE));
  }

  private static String coloured(Style style, Row row, String cell) {
    if (!row.label.equals("targets")) {
      return cell;
    }
    if (cell.contains("missed")) {
      return style.bad(cell);
    }
    return cell.contains("met") ? style.good(cell) : cell;
  }

  /** The last line says that there is more to read, where there is. */
  private static String reasonLine(List<String> reason, int index, int lines) {
    if (index == lines - 1 && reason.size() > lines) {
      return "(see below)";
    }
    return index < reason.size() ? reason.get(index) : "";
  }

  private static void head(
      Page page, List<Outcome> outcomes, Function<Outcome, String> title, int width) {
    StringBuilder line = new StringBuilder(" ".repeat(LABEL));
    for (Outcome outcome : outcomes) {
      line.append(" ".repeat(GAP)).append(cut(title.apply(outcome), width));
    }
    page.heading(line.toString());
  }

  /** Right-aligned; of a longer text, the end, which tells paths apart. */
  private static String cut(String text, int width) {
    return text.length() <= width
        ? Page.right(text, width)
        : ".." + text.substring(text.length() - width + 2);
  }

  /** The cost model of a source, before the profiles it names. */
  private static String model(String source) {
    int profiles = source.indexOf(':');
    return profiles < 0 ? source : source.substring(0, profiles);
  }

  private static String band(ErrorBand band) {
    return band.oneSided()
        ? NONE
        : Figures.number(band.low()) + " to " + Figures.number(band.high());
  }

  private static String optional(OptionalDouble value, Function<Double, String> text) {
    return value.isPresent() ? text.apply(value.getAsDouble()) : NONE;
  }

  private static String used(MemoryLedger memory) {
    return Figures.roughPercent(memory.totalBytes() / memory.capacityBytes())
        + " of "
        + Figures.bytes(memory.capacityBytes());
  }

  private static String bound(PhaseReport phase) {
    return phase.bound().key();
  }

  private static String targets(Estimate estimate) {
    Objectives asked = estimate.scenario().objectives();
    if (asked.ttft().isEmpty() && asked.tpot().isEmpty()) {
      return NONE;
    }
    if (estimate.meetsObjectives()) {
      return "met";
    }
    boolean first = missed(asked.ttft(), OptionalDouble.of(estimate.ttftSeconds()));
    boolean further = missed(asked.tpot(), estimate.tpotSeconds());
    return (first && further ? "both" : first ? "TTFT" : "TPOT") + " missed";
  }

  private static boolean missed(Optional<Seconds> target, OptionalDouble reached) {
    return target.isPresent()
        && reached.isPresent()
        && reached.getAsDouble() > target.get().value();
  }

  /** The head of the column names the model already. */
  private static String reason(Outcome.Refused refused) {
    String name = refused.model() + " ";
    return refused.reason().startsWith(name)
        ? refused.reason().substring(name.length())
        : refused.reason();
  }

  private static List<String> refusals(List<Outcome> outcomes) {
    List<String> all = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Refused refused) {
        String help =
            refused.remedies().isEmpty()
                ? ""
                : " Any of these helps: " + String.join("; ", refused.remedies()) + ".";
        all.add(refused.model() + " on " + refused.platform() + ": " + reason(refused) + help);
      }
    }
    return all;
  }

  private static List<String> warnings(List<Outcome> outcomes) {
    List<String> all = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered) {
        for (String warning : answered.estimate().warnings()) {
          String line = answered.model() + " on " + answered.platform() + ": " + warning;
          if (!all.contains(line)) {
            all.add(line);
          }
        }
      }
    }
    return all;
  }

  /** The profiles behind each answer, where its source names some. */
  private static List<String> profiles(List<Outcome> outcomes) {
    Map<String, Set<String>> platforms = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered) {
        String source = answered.estimate().source();
        if (!source.equals(model(source))) {
          platforms
              .computeIfAbsent(
                  source + "; " + answered.estimate().band().meaning(), _ -> new LinkedHashSet<>())
              .add(answered.platform());
        }
      }
    }
    return joined(platforms);
  }

  private static List<String> joined(Map<String, Set<String>> platforms) {
    return platforms.entrySet().stream()
        .map(each -> String.join(", ", each.getValue()) + ": " + each.getKey())
        .toList();
  }

  /** Where each platform's energy comes from, unless all have it from the same place. */
  private static List<String> energies(List<Outcome> outcomes) {
    Map<String, Set<String>> platforms = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered) {
        answered.assumptions().stream()
            .filter(assumption -> assumption.startsWith(ENERGY))
            .forEach(assumption ->
                platforms
                    .computeIfAbsent(assumption, _ -> new LinkedHashSet<>())
                    .add(answered.platform()));
      }
    }
    return platforms.size() < 2 ? List.of() : joined(platforms);
  }
}
