package dev.ridgeline.estimate;

import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.Optional;

/** What one decoding step of a request is: a token of each beam, or a verified draft. */
final class Rounds {
  private static final Drafting.Prompts NONE = new Drafting.Prompts(0, 0);

  private final Traffic traffic;
  private final Optional<Speculation> speculation;
  private final Optional<Drafting> drafting;

  /**
   * @param platform the target's, which may be another than the scenario's
   */
  Rounds(Scenario scenario, Platform platform) {
    this.traffic = scenario.traffic();
    this.speculation = scenario.speculation();
    this.drafting = speculation.map(how -> new Drafting(scenario, how, platform));
  }

  /** Tokens of the answer that a step yields on average. */
  double expectedTokens() {
    return speculation.map(Speculation::expectedTokens).orElse(1.0);
  }

  /** New tokens of a request in the step. */
  double tokensOfSequence() {
    return speculation.map(Speculation::verifiedTokens).orElse(traffic.beams());
  }

  /** Adds the step of {@code requests} requests that have {@code own} tokens of their answer. */
  void add(StepFeatures step, double requests, long own) {
    if (speculation.isPresent()) {
      int verified = speculation.get().verifiedTokens();
      step.add(Phase.DECODE, requests, verified, traffic.inputTokens() + own, verified);
    } else {
      step.addBeams(requests, traffic.beams(), traffic.inputTokens(), own);
    }
  }

  /** Adds the draft of a step. */
  void addDraft(long own, double weight) {
    drafting.ifPresent(drafts -> drafts.addRound(own, weight));
  }

  /** What all prompts of a batch cost the drafter. */
  Drafting.Prompts draftPrompts(double beside) {
    return drafting.map(drafts -> drafts.prompts(drafts.sequencesOfRank(), beside)).orElse(NONE);
  }

  /** What so many prompts of a rank cost the drafter. */
  Drafting.Prompts draftPrompts(double prompts, double beside) {
    return drafting.map(drafts -> drafts.prompts(prompts, beside)).orElse(NONE);
  }

  /** Mean time of drafting before a step. */
  double draftSeconds() {
    return drafting.map(Drafting::meanSeconds).orElse(0.0);
  }

  /** Mean energy of drafting before a step, beyond static power. */
  double draftDynamicJoules() {
    return drafting.map(Drafting::meanDynamicJoules).orElse(0.0);
  }

  /** Static power of devices that only draft. */
  double draftStaticWatts() {
    return drafting.map(Drafting::staticWatts).orElse(0.0);
  }
}
