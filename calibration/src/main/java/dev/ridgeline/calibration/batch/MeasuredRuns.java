package dev.ridgeline.calibration.batch;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.ProgramCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All runs of the published tables that ran as one batch.
 *
 * @param runs taken apart
 * @param refused how many rows cannot be used, by reason
 */
record MeasuredRuns(List<Run> runs, Map<String, Integer> refused) {
  private static final List<String> TABLES =
      List.of("llm_inference_bench.csv", "tensorrt_llm_docs.csv");

  MeasuredRuns {
    runs = List.copyOf(runs);
    refused = Map.copyOf(refused);
  }

  /** Reads those of the tables that a folder has. */
  static MeasuredRuns read(Path folder, Catalog catalog) {
    var expression = new Expression(catalog);
    List<Run> runs = new ArrayList<>();
    Map<String, Integer> refused = new TreeMap<>();
    Map<List<Object>, BoundProgram> programs = new HashMap<>();
    for (String table : TABLES) {
      if (Files.exists(folder.resolve(table))) {
        BatchTable rows = BatchTable.read(folder.resolve(table));
        rows.refused().forEach((reason, count) -> refused.merge(reason, count, Integer::sum));
        for (BatchRow row : rows.rows()) {
          switch (expression.express(row)) {
            case Expression.Refused why -> refused.merge(why.reason(), 1, Integer::sum);
            case Expression.Expressed run -> add(run, catalog, programs, runs, refused);
          }
        }
      }
    }
    return new MeasuredRuns(runs, refused);
  }

  private static void add(
      Expression.Expressed run,
      Catalog catalog,
      Map<List<Object>, BoundProgram> programs,
      List<Run> runs,
      Map<String, Integer> refused) {
    Scenario scenario = run.scenario();
    Deployment deployment = scenario.deployment();
    List<Object> key =
        List.of(
            scenario.model().name(),
            scenario.platform().name(),
            deployment.parallelism(),
            deployment.precision(),
            run.engine());
    try {
      BoundProgram bound =
          programs.computeIfAbsent(
              key,
              _ ->
                  BoundProgram.bind(
                      ProgramCompiler.compile(scenario.model(), deployment),
                      scenario.platform(),
                      scenario.costModels()));
      Optional<Work> work = Work.of(run, bound);
      if (work.isEmpty()) {
        refused.merge("one request alone does not fit the memory", 1, Integer::sum);
        return;
      }
      boolean known = catalog.profiles().coversArchitectureOf(scenario.platform().chip());
      runs.add(new Run(run.engine(), run.chip(), known, scenario.model().name(), run, work.get()));
    } catch (IllegalDeploymentException illegal) {
      refused.merge("mapping that the model or platform does not take", 1, Integer::sum);
    }
  }
}
