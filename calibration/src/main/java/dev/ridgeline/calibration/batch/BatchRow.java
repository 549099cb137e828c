package dev.ridgeline.calibration.batch;

/**
 * One measured run, as its table has it.
 *
 * @param file for messages
 * @param line of the table
 * @param model as published, in lower case
 * @param platform as published
 * @param framework as published
 * @param precision of the weights
 * @param tensor ranks that split every matrix, at least 1
 * @param pipeline stages, at least 1
 * @param inputTokens prompt length
 * @param outputTokens answer length
 * @param batch requests that start together
 * @param chunk tokens of a prompt that a step takes; the whole prompt where that is shorter
 * @param part of the run that was timed
 * @param seconds measured
 */
record BatchRow(
    String file,
    int line,
    String model,
    String platform,
    String framework,
    String precision,
    int tensor,
    int pipeline,
    long inputTokens,
    long outputTokens,
    int batch,
    long chunk,
    Part part,
    double seconds) {

  /** What was timed. */
  enum Part {
    /** From the start to the last token of the last request. */
    WHOLE,
    /** From the start to the first token. */
    PROMPTS,
    /** One token after the first, on average. */
    STEP
  }
}
