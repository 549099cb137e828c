package dev.ridgeline.serving.batch;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.Arrays;

/**
 * A batch's time and energy as a bound program of the core has it. Where every layer attends to the
 * whole context the batch's sums are enough, whatever its size; windows and chunks take one
 * addition a request.
 */
public final class ProgramCost implements BatchCost {
  private final BoundProgram program;
  private final StepFeatures features;
  private final StepFeatures each;
  private final StepCost cost;
  private final boolean attendsToAll;
  private final int ranks;
  private final int contextRanks;

  /** Prices batches of a replica that runs the program. */
  public ProgramCost(BoundProgram program) {
    this.program = program;
    FeatureSpace space = program.program().features();
    this.features = new StepFeatures(space);
    this.each = new StepFeatures(space);
    this.cost = program.newCost();
    this.attendsToAll = space.attendsToAll();
    this.ranks = space.attentionRanks();
    this.contextRanks = space.contextRanks();
  }

  /** Whether a batch's sums say all that its price depends on. */
  static boolean sumsSuffice(BoundProgram program) {
    FeatureSpace space = program.program().features();
    return space.attendsToAll() && space.attentionRanks() == 1;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where nobody says which attention rank has which request, prompts and others are dealt out
   * apart, and the busiest rank has the share of each that is left when their numbers do not
   * divide.
   */
  @Override
  public double price(Batch batch, double[] stageSeconds) {
    if (batch.parts() > 0) {
      return priceRanks(batch, stageSeconds);
    }
    describe(batch, busiest(batch.decodes()), busiest(batch.size() - batch.decodes()));
    if (ranks > 1) {
      features.setGroupTokens(groupTokens(batch));
    }
    program.evaluate(features, cost);
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] = cost.stageSeconds(stage);
    }
    return cost.dynamicJoules;
  }

  /**
   * Attention ranks step together, so the slowest holds up all; what they share, such as experts,
   * has the tokens of all. Energy is that of a mean rank on each.
   */
  private double priceRanks(Batch batch, double[] stageSeconds) {
    Arrays.fill(stageSeconds, 0);
    double group = groupTokens(batch);
    for (int rank = 0; rank < batch.parts(); rank++) {
      Batch part = batch.part(rank);
      if (isExceeded(batch, rank)) {
        continue;
      }
      describe(part, 1, 1);
      features.setGroupTokens(group);
      program.evaluate(features, cost);
      for (int stage = 0; stage < stageSeconds.length; stage++) {
        stageSeconds[stage] = Math.max(stageSeconds[stage], cost.stageSeconds(stage));
      }
    }
    describe(batch, 1.0 / batch.parts(), 1.0 / batch.parts());
    features.setGroupTokens(group);
    program.evaluate(features, cost);
    return cost.dynamicJoules;
  }

  /** Whether another rank has at least as much of everything; of equal ones, the first counts. */
  private static boolean isExceeded(Batch batch, int rank) {
    for (int other = 0; other < batch.parts(); other++) {
      if (other != rank
          && batch.part(other).covers(batch.part(rank))
          && (other < rank || !batch.part(rank).covers(batch.part(other)))) {
        return true;
      }
    }
    return false;
  }

  /** Tokens of all attention ranks, on one of the ranks that split a prompt. */
  private double groupTokens(Batch batch) {
    return (double) batch.prefillTokens() / contextRanks + batch.decodeTokens();
  }

  private void describe(Batch batch, double decodeShare, double promptShare) {
    features.clear();
    if (attendsToAll) {
      addSums(batch, decodeShare, promptShare, features);
    } else {
      addEach(batch, decodeShare, promptShare);
    }
  }

  /** The sums of a batch, or of parts of it that are like the whole. */
  static void addSums(Batch batch, double decodeShare, double promptShare, StepFeatures features) {
    double decodes = decodeShare * batch.decodes();
    if (decodes > 0) {
      double context = decodeShare * batch.decodeContext();
      features.addTotals(
          Phase.DECODE,
          decodes,
          decodeShare * batch.decodeTokens(),
          context,
          decodeShare * batch.decodePairs(),
          decodeShare * batch.decodeRows());
    }
    double prompts = promptShare * (batch.size() - batch.decodes());
    if (prompts > 0) {
      double tokens = promptShare * batch.prefillTokens();
      // A new token attends to itself too: c (p + (c + 1) / 2) pairs for c tokens after p.
      double pairs = promptShare * batch.prefillPairs() + 0.5 * tokens;
      features.addTotals(
          Phase.PREFILL,
          prompts,
          tokens,
          promptShare * batch.prefillContext(),
          pairs,
          promptShare * (batch.yields() - batch.decodeYields()));
    }
  }

  private static int rows(Batch batch, int index) {
    return !batch.yields(index) ? 0 : batch.decodes(index) ? batch.tokens(index) : 1;
  }

  /** Sums are taken of whole requests, which makes them exact, and then shared out. */
  private void addEach(Batch batch, double decodeShare, double promptShare) {
    addListed(batch, false);
    features.addScaled(each, promptShare);
    addListed(batch, true);
    for (int group = 0; group < batch.groups(); group++) {
      for (int index = 0; index < batch.groupSize(group); index++) {
        each.add(Phase.DECODE, 1, 1, batch.groupCachedTokens(group, index), 1);
      }
    }
    features.addScaled(each, decodeShare);
  }

  private void addListed(Batch batch, boolean decoding) {
    each.clear();
    for (int index = 0; index < batch.listed(); index++) {
      if (batch.decodes(index) == decoding) {
        each.add(
            decoding ? Phase.DECODE : Phase.PREFILL,
            1,
            batch.tokens(index),
            batch.cachedTokens(index),
            rows(batch, index));
      }
    }
  }

  /** Part of the requests on the busiest rank: all of a single one. */
  private double busiest(int requests) {
    return requests == 0 ? 0 : (double) Math.ceilDiv(requests, ranks) / requests;
  }
}
