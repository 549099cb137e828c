package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.Optional;
import java.util.OptionalDouble;

/** All requests start together and run to the end together. */
final class OneBatch {
  private final Scenario scenario;
  private final Traffic traffic;
  private final PhaseMeter first;
  private final PhaseMeter further;
  private final Share share;
  private final Rounds rounds;
  private final StepFeatures step;

  OneBatch(Scenario scenario, BoundProgram bound, PhaseMeter first, PhaseMeter further) {
    this.scenario = scenario;
    this.traffic = scenario.traffic();
    this.first = first;
    this.further = further;
    this.share = Share.of(scenario.deployment().parallelism(), traffic.batch());
    this.rounds = new Rounds(scenario, bound.platform());
    this.step = new StepFeatures(bound.program().features());
  }

  Timing timing() {
    double ttft;
    double joules;
    long budget = traffic.chunk().orElse(Long.MAX_VALUE);
    requireRoom(budget);
    if (budget < share.perPart() * traffic.inputTokens()) {
      double passes = chunkPasses(budget);
      // The pipeline fills once.
      ttft = first.meanSeconds() * (passes + (share.parts() - 1.0) / share.parts());
      joules = first.meanDynamicJoules() * passes;
    } else {
      step.add(Phase.PREFILL, share.perPart(), traffic.inputTokens(), 0, 1);
      share.setGroupTokens(step, share.groupPerPart() * traffic.inputTokens());
      first.add(step, share.parts(), false, 1);
      ttft = first.meanSeconds();
      joules = first.meanDynamicJoules();
    }
    Optional<ChunkReport> chunks =
        traffic.chunk().isPresent() ? Optional.of(report(budget)) : Optional.empty();
    long steps = traffic.outputTokens() - 1;
    if (steps == 0) {
      return new Timing(ttft, 0, joules, rounds.draftStaticWatts(), chunks, Optional.empty());
    }
    DecodeSteps.each(
        steps,
        (own, weight) -> {
          step.clear();
          rounds.add(step, share.perPart(), own);
          share.setGroupTokens(step, share.groupPerPart() * rounds.tokensOfSequence());
          further.add(step, share.parts(), true, weight);
          rounds.addDraft(own, weight);
        });
    Drafting.Prompts prompts = rounds.draftPrompts(ttft);
    double roundsLeft = steps / rounds.expectedTokens();
    joules +=
        roundsLeft * (further.meanDynamicJoules() + rounds.draftDynamicJoules())
            + prompts.dynamicJoules();
    double round = further.meanSeconds() + rounds.draftSeconds();
    return new Timing(
        ttft,
        round / rounds.expectedTokens() + prompts.timeSeconds() / steps,
        joules,
        rounds.draftStaticWatts(),
        chunks,
        scenario
            .speculation()
            .map(how ->
                SpeculationReport.of(how, rounds, further.meanSeconds(), prompts.timeSeconds())));
  }

  /** Adds the chunks; returns how often all stages are passed by as many as there are parts. */
  private double chunkPasses(long budget) {
    double perRank = share.perPart() * share.parts();
    if (budget < traffic.inputTokens()) {
      PromptChunks chunks = new PromptChunks(traffic.inputTokens(), budget);
      chunks.each(
          step,
          (length, weight) -> {
            share.setGroupTokens(step, length * (double) share.attentionRanks());
            first.add(step, share.parts(), true, weight);
          });
      return perRank * chunks.count() / share.parts();
    }
    double prompts = Math.min(share.perPart(), Math.floorDiv(budget, traffic.inputTokens()));
    step.add(Phase.PREFILL, prompts, traffic.inputTokens(), 0, 1);
    share.setGroupTokens(
        step, share.groupPerPart() / share.perPart() * prompts * traffic.inputTokens());
    first.add(step, share.parts(), true, 1);
    return Math.ceil(share.perPart() / prompts);
  }

  private ChunkReport report(long budget) {
    boolean cut = budget < traffic.inputTokens();
    double prompts = Math.min(share.perPart(), (double) (budget / traffic.inputTokens()));
    return new ChunkReport(
        budget,
        cut ? budget : prompts * traffic.inputTokens(),
        cut ? new PromptChunks(traffic.inputTokens(), budget).count() : 1,
        0,
        0,
        first.meanSeconds(),
        OptionalDouble.empty(),
        0);
  }

  private void requireRoom(long budget) {
    double needed = share.perPart() * rounds.tokensOfSequence();
    if (traffic.outputTokens() > 1 && needed > budget) {
      throw new IllegalDeploymentException(
          "chunk",
          Long.toString(budget),
          "the decoding requests of a step alone have %.0f tokens".formatted(Math.ceil(needed)),
          "at least %.0f".formatted(Math.ceil(needed)));
    }
  }
}
