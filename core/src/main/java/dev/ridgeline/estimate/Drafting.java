package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;

/** The drafting half of a round: one pass of the drafter for each depth. */
final class Drafting {
  private final Speculation speculation;
  private final BoundProgram bound;
  private final PhaseMeter meter;
  private final Traffic traffic;
  private final double sequencesOfRank;

  /**
   * @param own the target's platform, on which a drafter runs that names no other
   */
  Drafting(Scenario scenario, Speculation speculation, Platform own) {
    Platform platform = speculation.platform().orElse(own);
    Program program = ProgramCompiler.compile(speculation.model(), speculation.deployment());
    this.speculation = speculation;
    this.bound =
        BoundProgram.bind(program, platform, scenario.costModels(), scenario.engine().overheads());
    this.meter = new PhaseMeter(bound);
    this.traffic = scenario.traffic();
    Parallelism spread = speculation.deployment().parallelism();
    int ofReplica = Math.ceilDiv(traffic.inFlight(), spread.data());
    this.sequencesOfRank = Math.ceilDiv(ofReplica, spread.attentionData());
  }

  /** Adds the drafting of a round at {@code ownTokens} of the answer. */
  void addRound(long ownTokens, double weight) {
    StepFeatures step = new StepFeatures(bound.program().features());
    int width = 1;
    long context = traffic.inputTokens() + ownTokens;
    for (Speculation.Position position : speculation.positions()) {
      step.clear();
      step.add(Phase.DECODE, sequencesOfRank, width, context, width);
      meter.add(step, 1, true, weight);
      width *= position.candidates();
      context += width;
    }
  }

  /** What the drafter's pass over prompts adds: their cache, before the first round. */
  record Prompts(double timeSeconds, double dynamicJoules) {}

  /**
   * The drafter's pass over {@code prompts} prompts of each of its ranks.
   *
   * @param beside time of the target's pass over the same prompts, behind which a drafter on other
   *     devices hides
   */
  Prompts prompts(double prompts, double beside) {
    PhaseMeter once = new PhaseMeter(bound);
    StepFeatures step = new StepFeatures(bound.program().features());
    step.add(Phase.PREFILL, prompts, traffic.inputTokens(), 0, 0);
    once.add(step, 1, false, 1);
    double hidden = speculation.platform().isPresent() ? beside : 0;
    return new Prompts(Math.max(0, once.meanSeconds() - hidden), once.meanDynamicJoules());
  }

  /** Sequences of the busiest rank. */
  double sequencesOfRank() {
    return sequencesOfRank;
  }

  /** Mean drafting time of a round. */
  double meanSeconds() {
    return speculation.positions().size() * meter.meanSeconds();
  }

  /** Mean drafting energy of a round beyond static power, over the devices of one replica. */
  double meanDynamicJoules() {
    return speculation.positions().size() * meter.meanDynamicJoules();
  }

  /** Static power of devices that only draft. */
  double staticWatts() {
    int devices = bound.program().deployment().parallelism().devices();
    return speculation.platform().isPresent() ? devices * bound.energy().staticWatts() : 0;
  }

  /**
   * The ledger of a scenario's fullest device, with the drafter's claims where it runs there too.
   */
  static MemoryLedger ledger(Scenario scenario, Program program) {
    MemoryLedger alone = ledger(scenario, program, scenario.traffic());
    if (scenario.speculation().isEmpty() || scenario.speculation().get().platform().isPresent()) {
      return alone;
    }
    Speculation speculation = scenario.speculation().get();
    Program drafter = ProgramCompiler.compile(speculation.model(), speculation.deployment());
    double weights = weightsBytes(speculation, drafter);
    MemoryLedger drafts = ledger(scenario, drafter, scenario.traffic());
    MemoryLedger now = alone.beside(drafts, weights, 0);
    long fits = 0;
    long fails = alone.largestBatch() + 1;
    while (fails - fits > 1) {
      long middle = (fits + fails) / 2;
      Traffic traffic = scenario.traffic().withRequests((int) middle);
      MemoryLedger then = ledger(scenario, program, traffic);
      boolean room = then.beside(ledger(scenario, drafter, traffic), weights, 0).fits();
      fits = room ? middle : fits;
      fails = room ? fails : middle;
    }
    return now.withLargestBatch(fits);
  }

  private static MemoryLedger ledger(Scenario scenario, Program program, Traffic traffic) {
    return MemoryPlan.ledger(program, scenario.platform(), scenario.engine(), traffic);
  }

  /** What the drafter claims on each of its devices. */
  static DraftMemory memory(Scenario scenario, Speculation speculation) {
    Program program = ProgramCompiler.compile(speculation.model(), speculation.deployment());
    Platform platform = speculation.platform().orElse(scenario.platform());
    MemoryLedger ledger =
        MemoryPlan.ledger(program, platform, scenario.engine(), scenario.traffic());
    return new DraftMemory(weightsBytes(speculation, program), ledger.kvBytes(), ledger);
  }

  /**
   * @param weightsBytes weights of its own on one device
   * @param kvBytes cache on one device
   * @param ledger the ledger the drafter has where it is alone on its devices
   */
  record DraftMemory(double weightsBytes, double kvBytes, MemoryLedger ledger) {}

  /** Weights on one device; tables that are the target's are in memory already. */
  private static double weightsBytes(Speculation speculation, Program program) {
    double all = program.weightBytes().getFirst();
    if (!speculation.sharesTables() || speculation.platform().isPresent()) {
      return all;
    }
    Model model = speculation.model();
    Model twice = Speculation.ownHead(model, 2 * model.layers().size());
    return ProgramCompiler.compile(twice, speculation.deployment()).weightBytes().getFirst() - all;
  }
}
