package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.serving.DisaggregatedSetup.FirstToken;
import dev.ridgeline.serving.DisaggregatedSetup.Transfer;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Prefill and decode apart: by hand where it is simple, by what must hold where it is not. */
class DisaggregatedSimulationTest {
  private static final double BYTES_PER_TOKEN = 1000;
  private static final int LAYERS = 10;
  private static final double MEGABYTE = 1e6;
  private static final double NEVER_MIND = Double.POSITIVE_INFINITY;
  private static final double NANO = 2e-9;

  private record Ended(
      long id, double arrival, double scheduled, double first, double last, int replica) {}

  private static final Comparator<Ended> BY_ID = Comparator.comparingLong(Ended::id);

  private static SchedulerOptions options(Policy policy, int kvTokens) {
    return new SchedulerOptions(
        OptionalInt.of(1024),
        32,
        OptionalInt.empty(),
        kvTokens / policy.usualBlockTokens(),
        policy.usualBlockTokens(),
        0,
        0,
        true,
        false,
        1,
        10,
        Optional.empty(),
        false);
  }

  private static ServingInstance instance(
      Policy policy, int kvTokens, String cost, double bytesPerSecond) {
    return new ServingInstance(
        policy,
        options(policy, kvTokens),
        ClosedForm.parse(cost),
        1,
        new CachePort(tokens -> BYTES_PER_TOKEN * tokens, LAYERS, bytesPerSecond, bytesPerSecond));
  }

  private static DisaggregatedSetup setup(
      List<ServingInstance> prefill, List<ServingInstance> decode, boolean layerWise) {
    return new DisaggregatedSetup(
        prefill,
        decode,
        new Transfer(layerWise, NEVER_MIND, 0),
        FirstToken.PREFILL,
        Routing.LEAST_TOKENS,
        Routing.LEAST_TOKENS,
        OptionalInt.empty(),
        OptionalInt.empty(),
        EngineOverheads.NONE,
        0,
        true);
  }

  private static RequestSink into(List<Ended> ended) {
    return (RequestTable table, int slot) ->
        ended.add(
            new Ended(
                table.id[slot],
                Nanos.seconds(table.arrivalNanos[slot]),
                Nanos.seconds(table.firstScheduledNanos[slot]),
                Nanos.seconds(table.firstTokenNanos[slot]),
                Nanos.seconds(table.lastTokenNanos[slot]),
                table.replica[slot]));
  }

  /** Equal requests, so far apart. */
  private static ArrivalSource every(double seconds, int count, int input, int output) {
    int[] next = {0};
    return into -> {
      if (next[0] == count) {
        return false;
      }
      into.timeNanos = Nanos.of(seconds * next[0]++);
      into.inputTokens = input;
      into.outputTokens = output;
      return true;
    };
  }

  private static List<Ended> run(DisaggregatedSetup setup, ArrivalSource source) {
    List<Ended> ended = new ArrayList<>();
    DisaggregatedResult result =
        new DisaggregatedSimulation(setup, into(ended), IterationSink.NONE).run(source);
    assertThat(result.unfinished()).isZero();
    ended.sort(BY_ID);
    return ended;
  }

  /** 100 tokens: 100 ms of prompt, 100 kB at 1 MB/s, four steps of 2 ms. */
  @ParameterizedTest
  @EnumSource(names = {"VLLM_V1", "SGLANG", "TRTLLM"})
  void aloneItIsPromptThenTransferThenSteps(Policy policy) {
    DisaggregatedSetup setup =
        setup(
            List.of(instance(policy, 3200, "1 ms * N", MEGABYTE)),
            List.of(instance(policy, 3200, "2 ms", MEGABYTE)),
            false);
    Ended only = run(setup, every(1, 1, 100, 5)).getFirst();
    assertThat(only.first()).isEqualTo(0.1, within(NANO));
    assertThat(only.last()).isEqualTo(0.1 + 0.1 + 4 * 0.002, within(NANO));
  }

