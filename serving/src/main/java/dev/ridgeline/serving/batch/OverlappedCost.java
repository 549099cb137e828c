package dev.ridgeline.serving.batch;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.workload.StepFeatures;

/**
 * A batch's time and energy where operators of a bound program overlap inside a device. Each part
 * of the batch is priced on its own, so weights are read twice and small products are as slow as
 * they are. For models whose layers all attend to the whole context.
 */
public final class OverlappedCost implements BatchCost {
  private final BoundProgram program;
  private final Overlap overlap;
  private final StepFeatures features;
  private final StepCost cost;
  private final double[] parts;

  /** Prices batches of a replica that runs the program so. */
  public OverlappedCost(BoundProgram program, Overlap overlap) {
    if (!ProgramCost.sumsSuffice(program)) {
      throw new IllegalArgumentException("layers with windows or attention ranks do not overlap");
    }
    this.program = program;
    this.overlap = overlap;
    this.features = new StepFeatures(program.program().features());
    this.cost = program.newCost();
    this.parts = new double[] {overlap.firstPart(), 1 - overlap.firstPart()};
  }

  @Override
  public double price(Batch batch, double[] stageSeconds) {
    double compute = 0;
    double memory = 0;
    double network = 0;
    double rest = 0;
    double serial = 0;
    double joules = 0;
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] = 0;
    }
    for (double part : parts) {
      features.clear();
      ProgramCost.addSums(batch, part, part, features);
      program.evaluate(features, cost);
      compute += cost.computeSeconds;
      memory += cost.memorySeconds;
      network += cost.networkSeconds;
      rest += cost.overheadSeconds + cost.powerSeconds;
      serial += cost.timeSeconds;
      joules += cost.dynamicJoules;
      for (int stage = 0; stage < stageSeconds.length; stage++) {
        stageSeconds[stage] += cost.stageSeconds(stage);
      }
    }
    // Stages are alike, so each gains as much as the whole.
    double gain = (overlap.seconds(compute, memory, network) + rest) / serial;
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] *= gain;
    }
    return joules;
  }
}
