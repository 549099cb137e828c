package dev.ridgeline.estimate;

/**
 * What drafting does to decoding.
 *
 * @param draftSeconds drafting of a mean round, all depths
 * @param verifySeconds the target's pass of a mean round
 * @param promptSeconds what the drafter's own pass over prompts adds to a request
 * @param tokensPerRound tokens a round yields on average
 * @param verifiedTokens tokens of a sequence that the target's pass takes in
 * @param speedup time of a further token without drafting over that with it
 * @param draftWeightsBytes weights the drafter adds to each of its devices
 * @param draftKvBytes cache the drafter adds to each of its devices
 */
public record SpeculationReport(
    double draftSeconds,
    double verifySeconds,
    double promptSeconds,
    double tokensPerRound,
    int verifiedTokens,
    double speedup,
    double draftWeightsBytes,
    double draftKvBytes) {

  /** A round by itself. */
  static SpeculationReport of(
      Speculation speculation, Rounds rounds, double verify, double prompt) {
    return new SpeculationReport(
        rounds.draftSeconds(),
        verify,
        prompt,
        speculation.expectedTokens(),
        speculation.verifiedTokens(),
        1,
        0,
        0);
  }

  SpeculationReport comparedWith(double factor, double weightsBytes, double kvBytes) {
    return new SpeculationReport(
        draftSeconds,
        verifySeconds,
        promptSeconds,
        tokensPerRound,
        verifiedTokens,
        factor,
        weightsBytes,
        kvBytes);
  }
}
