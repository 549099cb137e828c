package dev.ridgeline.serving.study;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.ForwardingSource;
import java.util.function.LongSupplier;

/** Hands arrivals on and looks, each time, how many requests wait. */
final class OverloadWatch extends ForwardingSource {
  private static final int SAMPLES = 1024;

  /** Hopeless is more than overloaded: one request in so many of those that come is left over. */
  private static final double HOPELESS_SHARE = 0.1;

  private final LongSupplier completed;
  private final LongSupplier waitingNow;
  private final long mostWaiting;
  private final long[] times = new long[SAMPLES];
  private final long[] ended = new long[SAMPLES];
  private final long[] waiting = new long[SAMPLES];
  private long stride = 1;
  private int samples;
  private long arrived;
  private long lastNanos;
  private boolean hopeless;
  private boolean over;

  OverloadWatch(
      ArrivalSource source, LongSupplier completed, LongSupplier waitingNow, long mostWaiting) {
    super(source);
    this.completed = completed;
    this.waitingNow = waitingNow;
    this.mostWaiting = mostWaiting;
  }

  @Override
  public boolean next(Arrival into) {
    if (hopeless) {
      return false;
    }
    // The request handed on before has come by now.
    if (!over && arrived > 0 && arrived % stride == 0) {
      sample();
    }
    if (!super.next(into)) {
      over = true;
      return false;
    }
    arrived++;
    lastNanos = into.timeNanos;
    return true;
  }

  private void sample() {
    if (samples == SAMPLES) {
      for (int at = 0; at < SAMPLES / 2; at++) {
        times[at] = times[2 * at + 1];
        ended[at] = ended[2 * at + 1];
        waiting[at] = waiting[2 * at + 1];
      }
      samples = SAMPLES / 2;
      stride *= 2;
      if (arrived % stride != 0) {
        return;
      }
    }
    times[samples] = lastNanos;
    ended[samples] = completed.getAsLong();
    waiting[samples] = waitingNow.getAsLong();
    hopeless =
        waiting[samples] > mostWaiting
            && grown(samples) > HOPELESS_SHARE * arrivals(samples)
            && Overload.grows(grown(samples), arrivals(samples));
    samples++;
  }

  /** By how much more wait than half-way to a sample. */
  private double grown(int at) {
    return (double) waiting[at] - waiting[at / 2];
  }

  private double arrivals(int at) {
    return (double) (at - at / 2) * stride;
  }

  boolean hopeless() {
    return hopeless;
  }

  Overload verdict() {
    int last = samples - 1;
    if (last < 1) {
      return Overload.UNKNOWN;
    }
    double seconds = Nanos.seconds(times[last] - times[last / 2]);
    return new Overload(
        Overload.grows(grown(last), arrivals(last)),
        hopeless,
        arrivals(last) / seconds,
        (ended[last] - ended[last / 2]) / seconds,
        waiting[last],
        0);
  }
}
