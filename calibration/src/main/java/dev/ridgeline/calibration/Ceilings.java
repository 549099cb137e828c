package dev.ridgeline.calibration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Errors that must not be exceeded again, as a table with the columns {@code key, geo, p90} in per
 * cent. Ceilings only go down.
 *
 * @param byKey largest errors allowed, by {@link SiliconValidation.Result#key}
 */
public record Ceilings(Map<String, Ceiling> byKey) {
  private static final double PERCENT = 100;

  /** Room for the noise of a refit on the same data, in per cent. */
  private static final double ROOM = 0.05;

  /**
   * A pair of errors in per cent.
   *
   * @param geo of all rows
   * @param p90 90th percentile
   */
  public record Ceiling(double geo, double p90) {}

  /** Copies the map. */
  public Ceilings {
    byKey = Map.copyOf(byKey);
  }

  /** Reads a file of ceilings. */
  public static Ceilings read(Path file) {
    Map<String, Ceiling> byKey = new TreeMap<>();
    try (TableFile table = TableFile.open(file)) {
      table.require(List.of("key", "geo", "p90"));
      for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
        byKey.put(
            // Names of regions hold commas, tables of this form cannot.
            row.get().text("key").replace(';', ','),
            new Ceiling(row.get().positive("geo"), row.get().positive("p90")));
      }
    }
    return new Ceilings(byKey);
  }

  /** What is above its ceiling, in words; empty where nothing is. */
  public List<String> exceeded(List<SiliconValidation.Result> results) {
    List<String> problems = new ArrayList<>();
    for (SiliconValidation.Result result : results) {
      Ceiling ceiling = byKey.get(result.key());
      double geo = PERCENT * result.errors().geo();
      double p90 = PERCENT * result.errors().p90();
      if (ceiling != null && (geo > ceiling.geo() + ROOM || p90 > ceiling.p90() + ROOM)) {
        problems.add(
            String.format(
                Locale.ROOT,
                "%s: %.2f / %.2f %%, ceiling %.2f / %.2f %%",
                result.key(),
                geo,
                p90,
                ceiling.geo(),
                ceiling.p90()));
      }
    }
    return problems;
  }

  /** These ceilings lowered to results that are below them, with those of new results added. */
  public String lowered(List<SiliconValidation.Result> results) {
    Map<String, Ceiling> all = new TreeMap<>(byKey);
    for (SiliconValidation.Result result : results) {
      var now = new Ceiling(PERCENT * result.errors().geo(), PERCENT * result.errors().p90());
      all.merge(
          result.key(),
          now,
          (before, after) ->
              new Ceiling(
                  Math.min(before.geo(), after.geo()), Math.min(before.p90(), after.p90())));
    }
    var text = new StringBuilder("key,geo,p90\n");
    all.forEach((key, ceiling) ->
        text.append(
            String.format(
                Locale.ROOT,
                "%s,%.2f,%.2f\n",
                key.replace(',', ';'),
                ceiling.geo(),
                ceiling.p90())));
    return text.toString();
  }
}
