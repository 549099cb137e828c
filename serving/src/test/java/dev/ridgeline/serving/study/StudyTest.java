package dev.ridgeline.serving.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalProcess;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.CutTraffic;
import dev.ridgeline.serving.traffic.CutTraffic.Cut;
import dev.ridgeline.serving.traffic.LengthDistribution;
import dev.ridgeline.serving.traffic.Lengths;
import dev.ridgeline.serving.traffic.OfferedTraffic;
import dev.ridgeline.serving.traffic.PacedTraffic;
import dev.ridgeline.serving.traffic.SessionTraffic;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Studies of queues whose answers are known. */
class StudyTest {
  private static final double SERVICE_SECONDS = 0.01;

  /** One request at a time, each 10 ms: M/D/1. */
  private static Server single(long mostWaiting) {
    return server(1, OptionalInt.empty(), mostWaiting, "10 ms", true, false);
  }

  private static Server server(
      int sequences,
      OptionalInt concurrency,
      long mostWaiting,
      String cost,
      boolean coalescing,
      boolean caching) {
    SchedulerOptions options =
        new SchedulerOptions(
            OptionalInt.of(1 << 14),
            sequences,
            OptionalInt.empty(),
            1 << 14,
            16,
            0,
            0,
            true,
            caching,
            1,
            1,
            Optional.empty(),
            false);
    return Server.of(
        new ServingSetup(
            Policy.VLLM_V1,
            options,
            ClosedForm.parse(cost),
            1,
            Routing.ROUND_ROBIN,
            concurrency,
            OptionalInt.empty(),
            0,
            coalescing),
        mostWaiting,
        UnaryOperator.identity());
  }

  private static ArrivalSource poisson(double rate, long requests, RandomStreams streams) {
    return new PacedTraffic(
        Lengths.independent(new LengthDistribution.Fixed(1), new LengthDistribution.Fixed(1))
            .source(streams.stream("lengths")),
        ArrivalProcess.poisson(rate).start(streams.stream("arrivals")),
        requests,
        Double.POSITIVE_INFINITY);
  }

  private static Trial run(Server server, ArrivalSource source, Slo slo) {
    return Trial.run(server, source, slo, RequestSink.NONE, IterationSink.NONE, 1);
  }

  /** Crommelin's waiting time of M/D/1 (P.O. Elec. Eng. J. 25, 1932). */
  private static double waitsNoLonger(double seconds, double rate) {
    double sum = 0;
    double factorial = 1;
    for (int k = 0; k * SERVICE_SECONDS <= seconds; k++) {
      factorial *= Math.max(1, k);
      double x = rate * (k * SERVICE_SECONDS - seconds);
      sum += Math.pow(x, k) / factorial * Math.exp(-x);
    }
    return (1 - rate * SERVICE_SECONDS) * sum;
  }

