package dev.ridgeline.papers.pack;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of named cells.
 *
 * @param rows the rows, all with the same columns
 */
public record Table(List<Row> rows) {

  /** Copies the list. */
  public Table {
    rows = List.copyOf(rows);
  }

  /** What stands in a column of a row. */
  public sealed interface Cell {
    /** As written. */
    String text();

    /** A word. */
    record Word(String text) implements Cell {}

    /** A plain number. */
    record Figure(String text, double value) implements Cell {}
  }

  /** The cells of a row by column, in order. */
  public record Row(Map<String, Cell> cells) {
    /** Copies the map, keeping its order. */
    public Row {
      cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    }

    /** A row without cells, for an experiment that is run once. */
    public static Row empty() {
      return new Row(Map.of());
    }

    /** The cell of a column. */
    public Optional<Cell> cell(String column) {
      return Optional.ofNullable(cells.get(column));
    }

    /** This row with the cells of another; its own stay where both have a column. */
    Row with(Row other) {
      Map<String, Cell> both = new LinkedHashMap<>(cells);
      other.cells.forEach(both::putIfAbsent);
      return new Row(both);
    }
  }

  /** Every row of this table with every row of another. */
  public Table cross(Table other) {
    List<Row> all = new ArrayList<>();
    for (Row row : rows) {
      for (Row second : other.rows) {
        all.add(row.with(second));
      }
    }
    return new Table(all);
  }

  /**
   * The rows that hold one of the given texts in each of the given columns.
   *
   * @throws InputException where there is no such column
   */
  public Table where(Map<String, Set<String>> texts) {
    return new Table(
        rows.stream()
            .filter(row ->
                texts.entrySet().stream()
                    .allMatch(entry ->
                        entry
                            .getValue()
                            .contains(
                                row.cell(entry.getKey())
                                    .orElseThrow(() ->
                                        Problem.of("the rows have no such column")
                                            .withField(entry.getKey())
                                            .exception())
                                    .text())))
            .toList());
  }

  /**
   * Every row with the cells of that row of {@code other} that has the same text in {@code column};
   * empty where one has no such row.
   */
  public Optional<Table> join(String column, Table other) {
    Map<String, Row> byText = new LinkedHashMap<>();
    other.rows.forEach(
        row -> row.cell(column).ifPresent(cell -> byText.putIfAbsent(cell.text(), row)));
    List<Row> all = new ArrayList<>();
    for (Row row : rows) {
      Optional<Row> second = row.cell(column).map(cell -> byText.get(cell.text()));
      if (second.isEmpty()) {
        return Optional.empty();
      }
      all.add(row.with(second.get()));
    }
    return Optional.of(new Table(all));
  }
}
