package dev.ridgeline.kernel;

import dev.ridgeline.platform.Medium;

/**
 * What a call crosses on its way from chip to chip.
 *
 * @param medium of the links, the slower one where there are two in a host
 * @param throughHost whether more than two cards meet in the processors of a host, so that the time
 *     depends on the box they sit in
 */
public record Crossing(Medium medium, boolean throughHost) {}
