package dev.ridgeline.serving.traffic;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;

/** Where reading stands, for those who refuse what they find there. */
final class TracePlace {
  static final int MOST_TOKENS = 1 << 29;

  final String file;
  int line;

  TracePlace(String file) {
    this.file = file;
  }

  InputException broken(String field, String value, String reason) {
    return Problem.of(reason).at(file, line).withField(field).withValue(value).exception();
  }

  double number(String text, String field) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw broken(field, text, "must be a number");
  }

  /** A count of tokens from {@code least}. */
  int tokens(String text, String field, int least) {
    double tokens = number(text, field);
    if (tokens != Math.rint(tokens) || tokens < least || tokens > MOST_TOKENS) {
      throw broken(
          field, text, "must be a whole number from %d to %d".formatted(least, MOST_TOKENS));
    }
    return (int) tokens;
  }

  /** Prompt blocks must cover the prompt, no more. */
  InputException blocks(String text, int inputTokens) {
    return broken(
        "hash_ids",
        text,
        "%d tokens have %d blocks of %d"
            .formatted(
                inputTokens,
                Math.ceilDiv(inputTokens, TraceFile.HASH_TOKENS),
                TraceFile.HASH_TOKENS));
  }
}
