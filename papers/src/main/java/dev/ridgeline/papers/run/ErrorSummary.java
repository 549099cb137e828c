package dev.ridgeline.papers.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far a set of figures is off.
 *
 * @param rows how many there are; at least 1
 * @param geometric exp(mean |ln ratio|) - 1: a figure twice too large counts as one half as large
 * @param bias exp(mean ln ratio) - 1: above 0 where ours are too large
 */
public record ErrorSummary(int rows, double geometric, double bias) {

  /** Of at least one comparison of figures above zero. */
  public static ErrorSummary of(List<Comparison> comparisons) {
    double distance = 0;
    double lean = 0;
    for (Comparison comparison : comparisons) {
      double logarithm = Math.log(comparison.ratio());
      distance += Math.abs(logarithm);
      lean += logarithm;
    }
    int rows = comparisons.size();
    return new ErrorSummary(rows, Math.expm1(distance / rows), Math.expm1(lean / rows));
  }

  /** By group, in the order in which they come first; nothing where there are none. */
  public static Map<String, ErrorSummary> byGroup(List<Comparison> comparisons) {
    Map<String, List<Comparison>> groups =
        comparisons.stream()
            .filter(comparison -> !comparison.group().isEmpty())
            .collect(
                Collectors.groupingBy(Comparison::group, LinkedHashMap::new, Collectors.toList()));
    Map<String, ErrorSummary> summaries = new LinkedHashMap<>();
    groups.forEach((group, rows) -> summaries.put(group, of(rows)));
    return summaries;
  }
}
