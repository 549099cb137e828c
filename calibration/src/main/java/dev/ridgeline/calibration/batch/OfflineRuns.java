package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Published runs of a full queue held against predictions. No constant is fitted to them.
 *
 * @param runs what could be predicted
 * @param refused how many could not, by reason
 */
record OfflineRuns(List<Run> runs, Map<String, Integer> refused) {
  OfflineRuns {
    runs = List.copyOf(runs);
    refused = Map.copyOf(refused);
  }

  /**
   * One run.
   *
   * @param row what was published
   * @param predicted output tokens a second of all devices
   */
  record Run(OfflineRow row, double predicted) {
    double measured() {
      return row.tokensPerSecond();
    }
  }

  /** Errors by kind, chip and engine, and of all of a kind. */
  List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (String region : List.of(OfflineTable.SUBMISSION, OfflineTable.BENCHMARK)) {
      Map<List<String>, List<Run>> groups = new TreeMap<>(Comparator.comparing(List::toString));
      List<Run> all = runs.stream().filter(run -> run.row().region().equals(region)).toList();
      all.forEach(run ->
          groups
              .computeIfAbsent(
                  List.of(run.row().chip(), run.row().engineName()), _ -> new ArrayList<>())
              .add(run));
      if (!all.isEmpty()) {
        results.add(result("all chips", "%d groups".formatted(groups.size()), region, all));
      }
      groups.forEach(
          (group, each) -> results.add(result(group.get(0), group.get(1), region, each)));
    }
    return results;
  }

  private static Result result(String chip, String engine, String region, List<Run> runs) {
    // Times of a token, as all other figures are.
    List<Point> times =
        runs.stream().map(run -> new Point(1 / run.measured(), 1 / run.predicted())).toList();
    return OwnBand.result(chip, engine, region, times);
  }

  /** Reads the tables of a folder, where there are any. */
  static OfflineRuns read(Path folder, Catalog catalog) {
    OfflineTable table = OfflineTable.read(folder);
    Map<String, Integer> refused = new TreeMap<>(table.refused());
    var queue = new FullQueue(new ScenarioResolver(catalog).preferringKernels(), catalog);
    List<Run> runs = new ArrayList<>();
    for (OfflineRow row : table.rows()) {
      double predicted = queue.tokensPerSecond(row);
      if (predicted > 0) {
        runs.add(new Run(row, predicted));
      } else {
        refused.merge("does not fit one node, or a format the chip has not", 1, Integer::sum);
      }
    }
    return new OfflineRuns(runs, refused);
  }
}
