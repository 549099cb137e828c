package dev.ridgeline.serving.traffic;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Marks the first and the last requests of a source as not counted: what happens while the system
 * fills and empties says little about how it runs. It looks ahead as far as the end is cut.
 */
public final class CutTraffic extends ForwardingSource {
  /**
   * How much is cut, whichever is more.
   *
   * @param requests at least 0
   * @param nanos from the first arrival on, or up to the last one; at least 0
   */
  public record Cut(long requests, long nanos) {
    /** Nothing is cut. */
    public static final Cut NONE = new Cut(0, 0);

    public Cut {
      if (requests < 0 || nanos < 0) {
        throw new IllegalArgumentException("a cut of %d, %d ns".formatted(requests, nanos));
      }
    }
  }

  private final Cut head;
  private final Cut tail;
  private final Deque<Arrival> ahead = new ArrayDeque<>();
  private final Deque<Arrival> spare = new ArrayDeque<>();
  private boolean ended;
  private long given;
  private long firstNanos;
  private long lastNanos;
  private boolean counted;

  /** Cuts a source at its head and its tail. */
  public CutTraffic(ArrivalSource source, Cut head, Cut tail) {
    super(source);
    this.head = head;
    this.tail = tail;
  }

  @Override
  public boolean next(Arrival into) {
    while (!ended && !decided()) {
      Arrival further = spare.isEmpty() ? new Arrival() : spare.removeLast();
      if (super.next(further)) {
        ahead.addLast(further);
        lastNanos = further.timeNanos;
      } else {
        ended = true;
      }
    }
    if (ahead.isEmpty()) {
      return false;
    }
    Arrival first = ahead.removeFirst();
    into.copy(first);
    spare.addLast(first);
    if (given == 0) {
      firstNanos = into.timeNanos;
    }
    boolean early = given < head.requests() || into.timeNanos - firstNanos < head.nanos();
    boolean late =
        ended
            && (ahead.size() < tail.requests()
                || (tail.nanos() > 0 && lastNanos - into.timeNanos < tail.nanos()));
    given++;
    counted = !early && !late;
    into.counted = counted;
    return true;
  }

  /** Whether the first request ahead is known to be no late one. */
  private boolean decided() {
    return ahead.size() > tail.requests() && lastNanos - ahead.getFirst().timeNanos >= tail.nanos();
  }

  @Override
  public boolean cuts() {
    return true;
  }

  @Override
  public boolean turn(long session, Arrival into) {
    boolean found = super.turn(session, into);
    into.counted = counted;
    return found;
  }
}
