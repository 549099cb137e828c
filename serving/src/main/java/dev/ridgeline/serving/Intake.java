package dev.ridgeline.serving;

import dev.ridgeline.events.EventQueue;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.OptionalInt;

/**
 * How requests come and go: from a stream as it says, in a closed loop as others end, and in a
 * conversation after its reader has thought.
 */
final class Intake {
  /** Takes a request that comes now. */
  interface Door {
    void admit(Arrival request);
  }

  /** Subject of the next arrival of the stream; others are sessions. */
  private static final long STREAM = -1;

  private final OptionalInt concurrency;
  private final OptionalInt predictedOutput;
  private final RequestTable table;
  private final Measurements measurements;
  private final RequestSink requestSink;
  private final EventQueue events;
  private final int arrivalEvent;
  private final Door door;
  private final Arrival arrival = new Arrival();
  private final Arrival turn = new Arrival();

  private ArrivalSource source = _ -> false;
  private long nextNanos = Nanos.NEVER;
  private long arrived;
  private long rejected;

  /** Places in a closed loop that nobody has taken. */
  private int freed;

  /**
   * Nobody has come yet.
   *
   * @param concurrency requests at a time in a closed loop
   * @param predictedOutput output tokens that schedulers reckon with, in place of the true ones
   * @param arrivalEvent type of the events that {@link #arrive} is for
   * @param door takes who comes
   */
  Intake(
      OptionalInt concurrency,
      OptionalInt predictedOutput,
      RequestTable table,
      Measurements measurements,
      RequestSink requestSink,
      EventQueue events,
      int arrivalEvent,
      Door door) {
    this.concurrency = concurrency;
    this.predictedOutput = predictedOutput;
    this.table = table;
    this.measurements = measurements;
    this.requestSink = requestSink;
    this.events = events;
    this.arrivalEvent = arrivalEvent;
    this.door = door;
  }

  void begin(ArrivalSource requests) {
    source = requests;
    if (concurrency.isPresent()) {
      freed = concurrency.getAsInt();
      refill();
    } else {
      expectNext();
    }
  }

  private void expectNext() {
    if (source.next(arrival)) {
      nextNanos = arrival.timeNanos;
      events.schedule(nextNanos, arrivalEvent, STREAM);
    } else {
      nextNanos = Nanos.NEVER;
    }
  }

  void arrive(long subject) {
    if (subject == STREAM) {
      door.admit(arrival);
      expectNext();
    } else if (source.turn(subject, turn)) {
      door.admit(turn);
    }
  }

  /** Closed loop: whoever has ended makes room for the next. */
  void refill() {
    while (concurrency.isPresent() && freed > 0 && source.next(arrival)) {
      freed--;
      door.admit(arrival);
    }
  }

  /** Puts a request that comes into the table; its slot. */
  int enter(Arrival request) {
    measurements.arrived(request.counted);
    int slot = table.add(arrived++, events.timeNanos(), request.inputTokens, request.outputTokens);
    table.priority[slot] = request.priority;
    table.predictedOutput[slot] = predictedOutput.orElse(request.outputTokens);
    table.content[slot] = request.content;
    table.session[slot] = request.session;
    table.counted[slot] = request.counted;
    return slot;
  }

  /** A request could never run. */
  void reject(int slot) {
    rejected++;
    requestSink.rejected(table, slot);
    source.refused(table.session[slot]);
    freed++;
    table.remove(slot);
  }

  /** A request has its last token. */
  void finish(int slot, long nowNanos) {
    measurements.ended(table, slot);
    requestSink.ended(table, slot);
    if (source.reacts()) {
      long next = source.answered(table.session[slot], nowNanos);
      if (next != Nanos.NEVER) {
        events.schedule(next, arrivalEvent, table.session[slot]);
      }
    }
    table.remove(slot);
    freed++;
  }

  /** When the stream's next request comes. */
  long nextNanos() {
    return nextNanos;
  }

  /** Whether answers make further requests come. */
  boolean reacts() {
    return source.reacts();
  }

  /** Whether some requests are not counted. */
  boolean cuts() {
    return source.cuts();
  }

  /** Requests that could never run. */
  long rejected() {
    return rejected;
  }
}
