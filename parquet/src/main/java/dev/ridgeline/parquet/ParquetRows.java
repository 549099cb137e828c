package dev.ridgeline.parquet;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Streams the rows of one Parquet file as texts, in the file's order. A missing value is an empty
 * text.
 */
public final class ParquetRows implements AutoCloseable {
  private final String name;
  private final Connection connection;
  private final ResultSet rows;
  private final List<String> columns;

  private ParquetRows(String name, Connection connection, ResultSet rows, List<String> columns) {
    this.name = name;
    this.connection = connection;
    this.rows = rows;
    this.columns = List.copyOf(columns);
  }

  /**
   * Opens a file.
   *
   * @throws InputException naming the file, where it is missing or no Parquet file
   */
  public static ParquetRows open(Path file) {
    String name = file.toString();
    if (!Files.isRegularFile(file)) {
      throw Problem.of(Files.exists(file) ? "is a directory, not a file" : "no such file")
          .in(name)
          .exception();
    }
    Connection opened;
    try {
      Properties settings = new Properties();
      settings.setProperty("jdbc_stream_results", "true");
      settings.setProperty("threads", "1");
      opened = DriverManager.getConnection("jdbc:duckdb:", settings);
    } catch (SQLException failed) {
      throw new IllegalStateException("DuckDB cannot be started", failed);
    }
    try {
      PreparedStatement query = opened.prepareStatement("SELECT * FROM read_parquet(?)");
      query.setString(1, literal(name));
      ResultSet rows = query.executeQuery();
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnName(i));
      }
      return new ParquetRows(name, opened, rows, columns);
    } catch (SQLException failed) {
      close(opened);
      throw unreadable(name, failed);
    }
  }

  /** A path of which no character is a wildcard. */
  private static String literal(String path) {
    return path.replaceAll("([\\[*?])", "[$1]");
  }

  /** The columns, in order. */
  public List<String> columns() {
    return columns;
  }

  /** The next row, one text for each column; empty at the end. */
  public Optional<List<String>> next() {
    try {
      if (!rows.next()) {
        return Optional.empty();
      }
      List<String> cells = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        cells.add(Optional.ofNullable(rows.getString(i)).orElse(""));
      }
      return Optional.of(cells);
    } catch (SQLException failed) {
      throw unreadable(name, failed);
    }
  }

  @Override
  public void close() {
    close(connection);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException failed) {
      throw new IllegalStateException("DuckDB cannot be closed", failed);
    }
  }

  private static InputException unreadable(String name, SQLException cause) {
    return new InputException(Problem.of("is not a Parquet file that can be read").in(name), cause);
  }
}