  /**
   * Ten layers come every 10 ms and take as long to send: when the prompt is done one is left. At
   * half the bandwidth the link is never idle from the first layer on.
   */
  @ParameterizedTest
  @EnumSource(names = {"VLLM_V1", "SGLANG", "TRTLLM"})
  void layerByLayerTheLastLayerIsLeft(Policy policy) {
    List<ServingInstance> decode = List.of(instance(policy, 3200, "2 ms", 10 * MEGABYTE));
    Ended quick =
        run(
                setup(List.of(instance(policy, 3200, "1 ms * N", MEGABYTE)), decode, true),
                every(1, 1, 100, 5))
            .getFirst();
    assertThat(quick.last()).isEqualTo(0.1 + 0.01 + 4 * 0.002, within(NANO));
    Ended slow =
        run(
                setup(List.of(instance(policy, 3200, "1 ms * N", MEGABYTE / 2)), decode, true),
                every(1, 1, 100, 5))
            .getFirst();
    assertThat(slow.last()).isEqualTo(0.01 + 0.2 + 4 * 0.002, within(NANO));
  }

  /** Two prompts done at once share the way into the decode instance: 200 ms for both. */
  @Test
  void transfersShareTheLinkTheyContendFor() {
    ServingInstance prefill = instance(Policy.VLLM_V1, 3200, "1 ms * N", MEGABYTE);
    DisaggregatedSetup setup =
        setup(
            List.of(prefill, prefill),
            List.of(instance(Policy.VLLM_V1, 3200, "2 ms", MEGABYTE)),
            false);
    List<Ended> ended = run(setup, every(0, 2, 100, 5));
    assertThat(ended)
        .allSatisfy(each -> assertThat(each.last()).isEqualTo(0.1 + 0.2 + 0.008, within(NANO)));
  }

  /** A tandem of two stations: D/D/1 before and after, the slower one decides. */
  @Test
  void aTandemGoesAtThePaceOfItsSlowestStation() {
    // One prompt of 1,024 tokens fills a step; the second station holds one request.
    DisaggregatedSetup setup =
        setup(
            List.of(instance(Policy.TRTLLM, 10 * 1056, "100 ms", 1e15)),
            List.of(instance(Policy.TRTLLM, 1056, "5 ms", 1e15)),
            false);
    List<Ended> ended = run(setup, every(0, 6, 1024, 31));
    for (int index = 0; index < 6; index++) {
      assertThat(ended.get(index).first()).isEqualTo(0.1 * (index + 1), within(NANO));
      // Thirty steps of 5 ms each, one request after the other.
      assertThat(ended.get(index).last()).isEqualTo(0.1 + 0.15 * (index + 1), within(1e-7));
    }
  }

  private static ServingInstance ofTwoRanks(ServingInstance one) {
    return new ServingInstance(
        one.policy(), one.options().withAttentionRanks(2), one.cost(), one.devices(), one.port());
  }

  /** Each rank has the budget and the room of the instance before: two requests go at once. */
  @ParameterizedTest
  @EnumSource(names = {"VLLM_V1", "SGLANG", "TRTLLM"})
  void ranksHaveAQueueARoomAndABudgetEach(Policy policy) {
    DisaggregatedSetup setup =
        setup(
            List.of(ofTwoRanks(instance(policy, 10 * 1056, "100 ms", 1e15))),
            List.of(ofTwoRanks(instance(policy, 1056, "5 ms", 1e15))),
            false);
    List<Ended> ended = run(setup, every(0, 6, 1024, 31));
    for (int index = 0; index < 6; index++) {
      int pair = index / 2;
      assertThat(ended.get(index).first()).isEqualTo(0.1 * (pair + 1), within(NANO));
      assertThat(ended.get(index).last()).isEqualTo(0.1 + 0.15 * (pair + 1), within(1e-7));
    }
  }

