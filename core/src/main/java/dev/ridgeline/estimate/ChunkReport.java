package dev.ridgeline.estimate;

import java.util.OptionalDouble;

/**
 * Prompts cut into chunks that share their steps with decoding requests.
 *
 * @param budgetTokens most tokens of a step
 * @param promptTokensPerStep tokens of prompts in a step that carries a chunk
 * @param stepsPerPrompt steps a prompt takes
 * @param waitSteps mean steps a prompt waits for its turn: 0 while chunks do not fill every step
 * @param decodingRequests requests of an attention rank and micro-batch that decode beside a chunk
 * @param mixedStepSeconds mean time of a step that carries a chunk: the gap between tokens then
 * @param plainStepSeconds mean time of a step that only decodes; empty where every step carries a
 *     chunk or nothing decodes
 * @param mixedShare share of a request's decoding steps that carry a chunk of another, 0 to 1
 */
public record ChunkReport(
    long budgetTokens,
    double promptTokensPerStep,
    double stepsPerPrompt,
    double waitSteps,
    double decodingRequests,
    double mixedStepSeconds,
    OptionalDouble plainStepSeconds,
    double mixedShare) {}
