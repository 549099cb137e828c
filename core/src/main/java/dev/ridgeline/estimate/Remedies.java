package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** The smallest changes that make a scenario fit, each tried before it is offered. */
final class Remedies {
  private static final int MOST_TENSOR_RANKS = 64;
  private static final int SHARE_STEPS = 20;

  private Remedies() {}

  static InfeasibleException shortfall(Scenario scenario, MemoryLedger memory) {
    List<String> remedies = new ArrayList<>();
    smallerBatch(scenario, memory).ifPresent(remedies::add);
    moreTensorRanks(scenario).ifPresent(remedies::add);
    moreStages(scenario).ifPresent(remedies::add);
    narrowerWeights(scenario).ifPresent(remedies::add);
    narrowerCache(scenario).ifPresent(remedies::add);
    smallerOffload(scenario, memory).ifPresent(remedies::add);
    offloadedWeights(scenario).ifPresent(remedies::add);
    offloadedCache(scenario).ifPresent(remedies::add);
    Optional<MemoryLedger.TierUse> other = memory.fullestOther();
    return new InfeasibleException(
        "%s does not fit: the fullest device needs %s of its %s%s, %s too much"
            .formatted(
                scenario.model().name(),
                new Bytes(other.map(MemoryLedger.TierUse::totalBytes).orElse(memory.totalBytes())),
                new Bytes(
                    other.map(MemoryLedger.TierUse::capacityBytes).orElse(memory.capacityBytes())),
                other.map(tier -> " of memory \"%s\"".formatted(tier.name())).orElse(""),
                new Bytes(memory.shortfallBytes())),
        memory,
        remedies);
  }

  private static Optional<String> smallerBatch(Scenario scenario, MemoryLedger memory) {
    boolean steady = scenario.traffic().concurrency().isPresent();
    long most = Math.min(memory.largestBatch(), scenario.traffic().inFlight() - 1L);
    return most >= 1
        ? Optional.of("--%s %d".formatted(steady ? "concurrency" : "batch", most))
        : Optional.empty();
  }

  private static Optional<String> moreTensorRanks(Scenario scenario) {
    Parallelism now = scenario.deployment().parallelism();
    for (int ranks = now.tensor() + 1; ranks <= MOST_TENSOR_RANKS; ranks++) {
      if (ranks % now.tensor() == 0 && fits(scenario, reshaped(scenario, ranks, now.pipeline()))) {
        return Optional.of(
            "--tp %d%s"
                .formatted(ranks, needsMore(scenario, ranks * now.devices() / now.tensor())));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> moreStages(Scenario scenario) {
    Parallelism now = scenario.deployment().parallelism();
    for (int stages = now.pipeline() + 1; stages <= scenario.model().layers().size(); stages++) {
      if (fits(scenario, reshaped(scenario, now.tensor(), stages))) {
        return Optional.of(
            "--pp %d%s"
                .formatted(stages, needsMore(scenario, stages * now.devices() / now.pipeline())));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> narrowerWeights(Scenario scenario) {
    Precision now = scenario.deployment().precision();
    for (NumberFormat format : List.of(NumberFormat.FP8, NumberFormat.INT4)) {
      Precision narrower =
          new Precision(Optional.of(format), now.activations(), now.kv(), now.communication());
      Deployment deployment = scenario.deployment();
      if (fits(scenario, Optional.of(deployment.withPrecision(narrower)))) {
        return Optional.of("--weights " + format.name());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> narrowerCache(Scenario scenario) {
    Deployment now = scenario.deployment();
    Precision precision = now.precision();
    if (precision.kvFormat(scenario.model()).elementBits() <= NumberFormat.FP8.elementBits()) {
      return Optional.empty();
    }
    Precision narrower =
        new Precision(
            precision.weights(),
            precision.activations(),
            Optional.of(NumberFormat.FP8),
            precision.communication());
    return fits(scenario, Optional.of(now.withPrecision(narrower)))
        ? Optional.of("--kv " + NumberFormat.FP8.name())
        : Optional.empty();
  }

  private static Optional<String> offloadedWeights(Scenario scenario) {
    Placement now = scenario.deployment().placement();
    return smallestShare(
            scenario, share -> now.withOffloaded(offload(share), now.offloadedKv()), now.offloads())
        .map(share -> "--offload-weights " + share);
  }

  private static Optional<String> offloadedCache(Scenario scenario) {
    Placement now = scenario.deployment().placement();
    return smallestShare(
            scenario,
            share -> now.withOffloaded(now.offloadedWeights(), offload(share)),
            now.offloads())
        .map(share -> "--offload-kv " + share);
  }

  /** Less beside the chips, where it is there that room lacks. */
  private static Optional<String> smallerOffload(Scenario scenario, MemoryLedger memory) {
    Placement now = scenario.deployment().placement();
    boolean away = memory.fullestOther().isPresent() && now.offloads();
    Deployment resident =
        scenario.deployment().withPlacement(now.withOffloaded(Optional.empty(), Optional.empty()));
    return away && fits(scenario, Optional.of(resident))
        ? Optional.of("no --offload-weights and --offload-kv")
        : Optional.empty();
  }

  private static Optional<Offload> offload(double share) {
    return Optional.of(new Offload(share, SharedMemory.HOST));
  }

  /** The smallest share, in steps of a twentieth, that makes room; none where some is away. */
  private static Optional<Double> smallestShare(
      Scenario scenario, DoubleFunction<Placement> placement, boolean away) {
    for (int step = 1; step <= SHARE_STEPS && !away; step++) {
      double share = (double) step / SHARE_STEPS;
      Deployment deployment = scenario.deployment().withPlacement(placement.apply(share));
      if (fits(scenario, Optional.of(deployment))) {
        return Optional.of(share);
      }
    }
    return Optional.empty();
  }

  private static String needsMore(Scenario scenario, int devices) {
    return devices > scenario.platform().chips()
        ? " on a platform of at least %d devices".formatted(devices)
        : "";
  }

  private static Optional<Deployment> reshaped(Scenario scenario, int tensor, int stages) {
    Deployment now = scenario.deployment();
    Parallelism old = now.parallelism();
    try {
      Parallelism wider =
          new Parallelism(
              tensor, stages, old.expert(), old.data(), old.context(), old.attentionData());
      return Optional.of(now.withParallelism(wider));
    } catch (IllegalDeploymentException refused) {
      return Optional.empty();
    }
  }

  /** Whether a deployment fits and, where the platform has the devices, can be bound to it. */
  private static boolean fits(Scenario scenario, Optional<Deployment> deployment) {
    if (deployment.isEmpty()) {
      return false;
    }
    Platform platform = scenario.platform();
    int devices = deployment.get().parallelism().devices();
    boolean linked = platform.chip().scaleUp().isPresent() || !platform.levels().isEmpty();
    if (devices > 1 && !(platform.chips() > 1 ? platform.connected() : linked)) {
      return false;
    }
    try {
      Program program = ProgramCompiler.compile(scenario.model(), deployment.get());
      if (devices <= platform.chips()) {
        BoundProgram.bind(program, platform, scenario.costModels(), scenario.engine().overheads());
      }
      return Drafting.ledger(scenario, program).fits();
    } catch (IllegalDeploymentException refused) {
      return false;
    }
  }
}