  @ParameterizedTest
  @CsvSource({"0.023, 0.9", "0.045, 0.9", "0.033, 0.99"})
  void theCapacityOfASingleServerIsThatOfTheory(double wait, double share) {
    double low = 1;
    double high = 1 / SERVICE_SECONDS;
    for (int step = 0; step < 60; step++) {
      double middle = 0.5 * (low + high);
      if (waitsNoLonger(wait, middle) >= share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    Slo slo = new Slo(wait + SERVICE_SECONDS, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Server server = single(20_000);
    Capacity capacity =
        Capacity.find(
            (rate, replication) ->
                run(server, poisson(rate, 40_000, Trial.streams(3, replication)), slo),
            7,
            share,
            0.002,
            8);
    Interval found = capacity.perSecond();
    // Two to three times the half-width holds 99.9 % with eight replications.
    assertThat(found.mean()).isCloseTo(low, within(2.5 * found.halfWidth() + 0.002 * low));
    assertThat(found.halfWidth()).as("the test can tell").isLessThan(0.03 * low);
    assertThat(capacity.lowest()).isLessThan(found.mean());
    assertThat(capacity.highest()).isGreaterThan(found.mean());
    assertThat(capacity.atLimit().attainment().share()).isGreaterThanOrEqualTo(share);
  }

  /** Without an objective that binds, the limit is where the queue grows: one over the service. */
  @Test
  void theCapacityIsLimitedByWhatCanBeServed() {
    Slo slo = new Slo(1e6, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Server server = single(20_000);
    Capacity capacity =
        Capacity.find(
            (rate, replication) ->
                run(server, poisson(rate, 40_000, Trial.streams(5, replication)), slo),
            10,
            0.99,
            0.01,
            3);
    assertThat(capacity.perSecond().mean()).isCloseTo(100, within(8.0));
  }

  @Test
  void objectivesThatNoRateMeetsAreSaid() {
    Slo slo = new Slo(0.005, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Server server = single(20_000);
    assertThatThrownBy(() ->
            Capacity.find(
                (rate, replication) ->
                    run(server, poisson(rate, 100, Trial.streams(5, replication)), slo),
                10,
                0.99,
                0.01,
                1))
        .isInstanceOf(Capacity.Unbounded.class)
        .hasMessageContaining("no rate");
  }

  @ParameterizedTest
  @CsvSource({"50, false", "90, false", "97, false", "110, true", "150, true", "1000, true"})
  void overloadIsToldFromABusyServer(double rate, boolean overloaded) {
    for (int replication = 0; replication < 10; replication++) {
      Trial trial =
          run(
              single(Long.MAX_VALUE),
              poisson(rate, 20_000, Trial.streams(1, replication)),
              Slo.NONE);
      assertThat(trial.overload().overloaded()).isEqualTo(overloaded);
      assertThat(trial.overload().stopped()).isFalse();
      assertThat(trial.result().requests()).isEqualTo(20_000);
    }
  }

  @Test
  void aRateThatNeverDrainsEnds() {
    Trial trial = run(single(5_000), poisson(200, Long.MAX_VALUE, new RandomStreams(1)), Slo.NONE);
    assertThat(trial.overload().stopped()).isTrue();
    assertThat(trial.overload().servedPerSecond()).isCloseTo(100, within(1.0));
    assertThat(trial.overload().offeredPerSecond()).isCloseTo(200, within(8.0));
    assertThat(trial.meets(0.0)).isFalse();
  }

  /** Little's law: N in flight, X a second and T in the system make N = X T. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void littlesLawHoldsInAClosedLoop(int concurrency) {
    Server server =
        server(
            256,
            OptionalInt.of(concurrency),
            Long.MAX_VALUE,
            "5 ms + 0.1 ms * N + 1 us * K",
            true,
            false);
    RandomStreams streams = new RandomStreams(4);
    long requests = 400L * concurrency;
    ArrivalSource source =
        new OfferedTraffic(
            Lengths.independent(
                    new LengthDistribution.Uniform(80, 120), new LengthDistribution.Uniform(16, 20))
                .source(streams.stream("lengths")),
            requests);
    double[] inSystem = {0};
    int[] alive = {0};
    Trial trial =
        Trial.run(
            server,
            source,
            Slo.NONE,
            (table, slot) -> {
              inSystem[0] += Nanos.seconds(table.lastTokenNanos[slot] - table.arrivalNanos[slot]);
              alive[0] = Math.max(alive[0], table.size());
            },
            IterationSink.NONE,
            1);
    assertThat(alive[0]).isLessThanOrEqualTo(concurrency);
    double meanInFlight = inSystem[0] / trial.result().makespanSeconds();
    // The loop empties at the end, for one of 400 rounds at most.
    assertThat(meanInFlight).isCloseTo(concurrency, within(concurrency / 200.0));
    assertThat(trial.result().requestsPerSecond() * trial.result().endToEnd().mean())
        .isCloseTo(meanInFlight, within(1e-6 * concurrency));
  }

  /** Requests cut off are served and left out of every count. */
  @Test
  void cutRequestsAreNotCounted() {
    Trial all = run(single(1000), poisson(50, 5_000, new RandomStreams(8)), Slo.NONE);
    Trial cut =
        run(
            single(1000),
            new CutTraffic(
                poisson(50, 5_000, new RandomStreams(8)), new Cut(500, 0), new Cut(300, 0)),
            Slo.NONE);
    assertThat(cut.result().requests()).isEqualTo(4_200);
    assertThat(cut.attainment().requests()).isEqualTo(4_200);
    assertThat(cut.result().iterations()).isEqualTo(all.result().iterations());
    // The busy time that counts ends with the counted arrivals: 4,200 of 5,000.
    assertThat(cut.result().busySeconds()).isCloseTo(42, within(0.5));
    assertThat(cut.result().makespanSeconds())
        .isCloseTo(0.84 * all.result().makespanSeconds(), within(5.0));
  }

  /** Later turns find their beginnings in the cache; steps run in one go change nothing. */
  @Test
  void conversationsReactAndShareTheirBeginnings() {
    Trial[] trials = new Trial[2];
    for (int index = 0; index < 2; index++) {
      trials[index] =
          run(
              server(64, OptionalInt.empty(), 1000, "5 ms + 0.05 ms * N", index == 0, true),
              new SessionTraffic(
                  Lengths.independent(
                      new LengthDistribution.Fixed(160), new LengthDistribution.Fixed(32)),
                  ArrivalProcess.poisson(2),
                  3,
                  1,
                  1 << 13,
                  600,
                  Double.POSITIVE_INFINITY,
                  new RandomStreams(6)),
              Slo.NONE);
    }
    assertThat(trials[0].result()).isEqualTo(trials[1].result());
    assertThat(trials[0].result().requests()).isEqualTo(600);
    // A turn after the first finds all of the prompt before it, and not the answer.
    assertThat(trials[0].result().prefixHitTokens())
        .isGreaterThan(trials[0].result().inputTokens() / 3);
  }

  @Test
  void shareOfRequestsThatMeetEachObjective() {
    // Prompt 10 ms, then a token each 10 ms: TTFT 10 ms, end to end 10 ms times the output.
    int[] left = {10};
    ArrivalSource source =
        into -> {
          into.timeNanos = (10 - left[0]) * 1_000_000_000L;
          into.inputTokens = 1;
          into.outputTokens = 11 - left[0];
          return left[0]-- > 0;
        };
    Trial trial = run(single(1000), source, new Slo(0.010, 0.0101, 0.0701));
    assertThat(trial.attainment().ttftShare()).isEqualTo(1);
    assertThat(trial.attainment().tpotShare()).isEqualTo(1);
    assertThat(trial.attainment().endToEndShare()).isEqualTo(0.7);
    assertThat(trial.attainment().share()).isEqualTo(0.7);
    assertThat(trial.attainment().metTokens()).isEqualTo(28);
    assertThat(trial.goodput()).isCloseTo(7 / 9.1, within(1e-9));
  }

  /**
   * Student's t of four degrees of freedom at 97.5 % is 2.7764 (NIST/SEMATECH, section 1.3.6.7.2).
   */
  @Test
  void intervalsAreStudents() {
    Interval interval = Interval.of(1, 2, 3, 4, 5);
    assertThat(interval.mean()).isEqualTo(3);
    assertThat(interval.halfWidth()).isCloseTo(2.7764 * Math.sqrt(2.5 / 5), within(1e-4));
    assertThat(Interval.of(7).halfWidth()).isNaN();
  }
}