  /** Caches leave the rank that made them, so that its room comes back. */
  @ParameterizedTest
  @EnumSource(names = {"VLLM_V1", "SGLANG", "TRTLLM"})
  void manyRequestsPassThroughRanks(Policy policy) {
    DisaggregatedSetup setup =
        setup(
            List.of(ofTwoRanks(instance(policy, 2 * 1056, "8 ms + 0.05 ms * N", MEGABYTE))),
            List.of(ofTwoRanks(instance(policy, 3 * 1056, "5 ms", MEGABYTE))),
            true);
    assertThat(run(setup, every(0.01, 200, 700, 40))).hasSize(200);
  }

  /**
   * Room for one prompt on either side: the second prompt starts when the cache of the first has
   * left, the third when the second has found room, which is when the first has ended.
   */
  @Test
  void promptsHoldTheirBlocksUntilTheyHaveLeft() {
    DisaggregatedSetup setup =
        setup(
            List.of(instance(Policy.VLLM_V1, 1024, "100 ms", 1e15)),
            List.of(instance(Policy.VLLM_V1, 1056, "5 ms", 1e15)),
            false);
    List<Ended> ended = run(setup, every(0, 3, 1024, 31));
    assertThat(ended.get(1).scheduled()).isEqualTo(0.1, within(1e-7));
    assertThat(ended.get(2).scheduled()).isEqualTo(0.25, within(1e-7));
    assertThat(ended.get(2).last()).isEqualTo(0.1 + 0.15 + 0.15 + 0.15, within(1e-6));
  }

  @Test
  void theFirstTokenComesWithThePromptOrWithTheTransfer() {
    ServingInstance prefill = instance(Policy.VLLM_V1, 3200, "1 ms * N", MEGABYTE);
    ServingInstance decode = instance(Policy.VLLM_V1, 3200, "2 ms", MEGABYTE);
    DisaggregatedSetup early = setup(List.of(prefill), List.of(decode), false);
    var late =
        new DisaggregatedSetup(
            early.prefill(),
            early.decode(),
            early.transfer(),
            FirstToken.DECODE,
            early.prefillRouting(),
            early.decodeRouting(),
            early.concurrency(),
            early.predictedOutput(),
            early.engine(),
            early.seed(),
            early.coalescing());
    assertThat(run(early, every(1, 1, 100, 5)).getFirst().first()).isEqualTo(0.1, within(NANO));
    assertThat(run(late, every(1, 1, 100, 5)).getFirst().first()).isEqualTo(0.2, within(NANO));
    assertThat(run(late, every(1, 1, 100, 1)).getFirst().last())
        .as("one token needs no decode instance")
        .isEqualTo(0.1, within(NANO));
  }

  static Stream<Arguments> scenes() {
    List<Arguments> scenes = new ArrayList<>();
    for (Policy policy : List.of(Policy.VLLM_V1, Policy.SGLANG, Policy.TRTLLM)) {
      for (long seed = 1; seed <= 3; seed++) {
        for (int prefillTokens : new int[] {1280, 24_000}) {
          for (int decodeTokens : new int[] {1280, 4800, 48_000}) {
            for (boolean layerWise : new boolean[] {false, true}) {
              scenes.add(Arguments.of(policy, seed, prefillTokens, decodeTokens, layerWise));
            }
          }
        }
      }
    }
    return scenes.stream();
  }

