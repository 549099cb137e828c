package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The published runs of a folder that kept an engine's queue full: MLPerf's offline scenario, and
 * what the documentation of TensorRT-LLM measures since release 0.10.
 *
 * @param rows what can be expressed
 * @param refused how many cannot, by reason
 */
record OfflineTable(List<OfflineRow> rows, Map<String, Integer> refused) {
  /** MLPerf, whose submitters tune mapping and batch, and build engines of their own. */
  static final String SUBMISSION = "offline, largest batch";

  /** A benchmark with stated mapping and release. */
  static final String BENCHMARK = "full queue, mapping stated";

  private static final String MLPERF = "mlperf_inference.csv";
  private static final String DOCUMENTATION = "tensorrt_llm_docs.csv";

  private static final List<String> COLUMNS =
      List.of(
          "model_id",
          "platform",
          "framework",
          "framework_version",
          "scenario",
          "precision_weights",
          "devices",
          "tp",
          "pp",
          "input_tokens",
          "output_tokens",
          "batch_or_concurrency",
          "metric",
          "value",
          "notes",
          "flag");

  private static final Map<String, String> FORMATS =
      Map.of("fp16", "bf16", "bf16", "bf16", "fp8", "fp8", "fp4", "nvfp4", "mxfp4", "mxfp4");

  /** As submitters name accelerators in what they say of their systems. */
  private static final Pattern ACCELERATOR = Pattern.compile("MI3\\d\\dX");

  OfflineTable {
    rows = List.copyOf(rows);
    refused = Map.copyOf(refused);
  }

  /** Reads those of the tables that a folder has. */
  static OfflineTable read(Path folder) {
    List<OfflineRow> rows = new ArrayList<>();
    Map<String, Integer> refused = new TreeMap<>();
    for (String name : List.of(MLPERF, DOCUMENTATION)) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        try (TableFile table = TableFile.open(file)) {
          table.require(COLUMNS);
          for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
            if (isOffline(row.get())) {
              add(row.get(), name.equals(MLPERF), rows, refused);
            }
          }
        }
      }
    }
    return new OfflineTable(rows, refused);
  }

  private static boolean isOffline(TableRow row) {
    return row.text("scenario").equals("offline")
        && row.text("metric").equals("output_token_throughput")
        && row.text("flag").isEmpty()
        && row.text("batch_or_concurrency").isEmpty();
  }

  private static void add(
      TableRow row, boolean submission, List<OfflineRow> rows, Map<String, Integer> refused) {
    String chip = PublishedChips.NAMES.get(row.text("platform"));
    String format = FORMATS.get(row.text("precision_weights"));
    Optional<String> engine = submission ? engine(row.text("framework")) : documented(row);
    OptionalInt tensor = degree(row, "tp");
    OptionalInt stages = degree(row, "pp");
    if (chip == null) {
      refused.merge("chip %s".formatted(row.text("platform")), 1, Integer::sum);
    } else if (format == null || engine.isEmpty()) {
      refused.merge("precision or engine is not stated", 1, Integer::sum);
    } else if (kinds(row.text("notes")) > 1) {
      refused.merge("a system of two kinds of chips", 1, Integer::sum);
    } else {
      rows.add(
          new OfflineRow(
              row.file(),
              submission ? SUBMISSION : BENCHMARK,
              row.text("model_id"),
              chip,
              engine.get(),
              format,
              (int) row.whole("devices", 1, 1 << 20),
              tensor,
              tensor.isPresent() && stages.isEmpty() ? OptionalInt.of(1) : stages,
              Math.round(row.positive("input_tokens")),
              Math.round(row.positive("output_tokens")),
              row.positive("value")));
    }
  }

  private static OptionalInt degree(TableRow row, String column) {
    return row.text(column).isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of((int) row.whole(column, 1, 1 << 10));
  }

  private static long kinds(String notes) {
    return ACCELERATOR
        .matcher(notes)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toSet())
        .size();
  }

  /**
   * Results of NVIDIA name the release of CUDA and of TensorRT, on which TensorRT-LLM runs; those
   * of vLLM name builds between releases, with changes of the submitter's. So no release is taken
   * over: the newest stands for an engine that its submitter has tuned.
   */
  private static Optional<String> engine(String framework) {
    if (framework.contains("vLLM") || framework.contains("vllm")) {
      return Optional.of("vllm");
    }
    return framework.startsWith("TensorRT ") ? Optional.of("tensorrt-llm") : Optional.empty();
  }

  private static Optional<String> documented(TableRow row) {
    String version = row.text("framework_version");
    return version.isEmpty() ? Optional.empty() : Optional.of("tensorrt-llm@" + version);
  }
}
