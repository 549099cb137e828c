package dev.ridgeline.cli;

import dev.ridgeline.catalog.scenario.ResolvedScenario;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.ProgramCompiler;
import java.util.Optional;
import java.util.stream.IntStream;

/** What an answer says about the profiles that {@code --profiles} names. */
final class OwnProfiles {
  private OwnProfiles() {}

  /** How many operators they price; empty where none are named. */
  static Optional<String> note(ResolvedScenario resolved) {
    return resolved
        .profiles()
        .map(place -> {
          BoundProgram bound = bind(resolved.scenario());
          int rows = bound.program().rows().size();
          long own =
              IntStream.range(0, rows)
                  .filter(row -> bound.source(row).contains(" in " + place))
                  .count();
          return own == 0
              ? "profiles of %s price none of the %d operators: they are of other chips or formats"
                  .formatted(place, rows)
              : "profiles of %s, before those of the catalog, price %d of %d operators"
                  .formatted(place, own, rows);
        });
  }

  private static BoundProgram bind(Scenario scenario) {
    return BoundProgram.bind(
        ProgramCompiler.compile(scenario.model(), scenario.deployment()),
        scenario.platform(),
        scenario.costModels(),
        scenario.engine().overheads());
  }
}
