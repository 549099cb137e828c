package dev.ridgeline.calibration.batch;

import java.util.OptionalDouble;

/**
 * One published run of requests that arrive as others end.
 *
 * @param file for messages
 * @param model catalog name
 * @param chip catalog name
 * @param format of weights, as the table has it
 * @param devices of the whole system, at least 1
 * @param tensor ranks that split every matrix
 * @param attentionData ranks that split the sequences
 * @param expert ranks that split the experts
 * @param requests in flight, the mean over the run
 * @param outputTokens mean answer length
 * @param tokenSeconds median time between tokens
 * @param tokenJoules energy of all devices for a token
 */
record LoadedRow(
    String file,
    String model,
    String chip,
    String format,
    int devices,
    int tensor,
    int attentionData,
    int expert,
    int requests,
    long outputTokens,
    double tokenSeconds,
    OptionalDouble tokenJoules) {}
