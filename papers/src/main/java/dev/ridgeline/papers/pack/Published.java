package dev.ridgeline.papers.pack;

import dev.ridgeline.units.expression.Amount;
import java.util.List;
import java.util.Set;

/** What a paper says. Figures are in their published unit. */
public sealed interface Published {

  /**
   * The unit figures are printed in.
   *
   * @param symbol as written
   * @param worth one of it
   */
  record InUnit(String symbol, Amount worth) {}

  /** One figure. */
  record Single(double value, InUnit unit) implements Published {}

  /** A smallest and a largest figure. */
  record Range(double low, double high, InUnit unit) implements Published {}

  /**
   * A table kept as a reference file.
   *
   * @param file path in the reference folder
   * @param columns columns that are claimed
   * @param models which values of the file's model column are meant; empty for all
   * @param rows how many rows that makes
   * @param unit unit of all columns
   */
  record Table(String file, List<String> columns, Set<String> models, int rows, InUnit unit)
      implements Published {
    /** Copies the collections. */
    public Table {
      columns = List.copyOf(columns);
      models = Set.copyOf(models);
    }
  }

  /**
   * A statement without a figure.
   *
   * @param text the statement
   */
  record Finding(String text) implements Published {}
}
