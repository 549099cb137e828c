package dev.ridgeline.papers;

import dev.ridgeline.papers.pack.Aggregate;
import dev.ridgeline.papers.pack.Published;
import dev.ridgeline.papers.run.ClaimResult;
import dev.ridgeline.papers.run.ClaimResult.Aside;
import dev.ridgeline.papers.run.Comparison;
import dev.ridgeline.papers.run.ErrorSummary;
import dev.ridgeline.papers.run.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What became of a claim, in the few words that fit a table or a list. */
public final class ClaimText {
  private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_UP);
  private static final String RATIO = "ratio";
  private static final String TIMES = "\u00d7";
  private static final String RANGE = "%s to %s";

  private ClaimText() {}

  /** What the paper says. */
  public static String published(ClaimResult result) {
    return switch (result.claim().published()) {
      case Published.Single(double value, Published.InUnit unit) -> inUnit(number(value), unit);
      case Published.Range(double low, double high, Published.InUnit unit) ->
          inUnit(RANGE.formatted(number(low), number(high)), unit);
      case Published.Table table ->
          "%d rows of %s".formatted(table.rows() * table.columns().size(), table.unit().symbol());
      case Published.Finding(String text) -> text;
    };
  }

  /** What we compute; empty text where nothing was run. */
  public static String ours(ClaimResult result) {
    if (!result.decided()) {
      return "";
    }
    List<Comparison> all = result.comparisons();
    return switch (result.claim().published()) {
      case Published.Single single ->
          all.isEmpty() ? "" : inUnit(number(all.getFirst().ours()), single.unit());
      case Published.Range range ->
          all.isEmpty()
              ? ""
              : inUnit(
                  RANGE.formatted(number(all.getFirst().ours()), number(all.getLast().ours())),
                  range.unit());
      case Published.Table table ->
          result.claim().aggregate() == Aggregate.GEOMETRIC_ERROR
              ? summary(ErrorSummary.of(all))
              : "%d rows".formatted(all.size());
      case Published.Finding finding ->
          result.conditions().stream().allMatch(ClaimResult.Condition::holds)
              ? "holds"
              : "does not hold";
    };
  }

  /** Ours over the published figure, or the smallest and largest of several. */
  public static String ratio(List<Comparison> comparisons) {
    if (comparisons.isEmpty()) {
      return "";
    }
    double[] ratios = comparisons.stream().mapToDouble(Comparison::ratio).sorted().toArray();
    String least = number(ratios[0]);
    String most = number(ratios[ratios.length - 1]);
    return least.equals(most) ? least : RANGE.formatted(least, most);
  }

  private static String summary(ErrorSummary error) {
    return "%d rows, geometric error %s, bias %s"
        .formatted(error.rows(), percent(error.geometric()), percent(error.bias()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Why a claim was missed or not run. */
  public static List<String> reasons(ClaimResult result) {
    List<String> all = new ArrayList<>();
    if (!result.reason().isEmpty()) {
      all.add(result.reason());
    }
    result.conditions().stream()
        .filter(condition -> !condition.holds())
        .forEach(condition -> all.add("does not hold: " + condition.text()));
    return all;
  }

  /** What a reader should know beside the figures, each in one sentence or less. */
  public static List<String> remarks(ClaimResult result) {
    List<String> all = new ArrayList<>(reasons(result));
    slack(result).ifPresent(all::add);
    ErrorSummary.byGroup(result.comparisons())
        .forEach((group, error) -> all.add(group + ": " + summary(error)));
    for (Aside aside : result.asides()) {
      all.add("%s: %s of the published figure".formatted(aside.what(), ratio(aside.comparisons())));
    }
    result
        .claim()
        .experiment()
        .filter(experiment -> result.decided() && !experiment.assumes().isEmpty())
        .ifPresent(experiment -> all.add("assumes " + String.join("; ", experiment.assumes())));
    result.claim().note().ifPresent(all::add);
    return all;
  }

  /** The claims that were not run, by the reason they have in common. */
  public static Map<String, List<String>> notRun(List<ClaimResult> results) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    results.stream()
        .filter(result -> result.verdict() == Verdict.NOT_RUN)
        .forEach(result ->
            byReason
                .computeIfAbsent(result.reason(), reason -> new ArrayList<>())
                .add(result.claim().id()));
    return byReason;
  }

  /** What is left of a ratio against a baseline once the mechanism has explained its part. */
  private static Optional<String> slack(ClaimResult result) {
    return result
        .claim()
        .baseline()
        .filter(baseline -> result.decided() && result.comparisons().size() == 1)
        .map(baseline -> {
          Comparison only = result.comparisons().getFirst();
          return "against %s: the mechanism explains %s, the rest is %s"
              .formatted(
                  baseline,
                  number(only.ours()) + TIMES,
                  number(only.published() / only.ours()) + TIMES);
        });
  }

  /** A number to four digits, such as {@code 0.9987} or {@code 165900}. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return "undefined";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(FOUR_DIGITS).stripTrailingZeros();
    boolean tiny = value != 0 && Math.abs(value) < 1e-4;
    return tiny ? rounded.toString() : rounded.toPlainString();
  }

  private static String inUnit(String figure, Published.InUnit unit) {
    return unit.symbol().equals(RATIO) ? figure + TIMES : figure + " " + unit.symbol();
  }
}
