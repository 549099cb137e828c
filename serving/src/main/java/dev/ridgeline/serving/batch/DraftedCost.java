package dev.ridgeline.serving.batch;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;

/**
 * A batch's time and energy where a drafter runs before the target checks its drafts, and over
 * prompts beside it: one pass of the drafter for each depth of the draft, as the core prices it for
 * one batch. The first stage waits for the drafter.
 */
public final class DraftedCost implements BatchCost {
  private final BatchCost target;
  private final BoundProgram drafter;
  private final StepFeatures features;
  private final StepCost cost;
  private final int[] candidates;
  private final boolean elsewhere;
  private final boolean attendsToAll;
  private final double rankShare;
  private double joules;

  /**
   * Prices batches of a target and its drafter.
   *
   * @param target without drafting
   * @param drafter bound to where it runs
   * @param candidates continuations kept at each depth of the draft, at least 1 each
   * @param elsewhere whether the drafter has devices of its own, so that its pass over prompts
   *     hides behind the target's
   */
  public DraftedCost(BatchCost target, BoundProgram drafter, int[] candidates, boolean elsewhere) {
    this.target = target;
    this.drafter = drafter;
    this.features = new StepFeatures(drafter.program().features());
    this.cost = drafter.newCost();
    this.candidates = candidates.clone();
    this.elsewhere = elsewhere;
    this.attendsToAll = features.space().attendsToAll();
    this.rankShare = 1.0 / features.space().attentionRanks();
  }

  @Override
  public double price(Batch batch, double[] stageSeconds) {
    joules = target.price(batch, stageSeconds);
    double ahead = 0;
    for (double stage : stageSeconds) {
      ahead += stage;
    }
    double prompts = 0;
    double drafts = 0;
    if (batch.parts() == 0) {
      prompts = promptSeconds(batch, rankShare, 1);
      drafts = draftSeconds(batch, rankShare, 1);
    } else {
      for (int rank = 0; rank < batch.parts(); rank++) {
        prompts = Math.max(prompts, promptSeconds(batch.part(rank), 1, rankShare));
        drafts = Math.max(drafts, draftSeconds(batch.part(rank), 1, rankShare));
      }
    }
    stageSeconds[0] += drafts + Math.max(0, prompts - (elsewhere ? ahead : 0));
    return joules;
  }

  private double promptSeconds(Batch batch, double share, double energyShare) {
    if (batch.prefillTokens() == 0) {
      return 0;
    }
    features.clear();
    if (attendsToAll) {
      double pairs = batch.prefillPairs() + 0.5 * batch.prefillTokens();
      features.addTotals(
          Phase.PREFILL,
          share * (batch.size() - batch.decodes()),
          share * batch.prefillTokens(),
          share * batch.prefillContext(),
          share * pairs,
          0);
    } else {
      for (int index = 0; index < batch.listed(); index++) {
        if (!batch.decodes(index)) {
          features.add(Phase.PREFILL, share, batch.tokens(index), batch.cachedTokens(index), 0);
        }
      }
    }
    return evaluate(energyShare);
  }

  private double draftSeconds(Batch batch, double share, double energyShare) {
    double sequences = share * batch.decodes();
    if (sequences == 0) {
      return 0;
    }
    double cached = share * (batch.decodeContext() - batch.decodeTokens());
    double seconds = 0;
    int width = 1;
    int drafted = 0;
    for (int each : candidates) {
      features.clear();
      if (attendsToAll) {
        double before = cached + sequences * drafted;
        features.addTotals(
            Phase.DECODE,
            sequences,
            sequences * width,
            before + sequences * width,
            width * before + sequences * width * (width + 1) / 2,
            sequences * width);
      } else {
        for (int index = 0; index < batch.listed(); index++) {
          if (batch.decodes(index)) {
            features.add(
                Phase.DECODE, share, width, batch.cachedTokens(index) + (long) drafted, width);
          }
        }
      }
      seconds += evaluate(energyShare);
      width *= each;
      drafted += width;
    }
    return seconds;
  }

  private double evaluate(double energyShare) {
    drafter.evaluate(features, cost);
    joules += energyShare * cost.dynamicJoules;
    return cost.timeSeconds;
  }
}
