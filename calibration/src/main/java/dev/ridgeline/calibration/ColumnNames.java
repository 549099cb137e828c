package dev.ridgeline.calibration;

import dev.ridgeline.parquet.ParquetRows;
import dev.ridgeline.units.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the columns of somebody else's tables are called here.
 *
 * @param byTheirs our name by theirs
 */
public record ColumnNames(Map<String, String> byTheirs) {
  /** Columns are called as ours are. */
  public static final ColumnNames OURS = new ColumnNames(Map.of());

  /** A column of measured times in milliseconds, in place of {@link OperatorTable#LATENCY}. */
  public static final String MILLISECONDS = "latency_ms";

  /** Copies the map. */
  public ColumnNames {
    byTheirs = Map.copyOf(byTheirs);
  }

  /**
   * Reads {@code ours=theirs,...}, such as {@code m=tokens,latency_ms=latency}.
   *
   * @param field what refusals name
   */
  public static ColumnNames parse(String field, String text) {
    Map<String, String> names = new HashMap<>();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      String ours = equals < 0 ? "" : item.substring(0, equals).strip();
      String theirs = item.substring(equals + 1).strip();
      if (ours.isEmpty() || theirs.isEmpty() || names.containsValue(ours)) {
        throw Problem.of("expected our column, = and theirs, each column once")
            .withField(field)
            .withValue(text)
            .exception();
      }
      if (names.put(theirs, ours) != null) {
        throw Problem.of("two of our columns are to be one of theirs")
            .withField(field)
            .withValue(text)
            .exception();
      }
    }
    return new ColumnNames(names);
  }

  /** Whether times come in milliseconds. */
  public boolean inMilliseconds() {
    return byTheirs.containsValue(MILLISECONDS);
  }

  /** Opens a table, a Parquet file if it is called one. */
  TableFile open(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")) {
      return TableFile.open(file, this::ours);
    }
    ParquetRows rows = ParquetRows.open(file);
    return TableFile.of(file.toString(), new Lines(rows), this::ours);
  }

  private String ours(String theirs) {
    return byTheirs.getOrDefault(theirs, theirs);
  }

  /** Rows of a Parquet file as lines, the columns' names first. */
  private static final class Lines implements TableFile.Source {
    private final ParquetRows rows;
    private boolean started;

    Lines(ParquetRows rows) {
      this.rows = rows;
    }

    @Override
    public Optional<String> next() {
      if (!started) {
        started = true;
        return Optional.of(String.join(",", rows.columns()));
      }
      return rows.next().map(cells -> String.join(",", cells));
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
