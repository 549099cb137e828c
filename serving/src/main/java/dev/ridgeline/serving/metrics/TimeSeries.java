package dev.ridgeline.serving.metrics;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.RequestTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;

/**
 * What happens in equal stretches of time. When there are more stretches than allowed, neighbours
 * are joined and stretches are twice as long, so memory is bounded however long the run.
 */
public final class TimeSeries implements RequestSink, IterationSink {
  private static final String HEADER =
      "start_s,arrived,completed,rejected,waiting,running,prefill_tokens,decode_tokens,iterations,"
          + "mean_batch,busy,ttft_mean_s\n";

  private static final int ARRIVED = 0;
  private static final int SCHEDULED = 1;
  private static final int COMPLETED = 2;
  private static final int REJECTED = 3;
  private static final int PREFILL = 4;
  private static final int DECODE = 5;
  private static final int ITERATIONS = 6;
  private static final int ENTRIES = 7;
  private static final int BUSY = 8;
  private static final int FIRST_TOKENS = 9;
  private static final int TTFT = 10;
  private static final int COLUMNS = 11;

  private final int most;
  private final int batches;
  private long stepNanos;
  private int size;
  private final double[][] columns;

  /**
   * An empty series.
   *
   * @param stepNanos length of a stretch to begin with, above 0
   * @param most stretches, at least 2
   * @param batches that can be under way at once: replicas times their stages
   */
  public TimeSeries(long stepNanos, int most, int batches) {
    this.stepNanos = stepNanos;
    this.most = most;
    this.batches = batches;
    this.columns = new double[COLUMNS][Math.min(most, 1024)];
  }

  @Override
  public void ended(RequestTable table, int slot) {
    long arrival = table.arrivalNanos[slot];
    long first = table.firstTokenNanos[slot];
    add(ARRIVED, arrival, 1);
    add(SCHEDULED, table.firstScheduledNanos[slot], 1);
    add(FIRST_TOKENS, first, 1);
    add(TTFT, first, Nanos.seconds(first - arrival));
    add(COMPLETED, table.lastTokenNanos[slot], 1);
  }

  @Override
  public void rejected(RequestTable table, int slot) {
    add(REJECTED, table.arrivalNanos[slot], 1);
  }

  @Override
  public void ended(
      int replica,
      long startNanos,
      long endNanos,
      int batchSize,
      long prefillTokens,
      long decodeTokens) {
    add(PREFILL, endNanos, (double) prefillTokens);
    add(DECODE, endNanos, (double) decodeTokens);
    add(ITERATIONS, endNanos, 1);
    add(ENTRIES, endNanos, batchSize);
    long at = startNanos;
    while (at < endNanos) {
      long until = Math.min(endNanos, (at / stepNanos + 1) * stepNanos);
      add(BUSY, at, Nanos.seconds(until - at));
      at = until;
    }
  }

  private void add(int column, long nanos, double amount) {
    long index = nanos / stepNanos;
    while (index >= most) {
      halve();
      index = nanos / stepNanos;
    }
    int at = (int) index;
    if (at >= columns[0].length) {
      int capacity = Math.min(most, Math.max(at + 1, 2 * columns[0].length));
      for (int each = 0; each < COLUMNS; each++) {
        columns[each] = Arrays.copyOf(columns[each], capacity);
      }
    }
    size = Math.max(size, at + 1);
    columns[column][at] += amount;
  }

  private void halve() {
    for (double[] values : columns) {
      for (int at = 0; at < size; at++) {
        double value = values[at];
        values[at] = 0;
        values[at / 2] += value;
      }
    }
    size = (size + 1) / 2;
    stepNanos *= 2;
  }

  /** Stretches so far. */
  public int size() {
    return size;
  }

  /** How long each is. */
  public double stepSeconds() {
    return Nanos.seconds(stepNanos);
  }

  /** Requests that have come and are in no batch yet, at the end of each stretch. */
  public double[] waiting() {
    return difference(ARRIVED, SCHEDULED);
  }

  /** Requests that were in a batch and have not ended, at the end of each stretch. */
  public double[] running() {
    return difference(SCHEDULED, COMPLETED);
  }

  private double[] difference(int in, int out) {
    double[] present = new double[size];
    double sum = 0;
    for (int at = 0; at < size; at++) {
      sum += columns[in][at] - columns[out][at];
      present[at] = sum;
    }
    return present;
  }

  /** New tokens of prompts a second. */
  public double[] prefillRate() {
    return rate(PREFILL);
  }

  /** Decoded tokens a second. */
  public double[] decodeRate() {
    return rate(DECODE);
  }

  /** Share of each stretch in which a batch was under way, the mean of all that could; 0 to 1. */
  public double[] busy() {
    double[] shares = rate(BUSY);
    for (int at = 0; at < size; at++) {
      shares[at] /= batches;
    }
    return shares;
  }

  private double[] rate(int column) {
    double[] rates = new double[size];
    for (int at = 0; at < size; at++) {
      rates[at] = columns[column][at] / stepSeconds();
    }
    return rates;
  }

  /** Writes a row of CSV for each stretch. */
  public void write(Writer writer) {
    double[] waiting = waiting();
    double[] running = running();
    double[] busy = busy();
    try {
      writer.write(HEADER);
      for (int at = 0; at < size; at++) {
        writer.write(
            "%s,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%s,%s,%s\n"
                .formatted(
                    figure(at * stepSeconds()),
                    columns[ARRIVED][at] + columns[REJECTED][at],
                    columns[COMPLETED][at],
                    columns[REJECTED][at],
                    waiting[at],
                    running[at],
                    columns[PREFILL][at],
                    columns[DECODE][at],
                    columns[ITERATIONS][at],
                    figure(columns[ENTRIES][at] / columns[ITERATIONS][at]),
                    figure(busy[at]),
                    figure(columns[TTFT][at] / columns[FIRST_TOKENS][at])));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty where there is nothing to average. */
  private static String figure(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }
}
