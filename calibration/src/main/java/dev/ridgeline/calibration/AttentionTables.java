package dev.ridgeline.calibration;

import dev.ridgeline.kernel.ContextAttentionFamily;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.GenerationAttentionFamily;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.measured.ShapeAxes;
import dev.ridgeline.workload.NumberFormat;
import java.util.List;

/** The tables of attention, prefill and decode. */
final class AttentionTables {
  private static final int SHORTEST = 128;
  private static final int LARGEST_BATCH = 512;
  private static final int LARGEST_GROUP = 32;

  static final OperatorTable<ContextAttentionShape> CONTEXT =
      new OperatorTable<>(
          new ContextAttentionFamily(),
          ShapeAxes.CONTEXT_ATTENTION,
          List.of(
              "attn_dtype",
              "kv_dtype",
              "head_dim",
              "heads",
              "kv_heads",
              "window",
              "batch",
              "seq_len"),
          row ->
              new ContextAttentionShape(
                  format(row, "attn_dtype"),
                  format(row, "kv_dtype"),
                  row.whole("head_dim", 1, OperatorTable.LARGEST),
                  row.whole("heads", 1, OperatorTable.LARGEST),
                  row.whole("kv_heads", 0, OperatorTable.LARGEST),
                  row.whole("window", 0, OperatorTable.LARGEST),
                  row.whole("batch", 1, OperatorTable.LARGEST),
                  row.whole("seq_len", 1, OperatorTable.LARGEST),
                  0),
          shape -> key(shape.heads(), shape.kvHeads(), shape.headDim(), shape.window(), shape.kv()),
          List.of(
              new OperatorTable.Region<>(
                  "full, seq >= 128",
                  shape -> shape.window() == 0 && shape.newTokens() >= SHORTEST),
              new OperatorTable.Region<>("window", shape -> shape.window() > 0),
              new OperatorTable.Region<>("seq < 128", shape -> shape.newTokens() < SHORTEST)));

  static final OperatorTable<GenerationAttentionShape> GENERATION =
      new OperatorTable<>(
          new GenerationAttentionFamily(),
          ShapeAxes.GENERATION_ATTENTION,
          List.of("kv_dtype", "head_dim", "heads", "kv_heads", "window", "batch", "kv_len"),
          row ->
              new GenerationAttentionShape(
                  format(row, "kv_dtype"),
                  row.whole("head_dim", 1, OperatorTable.LARGEST),
                  row.whole("heads", 1, OperatorTable.LARGEST),
                  row.whole("kv_heads", 0, OperatorTable.LARGEST),
                  row.whole("window", 0, OperatorTable.LARGEST),
                  row.whole("batch", 1, OperatorTable.LARGEST),
                  row.whole("kv_len", 1, OperatorTable.LARGEST)),
          shape -> key(shape.heads(), shape.kvHeads(), shape.headDim(), shape.window(), shape.kv()),
          List.of(
              new OperatorTable.Region<>(
                  "full, kv >= 128, batch <= 512, <= 32 heads per KV head",
                  shape ->
                      shape.window() == 0
                          && shape.kvTokens() >= SHORTEST
                          && shape.batch() <= LARGEST_BATCH
                          && shape.group() <= LARGEST_GROUP),
              new OperatorTable.Region<>("window", shape -> shape.window() > 0),
              new OperatorTable.Region<>(
                  "more than 32 heads per KV head", shape -> shape.group() > LARGEST_GROUP)));

  private AttentionTables() {}

  private static String key(long heads, long kvHeads, long headDim, long window, NumberFormat kv) {
    return "%d,%d,%d,%d,%s".formatted(heads, kvHeads, headDim, window, kv.name());
  }

  /** A format as tables spell it. */
  static NumberFormat format(TableRow row, String column) {
    return NumberFormat.named(row.text(column))
        .orElseThrow(() ->
            row.problem(column, "unknown number format")
                .withAllowed(List.of("bfloat16", "float16", "fp8"))
                .exception());
  }
}
