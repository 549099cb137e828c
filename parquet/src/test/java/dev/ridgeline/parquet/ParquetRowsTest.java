package dev.ridgeline.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRowsTest {
  @TempDir Path folder;

  private Path written(String name, String rows) throws SQLException {
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(rows, file));
    }
    return file;
  }

  @Test
  void readsRowsInOrder() throws SQLException {
    Path file =
        written("t.parquet", "SELECT 'fp8' AS dtype, i AS m, i / 4.0 AS t FROM range(1, 4) r(i)");
    try (ParquetRows rows = ParquetRows.open(file)) {
      assertThat(rows.columns()).containsExactly("dtype", "m", "t");
      assertThat(rows.next()).hasValueSatisfying(row -> assertThat(row).startsWith("fp8", "1"));
      assertThat(rows.next()).hasValueSatisfying(row -> assertThat(row.get(2)).startsWith("0.5"));
      assertThat(rows.next()).isPresent();
      assertThat(rows.next()).isEmpty();
    }
  }

  @Test
  void readsMissingValuesAsEmptyTexts() throws SQLException {
    try (ParquetRows rows = ParquetRows.open(written("n.parquet", "SELECT NULL::INT AS a"))) {
      assertThat(rows.next()).hasValueSatisfying(row -> assertThat(row).containsExactly(""));
    }
  }

  @Test
  void takesNamesLiterally() throws SQLException {
    try (ParquetRows rows =
        ParquetRows.open(written("o'dd[1].parquet".replace("'", ""), "SELECT 1 AS a"))) {
      assertThat(rows.columns()).containsExactly("a");
    }
  }

  @Test
  void refusesWhatIsNoParquet() throws IOException {
    Path file = Files.writeString(folder.resolve("x.parquet"), "PAR1 or so");
    assertThatThrownBy(() -> ParquetRows.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("x.parquet")
        .hasMessageContaining("Parquet");
    assertThatThrownBy(() -> ParquetRows.open(folder.resolve("none.parquet")))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> ParquetRows.open(folder)).hasMessageContaining("directory");
  }
}
