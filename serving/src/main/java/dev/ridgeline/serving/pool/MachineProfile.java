package dev.ridgeline.serving.pool;

import dev.ridgeline.serving.metrics.IdleTimes;
import java.util.Arrays;

/**
 * How long a machine takes, measured at some batch sizes; straight lines between and beyond them. A
 * batch with prompts and tokens takes a tenth longer than a prompt of as many tokens
 * (splitwise-sim, Patel et al., ISCA 2024).
 *
 * @param name of the machine
 * @param batchTokens tokens of a batch, ascending, at least two
 * @param promptSeconds time of a prompt of so many tokens
 * @param tokenSeconds time of a step of so many sequences
 */
@SuppressWarnings("ArrayRecordComponent") // Read in a loop, never compared.
public record MachineProfile(
    String name, double[] batchTokens, double[] promptSeconds, double[] tokenSeconds)
    implements IdleTimes {
  private static final double MIXED = 1.1;

  public MachineProfile {
    batchTokens = Arrays.copyOf(batchTokens, batchTokens.length);
    promptSeconds = Arrays.copyOf(promptSeconds, promptSeconds.length);
    tokenSeconds = Arrays.copyOf(tokenSeconds, tokenSeconds.length);
    if (batchTokens.length < 2) {
      throw new IllegalArgumentException("a profile needs two batch sizes");
    }
  }

  /** Time of a batch. */
  double seconds(long batchSize, boolean prompts, boolean decodes) {
    double tokens = batchSize;
    if (!prompts) {
      return at(tokens, tokenSeconds);
    }
    return decodes ? MIXED * at(tokens, promptSeconds) : at(tokens, promptSeconds);
  }

  @Override
  public double ttftSeconds(int inputTokens) {
    return at(inputTokens, promptSeconds);
  }

  /** As the profiles were taken: a token step after a prompt of that length, alone. */
  @Override
  public double gapSeconds(int inputTokens) {
    return at(inputTokens, tokenSeconds);
  }

  private double at(double tokens, double[] seconds) {
    int above = 1;
    while (above < batchTokens.length - 1 && batchTokens[above] < tokens) {
      above++;
    }
    double slope =
        (seconds[above] - seconds[above - 1]) / (batchTokens[above] - batchTokens[above - 1]);
    return seconds[above - 1] + (tokens - batchTokens[above - 1]) * slope;
  }
}
