package dev.ridgeline.serving.metrics;

import java.util.Arrays;

/**
 * A multiset of durations in bounded memory: exact up to 2^20 entries, beyond in classes that are
 * 1/2,048 of their value wide. An entry is a duration and how often it came in a row. Room grows
 * with the first 2^14 entries; then all there will ever be is taken at once, so that long runs
 * allocate nothing more.
 */
public final class Durations {
  private static final int INDEX_BITS = 20;
  private static final int MOST_EXACT = 1 << INDEX_BITS;
  private static final int MOST_GROWN = 1 << 14;

  /** Longer ones (2.4 hours) leave no room for the index beside them while sorting. */
  private static final long LONGEST_EXACT = 1L << (Long.SIZE - 1 - INDEX_BITS);

  private static final int MANTISSA_BITS = 11;

  private long[] values = new long[1024];
  private long[] counts = new long[1024];
  private int entries;
  private long[] classes = new long[0];
  private boolean folded;
  private long count;
  private double sum;

  /** Adds a duration so many times. */
  public void add(long nanos, long times) {
    count += times;
    sum += (double) nanos * times;
    if (folded) {
      classes[classOf(nanos)] += times;
      return;
    }
    if (entries > 0 && values[entries - 1] == nanos) {
      counts[entries - 1] += times;
      return;
    }
    if (entries == MOST_EXACT || nanos >= LONGEST_EXACT) {
      fold();
      classes[classOf(nanos)] += times;
      return;
    }
    if (entries == values.length) {
      grow();
    }
    values[entries] = nanos;
    counts[entries] = times;
    entries++;
  }

  private void grow() {
    int room = entries < MOST_GROWN ? 2 * entries : MOST_EXACT;
    values = Arrays.copyOf(values, room);
    counts = Arrays.copyOf(counts, room);
    if (room == MOST_EXACT) {
      classes = new long[classOf(Long.MAX_VALUE) + 1];
    }
  }

  private void fold() {
    folded = true;
    if (classes.length == 0) {
      classes = new long[classOf(Long.MAX_VALUE) + 1];
    }
    for (int index = 0; index < entries; index++) {
      classes[classOf(values[index])] += counts[index];
    }
    values = new long[0];
    counts = new long[0];
    entries = 0;
  }

  private static int classOf(long nanos) {
    if (nanos < 1 << MANTISSA_BITS) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - MANTISSA_BITS - Long.numberOfLeadingZeros(nanos);
    return (shift << MANTISSA_BITS) + (int) (nanos >>> shift);
  }

  /** The middle of a class. */
  private static double middle(int index) {
    int shift = (index >>> MANTISSA_BITS) - 1;
    if (shift <= 0) {
      return index;
    }
    long low = ((long) (index & ((1 << MANTISSA_BITS) - 1)) + (1L << MANTISSA_BITS)) << shift;
    return low + 0.5 * ((1L << shift) - 1);
  }

  long count() {
    return count;
  }

  /** In nanoseconds; NaN of none. */
  double mean() {
    return count == 0 ? Double.NaN : sum / count;
  }

  /**
   * By linear interpolation between order statistics, in nanoseconds; NaN of none.
   *
   * @param shares from 0 to 1, ascending
   */
  double[] percentiles(double... shares) {
    double[] answers = new double[shares.length];
    if (count == 0) {
      Arrays.fill(answers, Double.NaN);
      return answers;
    }
    long[] order = sortedEntries();
    Cursor cursor = new Cursor(order);
    for (int index = 0; index < shares.length; index++) {
      double rank = shares[index] * (count - 1);
      long below = (long) Math.floor(rank);
      double low = cursor.at(below);
      double high = below + 1 < count ? new Cursor(order).at(below + 1) : low;
      answers[index] = low + (rank - below) * (high - low);
    }
    return answers;
  }

  /** Duration and place of each entry in one number, ascending. */
  private long[] sortedEntries() {
    long[] order = new long[entries];
    for (int index = 0; index < entries; index++) {
      order[index] = values[index] << INDEX_BITS | index;
    }
    Arrays.sort(order);
    return order;
  }

  /** Walks the order statistics upwards. */
  private final class Cursor {
    private final long[] order;
    private int at;
    private long before;

    Cursor(long[] order) {
      this.order = order;
    }

    double at(long rank) {
      if (folded) {
        while (before + classes[at] <= rank) {
          before += classes[at++];
        }
        return middle(at);
      }
      while (before + counts[place()] <= rank) {
        before += counts[place()];
        at++;
      }
      return order[at] >>> INDEX_BITS;
    }

    private int place() {
      return (int) order[at] & (MOST_EXACT - 1);
    }
  }
}
