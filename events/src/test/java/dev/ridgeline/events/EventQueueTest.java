package dev.ridgeline.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
  private record Event(long time, int type, long id) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void eventsLeaveByTimeThenTypeThenOrderOfScheduling(long seed) {
    RandomGenerator random = new RandomStreams(seed).stream("events");
    EventQueue queue = new EventQueue();
    List<Event> pending = new ArrayList<>();
    List<Event> expected = new ArrayList<>();
    List<Event> seen = new ArrayList<>();
    Comparator<Event> order =
        Comparator.comparingLong(Event::time)
            .thenComparingInt(Event::type)
            .thenComparingLong(Event::id);
    long id = 0;
    for (int round = 0; round < 2000; round++) {
      int added = random.nextInt(4);
      for (int index = 0; index < added; index++) {
        Event event = new Event(queue.timeNanos() + random.nextInt(5), random.nextInt(3), id++);
        queue.schedule(event.time(), event.type(), event.id());
        pending.add(event);
      }
      if (queue.advance()) {
        pending.sort(order);
        expected.add(pending.removeFirst());
        seen.add(new Event(queue.timeNanos(), queue.type(), queue.subject()));
      }
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(queue.size()).isEqualTo(pending.size());
  }

  @Test
  void thePastIsRefused() {
    EventQueue queue = new EventQueue();
    queue.schedule(5, 0, 0);
    assertThat(queue.advance()).isTrue();
    assertThatThrownBy(() -> queue.schedule(4, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(queue.advance()).isFalse();
    assertThat(queue.timeNanos()).isEqualTo(5);
    assertThat(queue.nextNanos()).isEqualTo(Nanos.NEVER);
  }

  @Test
  void streamsAreReproducibleAndIndependent() {
    RandomStreams streams = new RandomStreams(7);
    long first = streams.stream("arrivals").nextLong();
    assertThat(streams.stream("arrivals").nextLong()).isEqualTo(first);
    assertThat(streams.stream("lengths").nextLong()).isNotEqualTo(first);
    assertThat(new RandomStreams(8).stream("arrivals").nextLong()).isNotEqualTo(first);
    assertThat(streams.within("run", 1)).isNotEqualTo(streams.within("run", 2));
  }

  @Test
  void secondsBecomeTheNearestNanosecond() {
    assertThat(Nanos.of(0.1)).isEqualTo(100_000_000L);
    assertThat(Nanos.of(0.5e-9)).isZero();
    assertThat(Nanos.of(1.5e-9)).isEqualTo(2);
    assertThatThrownBy(() -> Nanos.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Nanos.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }
}
