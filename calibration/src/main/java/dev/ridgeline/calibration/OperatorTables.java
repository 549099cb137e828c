package dev.ridgeline.calibration;

import dev.ridgeline.units.Problem;
import java.util.List;

/** The tables of all operators. */
public final class OperatorTables {
  private static final List<OperatorTable<?>> ALL =
      List.of(
          ProductTables.GEMM,
          AttentionTables.CONTEXT,
          AttentionTables.GENERATION,
          LatentTables.MLA,
          LatentTables.MLA_BMM,
          ProductTables.MOE,
          ExchangeTables.COMM,
          ExchangeTables.ALL_TO_ALL);

  private OperatorTables() {}

  /** All of them, in the order they are listed to people. */
  public static List<OperatorTable<?>> all() {
    return ALL;
  }

  /** The names of the operators. */
  public static List<String> operators() {
    return ALL.stream().<String>map(OperatorTable::operator).toList();
  }

  /** The table of an operator; an unknown name is refused. */
  public static OperatorTable<?> named(String operator) {
    return ALL.stream()
        .filter(table -> table.operator().equals(operator))
        .findFirst()
        .orElseThrow(() ->
            Problem.of("unknown operator")
                .withValue(operator)
                .withNearest(operator, operators())
                .exception());
  }
}
