package dev.ridgeline.calibration.batch;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.EngineWork;
import dev.ridgeline.cost.OperatorCost;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run taken apart into steps and what bounds each of them, so that any engine's overheads can be
 * tried on it at the cost of a few multiplications.
 *
 * @param parts of the run
 * @param layers of the model
 * @param group query heads that have a head of the cache in common, of the widest layer
 */
record Work(List<Part> parts, int layers, double group) {
  /** Steps that stand for all decoding steps of a batch; the cost is near linear between them. */
  private static final int SAMPLES = 5;

  /**
   * Steps that are alike.
   *
   * @param count how many
   * @param prompts whether they work on prompts
   * @param sequences in a step
   * @param computeSeconds that compute bounds
   * @param memorySeconds that memory bounds
   * @param attentionSeconds of decoding attention
   * @param launchSeconds of launches
   * @param networkSeconds of exchanges
   * @param otherSeconds rest
   * @param collectives of a step
   */
  record Part(
      double count,
      boolean prompts,
      double sequences,
      double computeSeconds,
      double memorySeconds,
      double attentionSeconds,
      double launchSeconds,
      double networkSeconds,
      double otherSeconds,
      double collectives) {

    double seconds(EngineOverheads engine, int layers, double group) {
      double device =
          engine.computeStretch() * computeSeconds
              + engine.memoryStretch() * memorySeconds
              + engine.attentionFactor(group) * attentionSeconds
              + engine.launchShare() * launchSeconds
              + engine.networkStretch() * networkSeconds
              + collectives * engine.exchangeSeconds()
              + otherSeconds;
      return count * engine.stepSeconds(device, layers, 0, sequences, prompts);
    }
  }

  Work {
    parts = List.copyOf(parts);
  }

  /** Time under an engine. */
  double seconds(EngineOverheads engine) {
    double sum = 0;
    for (int i = 0; i < parts.size(); i++) {
      sum += parts.get(i).seconds(engine, layers, group);
    }
    return sum;
  }

  /** Takes a run apart; empty where not even one request fits. */
  static Optional<Work> of(Expression.Expressed run, BoundProgram bound) {
    Scenario scenario = run.scenario();
    Program program = bound.program();
    long room =
        MemoryPlan.ledger(program, scenario.platform(), scenario.engine(), scenario.traffic())
            .largestBatch();
    if (room < 1) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    int batch = run.row().batch();
    // Requests for which the cache has no room wait for those before them.
    long full = batch / room;
    int rest = (int) (batch % room);
    if (full > 0) {
      add(run, bound, (int) room, full, parts);
    }
    if (rest > 0) {
      add(run, bound, rest, 1, parts);
    }
    return Optional.of(new Work(parts, scenario.model().layers().size(), group(bound)));
  }

  private static double group(BoundProgram bound) {
    double widest = 1;
    for (int row = 0; row < bound.program().rows().size(); row++) {
      widest = Math.max(widest, bound.queryGroup(row));
    }
    return widest;
  }

  private static void add(
      Expression.Expressed run, BoundProgram bound, int batch, double waves, List<Part> parts) {
    var step = new StepFeatures(bound.program().features());
    long input = run.row().inputTokens();
    BatchRow.Part timed = run.row().part();
    // A single batch is not cut, so the stages of a pipeline work in turn.
    if (timed != BatchRow.Part.STEP) {
      long chunk = Math.min(run.row().chunk(), input);
      long chunks = Math.ceilDiv(input, chunk);
      long sampled = Math.min(chunks, SAMPLES);
      for (long sample = 0; sample < sampled; sample++) {
        step.clear();
        long cached = (long) ((sample + 0.5) * chunks / sampled) * chunk;
        step.add(Phase.PREFILL, batch, chunk, chunks == 1 ? 0 : cached, 1);
        parts.add(part(bound, step, waves * chunks / sampled, true, batch));
      }
    }
    long steps = run.row().outputTokens() - 1;
    if (timed == BatchRow.Part.PROMPTS || steps == 0) {
      return;
    }
    double counted = timed == BatchRow.Part.STEP ? 1 : waves * steps;
    long samples = Math.min(steps, SAMPLES);
    for (long sample = 0; sample < samples; sample++) {
      step.clear();
      long own = Math.round((sample + 0.5) * steps / samples);
      step.add(Phase.DECODE, batch, 1, input + own, 1);
      parts.add(part(bound, step, counted / samples, false, batch));
    }
  }

  private static Part part(
      BoundProgram bound, StepFeatures step, double count, boolean prompts, double sequences) {
    OperatorCost cost = bound.newOperatorCost();
    double compute = 0;
    double memory = 0;
    double attention = 0;
    double launches = 0;
    double network = 0;
    double other = 0;
    double collectives = 0;
    for (int row = 0; row < bound.program().rows().size(); row++) {
      bound.price(row, step, cost);
      if (!(cost.timeSeconds > 0)) {
        continue;
      }
      int repeats = bound.program().rows().get(row).totalRepeats();
      double busy = repeats * (cost.timeSeconds - cost.overheadSeconds);
      launches += repeats * cost.overheadSeconds;
      collectives += bound.work(row) == EngineWork.COLLECTIVE ? repeats : 0;
      if (bound.work(row) == EngineWork.ATTENTION) {
        attention += busy;
      } else {
        switch (cost.bound()) {
          case COMPUTE -> compute += busy;
          case MEMORY -> memory += busy;
          case NETWORK -> network += busy;
          default -> other += busy;
        }
      }
    }
    return new Part(
        count,
        prompts,
        sequences,
        compute,
        memory,
        attention,
        launches,
        network,
        other,
        collectives);
  }
}
