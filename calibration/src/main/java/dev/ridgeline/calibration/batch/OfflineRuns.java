package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.units.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Published runs that offer all requests at once and state no batch, as MLPerf's offline scenario
 * does. They are taken for the steady state of as many requests as the memory holds, spread over
 * the tensor degree that gives most tokens, with copies on the devices left over: submitters tune
 * both. No constant is fitted to them.
 *
 * @param runs what could be predicted
 * @param refused how many could not, by reason
 */
record OfflineRuns(List<Run> runs, Map<String, Integer> refused) {
  /** What results call the shapes. */
  static final String REGION = "offline, largest batch";

  private static final String TABLE = "mlperf_inference.csv";
  private static final double LOWER_DECILE = 0.1;

  /** Devices of a node; a larger system runs copies of one. */
  private static final int NODE = 8;

  private static final Map<String, String> CHIPS =
      Map.ofEntries(
          Map.entry("AMD MI300X", "mi300x"),
          Map.entry("AMD MI325X", "mi325x"),
          Map.entry("AMD MI355X", "mi355x"),
          Map.entry("NVIDIA B200 180GB", "b200-sxm"),
          Map.entry("NVIDIA GB200 192GB", "gb200"),
          Map.entry("NVIDIA GB300", "gb300"),
          Map.entry("NVIDIA H100 SXM 80GB", "h100-sxm"),
          Map.entry("NVIDIA H200 NVL", "h200-nvl"),
          Map.entry("NVIDIA H200 SXM 141GB", "h200-sxm"),
          Map.entry("NVIDIA RTX PRO 6000 Blackwell SE", "rtx-pro-6000"));

  private static final Map<String, String> FORMATS =
      Map.of("fp16", "bf16", "bf16", "bf16", "fp8", "fp8", "fp4", "nvfp4", "mxfp4", "mxfp4");

  OfflineRuns {
    runs = List.copyOf(runs);
    refused = Map.copyOf(refused);
  }

  /**
   * One run.
   *
   * @param chip catalog name
   * @param engine catalog name
   * @param measured output tokens a second of all devices
   * @param predicted the same
   */
  record Run(String chip, String engine, double measured, double predicted) {}

  /** Errors by chip and engine, and of all. */
  List<Result> results() {
    Map<List<String>, List<Run>> groups = new TreeMap<>(Comparator.comparing(List::toString));
    runs.forEach(run ->
        groups.computeIfAbsent(List.of(run.chip(), run.engine()), _ -> new ArrayList<>()).add(run));
    List<Result> results = new ArrayList<>();
    if (!runs.isEmpty()) {
      results.add(result("all chips", "%d groups".formatted(groups.size()), runs));
    }
    groups.forEach((group, each) -> results.add(result(group.get(0), group.get(1), each)));
    return results;
  }

  private static Result result(String chip, String engine, List<Run> runs) {
    var errors = new ErrorFigures.Collector();
    // Times of a token, as all other figures are.
    runs.forEach(run -> errors.add(1 / run.predicted(), 1 / run.measured()));
    double low = errors.measuredOverPredicted(LOWER_DECILE);
    double high = errors.measuredOverPredicted(1 - LOWER_DECILE);
    long inside =
        runs.stream()
            .mapToDouble(run -> run.predicted() / run.measured())
            .filter(ratio -> ratio >= low && ratio <= high)
            .count();
    return new Result(
        BatchValidation.OPERATOR,
        chip,
        engine,
        REGION,
        true,
        "as estimate --concurrency",
        errors.figures(),
        (double) inside / runs.size(),
        high / low);
  }

  /** Reads the table of a folder, where there is one. */
  static OfflineRuns read(Path folder, Catalog catalog) {
    List<Run> runs = new ArrayList<>();
    Map<String, Integer> refused = new TreeMap<>();
    Path file = folder.resolve(TABLE);
    if (!Files.exists(file)) {
      return new OfflineRuns(runs, refused);
    }
    ScenarioResolver resolver = new ScenarioResolver(catalog).preferringKernels();
    try (TableFile table = TableFile.open(file)) {
      for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
        if (isOffline(row.get())) {
          add(row.get(), resolver, runs, refused);
        }
      }
    }
    return new OfflineRuns(runs, refused);
  }

  private static boolean isOffline(TableRow row) {
    return row.text("scenario").equals("offline")
        && row.text("metric").equals("output_token_throughput")
        && row.text("flag").isEmpty();
  }

  private static void add(
      TableRow row, ScenarioResolver resolver, List<Run> runs, Map<String, Integer> refused) {
    String chip = CHIPS.get(row.text("platform"));
    String format = FORMATS.get(row.text("precision_weights"));
    Optional<String> engine = engine(row.text("framework"));
    if (chip == null) {
      refused.merge("chip %s".formatted(row.text("platform")), 1, Integer::sum);
    } else if (format == null || engine.isEmpty()) {
      refused.merge("precision or engine is not stated", 1, Integer::sum);
    } else {
      double best = most(row, chip, format, engine.get(), resolver);
      if (best > 0) {
        runs.add(new Run(chip, engine.get(), row.positive("value"), best));
      } else {
        refused.merge("does not fit one node, or a format the chip has not", 1, Integer::sum);
      }
    }
  }

  /** Results name the release of CUDA and of TensorRT, on which TensorRT-LLM runs. */
  private static Optional<String> engine(String framework) {
    if (framework.contains("vLLM") || framework.contains("vllm")) {
      return Optional.of("vllm");
    }
    return framework.startsWith("TensorRT ") ? Optional.of("tensorrt-llm") : Optional.empty();
  }

  private static double most(
      TableRow row, String chip, String format, String engine, ScenarioResolver resolver) {
    int devices = (int) row.whole("devices", 1, 1 << 20);
    double best = 0;
    for (int tensor = 1; tensor <= Math.min(NODE, devices); tensor *= 2) {
      String text =
          """
          schema_version: 1
          workload: {model: %s, input_tokens: %d, output_tokens: %d}
          platform: "%s"
          engine: %s
          deployment: {tp: %d, weights: %s, activations: %s, kv: %s}
          """
              .formatted(
                  row.text("model_id"),
                  Math.round(row.positive("input_tokens")),
                  Math.round(row.positive("output_tokens")),
                  tensor > 1 ? tensor + "x" + chip : chip,
                  engine,
                  tensor,
                  format,
                  format,
                  format.equals("bf16") ? "bf16" : "fp8");
      try {
        Scenario scenario = resolver.resolve(ScenarioSpec.read(row.file(), text)).scenario();
        best = Math.max(best, tokensPerSecond(scenario) * devices / tensor);
      } catch (InputException | IllegalDeploymentException | InfeasibleException tooSmall) {
        // Another degree may do.
        continue;
      }
    }
    return best;
  }

  private static double tokensPerSecond(Scenario scenario) {
    long room =
        MemoryPlan.ledger(
                ProgramCompiler.compile(scenario.model(), scenario.deployment()),
                scenario.platform(),
                scenario.engine(),
                scenario.traffic())
            .largestBatch();
    if (room < 1) {
      return 0;
    }
    Traffic asked = scenario.traffic();
    var full =
        new Traffic(
            asked.inputTokens(),
            asked.outputTokens(),
            1,
            1,
            OptionalInt.of((int) Math.min(room, 1 << 20)));
    return Estimator.estimate(scenario.withTraffic(full)).outputTokensPerSecond();
  }
}
