package dev.ridgeline.serving.metrics;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.RequestTable;

/**
 * Figures over all requests, in bounded memory. TTFT runs from arrival to the first output token,
 * TPOT is (end to end - TTFT) / (output - 1) and undefined at one token, TBT each gap between
 * tokens.
 */
public final class Measurements {
  private final Durations ttft = new Durations();
  private final Durations tpot = new Durations();
  private final Durations tbt = new Durations();
  private final Durations endToEnd = new Durations();
  private long completed;
  private long outputTokens;
  private long inputTokens;
  private long preemptions;
  private long prefixHitTokens;
  private long firstArrivalNanos = Long.MAX_VALUE;
  private long lastNanos;
  private long lastGap = -1;
  private long gapCount;
  private boolean counting = true;
  private long all;

  /**
   * A request has come. While those that come are not counted, neither are gaps between tokens,
   * whosever they are.
   */
  public void arrived(boolean counted) {
    counting = counted;
  }

  /** Tokens came out so long after the one before, for so many requests. */
  public void gap(long nanos, int requests) {
    if (!counting) {
      return;
    }
    if (nanos == lastGap) {
      gapCount += requests;
      return;
    }
    if (gapCount > 0) {
      tbt.add(lastGap, gapCount);
    }
    lastGap = nanos;
    gapCount = requests;
  }

  /** A request has its last token. */
  public void ended(RequestTable table, int slot) {
    all++;
    if (!table.counted[slot]) {
      return;
    }
    long arrival = table.arrivalNanos[slot];
    long first = table.firstTokenNanos[slot];
    long last = table.lastTokenNanos[slot];
    completed++;
    outputTokens += table.output[slot];
    inputTokens += table.input[slot];
    preemptions += table.preemptions[slot];
    prefixHitTokens += table.prefixHits[slot];
    firstArrivalNanos = Math.min(firstArrivalNanos, arrival);
    lastNanos = Math.max(lastNanos, last);
    ttft.add(first - arrival, 1);
    endToEnd.add(last - arrival, 1);
    int further = table.output[slot] - 1;
    if (further > 0) {
      tpot.add(Math.round((double) (last - first) / further), 1);
    }
  }

  /** Requests that got their last token, counted or not. */
  public long all() {
    return all;
  }

  /** Counted requests that got their last token. */
  public long completed() {
    return completed;
  }

  /** Output tokens of these. */
  public long outputTokens() {
    return outputTokens;
  }

  /** Prompt tokens of these. */
  public long inputTokens() {
    return inputTokens;
  }

  /** How often these lost their cache. */
  public long preemptions() {
    return preemptions;
  }

  /** Prompt tokens of these that were found in the cache at their latest admission. */
  public long prefixHitTokens() {
    return prefixHitTokens;
  }

  /** From the first arrival to the last token of these. */
  public long makespanNanos() {
    return completed == 0 ? 0 : lastNanos - firstArrivalNanos;
  }

  /** A figure of which the distribution is kept. */
  public enum Figure {
    /** Arrival to first token. */
    TTFT,
    /** Mean gap of each request. */
    TPOT,
    /** Each gap between tokens. */
    TBT,
    /** Arrival to last token. */
    END_TO_END
  }

  /**
   * Quantiles of a figure in seconds, by linear interpolation between order statistics; NaN of
   * none.
   *
   * @param shares from 0 to 1, ascending
   */
  public double[] quantiles(Figure figure, double... shares) {
    Durations durations =
        switch (figure) {
          case TTFT -> ttft;
          case TPOT -> tpot;
          case TBT -> gaps();
          case END_TO_END -> endToEnd;
        };
    double[] answers = durations.percentiles(shares);
    for (int index = 0; index < answers.length; index++) {
      answers[index] /= Nanos.PER_SECOND;
    }
    return answers;
  }

  /** Arrival to first token. */
  public Quantiles ttft() {
    return Quantiles.of(ttft);
  }

  /** Mean gap of each request. */
  public Quantiles tpot() {
    return Quantiles.of(tpot);
  }

  /** Each gap. */
  public Quantiles tbt() {
    return Quantiles.of(gaps());
  }

  private Durations gaps() {
    if (gapCount > 0) {
      tbt.add(lastGap, gapCount);
      gapCount = 0;
      lastGap = -1;
    }
    return tbt;
  }

  /** Arrival to last token. */
  public Quantiles endToEnd() {
    return Quantiles.of(endToEnd);
  }
}