  private static DisaggregatedSetup random(
      Policy policy, int prefillTokens, int decodeTokens, boolean layerWise, boolean coalescing) {
    String cost = "8 ms + 0.05 ms * N + 60 ns * K + 3 ns * P";
    DisaggregatedSetup plain =
        setup(
            Collections.nCopies(2, instance(policy, prefillTokens, cost, 20 * MEGABYTE)),
            List.of(
                instance(policy, decodeTokens, cost, 20 * MEGABYTE),
                instance(policy, 2 * decodeTokens, cost, 5 * MEGABYTE),
                instance(policy, decodeTokens, cost, 20 * MEGABYTE)),
            layerWise);
    return new DisaggregatedSetup(
        plain.prefill(),
        plain.decode(),
        new Transfer(layerWise, 30 * MEGABYTE, 1e-4),
        plain.firstToken(),
        plain.prefillRouting(),
        plain.decodeRouting(),
        plain.concurrency(),
        plain.predictedOutput(),
        plain.engine(),
        plain.seed(),
        coalescing);
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void nothingIsLostAndNobodyIsHeldForEver(
      Policy policy, long seed, int prefillTokens, int decodeTokens, boolean layerWise) {
    int requests = 300;
    List<Ended> ended = new ArrayList<>();
    long[] prefilled = {0};
    long[] decoded = {0};
    long[] moving = {0};
    RequestSink ends =
        (table, slot) -> {
          into(ended).ended(table, slot);
          moving[0] += table.output[slot] > 1 ? table.input[slot] : 0;
        };
    double[] end = {0};
    IterationSink batches =
        (replica, start, stop, size, prefill, decodes) -> {
          assertThat(stop).isGreaterThan(start);
          if (replica < 2) {
            prefilled[0] += prefill + decodes;
          } else {
            decoded[0] += prefill + decodes;
          }
          end[0] = Math.max(end[0], Nanos.seconds(stop));
        };
    var simulation =
        new DisaggregatedSimulation(
            random(policy, prefillTokens, decodeTokens, layerWise, true), ends, batches);
    DisaggregatedResult result = simulation.run(Scenes.traffic(seed, requests, 30));

    assertThat(result.unfinished()).as("held for ever").isZero();
    assertThat(ended.size() + result.serving().rejected()).isEqualTo(requests);
    assertThat(ended).extracting(Ended::id).doesNotHaveDuplicates();
    assertThat(simulation.usedBlocks()).as("blocks in use when all is over").isZero();
    for (Ended each : ended) {
      assertThat(each.scheduled()).isGreaterThanOrEqualTo(each.arrival());
      assertThat(each.first()).isGreaterThan(each.scheduled());
      assertThat(each.last()).isGreaterThanOrEqualTo(each.first());
    }
    ServingResult serving = result.serving();
    long further = serving.outputTokens() - serving.requests();
    assertThat(serving.tbt().count()).isEqualTo(further);
    if (serving.preemptions() == 0) {
      assertThat(prefilled[0]).as("prompts are computed once").isEqualTo(serving.inputTokens());
      assertThat(decoded[0]).as("a step a token after the first").isEqualTo(further);
    } else {
      assertThat(prefilled[0]).isGreaterThanOrEqualTo(serving.inputTokens());
      assertThat(decoded[0]).isGreaterThanOrEqualTo(further);
    }
    if (serving.preemptions() == 0) {
      assertThat(result.transfers().bytes())
          .as("every cache that is needed elsewhere moves, and moves once")
          .isEqualTo(BYTES_PER_TOKEN * moving[0], within(1.0));
    }
    assertThat(result.transfers().busySeconds())
        .isGreaterThanOrEqualTo(result.transfers().bytes() / (30 * MEGABYTE) - 1e-6);
    assertThat(result.prefill().busySeconds()).isLessThanOrEqualTo(2 * end[0] + 1e-9);
    assertThat(result.decode().busySeconds()).isLessThanOrEqualTo(3 * end[0] + 1e-9);
  }

  /** Runs of equal steps in one go, or each alone; and twice the same. */
  @ParameterizedTest
  @MethodSource("scenes")
  void coalescingChangesNothing(
      Policy policy, long seed, int prefillTokens, int decodeTokens, boolean layerWise) {
    DisaggregatedSetup setup = random(policy, prefillTokens, decodeTokens, layerWise, true);
    List<Ended> whole = run(setup, Scenes.traffic(seed, 150, 4));
    List<Ended> again = run(setup, Scenes.traffic(seed, 150, 4));
    List<Ended> steps =
        run(
            random(policy, prefillTokens, decodeTokens, layerWise, false),
            Scenes.traffic(seed, 150, 4));
    assertThat(again).isEqualTo(whole);
    assertThat(steps).isEqualTo(whole);
  }
}
