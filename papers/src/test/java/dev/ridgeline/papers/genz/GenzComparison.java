package dev.ridgeline.papers.genz;

import dev.ridgeline.papers.genz.GoldenTable.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All of GenZ's figures that Ridgeline has a figure for. */
public final class GenzComparison {
  private static final Set<String> MISSHAPEN = Set.of("deepseek", "mamba");
  private static final Set<String> UNEVEN = Set.of("gpt-4", "super_llm");

  private GenzComparison() {}

  /** Every comparable figure, split into causes; skips the test without the reference tables. */
  public static List<Attribution> attributions() {
    return GoldenTable.read("golden.csv").parallelStream()
        .filter(row -> obstacle(row).isEmpty())
        .map(row -> Attribution.of(row.scenario(), row.latencySeconds()))
        .toList();
  }

  /** Why the others cannot be compared, by row. */
  public static Map<String, String> obstacles() {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Row row : GoldenTable.read("golden.csv")) {
      obstacle(row).ifPresent(reason -> reasons.put(row.id(), reason));
    }
    return reasons;
  }

  static Optional<String> obstacle(Row row) {
    if (!row.answered()) {
      return Optional.of("GenZ refuses: the model does not fit");
    }
    if (MISSHAPEN.contains(row.text("group"))) {
      return Optional.of("DeepSeek or Mamba, of which GenZ's shape is not the published model's");
    }
    if (unevenHeads(row)) {
      return Optional.of("heads do not divide by the ranks: GenZ rounds up, Ridgeline refuses");
    }
    if (row.text("phase").equals("spec_decode")) {
      return Optional.of("speculative decoding, a round of two models");
    }
    if (row.text("offloaded").equals("True")) {
      return Optional.of(
          "weights partly with the host: GenZ blends both memories into one bandwidth");
    }
    return IdealSide.knows(row.text("bits"))
        ? Optional.empty()
        : Optional.of("no such number format: " + row.text("bits"));
  }

  static boolean unevenHeads(Row row) {
    return UNEVEN.contains(row.text("model"));
  }
}
