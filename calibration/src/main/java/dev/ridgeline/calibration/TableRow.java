package dev.ridgeline.calibration;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One row of a table, with the place it stands at.
 *
 * @param file for messages
 * @param line from 1; the header is line 1
 * @param raw as it was written, without the line's end
 * @param index position by column name
 * @param cells as written, one for each column
 */
public record TableRow(
    String file, int line, String raw, Map<String, Integer> index, List<String> cells) {

  /** The text of a cell. */
  public String text(String column) {
    Integer position = index.get(column);
    if (position == null) {
      throw new IllegalArgumentException("no column " + column);
    }
    return cells.get(position);
  }

  /** Whether the table has that column. */
  public boolean has(String column) {
    return index.containsKey(column);
  }

  /**
   * One of several names.
   *
   * @param meaning of a name; an {@link IllegalArgumentException} refuses it
   * @param names those that are known, for the message
   */
  public <T> T named(String column, Function<String, T> meaning, List<String> names) {
    String text = text(column);
    try {
      return meaning.apply(text);
    } catch (IllegalArgumentException unknown) {
      throw new InputException(
          problem(column, "unknown " + column).withNearest(text, names), unknown);
    }
  }

  /** A whole number from {@code min} to {@code max}, both allowed. */
  public long whole(String column, long min, long max) {
    String text = text(column);
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException _) {
      value = otherwise(column, text, min, max);
    }
    if (value < min || value > max) {
      throw outside(column, min, max);
    }
    return value;
  }

  /** A whole number as other programs write it: 1e3, 1024.0. */
  private long otherwise(String column, String text, long min, long max) {
    BigDecimal value;
    try {
      value = new BigDecimal(text.strip());
    } catch (NumberFormatException _) {
      throw problem(column, "must be a whole number without a unit").exception();
    }
    if (value.compareTo(BigDecimal.valueOf(min)) < 0
        || value.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw outside(column, min, max);
    }
    try {
      return value.longValueExact();
    } catch (ArithmeticException _) {
      throw problem(column, "must be a whole number without a unit").exception();
    }
  }

  private InputException outside(String column, long min, long max) {
    return problem(column, "must lie between %d and %d".formatted(min, max)).exception();
  }

  /** A finite number above 0. */
  public double positive(String column) {
    String text = text(column);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw problem(column, "must be a number without a unit").exception();
    }
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw problem(column, "must be above zero and finite").exception();
    }
    return value;
  }

  /** A problem with the cell of a column. */
  public Problem problem(String column, String description) {
    return Problem.of(description).at(file, line).withField(column).withValue(text(column));
  }

  /** A problem with the row as a whole. */
  public Problem problem(String description) {
    return Problem.of(description).at(file, line);
  }
}
