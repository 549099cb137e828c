package dev.ridgeline.events;

import java.util.Arrays;

/**
 * Events to come, earliest first. Events of one time leave by ascending type, those of one type in
 * the order in which they were scheduled. A binary heap over primitive arrays: once it has grown to
 * its largest size it allocates nothing.
 *
 * <pre>{@code
 * while (queue.advance()) {
 *   switch (queue.type()) { ... queue.subject() ... queue.timeNanos() ... }
 * }
 * }</pre>
 *
 * <p>Time never runs back: an event before the current time is refused. Not thread-safe.
 */
public final class EventQueue {
  private static final int FIRST_CAPACITY = 64;

  private long[] times = new long[FIRST_CAPACITY];
  private int[] types = new int[FIRST_CAPACITY];
  private long[] ids = new long[FIRST_CAPACITY];
  private long[] subjects = new long[FIRST_CAPACITY];
  private int size;
  private long nextId;

  private long nowNanos;
  private int type;
  private long subject;

  /**
   * Adds an event.
   *
   * @param timeNanos when, at least the current time
   * @param type decides among events of one time, the smallest first
   * @param subject what it is about, the caller's affair
   * @throws IllegalArgumentException if {@code timeNanos} has passed
   */
  public void schedule(long timeNanos, int type, long subject) {
    if (timeNanos < nowNanos) {
      throw new IllegalArgumentException(
          "an event at %d ns when it is %d ns".formatted(timeNanos, nowNanos));
    }
    if (size == times.length) {
      int capacity = 2 * size;
      times = Arrays.copyOf(times, capacity);
      types = Arrays.copyOf(types, capacity);
      ids = Arrays.copyOf(ids, capacity);
      subjects = Arrays.copyOf(subjects, capacity);
    }
    int at = size++;
    long id = nextId++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!isBefore(timeNanos, type, id, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, timeNanos, type, id, subject);
  }

  /** Goes on to the next event; false if there is none, and time stands still. */
  public boolean advance() {
    if (size == 0) {
      return false;
    }
    nowNanos = times[0];
    type = types[0];
    subject = subjects[0];
    int last = --size;
    if (last > 0) {
      sink(times[last], types[last], ids[last], subjects[last]);
    }
    return true;
  }

  private void sink(long timeNanos, int eventType, long id, long eventSubject) {
    int at = 0;
    int half = size >>> 1;
    while (at < half) {
      int child = 2 * at + 1;
      int right = child + 1;
      if (right < size && isBefore(times[right], types[right], ids[right], child)) {
        child = right;
      }
      if (isBefore(timeNanos, eventType, id, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, timeNanos, eventType, id, eventSubject);
  }

  private boolean isBefore(long timeNanos, int eventType, long id, int other) {
    if (timeNanos != times[other]) {
      return timeNanos < times[other];
    }
    if (eventType != types[other]) {
      return eventType < types[other];
    }
    return id < ids[other];
  }

  private void move(int from, int to) {
    times[to] = times[from];
    types[to] = types[from];
    ids[to] = ids[from];
    subjects[to] = subjects[from];
  }

  private void put(int at, long timeNanos, int eventType, long id, long eventSubject) {
    times[at] = timeNanos;
    types[at] = eventType;
    ids[at] = id;
    subjects[at] = eventSubject;
  }

  /** The time of the current event; 0 before the first. */
  public long timeNanos() {
    return nowNanos;
  }

  /** The type of the current event. */
  public int type() {
    return type;
  }

  /** What the current event is about. */
  public long subject() {
    return subject;
  }

  /** The time of the next event; {@link Nanos#NEVER} if there is none. */
  public long nextNanos() {
    return size == 0 ? Nanos.NEVER : times[0];
  }

  /** Events to come. */
  public int size() {
    return size;
  }
}
