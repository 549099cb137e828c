package dev.ridgeline.serving.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import org.junit.jupiter.api.Test;

class SessionTrafficTest {
  private static SessionTraffic sessions(double turns, int longest, long requests) {
    return new SessionTraffic(
        Lengths.independent(new LengthDistribution.Fixed(100), new LengthDistribution.Fixed(20)),
        ArrivalProcess.poisson(1),
        turns,
        5,
        longest,
        requests,
        Double.POSITIVE_INFINITY,
        new RandomStreams(2));
  }

  /** Answers everything at once and counts. */
  @Test
  void turnsAndThinkingHaveTheirMeans() {
    SessionTraffic traffic = sessions(4, 1 << 28, Long.MAX_VALUE);
    Arrival arrival = new Arrival();
    int sessions = 40_000;
    long turns = 0;
    double thinking = 0;
    long thoughts = 0;
    for (int session = 0; session < sessions; session++) {
      assertThat(traffic.next(arrival)).isTrue();
      assertThat(arrival.session).isEqualTo(session);
      turns++;
      long at = traffic.answered(session, 1000);
      while (at != Nanos.NEVER) {
        thinking += Nanos.seconds(at - 1000);
        thoughts++;
        assertThat(traffic.turn(session, arrival)).isTrue();
        turns++;
        at = traffic.answered(session, 1000);
      }
    }
    // Geometric of mean 4: variance 12. Exponential of mean 5.
    assertThat((double) turns / sessions).isCloseTo(4, within(4 * Math.sqrt(12.0 / sessions)));
    assertThat(thinking / thoughts).isCloseTo(5, within(4 * 5 / Math.sqrt(thoughts)));
  }

  @Test
  void aPromptHoldsWhatWasSaidBefore() {
    SessionTraffic traffic = sessions(1e6, 500, Long.MAX_VALUE);
    Arrival arrival = new Arrival();
    assertThat(traffic.next(arrival)).isTrue();
    long[] first = arrival.content.ids();
    assertThat(arrival.inputTokens).isEqualTo(100);
    assertThat(traffic.answered(0, 0)).isNotEqualTo(Nanos.NEVER);
    assertThat(traffic.turn(0, arrival)).isTrue();
    assertThat(arrival.inputTokens).isEqualTo(220);
    assertThat(arrival.content.ids()).startsWith(first);
    // 100 + 20, and 100 + 20 again: the answer to come is part of what is said.
    assertThat(first).hasSize(8);
    assertThat(arrival.content.ids()).hasSize(15);
    // 100 + 20, three times and again: 4 x 120 fits in 500, 5 x 120 does not.
    assertThat(traffic.turn(0, arrival)).isTrue();
    assertThat(traffic.turn(0, arrival)).isTrue();
    assertThat(arrival.inputTokens).isEqualTo(460);
    assertThat(traffic.turn(0, arrival)).isFalse();
  }

  @Test
  void requestsAreLimitedAltogether() {
    SessionTraffic traffic = sessions(1e6, 1 << 28, 3);
    Arrival arrival = new Arrival();
    assertThat(traffic.next(arrival)).isTrue();
    assertThat(traffic.next(arrival)).isTrue();
    assertThat(traffic.turn(0, arrival)).isTrue();
    assertThat(traffic.turn(0, arrival)).isFalse();
    assertThat(traffic.next(arrival)).isFalse();
  }
}
