package dev.ridgeline.calibration.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import dev.ridgeline.catalog.Catalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServedValidationTest {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";

  /** Every so many rows, to end within seconds. */
  private static final int EVERY = 5;

  /** Medians of all rows are 0.20 and 0.40; a fifth of the rows scatters about them. */
  private static final double MOST_TPOT_APART = 0.3;

  private static final double MOST_TTFT_APART = 0.6;

  private static Path reference() {
    Path root = Path.of(System.getProperty("ridgeline.root", ".."));
    Path folder =
        Path.of(
            System.getenv().getOrDefault(VARIABLE, root.resolve("../shared/reference").toString()));
    assumeTrue(
        Files.exists(folder.resolve(ServedValidation.TABLE)),
        "no measured rows; " + VARIABLE + " names their folder");
    return folder;
  }

  /** Errors recorded in docs may go down, and never up again. */
  @Test
  void noMedianErrorIsAboveItsCeiling() {
    ServedValidation.Report report = ServedValidation.run(Catalog.shipped(), reference(), EVERY);

    ServedValidation.Group apart = report.of(true).by(_ -> "apart").getFirst();
    assertThat(apart.tpot().median()).as("TPOT of pools").isLessThan(MOST_TPOT_APART);
    assertThat(apart.ttft().median()).as("TTFT of pools").isLessThan(MOST_TTFT_APART);
    List<ServedValidation.Group> groups = report.of(false).by(point -> point.row().backend());
    assertThat(groups).hasSize(3);
    Path ceilings =
        Path.of(
            System.getProperty("ridgeline.root", ".."), "docs", "accuracy-serving-ceilings.csv");
    int held = 0;
    try (TableFile table = TableFile.open(ceilings)) {
      for (Optional<TableRow> row = table.next(); row.isPresent(); row = table.next()) {
        String engine = row.get().text("engine");
        double tpot = row.get().positive("tpot_median");
        double ttft = row.get().positive("ttft_median");
        for (ServedValidation.Group group : groups) {
          if (group.group().equals(engine)) {
            held++;
            assertThat(100 * group.tpot().median()).as(engine).isLessThanOrEqualTo(tpot);
            assertThat(100 * group.ttft().median()).as(engine).isLessThanOrEqualTo(ttft);
          }
        }
      }
    }
    assertThat(held).isEqualTo(3);
  }

  @Test
  void countsWhatItCannotSay() {
    ServedValidation.Report report =
        ServedValidation.run(Catalog.shipped(), reference(), 50 * EVERY);
    int refused = report.refused().values().stream().mapToInt(Integer::intValue).sum();

    long rows =
        ServedRow.read(reference().resolve(ServedValidation.TABLE)).stream()
            .filter(row -> row.line() % (50 * EVERY) == 0)
            .count();
    assertThat(report.points().size() + refused).isEqualTo((int) rows);
  }
}
