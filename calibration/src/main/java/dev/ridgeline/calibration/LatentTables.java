package dev.ridgeline.calibration;

import dev.ridgeline.kernel.MlaBmmFamily;
import dev.ridgeline.kernel.MlaBmmShape;
import dev.ridgeline.kernel.MlaFamily;
import dev.ridgeline.kernel.MlaShape;
import dev.ridgeline.kernel.measured.ShapeAxes;
import java.util.List;

/** The tables of multi-head latent attention and of its absorbed projections. */
final class LatentTables {
  static final OperatorTable<MlaShape> MLA =
      new OperatorTable<>(
          new MlaFamily(),
          ShapeAxes.MLA,
          List.of("phase", "kv_dtype", "heads", "batch", "q_len", "past_len"),
          row ->
              new MlaShape(
                  phase(row),
                  AttentionTables.format(row, "kv_dtype"),
                  row.whole("heads", 1, OperatorTable.LARGEST),
                  row.whole("batch", 1, OperatorTable.LARGEST),
                  row.whole("q_len", 1, OperatorTable.LARGEST),
                  row.whole("past_len", 0, OperatorTable.LARGEST)),
          shape -> "%s,%d,%s".formatted(shape.phase(), shape.heads(), shape.kv().name()),
          List.of(
              new OperatorTable.Region<>(
                  "prefill", shape -> shape.phase() == MlaShape.Phase.CONTEXT),
              new OperatorTable.Region<>(
                  "decode", shape -> shape.phase() == MlaShape.Phase.GENERATION)));

  static final OperatorTable<MlaBmmShape> MLA_BMM =
      new OperatorTable<>(
          new MlaBmmFamily(),
          ShapeAxes.MLA_BMM,
          List.of("op", "dtype", "heads", "tokens"),
          row ->
              new MlaBmmShape(
                  product(row),
                  AttentionTables.format(row, "dtype"),
                  row.whole("heads", 1, OperatorTable.LARGEST),
                  row.whole("tokens", 1, OperatorTable.LARGEST)),
          shape -> "%s,%d,%s".formatted(shape.product(), shape.heads(), shape.format().name()),
          List.of());

  private LatentTables() {}

  private static MlaShape.Phase phase(TableRow row) {
    return switch (row.text("phase")) {
      case "context" -> MlaShape.Phase.CONTEXT;
      case "generation" -> MlaShape.Phase.GENERATION;
      default ->
          throw row.problem("phase", "unknown phase")
              .withAllowed(List.of("context", "generation"))
              .exception();
    };
  }

  private static MlaBmmShape.Product product(TableRow row) {
    return switch (row.text("op")) {
      case "mla_gen_pre" -> MlaBmmShape.Product.BEFORE;
      case "mla_gen_post" -> MlaBmmShape.Product.AFTER;
      default ->
          throw row.problem("op", "unknown product")
              .withAllowed(List.of("mla_gen_pre", "mla_gen_post"))
              .exception();
    };
  }
}
