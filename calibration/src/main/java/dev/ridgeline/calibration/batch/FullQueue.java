package dev.ridgeline.calibration.batch;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Link;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Model;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Output tokens a second of an engine whose queue is never empty, in the steady state of as many
 * requests as its memory holds. What a run leaves open is what gives most tokens, since whoever
 * publishes such a run has tuned it: the degrees of parallelism, copies on the devices left over,
 * whether prompts are cut, and whether fewer requests than fit do better. No client waits for the
 * tokens of a step, so the host's work for them runs beside the device.
 */
final class FullQueue {
  /** Chips of a node, where its links do not tell. */
  private static final int NODE = 8;

  /** Requests that a rank takes at most, however short they are. */
  private static final int MOST_SEQUENCES = 4096;

  /** Fewer requests than fit are tried down to this part of them. */
  private static final int SMALLEST_PART = 4;

  private final ScenarioResolver resolver;
  private final Catalog catalog;

  FullQueue(ScenarioResolver resolver, Catalog catalog) {
    this.resolver = resolver;
    this.catalog = catalog;
  }

  /**
   * How a replica is spread.
   *
   * @param stages of the pipeline
   * @param tensor ranks that split every matrix
   * @param attentionData ranks that split the sequences
   * @param expert ranks that split the experts
   */
  private record Spread(int stages, int tensor, int attentionData, int expert) {
    int devices() {
      return stages * tensor * attentionData;
    }
  }

  /** Tokens a second of all devices; 0 where nothing fits. */
  double tokensPerSecond(OfflineRow row) {
    double best = 0;
    int node = Math.min(row.devices(), largestNode(row.chip()));
    int mostStages = row.pipeline().orElse(row.tensor().isPresent() ? 1 : node);
    for (int stages = row.pipeline().orElse(1); stages <= mostStages; stages *= 2) {
      int most = row.tensor().orElse(row.pipeline().isPresent() ? node : node / stages);
      for (int ranks = row.tensor().orElse(1); ranks <= most; ranks *= 2) {
        for (Spread spread : spreads(stages, ranks)) {
          double copies = (double) row.devices() / spread.devices();
          best = Math.max(best, copies * replica(row, spread));
        }
      }
    }
    return best;
  }

  private static List<Spread> spreads(int stages, int ranks) {
    var matrices = new Spread(stages, ranks, 1, 1);
    return ranks == 1
        ? List.of(matrices)
        : List.of(
            matrices, new Spread(stages, ranks, 1, ranks), new Spread(stages, 1, ranks, ranks));
  }

  private int largestNode(String chip) {
    return catalog
        .chip(chip)
        .chip()
        .scaleUp()
        .map(Link::domain)
        .filter(domain -> domain > 0)
        .orElse(NODE);
  }

  private double replica(OfflineRow row, Spread spread) {
    try {
      Scenario scenario =
          resolver.resolve(ScenarioSpec.read(row.file(), text(row, spread))).scenario();
      if (spread.expert() > 1 && !hasExperts(scenario.model())) {
        return 0;
      }
      EngineOverheads engine = scenario.engine().overheads();
      EngineOverheads beside = engine.hosted(engine.sequenceSeconds(), true);
      return most(scenario.withEngine(scenario.engine().withOverheads(beside)));
    } catch (InputException | IllegalDeploymentException | InfeasibleException other) {
      // Another degree may do.
      return 0;
    }
  }

  private static boolean hasExperts(Model model) {
    return model.layers().stream()
        .flatMap(layer -> layer.blocks().stream())
        .anyMatch(Experts.class::isInstance);
  }

  private static String text(OfflineRow row, Spread spread) {
    int devices = spread.devices();
    return """
    schema_version: 1
    workload: {model: %s, input_tokens: %d, output_tokens: %d}
    platform: "%s"
    engine: "%s"
    deployment: {tp: %d, pp: %d, attention_dp: %d, ep: %d, weights: %s, activations: %s, kv: %s}
    """
        .formatted(
            row.model(),
            row.inputTokens(),
            row.outputTokens(),
            devices > 1 ? devices + "x" + row.chip() : row.chip(),
            row.engine(),
            spread.tensor(),
            spread.stages(),
            spread.attentionData(),
            spread.expert(),
            row.format(),
            row.format(),
            row.format().equals("bf16") ? "bf16" : "fp8");
  }

  private static double most(Scenario scenario) {
    long room =
        MemoryPlan.ledger(
                ProgramCompiler.compile(scenario.model(), scenario.deployment()),
                scenario.platform(),
                scenario.engine(),
                scenario.traffic())
            .largestBatch();
    int ranks = scenario.deployment().parallelism().attentionData();
    int full = (int) Math.min(room, (long) MOST_SEQUENCES * ranks);
    double best = 0;
    for (int part = 1; part <= SMALLEST_PART && full / part >= 1; part *= 2) {
      for (OptionalLong chunk :
          List.of(OptionalLong.empty(), OptionalLong.of(MemoryPlan.TOKENS_IN_FLIGHT))) {
        best = Math.max(best, tokensPerSecond(scenario, full / part, chunk));
      }
    }
    return best;
  }

  private static double tokensPerSecond(Scenario scenario, int requests, OptionalLong chunk) {
    Traffic asked = scenario.traffic();
    var full =
        new Traffic(
            asked.inputTokens(), asked.outputTokens(), 1, 1, OptionalInt.of(requests), chunk);
    return Estimator.estimate(scenario.withTraffic(full)).outputTokensPerSecond();
  }
}
