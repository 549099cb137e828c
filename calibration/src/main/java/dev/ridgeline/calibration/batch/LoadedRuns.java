package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.units.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times between tokens and energies of a token under load (ML.ENERGY's leaderboard, version 3) held
 * against the steady state of as many requests. Nothing is fitted to them. The table states no
 * prompt lengths: they count as 200 tokens.
 *
 * @param runs what could be predicted
 * @param refused how many could not, by reason
 */
record LoadedRuns(List<Run> runs, Map<String, Integer> refused) {
  static final String TIMES = "under load, between tokens";
  static final String ENERGIES = "under load, energy of a token";

  private static final String TABLE = "ml_energy_v3.csv";
  private static final int PROMPT_TOKENS = 200;
  private static final double MILLI = 1e-3;

  /** The release of the second half of 2025, which the table names by its date. */
  private static final String RELEASE = "vllm@0.10.2";

  private static final List<String> COLUMNS =
      List.of(
          "model_id",
          "platform",
          "devices",
          "tp",
          "ep",
          "precision_weights",
          "output_tokens",
          "batch_or_concurrency",
          "metric",
          "value",
          "notes",
          "flag");

  /** Prompts of text alone, without what programmers' editors send. */
  private static final Pattern TASK = Pattern.compile("task=(gpqa|lm-arena-chat);");

  private static final Pattern ATTENTION_DATA = Pattern.compile("\\bdp=(\\d{1,4})\\b");

  LoadedRuns {
    runs = List.copyOf(runs);
    refused = Map.copyOf(refused);
  }

  /**
   * One run.
   *
   * @param row what was published
   * @param estimate what is predicted
   */
  record Run(LoadedRow row, Estimate estimate) {}

  /** Errors of times and energies by chip, and of all. */
  List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (String region : List.of(TIMES, ENERGIES)) {
      Map<String, List<Point>> chips = new TreeMap<>();
      List<Point> all = new ArrayList<>();
      for (Run run : runs) {
        OptionalDouble measured =
            region.equals(TIMES)
                ? OptionalDouble.of(run.row().tokenSeconds())
                : run.row().tokenJoules();
        OptionalDouble predicted =
            region.equals(TIMES)
                ? run.estimate().tpotSeconds()
                : run.estimate().energyJoulesPerOutputToken();
        if (measured.isPresent() && predicted.isPresent()) {
          var pair = new Point(measured.getAsDouble(), predicted.getAsDouble());
          chips.computeIfAbsent(run.row().chip(), _ -> new ArrayList<>()).add(pair);
          all.add(pair);
        }
      }
      if (!all.isEmpty()) {
        results.add(OwnBand.result("all chips", "%d chips".formatted(chips.size()), region, all));
      }
      chips.forEach((chip, pairs) ->
          results.add(OwnBand.result(chip, RELEASE.replace('@', ' '), region, pairs)));
    }
    return results;
  }

  /** Reads the table of a folder, where there is one. */
  static LoadedRuns read(Path folder, Catalog catalog) {
    Path file = folder.resolve(TABLE);
    Map<String, Integer> refused = new TreeMap<>();
    List<Run> runs = new ArrayList<>();
    if (Files.exists(file)) {
      var resolver = new ScenarioResolver(catalog).preferringKernels();
      for (LoadedRow row : rows(file, refused)) {
        if (!catalog.modelNames().contains(row.model())) {
          refused.merge("model %s is not in the catalog".formatted(row.model()), 1, Integer::sum);
          continue;
        }
        try {
          runs.add(
              new Run(
                  row,
                  Estimator.estimate(
                      resolver.resolve(ScenarioSpec.read(row.file(), text(row))).scenario())));
        } catch (InputException | IllegalDeploymentException | InfeasibleException other) {
          refused.merge("does not fit, or mapping that the model does not take", 1, Integer::sum);
        }
      }
    }
    return new LoadedRuns(runs, refused);
  }

  private static List<LoadedRow> rows(Path file, Map<String, Integer> refused) {
    Map<List<String>, TableRow> times = new LinkedHashMap<>();
    Map<List<String>, Double> energies = new HashMap<>();
    try (TableFile table = TableFile.open(file)) {
      table.require(COLUMNS);
      for (var next = table.next(); next.isPresent(); next = table.next()) {
        TableRow row = next.get();
        if (TASK.matcher(row.text("notes")).find() && row.text("flag").isEmpty()) {
          List<String> run =
              List.of(
                  row.text("model_id"),
                  row.text("platform"),
                  row.text("devices"),
                  row.text("tp"),
                  row.text("ep"),
                  row.text("precision_weights"),
                  row.text("notes"),
                  row.text("output_tokens"),
                  row.text("batch_or_concurrency"));
          switch (row.text("metric")) {
            case "itl_median" -> times.put(run, row);
            case "energy_per_output_token" -> energies.put(run, row.positive("value"));
            default -> {}
          }
        }
      }
    }
    List<LoadedRow> rows = new ArrayList<>();
    times.forEach((run, row) -> {
      String chip = PublishedChips.NAMES.get(row.text("platform"));
      if (chip == null) {
        refused.merge("chip %s".formatted(row.text("platform")), 1, Integer::sum);
      } else {
        Double joules = energies.get(run);
        rows.add(
            row(row, chip, joules == null ? OptionalDouble.empty() : OptionalDouble.of(joules)));
      }
    });
    return rows;
  }

  /**
   * Where experts are dealt to ranks, attention is split by heads unless sequences are dealt too.
   */
  private static LoadedRow row(TableRow row, String chip, OptionalDouble joules) {
    int devices = (int) row.whole("devices", 1, 1 << 20);
    int expert = (int) row.whole("ep", 1, 1 << 10);
    Matcher dealt = ATTENTION_DATA.matcher(row.text("notes"));
    int attentionData = dealt.find() ? Math.max(1, Integer.parseInt(dealt.group(1))) : 1;
    int tensor =
        expert > 1 ? Math.max(1, devices / attentionData) : (int) row.whole("tp", 1, 1 << 10);
    return new LoadedRow(
        row.file(),
        row.text("model_id"),
        chip,
        row.text("precision_weights"),
        devices,
        tensor,
        attentionData,
        expert,
        (int) Math.max(1, Math.round(row.positive("batch_or_concurrency"))),
        Math.max(2, Math.round(row.positive("output_tokens"))),
        row.positive("value") * MILLI,
        joules);
  }

  private static String text(LoadedRow row) {
    return """
    schema_version: 1
    workload: {model: %s, input_tokens: %d, output_tokens: %d}
    platform: "%s"
    engine: "%s"
    traffic: {concurrency: %d}
    deployment: {tp: %d, attention_dp: %d, ep: %d%s}
    """
        .formatted(
            row.model(),
            PROMPT_TOKENS,
            row.outputTokens(),
            row.devices() > 1 ? row.devices() + "x" + row.chip() : row.chip(),
            RELEASE,
            row.requests(),
            row.tensor(),
            row.attentionData(),
            row.expert(),
            formats(row));
  }

  /** Publishers' checkpoints in eight bits: Qwen's scale blocks, Meta's do not. */
  private static String formats(LoadedRow row) {
    if (!row.format().equals("fp8") || row.model().startsWith("deepseek")) {
      return "";
    }
    return ", weights: %s, activations: fp8"
        .formatted(row.model().startsWith("qwen") ? "fp8_block" : "fp8");
  }
}
