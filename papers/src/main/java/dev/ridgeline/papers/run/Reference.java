package dev.ridgeline.papers.run;

import dev.ridgeline.papers.pack.Table;
import dev.ridgeline.papers.pack.Table.Cell;
import dev.ridgeline.papers.pack.Table.Row;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder of published tables and measurements, which is not part of the project.
 *
 * @param folder where it is said to be
 */
public record Reference(Path folder) {
  /** The variable that names the folder. */
  public static final String VARIABLE = "RIDGELINE_REFERENCE";

  private static final String DEFAULT = "../shared/reference";
  private static final Pattern FILE = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_.-]+)*");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  /** The folder that the environment names, or the usual one. */
  public static Reference of(Map<String, String> environment) {
    return new Reference(Path.of(environment.getOrDefault(VARIABLE, DEFAULT)));
  }

  /** Where a file is; empty where it is absent. */
  Optional<Path> file(String file) {
    if (!FILE.matcher(file).matches() || file.contains("..")) {
      throw Problem.of("not a file of the reference folder").withValue(file).exception();
    }
    Path path = folder.resolve(file);
    return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
  }

  /** The rows of a table with a header line; empty where the file is absent. */
  Optional<Table> table(String file) {
    Optional<Path> found = file(file);
    return found.map(path -> read(file, path));
  }

  private static Table read(String file, Path path) {
    try {
      return table(file, Files.readAllLines(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Problem.of("cannot be read (%s)".formatted(e.getClass().getSimpleName()))
          .in(file)
          .exception();
    }
  }

  private static Table table(String file, List<String> lines) {
    if (lines.isEmpty()) {
      throw Problem.of("is empty").in(file).exception();
    }
    List<String> header = cells(lines.getFirst());
    List<Row> rows = new ArrayList<>();
    for (int line = 1; line < lines.size(); line++) {
      List<String> texts = cells(lines.get(line));
      if (texts.size() != header.size()) {
        throw Problem.of("has %d cells, the header %d".formatted(texts.size(), header.size()))
            .at(file, line + 1)
            .exception();
      }
      Map<String, Cell> row = new LinkedHashMap<>();
      for (int column = 0; column < texts.size(); column++) {
        row.put(header.get(column), cell(texts.get(column)));
      }
      rows.add(new Row(row));
    }
    return new Table(rows);
  }

  private static Cell cell(String text) {
    return NUMBER.matcher(text).matches()
        ? new Cell.Figure(text, Double.parseDouble(text))
        : new Cell.Word(text);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int index = 0; index < line.length(); index++) {
      char c = line.charAt(index);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
