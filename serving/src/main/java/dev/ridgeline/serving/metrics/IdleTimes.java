package dev.ridgeline.serving.metrics;

/** How long a request takes where nothing else runs. */
public interface IdleTimes {
  /** Arrival to first token, in seconds. */
  double ttftSeconds(int inputTokens);

  /** Between two tokens, in seconds. */
  double gapSeconds(int inputTokens);
}
