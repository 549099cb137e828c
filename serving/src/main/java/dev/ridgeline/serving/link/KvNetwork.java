package dev.ridgeline.serving.link;

import dev.ridgeline.events.Nanos;
import java.util.Arrays;

/**
 * Flows between instances. Each leaves through the port of one instance, enters through that of
 * another, and crosses what all of them share; each may have a limit of its own. At any time rates
 * are max-min fair: no flow can have more without taking from one that has no more than it
 * (Bertsekas and Gallager, Data Networks, 2nd ed., 1992, section 6.5.2, progressive filling). A
 * flow ends at the nanosecond after its last byte.
 *
 * <p>Not thread-safe; the caller's clock drives it, see {@link #nextNanos} and {@link #advance}.
 */
public final class KvNetwork {
  private static final int FIRST_CAPACITY = 16;
  private static final double ROUNDING = 1e-12;
  private static final byte OPEN = 0;
  private static final byte SETTLING = 1;
  private static final byte SETTLED = 2;

  /** Ports: out of each prefill instance, into each decode instance, and the one of all. */
  private final double[] capacity;

  private final double[] left;
  private final int[] crossing;
  private final int prefills;

  private int[] from = new int[FIRST_CAPACITY];
  private int[] to = new int[FIRST_CAPACITY];
  private double[] bytes = new double[FIRST_CAPACITY];
  private double[] limit = new double[FIRST_CAPACITY];
  private double[] rate = new double[FIRST_CAPACITY];
  private byte[] state = new byte[FIRST_CAPACITY];
  private int[] active = new int[FIRST_CAPACITY];
  private int[] free = new int[FIRST_CAPACITY];
  private int activeCount;
  private int freeCount;
  private int used;

  private long nowNanos;
  private long nextNanos = Nanos.NEVER;
  private long busyNanos;
  private double movedBytes;

  /**
   * A network without flows.
   *
   * @param outBytesPerSecond of each prefill instance, above 0
   * @param inBytesPerSecond of each decode instance, above 0
   * @param sharedBytesPerSecond of all together, above 0; infinite where nothing is shared
   */
  public KvNetwork(
      double[] outBytesPerSecond, double[] inBytesPerSecond, double sharedBytesPerSecond) {
    prefills = outBytesPerSecond.length;
    capacity = Arrays.copyOf(outBytesPerSecond, prefills + inBytesPerSecond.length + 1);
    System.arraycopy(inBytesPerSecond, 0, capacity, prefills, inBytesPerSecond.length);
    capacity[capacity.length - 1] = sharedBytesPerSecond;
    for (double port : capacity) {
      if (!(port > 0)) {
        throw new IllegalArgumentException("a port of %s bytes/s".formatted(port));
      }
    }
    left = new double[capacity.length];
    crossing = new int[capacity.length];
  }

  /**
   * Starts a flow.
   *
   * @param amount bytes, at least 0
   * @param most bytes a second it may have, above 0
   * @return its number, which another flow may have once it has ended
   */
  public int start(int prefill, int decode, double amount, double most, long now) {
    progress(now);
    int flow = freeCount > 0 ? free[--freeCount] : used++;
    if (flow == from.length) {
      grow(2 * flow);
    }
    from[flow] = prefill;
    to[flow] = prefills + decode;
    bytes[flow] = amount;
    limit[flow] = most;
    active[activeCount++] = flow;
    movedBytes += amount;
    share();
    return flow;
  }

  /** Gives a flow another limit. */
  public void limit(int flow, double most, long now) {
    progress(now);
    limit[flow] = most;
    share();
  }

  /** When the next flow ends, if nothing changes; {@link Nanos#NEVER} without flows. */
  public long nextNanos() {
    return nextNanos;
  }

  /** A flow that has ended by now, which it forgets; -1 if there is none. */
  public int advance(long now) {
    progress(now);
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      if (bytes[flow] <= 0) {
        System.arraycopy(active, index + 1, active, index, --activeCount - index);
        free[freeCount++] = flow;
        share();
        return flow;
      }
    }
    return -1;
  }

  private void progress(long now) {
    long since = now - nowNanos;
    if (since > 0 && activeCount > 0) {
      busyNanos += since;
      double seconds = Nanos.seconds(since);
      for (int index = 0; index < activeCount; index++) {
        int flow = active[index];
        double rest = bytes[flow] - rate[flow] * seconds;
        // What takes less than a nanosecond has come.
        bytes[flow] = rest <= rate[flow] / Nanos.PER_SECOND * 0.5 ? 0 : rest;
      }
    }
    nowNanos = now;
  }

  /** Fills all rates evenly until a port or a limit stops some, and goes on with the rest. */
  private void share() {
    System.arraycopy(capacity, 0, left, 0, capacity.length);
    Arrays.fill(crossing, 0);
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      state[flow] = OPEN;
      cross(flow, 1);
    }
    int open = activeCount;
    while (open > 0) {
      open -= settle(level());
    }
    nextNanos = Nanos.NEVER;
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      if (Double.isInfinite(rate[flow])) {
        bytes[flow] = 0;
      }
      double seconds = bytes[flow] > 0 ? bytes[flow] / rate[flow] : 0;
      nextNanos = Math.min(nextNanos, nowNanos + (long) Math.ceil(seconds * Nanos.PER_SECOND));
    }
  }

  private void cross(int flow, int by) {
    crossing[from[flow]] += by;
    crossing[to[flow]] += by;
    crossing[capacity.length - 1] += by;
  }

  /** The rate at which the next of the open flows is stopped. */
  private double level() {
    double level = Double.POSITIVE_INFINITY;
    for (int port = 0; port < capacity.length; port++) {
      if (crossing[port] > 0) {
        level = Math.min(level, share(port));
      }
    }
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      if (state[flow] == OPEN) {
        level = Math.min(level, limit[flow]);
      }
    }
    return level;
  }

  private double share(int port) {
    return Math.max(0, left[port]) / crossing[port];
  }

  /** Settles the flows that cannot have more than a level; how many. */
  private int settle(double level) {
    double reach = level * (1 + ROUNDING);
    int count = 0;
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      if (state[flow] == OPEN
          && (limit[flow] <= reach
              || share(from[flow]) <= reach
              || share(to[flow]) <= reach
              || share(capacity.length - 1) <= reach)) {
        rate[flow] = level;
        state[flow] = SETTLING;
        count++;
      }
    }
    for (int index = 0; index < activeCount; index++) {
      int flow = active[index];
      if (state[flow] == SETTLING) {
        state[flow] = SETTLED;
        cross(flow, -1);
        left[from[flow]] -= level;
        left[to[flow]] -= level;
        left[capacity.length - 1] -= level;
      }
    }
    return count;
  }

  /** Bytes of all flows that were started. */
  public double movedBytes() {
    return movedBytes;
  }

  /** Time in which there was a flow. */
  public long busyNanos() {
    return busyNanos;
  }

  private void grow(int size) {
    from = Arrays.copyOf(from, size);
    to = Arrays.copyOf(to, size);
    bytes = Arrays.copyOf(bytes, size);
    limit = Arrays.copyOf(limit, size);
    rate = Arrays.copyOf(rate, size);
    state = Arrays.copyOf(state, size);
    active = Arrays.copyOf(active, size);
    free = Arrays.copyOf(free, size);
  }
}
