package dev.ridgeline.calibration;

import dev.ridgeline.kernel.AllToAllFamily;
import dev.ridgeline.kernel.AllToAllShape;
import dev.ridgeline.kernel.CommFamily;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.measured.ShapeAxes;
import java.util.List;

/** The tables of exchanges between chips. */
final class ExchangeTables {
  private static final double LARGE_BYTES = 1 << 20;
  private static final long LARGEST_MESSAGE = 1L << 42;

  static final OperatorTable<CommShape> COMM =
      new OperatorTable<>(
          new CommFamily(),
          ShapeAxes.COMM,
          List.of("impl", "op", "dtype", "num_gpus", "message_elems"),
          row ->
              CommShape.of(
                  row.text("impl"),
                  row.text("op"),
                  row.text("dtype"),
                  row.whole("num_gpus", 1, OperatorTable.LARGEST),
                  row.whole("message_elems", 1, LARGEST_MESSAGE)),
          shape ->
              "%s,%d,%d"
                  .formatted(
                      shape.operation().key(), shape.ranks(), Math.getExponent(shape.bytes())),
          List.of(
              new OperatorTable.Region<>("below 1 MiB", shape -> shape.bytes() < LARGE_BYTES),
              new OperatorTable.Region<>("1 MiB and more", shape -> shape.bytes() >= LARGE_BYTES)));

  static final OperatorTable<AllToAllShape> ALL_TO_ALL =
      new OperatorTable<>(
          new AllToAllFamily(),
          ShapeAxes.ALL_TO_ALL,
          List.of(
              "impl",
              "op",
              "dtype",
              "nodes",
              "ep",
              "hidden",
              "topk",
              "experts",
              "sms",
              "tokens_per_rank"),
          row ->
              AllToAllShape.of(
                  row.text("impl"),
                  row.text("op"),
                  row.text("dtype"),
                  row.text("nodes").isEmpty() ? 1 : row.whole("nodes", 1, OperatorTable.LARGEST),
                  row.whole("ep", 1, OperatorTable.LARGEST),
                  row.whole("hidden", 1, OperatorTable.LARGEST),
                  row.whole("topk", 1, OperatorTable.LARGEST),
                  row.whole("experts", 1, OperatorTable.LARGEST),
                  row.text("sms").isEmpty() ? 0 : row.whole("sms", 1, OperatorTable.LARGEST),
                  row.whole("tokens_per_rank", 1, OperatorTable.LARGEST)),
          ExchangeTables::key,
          List.of(new OperatorTable.Region<>("one node", shape -> shape.nodes() == 1)));

  private ExchangeTables() {}

  /** Tables of exchanges over NVLink sweep ranks and tokens of one layer only. */
  private static String key(AllToAllShape shape) {
    return switch (shape.library()) {
      case DEEPEP_LOW_LATENCY, DEEPEP_NORMAL ->
          "%d,%d,%d".formatted(shape.hidden(), shape.topk(), shape.experts());
      case TRTLLM_ONE_SIDED, TRTLLM_TWO_SIDED ->
          "%d,%d".formatted(shape.ep(), Math.getExponent((double) shape.tokens()));
    };
  }
}
