package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold whatever the scheduler and the traffic. */
class InvariantsTest {
  private static final int REQUESTS = 400;
  private static final String COST = "8 ms + 0.05 ms * N + 60 ns * K + 3 ns * P";

  private record Batch(int replica, long start, long end, int size, long prefill, long decodes) {}

  private record Ended(
      long id, long arrival, long scheduled, long first, long last, int output, int preemptions) {}

  static Stream<Arguments> scenes() {
    List<Arguments> scenes = new ArrayList<>();
    for (Policy policy : Policy.values()) {
      for (long seed = 1; seed <= 3; seed++) {
        for (int kvTokens : new int[] {4800, 48_000}) {
          for (int stages : policy == Policy.LIGHTLLM ? new int[] {1} : new int[] {1, 3}) {
            scenes.add(Arguments.of(policy, seed, kvTokens, stages, false));
            if (policy.shares()) {
              scenes.add(Arguments.of(policy, seed, kvTokens, stages, true));
            }
          }
        }
      }
    }
    return scenes.stream();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void nothingIsLostAndTimeNeverRunsBack(
      Policy policy, long seed, int kvTokens, int stages, boolean caching) {
    SchedulerOptions options = Scenes.options(policy, kvTokens, stages, caching);
    List<Batch> batches = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    Simulation simulation =
        new Simulation(
            Scenes.setup(policy, options, COST, 2, true), requests(ended), iterations(batches));
    ServingResult result = simulation.run(Scenes.traffic(seed, REQUESTS, 12));

    assertThat(ended.size() + result.rejected()).isEqualTo(REQUESTS);
    assertThat(ended).extracting(Ended::id).doesNotHaveDuplicates();
    assertThat(simulation.usedBlocks()).as("blocks in use when all is over").isZero();
    for (Ended each : ended) {
      assertThat(each.scheduled()).isGreaterThanOrEqualTo(each.arrival());
      assertThat(each.first()).isGreaterThan(each.scheduled());
      assertThat(each.last()).isGreaterThanOrEqualTo(each.first());
    }
    long[] last = new long[2];
    for (Batch batch : batches) {
      assertThat(batch.end()).isGreaterThan(batch.start());
      assertThat(batch.end()).isGreaterThanOrEqualTo(last[batch.replica()]);
      last[batch.replica()] = batch.end();
    }
    assertThat(result.busySeconds()).isLessThanOrEqualTo(2 * (result.makespanSeconds() + 1e-9));
    long gaps = result.outputTokens() - result.requests();
    if (policy == Policy.SARATHI && result.preemptions() > 0) {
      // Vidur's rule lets the rest of a cut prompt come out as tokens.
      assertThat(result.tbt().count()).isGreaterThanOrEqualTo(gaps);
    } else {
      assertThat(result.tbt().count()).as("a gap for every token but the first").isEqualTo(gaps);
    }
  }

  /** Whoever comes first is served first: no policy here but SGLang's retraction reorders. */
  @ParameterizedTest
  @MethodSource("scenes")
  void nobodyOvertakesWithoutPreemption(
      Policy policy, long seed, int kvTokens, int stages, boolean caching) {
    List<Ended> ended = new ArrayList<>();
    new Simulation(
            Scenes.setup(policy, Scenes.options(policy, kvTokens, stages, caching), COST, 1, true),
            requests(ended),
            IterationSink.NONE)
        .run(Scenes.traffic(seed, REQUESTS, 6));
    ended.sort((one, other) -> Long.compare(one.id(), other.id()));
    for (int index = 1; index < ended.size(); index++) {
      assertThat(ended.get(index).scheduled())
          .isGreaterThanOrEqualTo(ended.get(index - 1).scheduled());
    }
  }

  /**
   * Little's law for those in progress, where every one of them is in every batch: requests in
   * batches over time are the stays of requests.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void requestsInBatchesAddUpToTheStaysOfRequests(long seed) {
    Policy policy = Policy.VLLM_V1;
    List<Batch> batches = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    new Simulation(
            Scenes.setup(policy, Scenes.options(policy, 48_000, 1, false), COST, 1, true),
            requests(ended),
            iterations(batches))
        .run(Scenes.traffic(seed, REQUESTS, 1));
    double inBatches = 0;
    for (Batch batch : batches) {
      inBatches += (double) batch.size() * (batch.end() - batch.start());
    }
    double stays = 0;
    for (Ended each : ended) {
      stays += each.last() - each.scheduled();
    }
    assertThat(inBatches).isCloseTo(stays, within(1e-6 * stays));
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void coalescedRunsAreTheSameStepByStep(
      Policy policy, long seed, int kvTokens, int stages, boolean caching) {
    SchedulerOptions options = Scenes.options(policy, kvTokens, stages, caching);
    List<List<?>> outcomes = new ArrayList<>();
    for (boolean coalescing : new boolean[] {true, false}) {
      List<Batch> batches = new ArrayList<>();
      List<Ended> ended = new ArrayList<>();
      ServingResult result =
          new Simulation(
                  Scenes.setup(policy, options, COST, 1, coalescing),
                  requests(ended),
                  iterations(batches))
              .run(Scenes.traffic(seed, REQUESTS, 3));
      outcomes.add(List.of(batches, ended, result));
    }
    assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
  }

  /** Who ends on one replica may make room for a request to another that is ahead of it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void closedLoopsOverReplicasAreTheSameStepByStep(long seed) {
    SchedulerOptions options = Scenes.options(Policy.VLLM_V1, 48_000, 1, false);
    List<ServingResult> outcomes = new ArrayList<>();
    for (boolean coalescing : new boolean[] {true, false}) {
      ServingSetup each = Scenes.setup(Policy.VLLM_V1, options, COST, 3, coalescing);
      var setup =
          new ServingSetup(
              each.policy(),
              each.options(),
              each.cost(),
              each.replicas(),
              each.routing(),
              OptionalInt.of(4),
              each.predictedOutput(),
              each.seed(),
              coalescing);
      List<Ended> ended = new ArrayList<>();
      outcomes.add(
          new Simulation(setup, requests(ended), IterationSink.NONE)
              .run(Scenes.traffic(seed, REQUESTS, 3)));
    }
    assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
  }

  private static RequestSink requests(List<Ended> into) {
    return (table, slot) ->
        into.add(
            new Ended(
                table.id[slot],
                table.arrivalNanos[slot],
                table.firstScheduledNanos[slot],
                table.firstTokenNanos[slot],
                table.lastTokenNanos[slot],
                table.output[slot],
                table.preemptions[slot]));
  }

  private static IterationSink iterations(List<Batch> into) {
    return (replica, start, end, size, prefill, decodes) ->
        into.add(new Batch(replica, start, end, size, prefill, decodes));
  }
}
