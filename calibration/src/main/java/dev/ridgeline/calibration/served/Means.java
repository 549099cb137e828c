package dev.ridgeline.calibration.served;

/**
 * Mean times of a run.
 *
 * @param requests that ended
 * @param ttftSeconds to the first token; NaN of none
 * @param tpotSeconds per further token; NaN of none
 */
record Means(long requests, double ttftSeconds, double tpotSeconds) {}
