package dev.ridgeline.calibration.served;

/**
 * A measured configuration with prompts and decoding on devices of their own.
 *
 * @param row what was measured, with its workers
 * @param prefill a prefill worker
 * @param decode a decode worker
 * @param prefills how many of the one
 * @param decodes how many of the other
 */
record DisaggregatedCase(
    ServedRow row, ServedCase prefill, ServedCase decode, int prefills, int decodes) {}
