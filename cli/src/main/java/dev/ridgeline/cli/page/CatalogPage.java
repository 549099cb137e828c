package dev.ridgeline.cli.page;

import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.models.ModelEntry;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.UseCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Use cases and engines, and the lists of everything the catalog holds. */
public final class CatalogPage {
  private static final int LABEL = 26;
  private static final int GAP = 2;

  private CatalogPage() {}

  /** A use case. */
  public static String of(Style style, UseCase useCase) {
    Page page = new Page(style);
    page.heading(useCase.name() + ": " + useCase.title()).gap();
    fact(page, "tokens in", Figures.count(useCase.inputTokens()));
    fact(page, "tokens out", Figures.count(useCase.outputTokens()));
    fact(page, "beams", Figures.count(useCase.beams()));
    fact(page, "time to first token", target(useCase.ttft()));
    fact(page, "time per output token", target(useCase.tpot()));
    fact(page, "source", useCase.source());
    return page.finish();
  }

  /** An engine, and the releases of it that are known. */
  public static String of(Style style, Engine engine, EngineReleases releases) {
    Page page = new Page(style);
    page.heading((engine.name() + " " + engine.version()).strip() + ": " + engine.title()).gap();
    fact(
        page,
        "memory it may use",
        Figures.roughPercent(engine.memoryUtilization()) + " of a device");
    fact(page, "of which for itself", engine.reserve().toString());
    fact(page, "cache block", engine.blockTokens() + " tokens");
    fact(
        page,
        "runs on",
        engine.runsOn().isEmpty() ? "any chip" : String.join(", ", engine.runsOn()));
    if (!releases.measured().isEmpty()) {
      fact(page, "releases known", String.join(", ", releases.known()));
      fact(page, "where none is named", engine.name() + "@" + releases.newest());
    }
    fact(page, "source", engine.source());
    page.list("Notes", engine.notes());
    return page.finish();
  }

  /** All models. */
  public static String models(Style style, List<ModelEntry> models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", "published size", "active", "Hugging Face"));
    for (ModelEntry model : models) {
      rows.add(
          List.of(
              model.name(),
              Figures.parameters(Math.round(model.publishedParameters())),
              model.publishedActiveParameters().isPresent()
                  ? Figures.parameters(Math.round(model.publishedActiveParameters().getAsDouble()))
                  : "",
              model.huggingFaceId().orElse("")));
    }
    return table(
        style,
        rows,
        "A path of a config.json, or of its folder, names a model too. Sizes are as published.");
  }

  /** All chips. */
  public static String chips(Style style, List<ChipSheet> chips) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("chip", "bf16 or fp16", "memory", "bandwidth", "name"));
    for (ChipSheet sheet : chips) {
      Chip chip = sheet.chip();
      rows.add(
          List.of(
              chip.name(),
              chip.peak(Arithmetic.BF16)
                  .or(() -> chip.peak(Arithmetic.FP16))
                  .map(FlopsPerSecond::toString)
                  .orElse(""),
              chip.mainMemory().capacity().toString(),
              chip.mainMemory().bandwidth().map(BytesPerSecond::toString).orElse(""),
              chip.title()));
    }
    return table(style, rows, "'8xh100-sxm' is a node of eight, '4x8xh100-sxm' four such nodes.");
  }

  /** All platforms that have a name of their own. */
  public static String platforms(Style style, List<PlatformSheet> platforms) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("platform", "chips", "chip", "name"));
    for (PlatformSheet sheet : platforms) {
      rows.add(
          List.of(
              sheet.platform().name(),
              Figures.count(sheet.platform().chips()),
              sheet.platform().chip().name(),
              sheet.title()));
    }
    return table(style, rows, "Any chip is a platform too, with a count in front: '8xh100-sxm'.");
  }

  /** All use cases. */
  public static String useCases(Style style, List<UseCase> useCases) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("use case", "in", "out", "beams", "first token", "per token", "what it is"));
    for (UseCase useCase : useCases) {
      rows.add(
          List.of(
              useCase.name(),
              Figures.count(useCase.inputTokens()),
              Figures.count(useCase.outputTokens()),
              Figures.count(useCase.beams()),
              target(useCase.ttft()),
              target(useCase.tpot()),
              useCase.title()));
    }
    return table(style, rows, "");
  }

  /** All engines. */
  public static String engines(
      Style style, List<Engine> engines, Function<Engine, EngineReleases> releases) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("engine", "newest", "measured", "memory", "block", "what it is"));
    for (Engine engine : engines) {
      rows.add(
          List.of(
              engine.name(),
              engine.version(),
              String.join(", ", releases.apply(engine).measured()),
              Figures.roughPercent(engine.memoryUtilization()),
              Integer.toString(engine.blockTokens()),
              engine.title()));
    }
    return table(style, rows, "NAME alone means the newest release, NAME@RELEASE another.");
  }

  private static String target(Optional<Seconds> target) {
    return target.map(Seconds::toString).orElse("-");
  }

  private static void fact(Page page, String label, String value) {
    page.hanging("  " + Page.left(label, LABEL), value);
  }

  /** Columns as wide as they need to be; figures to the right, the first and last to the left. */
  private static String table(Style style, List<List<String>> rows, String hint) {
    Page page = new Page(style);
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (int index = 0; index < rows.size(); index++) {
      StringBuilder lead = new StringBuilder();
      List<String> row = rows.get(index);
      for (int column = 0; column < columns - 1; column++) {
        String cell = row.get(column);
        lead.append(column == 0 ? Page.left(cell, widths[0]) : Page.right(cell, widths[column]))
            .append(" ".repeat(GAP));
      }
      String last = row.getLast();
      if (index == 0) {
        page.heading(lead + last);
      } else if (last.isEmpty()) {
        page.line(lead.toString());
      } else {
        page.hanging(lead.toString(), last);
      }
    }
    if (!hint.isEmpty()) {
      page.gap().line(style.dim(hint));
    }
    return page.finish();
  }
}
