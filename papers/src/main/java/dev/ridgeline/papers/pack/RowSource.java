package dev.ridgeline.papers.pack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the rows of an experiment come from that is run once for each.
 *
 * @param file a table of the reference folder; empty where rows are made of tables of the pack
 * @param tables tables of the pack, every row of one with every row of the next
 * @param joins tables of the pack that add columns, by the column they share
 * @param where what columns must hold for a row to count, any of several texts
 * @param key columns that tell rows apart
 * @param by column by whose values errors are summed up beside; empty for none
 */
public record RowSource(
    Optional<String> file,
    List<Table> tables,
    Map<String, Table> joins,
    Map<String, Set<String>> where,
    List<String> key,
    Optional<String> by) {

  /** Copies the collections. */
  public RowSource {
    tables = List.copyOf(tables);
    joins = Map.copyOf(joins);
    where = Map.copyOf(where);
    key = List.copyOf(key);
  }
}
