package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import dev.ridgeline.calibration.batch.BatchRow.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of a table of published runs that ran as one batch.
 *
 * @param rows what can be used
 * @param refused how many cannot, by reason
 */
record BatchTable(List<BatchRow> rows, Map<String, Integer> refused) {
  private static final long MOST = 1L << 31;
  private static final Pattern CHUNK = Pattern.compile("llama-bench -b (\\d+)");

  /** Releases of TensorRT-LLM whose page timed one batch; later ones keep a queue full. */
  private static final List<String> STATIC_RELEASES = List.of("0.5.0", "0.7.1", "0.8.0", "0.9.0");

  BatchTable {
    rows = List.copyOf(rows);
    refused = Map.copyOf(refused);
  }

  /** Reads a table, whose name tells how its figures are meant. */
  static BatchTable read(Path file) {
    List<BatchRow> rows = new ArrayList<>();
    Map<String, Integer> refused = new TreeMap<>();
    try (TableFile table = TableFile.open(file)) {
      table.require(
          List.of(
              "model",
              "model_id",
              "platform",
              "framework",
              "framework_version",
              "scenario",
              "precision_weights",
              "tp",
              "pp",
              "input_tokens",
              "output_tokens",
              "batch_or_concurrency",
              "metric",
              "value",
              "unit",
              "notes",
              "flag"));
      for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
        Optional<String> reason = reason(row.get());
        if (reason.isPresent()) {
          refused.merge(reason.get(), 1, Integer::sum);
        } else {
          rows.add(row(row.get()));
        }
      }
    }
    return new BatchTable(rows, refused);
  }

  private static Optional<String> reason(TableRow row) {
    if (!row.text("flag").isEmpty()) {
      return Optional.of("flagged by the table as doubtful");
    }
    String version = row.text("framework_version");
    if (row.text("framework").equals("TensorRT-LLM") && version.startsWith("0.1")
        || version.equals("1.0")) {
      return Optional.of("no fixed batch: taken for a full queue");
    }
    if (row.text("framework").equals("TensorRT-LLM")
        && row.file().contains("tensorrt_llm_docs")
        && !STATIC_RELEASES.contains(version)) {
      return Optional.of("release without static batches");
    }
    if (row.text("metric").contains("power")) {
      return Optional.of("power, not time");
    }
    boolean sized =
        !row.text("tp").isEmpty()
            && !row.text("pp").isEmpty()
            && !row.text("input_tokens").isEmpty();
    if (!sized && row.text("scenario").equals("server")) {
      return Optional.of("requests arrive one by one");
    }
    if (!sized || part(row) != Part.PROMPTS && row.text("output_tokens").isEmpty()) {
      return Optional.of("mapping or lengths are not stated");
    }
    if (row.text("batch_or_concurrency").isEmpty()) {
      return Optional.of("batch is not stated");
    }
    return Optional.empty();
  }

  private static Part part(TableRow row) {
    return switch (row.text("metric")) {
      case "ttft" -> Part.PROMPTS;
      case "itl_mean" -> Part.STEP;
      default -> Part.WHOLE;
    };
  }

  private static BatchRow row(TableRow row) {
    long input = row.whole("input_tokens", 1, MOST);
    Part part = part(row);
    long output = part == Part.PROMPTS ? 1 : row.whole("output_tokens", 1, MOST);
    int batch = (int) row.whole("batch_or_concurrency", 1, Integer.MAX_VALUE);
    double value = row.positive("value");
    double seconds =
        switch (row.text("metric")) {
          case "total_token_throughput" -> batch * (double) (input + output) / value;
          case "output_token_throughput" -> batch * (double) output / value;
          case "output_token_throughput_per_device" ->
              batch * (double) output / (value * devices(row));
          case "ttft", "itl_mean" -> row.text("unit").equals("ms") ? value / 1e3 : value;
          default -> throw row.problem("metric", "unknown kind of figure").exception();
        };
    return new BatchRow(
        row.file(),
        row.line(),
        row.text("model").toLowerCase(Locale.ROOT),
        row.text("platform"),
        row.text("framework"),
        row.text("precision_weights"),
        (int) row.whole("tp", 1, 1 << 10),
        (int) row.whole("pp", 1, 1 << 10),
        input,
        output,
        batch,
        chunk(row.text("notes")),
        part,
        seconds);
  }

  /** What llama-bench calls its batch is how many tokens of a prompt it takes at once. */
  private static long chunk(String notes) {
    Matcher matcher = CHUNK.matcher(notes);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : MOST;
  }

  private static double devices(TableRow row) {
    return (double) row.whole("tp", 1, 1 << 10) * row.whole("pp", 1, 1 << 10);
  }
}
