package dev.ridgeline.calibration.batch;

import java.util.OptionalInt;

/**
 * One published run that offered all requests at once and states no batch.
 *
 * @param file for messages
 * @param region what results call its kind
 * @param model catalog name
 * @param chip catalog name
 * @param engine catalog name, with the release where the table states one
 * @param format of weights and activations
 * @param devices of the whole system, at least 1
 * @param tensor ranks that split every matrix, where they are stated
 * @param pipeline stages; 1 where a table that states ranks names none
 * @param inputTokens mean prompt length
 * @param outputTokens mean answer length
 * @param tokensPerSecond output tokens a second of all devices
 */
record OfflineRow(
    String file,
    String region,
    String model,
    String chip,
    String engine,
    String format,
    int devices,
    OptionalInt tensor,
    OptionalInt pipeline,
    long inputTokens,
    long outputTokens,
    double tokensPerSecond) {

  /** What results call its engine. */
  String engineName() {
    return engine.contains("@") ? engine.replace('@', ' ') : engine;
  }
}
