package dev.ridgeline.cost;

import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.OperatorKind;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.Phase;

/** Adds an engine's overheads to the kernels and steps of a program. */
final class EngineSteps {
  private final EngineOverheads overheads;
  private final boolean adds;
  private final EngineWork[] work;
  private final double[] attentionFactors;
  private final int prefillSequences;
  private final int decodeSequences;
  private final int promptTokens;
  private final int attentionRanks;
  private final int layers;
  private final int expertLayers;

  EngineSteps(Program program, EngineOverheads overheads) {
    this.overheads = overheads;
    this.adds = !overheads.leavesSteps() || overheads.launchShare() < 1;
    this.work = new EngineWork[program.rows().size()];
    this.attentionFactors = new double[work.length];
    for (int row = 0; row < work.length; row++) {
      Operator operator = program.rows().get(row).operator();
      work[row] = workOf(operator);
      attentionFactors[row] = overheads.attentionFactor(queryGroup(operator));
    }
    FeatureSpace space = program.features();
    this.prefillSequences = space.sequences(Phase.PREFILL);
    this.decodeSequences = space.sequences(Phase.DECODE);
    this.promptTokens = space.newTokens(Phase.PREFILL);
    this.attentionRanks = program.deployment().parallelism().attentionData();
    this.layers = program.model().layers().size();
    this.expertLayers = expertLayers(program);
  }

  /** Layers of a model that have experts. */
  static int expertLayers(Program program) {
    return (int)
        program.model().layers().stream()
            .filter(layer -> layer.blocks().stream().anyMatch(Experts.class::isInstance))
            .count();
  }

  EngineOverheads overheads() {
    return overheads;
  }

  EngineWork work(int row) {
    return work[row];
  }

  private static EngineWork workOf(Operator operator) {
    return switch (operator) {
      case Operator.Collective _ -> EngineWork.COLLECTIVE;
      case Operator.AttentionCore core when core.phase() == Phase.DECODE -> EngineWork.ATTENTION;
      case Operator.GroupedMatmul product when product.kind() == OperatorKind.EXPERTS ->
          EngineWork.EXPERTS;
      default -> EngineWork.OTHER;
    };
  }

  /** Query heads that have a head of the cache in common; 1 where there are none. */
  static double queryGroup(Operator operator) {
    return operator instanceof Operator.AttentionCore core
        ? (double) core.heads() / core.kvHeads()
        : 1;
  }

  /** Puts what the engine adds to a kernel where it belongs. */
  void addToKernel(int row, OperatorCost cost) {
    if (!(cost.timeSeconds > 0)) {
      return;
    }
    if (!adds) {
      if (work[row] == EngineWork.COLLECTIVE) {
        toNetwork(cost);
      }
      return;
    }
    double launchSeconds = cost.overheadSeconds;
    double busySeconds = cost.timeSeconds - launchSeconds;
    double stretch =
        work[row] == EngineWork.ATTENTION
            ? attentionFactors[row]
            : switch (cost.bound()) {
              case COMPUTE ->
                  overheads.computeStretch()
                      * (work[row] == EngineWork.EXPERTS ? overheads.experts().stretch() : 1);
              case MEMORY -> overheads.memoryStretch();
              case NETWORK -> overheads.networkStretch();
              default -> 1;
            };
    double exchangeSeconds = work[row] == EngineWork.COLLECTIVE ? overheads.exchangeSeconds() : 0;
    cost.overheadSeconds = overheads.launchShare() * launchSeconds + exchangeSeconds;
    cost.timeSeconds = stretch * busySeconds + cost.overheadSeconds;
    cost.matrixSeconds *= stretch;
    cost.vectorSeconds *= stretch;
    cost.memorySeconds *= stretch;
    cost.networkSeconds *= stretch;
    if (work[row] == EngineWork.COLLECTIVE) {
      toNetwork(cost);
    }
  }

  /** Ranks that start an exchange, or wait for one another in it, use nothing but the network. */
  private static void toNetwork(OperatorCost cost) {
    cost.networkSeconds += cost.overheadSeconds;
    cost.overheadSeconds = 0;
  }

  /** The host prepares a step once, before its first stage. */
  void addToStep(double[] features, StepCost into) {
    if (!adds) {
      return;
    }
    double sequences = features[prefillSequences] + features[decodeSequences];
    double before = into.stageSeconds[0];
    double after =
        overheads.stepSeconds(
            before, layers, expertLayers, sequences * attentionRanks, features[promptTokens] > 0);
    into.stageSeconds[0] = after;
    into.overheadSeconds += after - before;
  }
}
