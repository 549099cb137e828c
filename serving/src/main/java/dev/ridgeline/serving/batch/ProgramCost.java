package dev.ridgeline.serving.batch;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;

/**
 * A batch's time and energy as a bound program of the core has it. Where every layer attends to the
 * whole context the batch's sums are enough, whatever its size; windows and chunks take one
 * addition a request.
 */
public final class ProgramCost implements BatchCost {
  private final BoundProgram program;
  private final StepFeatures features;
  private final StepCost cost;
  private final boolean sumsSuffice;

  /** Prices batches of a replica that runs the program. */
  public ProgramCost(BoundProgram program) {
    this.program = program;
    FeatureSpace space = program.program().features();
    this.features = new StepFeatures(space);
    this.cost = program.newCost();
    this.sumsSuffice = sumsSuffice(program);
  }

  /** Whether a batch's sums say all that its price depends on. */
  static boolean sumsSuffice(BoundProgram program) {
    FeatureSpace space = program.program().features();
    return space.attendsToAll() && space.attentionRanks() == 1;
  }

  @Override
  public double price(Batch batch, double[] stageSeconds) {
    features.clear();
    if (sumsSuffice) {
      addSums(batch, 1, features);
    } else {
      addEach(batch);
    }
    program.evaluate(features, cost);
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] = cost.stageSeconds(stage);
    }
    return cost.dynamicJoules;
  }

  /** The sums of a batch, or of a part of it that is like the whole. */
  static void addSums(Batch batch, double part, StepFeatures features) {
    double decodes = part * batch.decodes();
    if (decodes > 0) {
      double context = part * batch.decodeContext();
      features.addTotals(
          Phase.DECODE, decodes, decodes, context, context, part * batch.decodeYields());
    }
    double prompts = part * (batch.size() - batch.decodes());
    if (prompts > 0) {
      double tokens = part * batch.prefillTokens();
      // A new token attends to itself too: c (p + (c + 1) / 2) pairs for c tokens after p.
      double pairs = part * batch.prefillPairs() + 0.5 * tokens;
      features.addTotals(
          Phase.PREFILL,
          prompts,
          tokens,
          part * batch.prefillContext(),
          pairs,
          part * (batch.yields() - batch.decodeYields()));
    }
  }

  /**
   * Attention ranks deal out the requests, prompts and others apart; the busiest has the share of
   * each that is left when their numbers do not divide: all of a single one. Experts get the tokens
   * of all ranks.
   */
  private void addEach(Batch batch) {
    int ranks = features.space().attentionRanks();
    double decodeShare = busiest(batch.decodes(), ranks);
    double prefillShare = busiest(batch.size() - batch.decodes(), ranks);
    for (int index = 0; index < batch.size(); index++) {
      boolean decodes = batch.decodes(index);
      features.add(
          decodes ? Phase.DECODE : Phase.PREFILL,
          decodes ? decodeShare : prefillShare,
          batch.tokens(index),
          batch.cachedTokens(index),
          batch.yields(index) ? 1 : 0);
    }
    if (ranks > 1) {
      features.setGroupTokens(batch.newTokens());
    }
  }

  private static double busiest(int requests, int ranks) {
    return requests == 0 ? 0 : (double) Math.ceilDiv(requests, ranks) / requests;
  }
}
