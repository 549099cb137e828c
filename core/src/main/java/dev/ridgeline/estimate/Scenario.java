package dev.ridgeline.estimate;

import dev.ridgeline.cost.CostModel;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Model;
import java.util.List;
import java.util.Optional;

/**
 * A question: which model, on what, how spread, by which engine, under which traffic, against which
 * objectives, priced by which cost models. All parts are resolved values.
 *
 * @param model the model
 * @param platform the platform
 * @param deployment how the model is spread and stored
 * @param engine the serving software
 * @param traffic the requests
 * @param objectives what the answer is held against
 * @param costModels chain of cost models, first one first; not empty
 * @param speculation how tokens are drafted; empty for plain decoding
 */
public record Scenario(
    Model model,
    Platform platform,
    Deployment deployment,
    Engine engine,
    Traffic traffic,
    Objectives objectives,
    List<CostModel> costModels,
    Optional<Speculation> speculation) {

  /** A scenario of plain decoding. */
  public Scenario(
      Model model,
      Platform platform,
      Deployment deployment,
      Engine engine,
      Traffic traffic,
      Objectives objectives,
      List<CostModel> costModels) {
    this(model, platform, deployment, engine, traffic, objectives, costModels, Optional.empty());
  }

  public Scenario {
    costModels = List.copyOf(costModels);
    if (costModels.isEmpty()) {
      throw new IllegalArgumentException("a scenario needs a cost model");
    }
    if (speculation.isPresent() && traffic.beams() > 1) {
      throw new IllegalDeploymentException(
          "beams",
          Integer.toString(traffic.beams()),
          "speculative decoding keeps one candidate",
          "1");
    }
    speculation.ifPresent(drafting -> drafting.requireSameTokens(model));
  }

  /** The same question for another deployment. */
  public Scenario withDeployment(Deployment newDeployment) {
    return new Scenario(
        model, platform, newDeployment, engine, traffic, objectives, costModels, speculation);
  }

  /** The same question for other traffic. */
  public Scenario withTraffic(Traffic newTraffic) {
    return new Scenario(
        model, platform, deployment, engine, newTraffic, objectives, costModels, speculation);
  }

  /** The same question under another engine. */
  public Scenario withEngine(Engine newEngine) {
    return new Scenario(
        model, platform, deployment, newEngine, traffic, objectives, costModels, speculation);
  }

  /** The same question on another platform. */
  public Scenario withPlatform(Platform newPlatform) {
    return new Scenario(
        model, newPlatform, deployment, engine, traffic, objectives, costModels, speculation);
  }

  /** The same question of plain decoding. */
  Scenario withoutSpeculation() {
    return new Scenario(
        model, platform, deployment, engine, traffic, objectives, costModels, Optional.empty());
  }

  /** The same question with drafted tokens. */
  public Scenario withSpeculation(Speculation drafting) {
    return new Scenario(
        model,
        platform,
        deployment,
        engine,
        traffic,
        objectives,
        costModels,
        Optional.of(drafting));
  }
}
