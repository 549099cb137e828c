package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.Problem;
import dev.ridgeline.workload.Model;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Looks up what scenarios name, among it the models of a pack. */
final class Questions {
  private final Catalog catalog;
  private final ScenarioResolver resolver;
  private final Map<String, Model> own;
  private final Map<String, Model> shipped = new HashMap<>();
  private final Map<ScenarioSpec, ScenarioFigures> asked = new HashMap<>();

  /** Runs take seconds and never change: those of a process are kept for all who ask. */
  private static final Map<RunKey, ServedFigures> SERVED = new ConcurrentHashMap<>();

  private final Reference reference;

  Questions(Catalog catalog, Map<String, Model> own, Reference reference) {
    this.reference = reference;
    this.catalog = catalog;
    this.resolver = new ScenarioResolver(catalog, own);
    this.own = own;
  }

  /** The figures of a scenario; claims that ask the same share the answer. */
  ScenarioFigures figures(ScenarioSpec spec) {
    return asked.computeIfAbsent(spec, fresh -> new ScenarioFigures(this, fresh));
  }

  /**
   * The figures of a run of the serving simulator; claims that ask the same share the answer.
   *
   * @param scenarios what scenarios it names
   */
  ServedFigures served(ScenarioSpec spec, Function<String, ScenarioSpec> scenarios) {
    RunKey key =
        new RunKey(reference.folder(), spec, spec.text("replicas", "scenario").map(scenarios), own);
    ServedFigures earlier = SERVED.get(key);
    if (earlier != null) {
      return earlier;
    }
    ServedFigures fresh =
        new ServedFigures(
            ServingForm.read(spec, reference, name -> scenario(scenarios.apply(name))));
    SERVED.put(key, fresh);
    return fresh;
  }

  private record RunKey(
      Path folder, ScenarioSpec run, Optional<ScenarioSpec> scenario, Map<String, Model> models) {}

  /** The model that a scenario names. */
  Model model(ScenarioSpec spec) {
    String name =
        spec.text("workload", "model")
            .orElseThrow(() -> missing(spec, "this figure needs a workload.model"));
    return Optional.ofNullable(own.get(name))
        .orElseGet(() -> shipped.computeIfAbsent(name, catalog::model));
  }

  /** The platform that a scenario names or describes. */
  Platform platform(ScenarioSpec spec) {
    Node node =
        spec.document()
            .field("platform")
            .map(MappingNode.Field::value)
            .orElseThrow(() -> missing(spec, "this figure needs a platform"));
    return switch (node) {
      case MappingNode described -> catalog.platform(described);
      case ScalarNode named -> catalog.platform(named.text());
      default -> throw missing(spec, "a platform is a name or a description");
    };
  }

  /** Everything a scenario names, with defaults for what it leaves open. */
  Scenario scenario(ScenarioSpec spec) {
    return resolver.resolve(spec).scenario();
  }

  private static RuntimeException missing(ScenarioSpec spec, String description) {
    var place = spec.document().location();
    return Problem.of(description).at(place.file(), place.line()).exception();
  }
}
