package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.catalog.Catalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Holds simulated times of served models against measured ones. Engines are simulated with their
 * shipped overheads, default scheduler settings and fitted kernels.
 */
public final class ServedValidation {
  /** The measured rows, below the folder of the measurements. */
  public static final String TABLE = "silicon/e2e_serving.csv.gz";

  private static final String NO_ROOM = "no request fits into the cache";

  private ServedValidation() {}

  /**
   * A row and what was predicted for it.
   *
   * @param row the measurement
   * @param ttftSeconds predicted mean time to first token
   * @param tpotSeconds predicted mean time per further token
   * @param floorSeconds a decode step of one request at the datasheet's roofline; nothing that
   *     emits one token a step can be faster
   */
  public record Point(ServedRow row, double ttftSeconds, double tpotSeconds, double floorSeconds) {

    /** Whether the measured figure needs several tokens a step. */
    public boolean belowFloor() {
      return row.tpotSeconds() < floorSeconds;
    }

    /**
     * Whether what is fitted of the row's engine was fitted to rows of this kind: its overheads to
     * rows of the model, its hand-over to the row.
     */
    public boolean ofFit() {
      return FittedRows.has(row);
    }
  }

  /**
   * Errors of a group of rows.
   *
   * @param group what they have in common
   * @param tpot errors of the time per further token
   * @param ttft errors of the time to first token
   */
  public record Group(String group, ErrorFigures tpot, ErrorFigures ttft) {}

  /**
   * What came of a table.
   *
   * @param points the rows that could be simulated
   * @param refused how many could not be, by reason
   */
  public record Report(List<Point> points, Map<String, Integer> refused) {
    /** Copies. */
    public Report {
      points = List.copyOf(points);
      refused = Map.copyOf(refused);
    }

    /** Those of one mode: prompts and decoding apart, or on the same devices. */
    public Report of(boolean disaggregated) {
      return new Report(
          points.stream().filter(point -> point.row().disaggregated() == disaggregated).toList(),
          refused);
    }

    /** Errors by a property of the rows, rows below the floor left out. */
    public List<Group> by(Function<Point, String> property) {
      Map<String, List<Point>> groups = new TreeMap<>();
      points.stream()
          .filter(point -> !point.belowFloor())
          .forEach(point ->
              groups.computeIfAbsent(property.apply(point), _ -> new ArrayList<>()).add(point));
      return groups.entrySet().stream().map(e -> group(e.getKey(), e.getValue())).toList();
    }

    private static Group group(String name, List<Point> points) {
      var tpot = new ErrorFigures.Collector();
      var ttft = new ErrorFigures.Collector();
      for (Point point : points) {
        tpot.add(point.tpotSeconds(), point.row().tpotSeconds());
        ttft.add(point.ttftSeconds(), point.row().ttftSeconds());
      }
      return new Group(name, tpot.figures(), ttft.figures());
    }
  }

  /**
   * Simulates the rows of a table.
   *
   * @param reference folder with the table under silicon and checkpoints under hf-configs
   * @param every takes each row whose number this divides; 1 for all
   */
  public static Report run(Catalog catalog, Path reference, int every) {
    List<ServedRow> rows = ServedRow.read(reference.resolve(TABLE));
    var expression = new Expression(catalog, reference.resolve("hf-configs"), rows);
    List<Point> points = new ArrayList<>();
    Map<String, Integer> refused = new TreeMap<>();
    for (ServedRow row : rows) {
      if (row.line() % every != 0) {
        continue;
      }
      switch (expression.express(row)) {
        case Expression.Refused no -> refused.merge(no.reason(), 1, Integer::sum);
        case Expression.Expressed yes -> {
          Means means = ServedRun.run(yes.served());
          if (means.requests() == 0) {
            refused.merge(NO_ROOM, 1, Integer::sum);
          } else {
            points.add(
                new Point(
                    row, means.ttftSeconds(), means.tpotSeconds(), yes.served().floorSeconds()));
          }
        }
        case Expression.Disaggregated yes -> {
          Means means = DisaggregatedRun.run(yes.served());
          if (means.requests() == 0) {
            refused.merge(NO_ROOM, 1, Integer::sum);
          } else {
            points.add(
                new Point(
                    yes.served().row(),
                    means.ttftSeconds(),
                    means.tpotSeconds(),
                    yes.served().decode().floorSeconds()));
          }
        }
      }
    }
    return new Report(points, refused);
  }
}
