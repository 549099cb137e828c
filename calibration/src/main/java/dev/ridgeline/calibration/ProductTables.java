package dev.ridgeline.calibration;

import dev.ridgeline.kernel.ExpertFormat;
import dev.ridgeline.kernel.ExpertKernel;
import dev.ridgeline.kernel.GemmFamily;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.MoeFamily;
import dev.ridgeline.kernel.MoeShape;
import dev.ridgeline.kernel.measured.ShapeAxes;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.List;
import java.util.stream.Stream;

/** The tables of matrix products, dense and of experts. */
final class ProductTables {
  private static final int WIDE = 1024;
  private static final int MOST_TOKENS = 16384;
  private static final String BALANCED = "balanced";
  private static final String POWER_LAW = "power_law_";
  private static final List<String> GEMM_FORMATS =
      Stream.of(GemmFormat.values()).map(GemmFormat::key).toList();
  private static final List<String> EXPERT_FORMATS =
      Stream.of(ExpertFormat.values()).map(ExpertFormat::key).toList();

  static final OperatorTable<GemmShape> GEMM =
      new OperatorTable<>(
          new GemmFamily(),
          ShapeAxes.GEMM,
          List.of("dtype", "m", "n", "k"),
          row ->
              new GemmShape(
                  row.named("dtype", GemmFormat::of, GEMM_FORMATS),
                  row.whole("m", 1, OperatorTable.LARGEST),
                  row.whole("n", 1, OperatorTable.LARGEST),
                  row.whole("k", 1, OperatorTable.LARGEST)),
          shape -> shape.n() + "," + shape.k(),
          List.of(
              new OperatorTable.Region<>("m <= 16384", shape -> shape.m() <= MOST_TOKENS),
              new OperatorTable.Region<>(
                  "n,k >= 1024, m <= 16384",
                  shape -> shape.n() >= WIDE && shape.k() >= WIDE && shape.m() <= MOST_TOKENS)));

  static final OperatorTable<MoeShape> MOE =
      new OperatorTable<>(
          new MoeFamily(),
          ShapeAxes.MOE,
          List.of(
              "dtype",
              "kernel",
              "hidden",
              "inter",
              "topk",
              "experts",
              "tp",
              "ep",
              "distribution",
              "tokens"),
          row ->
              new MoeShape(
                  row.named("dtype", ExpertFormat::of, EXPERT_FORMATS),
                  ExpertKernel.of(row.text("kernel")),
                  row.whole("hidden", 1, OperatorTable.LARGEST),
                  row.whole("inter", 1, OperatorTable.LARGEST),
                  row.whole("topk", 1, OperatorTable.LARGEST),
                  row.whole("experts", 1, OperatorTable.LARGEST),
                  row.whole("tp", 1, OperatorTable.LARGEST),
                  row.whole("ep", 1, OperatorTable.LARGEST),
                  skew(row),
                  row.whole("tokens", 1, OperatorTable.LARGEST)),
          shape ->
              "%d,%d,%d,%d".formatted(shape.hidden(), shape.inter(), shape.topk(), shape.experts()),
          List.of(
              new OperatorTable.Region<>("balanced", shape -> shape.skew() == 0),
              new OperatorTable.Region<>("power law", shape -> shape.skew() > 0)));

  private ProductTables() {}

  /** The exponent of the power law of loads; 0 where all experts get as much. */
  private static double skew(TableRow row) {
    String text = row.text("distribution");
    if (text.equals(BALANCED)) {
      return 0;
    }
    try {
      if (text.startsWith(POWER_LAW)) {
        return Double.parseDouble(text.substring(POWER_LAW.length()));
      }
    } catch (NumberFormatException notOne) {
      throw new InputException(unknown(row), notOne);
    }
    throw unknown(row).exception();
  }

  private static Problem unknown(TableRow row) {
    return row.problem("distribution", "unknown distribution")
        .withAllowed(List.of(BALANCED, POWER_LAW + "1.01", POWER_LAW + "1.2"));
  }
}
