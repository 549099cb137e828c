package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Continuous batching at a constant number of requests in flight, in closed form.
 *
 * <p>Whole prompts: a request takes one step for its prompt and one for each further round. Of the
 * steps between, the other {@code C - 1} requests turn {@code (C - 1) / O} into steps that also
 * carry a prompt; above one prompt a step, each carries {@code C / O}.
 *
 * <p>Prompts cut into chunks: a prompt takes {@code k} steps, so of the {@code C} requests {@code C
 * k / (k + O - 1)} are at their prompts. Where that is more than there are micro-batches to carry
 * them, every step is full: {@code N} tokens, of which {@code L} for each {@code O - 1} decoded are
 * of prompts, and requests wait for their turn (Little's law over the constant {@code C}).
 */
final class SteadyState {
  private static final int MOST_TURNS = 64;

  private final Scenario scenario;
  private final Traffic traffic;
  private final PhaseMeter first;
  private final PhaseMeter further;
  private final Share share;
  private final Rounds rounds;
  private final StepFeatures step;
  private final StepFeatures rest;
  private final StepFeatures mean;
  private final double furtherRounds;
  private final double perRank;
  private final double groupRatio;

  SteadyState(Scenario scenario, BoundProgram bound, PhaseMeter first, PhaseMeter further) {
    this.scenario = scenario;
    this.traffic = scenario.traffic();
    this.first = first;
    this.further = further;
    this.share = Share.of(scenario.deployment().parallelism(), traffic.inFlight());
    this.rounds = new Rounds(scenario, bound.platform());
    this.step = new StepFeatures(bound.program().features());
    this.rest = new StepFeatures(bound.program().features());
    this.furtherRounds = (traffic.outputTokens() - 1) / rounds.expectedTokens();
    this.perRank = share.perPart() * share.parts();
    this.groupRatio = share.groupPerPart() / share.perPart();
    this.mean = meanContext(bound);
  }

  Timing timing() {
    double outputs = 1 + furtherRounds;
    double prompts = Math.min(perRank, Math.max(1, perRank / outputs));
    // A prompt stays whole: it is in one part of the pipeline, the other parts decode only.
    double mixedParts = Math.min(share.parts(), Math.max(1, Math.rint(prompts)));
    double promptsOfPart = prompts / mixedParts;
    double decodingOfPart = (perRank - prompts) / share.parts();
    double tokens =
        promptsOfPart * traffic.inputTokens() + decodingOfPart * rounds.tokensOfSequence();
    if (traffic.chunk().isPresent() && tokens > traffic.chunk().getAsLong()) {
      return chunked(traffic.chunk().getAsLong());
    }
    step.add(Phase.PREFILL, promptsOfPart, traffic.inputTokens(), 0, 1);
    addDecoding(step, decodingOfPart, promptsOfPart * traffic.inputTokens());
    addDecoding(rest, decodingOfPart, 0);
    first.add(step, mixedParts, rest, share.parts() - mixedParts, false, 1);
    double ttft = first.meanSeconds();
    double mixedShare = Math.min(1, (perRank - 1) / outputs);
    if (furtherRounds > 0 && mixedShare > 0) {
      further.add(step, mixedParts, rest, share.parts() - mixedParts, true, mixedShare);
    }
    Mix mix =
        new Mix(1, 0, prompts, mixedShare, decodingOfPart, promptsOfPart * traffic.inputTokens());
    return timing(ttft, first.meanDynamicJoules(), mix);
  }

  /**
   * How prompts and decoding share steps.
   *
   * @param steps steps of a prompt
   * @param waiting steps a request waits before its first chunk
   * @param prompts prompts of a rank under way in a step that carries any
   * @param mixedShare share of decoding steps that carry a prompt
   * @param decoding requests of a part that decode beside a prompt
   * @param promptTokens tokens of prompts in a step of a part
   */
  private record Mix(
      double steps,
      double waiting,
      double prompts,
      double mixedShare,
      double decoding,
      double promptTokens) {}

  private Timing chunked(long budget) {
    Mix mix = mix(budget);
    long input = traffic.inputTokens();
    addDecoding(rest, mix.decoding, 0);
    StepFeatures prompt = new StepFeatures(step.space());
    if (mix.promptTokens >= input) {
      prompt.add(Phase.PREFILL, mix.promptTokens / input, input, 0, 1);
      addMixed(prompt, mix, mix.promptTokens, 1, 1);
    } else {
      PromptChunks chunks = new PromptChunks(input, wholeTokens(mix.promptTokens));
      chunks.each(
          prompt, (tokens, weight) -> addMixed(prompt, mix, tokens, weight, chunks.totalWeight()));
    }
    double stay = mix.steps + mix.waiting;
    return timing(stay * first.meanSeconds(), stay * first.meanDynamicJoules(), mix);
  }

  private void addMixed(
      StepFeatures prompt, Mix mix, double promptTokens, double weight, double totalWeight) {
    double parts = Math.min(share.parts(), Math.max(1, Math.rint(mix.prompts)));
    double others = share.parts() - parts;
    step.clear();
    step.addScaled(prompt, 1);
    addDecoding(step, mix.decoding, promptTokens);
    first.add(step, parts, rest, others, true, weight);
    if (furtherRounds > 0 && mix.mixedShare > 0) {
      further.add(step, parts, rest, others, true, mix.mixedShare * weight / totalWeight);
    }
  }

  private Mix mix(long budget) {
    double input = traffic.inputTokens();
    double tokens = rounds.tokensOfSequence();
    double underWay = 1;
    double steps = 1;
    double room = 0;
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      double decoding = (perRank - Math.max(1, underWay)) / share.parts();
      room = Math.floor(budget - decoding * tokens);
      if (room < 1) {
        return full(budget);
      }
      steps = Math.ceil(input / room);
      double next = perRank * steps / (steps + furtherRounds);
      if (next == underWay) {
        break;
      }
      underWay = next;
    }
    if (underWay > share.parts()) {
      return full(budget);
    }
    double prompts = Math.max(1, underWay);
    return new Mix(
        steps,
        0,
        prompts,
        Math.min(1, (perRank - 1) * steps / (steps + furtherRounds)),
        (perRank - prompts) / share.parts(),
        Math.min(room, input));
  }

  /** Every step has its full budget of tokens, shared as each request needs them. */
  private Mix full(long budget) {
    double input = traffic.inputTokens();
    double started = budget / (input + rounds.tokensOfSequence() * furtherRounds);
    double promptTokens = started * input;
    double steps = promptTokens >= input ? 1 : Math.ceil(input / wholeTokens(promptTokens));
    double waiting = share.perPart() / started - steps - furtherRounds;
    return new Mix(
        steps,
        Math.max(0, waiting),
        share.parts() * Math.max(1, started),
        1,
        Math.min(share.perPart(), started * furtherRounds),
        promptTokens);
  }

  private static long wholeTokens(double tokens) {
    return Math.max(1, (long) Math.floor(tokens));
  }

  /** From the steps that carry a prompt to the latencies. */
  private Timing timing(double ttft, double joules, Mix mix) {
    double mixedSeconds = first.meanSeconds();
    double plainSeconds = 0;
    boolean plain = mix.mixedShare < 1;
    if (furtherRounds == 0) {
      Optional<ChunkReport> chunks = chunkReport(mix, mixedSeconds, 0, false);
      return new Timing(ttft, 0, joules, rounds.draftStaticWatts(), chunks, Optional.empty());
    }
    if (plain) {
      double decoding = share.perPart();
      step.clear();
      addDecoding(step, decoding, 0);
      plainSeconds = further.add(step, share.parts(), true, 1 - mix.mixedShare);
    }
    // Prompts of others hold up the rounds between; the own one comes before the first.
    Drafting.Prompts own = rounds.draftPrompts(Math.min(1, perRank), ttft);
    double othersPrompts = mix.mixedShare / mix.steps * furtherRounds * mix.prompts;
    double promptSeconds = own.timeSeconds() * (1 + othersPrompts);
    double round = further.meanSeconds() + rounds.draftSeconds();
    double roundJoules =
        furtherRounds * (further.meanDynamicJoules() + rounds.draftDynamicJoules());
    return new Timing(
        ttft,
        round / rounds.expectedTokens() + promptSeconds / (traffic.outputTokens() - 1),
        joules + roundJoules + own.dynamicJoules() * (1 + othersPrompts),
        rounds.draftStaticWatts(),
        chunkReport(mix, mixedSeconds, plainSeconds, plain),
        scenario
            .speculation()
            .map(how -> SpeculationReport.of(how, rounds, further.meanSeconds(), promptSeconds)));
  }

  private Optional<ChunkReport> chunkReport(
      Mix mix, double mixedSeconds, double plainSeconds, boolean plain) {
    return traffic.chunk().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChunkReport(
                traffic.chunk().getAsLong(),
                mix.promptTokens,
                mix.steps,
                mix.waiting,
                mix.decoding,
                mixedSeconds,
                plain ? OptionalDouble.of(plainSeconds) : OptionalDouble.empty(),
                mix.mixedShare));
  }

  /** Adds decoding requests at their mean context to a step that has tokens of prompts. */
  private void addDecoding(StepFeatures into, double requests, double promptTokens) {
    into.addScaled(mean, requests);
    share.setGroupTokens(into, groupRatio * (promptTokens + requests * rounds.tokensOfSequence()));
  }

  /** The mean decoding step of one request over its answer. */
  private StepFeatures meanContext(BoundProgram bound) {
    StepFeatures all = new StepFeatures(bound.program().features());
    StepFeatures one = new StepFeatures(bound.program().features());
    double[] weights = new double[1];
    DecodeSteps.each(
        Math.max(1, traffic.outputTokens() - 1),
        (own, weight) -> {
          one.clear();
          rounds.add(one, 1, own);
          all.addScaled(one, weight);
          weights[0] += weight;
          rounds.addDraft(own, weight);
        });
    all.scale(1 / weights[0]);
    return all;
  }
}
