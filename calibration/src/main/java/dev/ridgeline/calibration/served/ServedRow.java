package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One measured configuration of a served model, as its table has it.
 *
 * @param line of the table
 * @param backend engine
 * @param version release of the engine; empty where it is not recorded
 * @param model path of the checkpoint
 * @param system chip
 * @param precision of the weights; empty for the checkpoint's own
 * @param disaggregated whether prompts and decoding have devices of their own
 * @param inputTokens longest prompt
 * @param outputTokens longest answer
 * @param concurrency requests in flight; 0 where it is not recorded
 * @param both sizes of the devices that do both, of the decoding ones if these are apart
 * @param prefill sizes of a prefill worker
 * @param day of the measurement; empty where it is not recorded
 * @param ttftSeconds mean time to first token
 * @param tpotSeconds mean time per further token
 */
public record ServedRow(
    int line,
    String backend,
    String version,
    String model,
    String system,
    String precision,
    boolean disaggregated,
    int inputTokens,
    int outputTokens,
    int concurrency,
    Sizes both,
    Sizes prefill,
    String day,
    double ttftSeconds,
    double tpotSeconds) {
  private static final double SECONDS_PER_MILLISECOND = 1e-3;

  /**
   * How a worker is spread; 0 where it is not recorded.
   *
   * @param workers how many
   * @param tensor ranks that split every matrix
   * @param pipeline stages
   * @param attentionData ranks that keep whole attention layers
   * @param expertTensor ranks that split an expert
   * @param expert ranks that experts are dealt to
   */
  public record Sizes(
      int workers, int tensor, int pipeline, int attentionData, int expertTensor, int expert) {

    /** Devices of a worker. */
    int devices() {
      return Math.max(1, tensor) * Math.max(1, attentionData) * Math.max(1, pipeline);
    }
  }

  /** Whether the day of the measurement is recorded. */
  boolean dated() {
    return !day.isEmpty();
  }

  /** All rows of a table. */
  public static List<ServedRow> read(Path file) {
    List<ServedRow> rows = new ArrayList<>();
    try (TableFile table = TableFile.open(file)) {
      table.require(
          List.of("backend", "model_path", "system", "precision", "mode", "ttft_ms", "tpot_ms"));
      for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
        rows.add(of(row.get()));
      }
    }
    return rows;
  }

  private static ServedRow of(TableRow row) {
    boolean apart = row.text("mode").equals("disagg");
    return new ServedRow(
        row.line(),
        row.text("backend"),
        row.text("backend_version"),
        row.text("model_path"),
        row.text("system"),
        row.text("precision"),
        apart,
        whole(row, "isl"),
        whole(row, "osl"),
        whole(row, "concurrency"),
        sizes(row, apart ? "decode_" : ""),
        sizes(row, "prefill_"),
        row.text("measured"),
        row.positive("ttft_ms") * SECONDS_PER_MILLISECOND,
        row.positive("tpot_ms") * SECONDS_PER_MILLISECOND);
  }

  private static Sizes sizes(TableRow row, String of) {
    return new Sizes(
        of.isEmpty() ? 1 : whole(row, of + "num_workers"),
        whole(row, of + "tp_size"),
        whole(row, of + "pp_size"),
        whole(row, of + "attention_dp_size"),
        whole(row, of + "moe_tp_size"),
        whole(row, of + "moe_ep_size"));
  }

  private static int whole(TableRow row, String column) {
    return row.text(column).isEmpty() ? 0 : (int) row.whole(column, 0, 1 << 30);
  }
}
