package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.Optional;

/**
 * A scenario with all names looked up and all gaps filled.
 *
 * @param scenario the question to put to the estimator
 * @param model how the model was named, or its description where it was written out
 * @param useCase name of the use case, where one was named
 * @param platform how the platform was named, or its description where it was written out
 * @param engine how the engine was named, or the one taken where none was
 * @param draft how the drafter was named; empty for plain decoding
 * @param tables where measured tables lie, for the cost model that reads them
 * @param profiles where profiles lie that come before those of the catalog
 * @param defaults what was filled in because nobody said otherwise, in words
 */
public record ResolvedScenario(
    Scenario scenario,
    Node model,
    Optional<String> useCase,
    Node platform,
    String engine,
    Optional<DraftName> draft,
    Optional<String> tables,
    Optional<String> profiles,
    List<String> defaults) {

  /**
   * How a drafter was named.
   *
   * @param model its name or description; empty for the target's own head
   * @param headLayers layers of an own head
   * @param platform the devices of its own, where it has some
   * @param precision the format of its own, where one was named
   */
  public record DraftName(
      Optional<Node> model,
      int headLayers,
      Optional<Node> platform,
      Optional<NumberFormat> precision) {}

  /** Copies the list. */
  public ResolvedScenario {
    defaults = List.copyOf(defaults);
  }
}
