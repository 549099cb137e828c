package dev.ridgeline.serving.metrics;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Arrays;

/**
 * Counts requests whose tokens keep a pace: the first within a time that grows with the prompt, the
 * rest such that the moving average of the gaps never falls behind (the service levels of
 * DeepSpeed-FastGen, arXiv:2401.08671, section 4). Told of every token; requests that were refused
 * keep no pace.
 */
public final class TokenPace implements RequestSink, TokenWatch {
  private final double promptTokensPerSecond;
  private final double longestAverageNanos;
  private final double weight;
  private double[] averages = new double[256];
  private boolean[] late = new boolean[256];
  private long kept;
  private long broken;

  /**
   * Nothing seen yet.
   *
   * @param promptTokensPerSecond prompt tokens that a second until the first token may stand for,
   *     above 0
   * @param tokensPerSecond of the moving average at least, above 0
   * @param span of the average in tokens, at least 1: the newest gap weighs 2 / (span + 1)
   */
  public TokenPace(double promptTokensPerSecond, double tokensPerSecond, double span) {
    if (!(promptTokensPerSecond > 0 && tokensPerSecond > 0 && span >= 1)) {
      throw new IllegalArgumentException(
          "a pace of %s and %s tokens/s over %s"
              .formatted(promptTokensPerSecond, tokensPerSecond, span));
    }
    this.promptTokensPerSecond = promptTokensPerSecond;
    this.longestAverageNanos = Nanos.PER_SECOND / tokensPerSecond;
    this.weight = 2 / (span + 1);
  }

  @Override
  public void token(RequestTable table, int slot, long sinceNanos, long nowNanos) {
    if (slot >= averages.length) {
      averages = Arrays.copyOf(averages, 2 * slot);
      late = Arrays.copyOf(late, 2 * slot);
    }
    if (sinceNanos == RequestTable.UNSET) {
      double seconds = Nanos.seconds(nowNanos - table.arrivalNanos[slot]);
      late[slot] = seconds > table.input[slot] / promptTokensPerSecond;
      averages[slot] = -1;
      return;
    }
    double gap = nowNanos - sinceNanos;
    averages[slot] = averages[slot] < 0 ? gap : weight * gap + (1 - weight) * averages[slot];
    late[slot] |= averages[slot] > longestAverageNanos;
  }

  @Override
  public void ended(RequestTable table, int slot) {
    if (late[slot]) {
      broken++;
    } else {
      kept++;
    }
  }

  @Override
  public void rejected(RequestTable table, int slot) {
    broken++;
  }

  /** Requests that kept the pace. */
  public long kept() {
    return kept;
  }

  /** Share of all requests that did; NaN of none. */
  public double share() {
    return (double) kept / (kept + broken);
  }
}
