package dev.ridgeline.serving.metrics;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.RequestTable;

/**
 * What a request has to meet; infinite where nothing is asked.
 *
 * @param ttftSeconds arrival to first token, above 0
 * @param tpotSeconds mean gap between tokens, above 0; a request of one token meets any
 * @param endToEndSeconds arrival to last token, above 0
 */
public record Slo(double ttftSeconds, double tpotSeconds, double endToEndSeconds) {
  /** Asks for nothing. */
  public static final Slo NONE =
      new Slo(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public Slo {
    if (!(ttftSeconds > 0 && tpotSeconds > 0 && endToEndSeconds > 0)) {
      throw new IllegalArgumentException(
          "objectives of %s, %s, %s s".formatted(ttftSeconds, tpotSeconds, endToEndSeconds));
    }
  }

  /** Whether anything is asked. */
  public boolean asks() {
    return !equals(NONE);
  }

  boolean ttftMet(RequestTable table, int slot) {
    return Nanos.seconds(table.firstTokenNanos[slot] - table.arrivalNanos[slot]) <= ttftSeconds;
  }

  boolean tpotMet(RequestTable table, int slot) {
    double span = Nanos.seconds(table.lastTokenNanos[slot] - table.firstTokenNanos[slot]);
    return span <= tpotSeconds * (table.output[slot] - 1) || table.output[slot] == 1;
  }

  boolean endToEndMet(RequestTable table, int slot) {
    return Nanos.seconds(table.lastTokenNanos[slot] - table.arrivalNanos[slot]) <= endToEndSeconds;
  }
}
