package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalProcess;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.LengthDistribution;
import dev.ridgeline.serving.traffic.Lengths;
import dev.ridgeline.serving.traffic.SessionTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host memory beside the cache, and answers in the cache. */
class KvTierTest {
  private static final double BLOCK_SECONDS = 0.001;
  private static final int BLOCK = 16;

  private record Ended(long id, double first, double last, int preemptions, int hits) {}

  private record Step(long start, long end, int size, long prefill) {}

  private static RequestSink into(List<Ended> ended) {
    return (table, slot) ->
        ended.add(
            new Ended(
                table.id[slot],
                Nanos.seconds(table.firstTokenNanos[slot] - table.arrivalNanos[slot]),
                Nanos.seconds(table.lastTokenNanos[slot]),
                table.preemptions[slot],
                table.prefixHits[slot]));
  }

  private static SchedulerOptions options(Policy policy, int blocks, boolean caching) {
    return Scenes.options(policy, blocks * policy.usualBlockTokens(), 1, caching);
  }

  private static HostTier host(int blocks, HostTier.Use use) {
    return new HostTier(blocks, BLOCK_SECONDS, 2, use);
  }

  private static ArrivalSource atOnce(int requests, int input, int output) {
    int[] left = {requests};
    return into -> {
      into.timeNanos = 0;
      into.inputTokens = input;
      into.outputTokens = output;
      return left[0]-- > 0;
    };
  }

  /**
   * By hand: prompts of three and two blocks start in six. The first decoding step gives the sixth
   * to the first request and moves the second's two to the host, as decoding asks for a free block.
   * It returns when the first has ended after 31 steps of decoding, and has its own 39.
   */
  @Test
  void whoIsSwappedOutGoesOnWhereItWas() {
    List<Ended> ended = new ArrayList<>();
    SchedulerOptions options =
        options(Policy.VLLM_V0, 6, false).withHost(host(2, HostTier.Use.SWAP));
    Simulation simulation =
        new Simulation(
            Scenes.setup(Policy.VLLM_V0, options, "10 ms", 1, true),
            into(ended),
            IterationSink.NONE);
    int[] next = {0};
    simulation.run(into -> {
      boolean first = next[0]++ == 0;
      into.timeNanos = 0;
      into.inputTokens = first ? 48 : 32;
      into.outputTokens = first ? 32 : 40;
      return next[0] <= 2;
    });
    assertThat(ended).hasSize(2);
    assertThat(ended.get(0).last()).isCloseTo(0.010 + 31 * 0.010 + 0.002, within(1e-9));
    assertThat(ended.get(1).first()).isCloseTo(0.010, within(1e-9));
    assertThat(ended.get(1).last())
        .isCloseTo(ended.get(0).last() + 39 * 0.010 + 0.002, within(1e-9));
    assertThat(ended.get(1).preemptions()).isEqualTo(1);
    assertThat(simulation.result().movedBlocks()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"1, 50", "2, 200", "3, 2000", "4, 2000"})
  void swappedBlocksAreInOnePlaceOrTheOther(long seed, int hostBlocks) {
    SchedulerOptions options =
        options(Policy.VLLM_V0, 120, false).withHost(host(hostBlocks, HostTier.Use.SWAP));
    List<Ended> ended = new ArrayList<>();
    Simulation simulation =
        new Simulation(
            Scenes.setup(Policy.VLLM_V0, options, "8 ms + 0.05 ms * N", 1, true),
            into(ended),
            IterationSink.NONE);
    ArrivalSource traffic = Scenes.traffic(seed, 400, 12);
    simulation.begin(traffic);
    int most = 0;
    while (simulation.advance()) {
      assertThat(simulation.usedBlocks()).isBetween(0, 120);
      assertThat(simulation.hostBlocks()).isBetween(0, hostBlocks);
      most = Math.max(most, simulation.hostBlocks());
    }
    assertThat(most).as("somebody was swapped out").isPositive();
    assertThat(simulation.usedBlocks()).isZero();
    assertThat(simulation.hostBlocks()).isZero();
    assertThat(ended.size() + simulation.result().rejected()).isEqualTo(400);
    assertThat(simulation.result().movedBlocks() % 2).as("what left came back").isZero();
  }

  /** The same steps, and beside each the time of its blocks on the link. */
  @Test
  void aFreeLinkCostsNothingAndABusyOneItsBlocks() {
    double[] makespans = new double[2];
    long[] moved = new long[2];
    double[] joules = new double[2];
    for (int run = 0; run < 2; run++) {
      HostTier tier = new HostTier(1000, run * BLOCK_SECONDS, 2, HostTier.Use.SWAP);
      Simulation simulation =
          new Simulation(
              Scenes.setup(
                  Policy.VLLM_V0,
                  options(Policy.VLLM_V0, 120, false).withHost(tier),
                  "10 ms",
                  1,
                  true),
              RequestSink.NONE,
              IterationSink.NONE);
      ServingResult result = simulation.run(atOnce(60, 200, 150));
      makespans[run] = result.makespanSeconds();
      moved[run] = simulation.result().movedBlocks();
      joules[run] = result.joules();
    }
    assertThat(moved[0]).isPositive().isEqualTo(moved[1]);
    assertThat(makespans[1] - makespans[0]).isCloseTo(moved[1] * BLOCK_SECONDS, within(1e-9));
  }

  /** A host too small for anybody leaves recomputation, step for step. */
  @Test
  void withoutRoomOnTheHostCachesAreRecomputed() {
    List<List<Step>> runs = new ArrayList<>();
    SchedulerOptions plain = options(Policy.VLLM_V0, 120, false);
    for (SchedulerOptions options : List.of(plain, plain.withHost(host(1, HostTier.Use.SWAP)))) {
      List<Step> steps = new ArrayList<>();
      new Simulation(
              Scenes.setup(Policy.VLLM_V0, options, "8 ms + 0.05 ms * N", 1, true),
              RequestSink.NONE,
              (_, start, end, size, prefill, _) -> steps.add(new Step(start, end, size, prefill)))
          .run(atOnce(60, 200, 150));
      runs.add(steps);
    }
    assertThat(runs.get(1)).isEqualTo(runs.get(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void coalescedRunsAreTheSameStepByStep(long seed) {
    for (Policy policy : List.of(Policy.VLLM_V0, Policy.VLLM_V1, Policy.SGLANG)) {
      boolean shares = policy.shares();
      SchedulerOptions options =
          options(policy, 2000 / policy.usualBlockTokens(), shares)
              .withHost(
                  host(
                      4000 / policy.usualBlockTokens(),
                      shares ? HostTier.Use.SPILL : HostTier.Use.SWAP))
              .withLookahead(policy == Policy.SGLANG ? 0 : 3);
      List<List<?>> outcomes = new ArrayList<>();
      for (boolean coalescing : new boolean[] {true, false}) {
        List<Ended> ended = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        Simulation simulation =
            new Simulation(
                Scenes.setup(policy, options, "8 ms + 0.05 ms * N + 60 ns * K", 1, coalescing),
                into(ended),
                (_, start, end, size, prefill, _) ->
                    steps.add(new Step(start, end, size, prefill)));
        ServingResult result = simulation.run(shared(seed, 300, 6));
        outcomes.add(List.of(ended, steps, result, simulation.result().movedBlocks()));
      }
      assertThat(outcomes.get(0)).as(policy.key()).isEqualTo(outcomes.get(1));
    }
  }

  /** Random traffic whose prompts begin alike. */
  private static ArrivalSource shared(long seed, int requests, double perSecond) {
    ArrivalSource plain = Scenes.traffic(seed, requests, perSecond);
    RandomGenerator random = new RandomStreams(seed).stream("content");
    return into -> {
      if (!plain.next(into)) {
        return false;
      }
      long[] ids = new long[Math.ceilDiv(into.inputTokens, 64)];
      long group = random.nextInt(8);
      for (int index = 0; index < ids.length; index++) {
        ids[index] = index < 4 ? group * 100 + index : random.nextLong();
      }
      into.content = new PromptContent(ids, 64);
      return true;
    };
  }

  /**
   * By hand: a prompt of six blocks, one of eight that pushes all of them out, and the first again:
   * of its blocks five come from the host, as the last is always computed.
   */
  @Test
  void whatWasPushedOutComesBackOverTheLink() {
    List<Ended> ended = new ArrayList<>();
    SchedulerOptions options =
        options(Policy.VLLM_V1, 8, true).withHost(host(6, HostTier.Use.SPILL));
    Simulation simulation =
        new Simulation(
            Scenes.setup(Policy.VLLM_V1, options, "1 ms * N", 1, true),
            into(ended),
            IterationSink.NONE);
    int[] next = {0};
    simulation.run(into -> {
      int number = next[0]++;
      into.timeNanos = Nanos.of(10.0 * number);
      into.inputTokens = number == 1 ? 8 * BLOCK : 6 * BLOCK;
      into.outputTokens = 1;
      long[] ids = new long[into.inputTokens / BLOCK];
      for (int index = 0; index < ids.length; index++) {
        ids[index] = number == 1 ? 100 + index : index;
      }
      into.content = new PromptContent(ids, BLOCK);
      return number < 3;
    });
    assertThat(ended).extracting(Ended::hits).containsExactly(0, 0, 5 * BLOCK);
    assertThat(simulation.result().movedBlocks()).isEqualTo(5);
    assertThat(ended.get(2).first()).isCloseTo(0.001 * BLOCK + 5 * BLOCK_SECONDS, within(1e-9));
  }

  /**
   * By hand: 100 tokens and an answer of 20, of which the last is never computed: 119 tokens are
   * seven full blocks. The next prompt, of 220 tokens, finds them, the answer's among them.
   */
  @Test
  void theNextTurnFindsTheAnswerBefore() {
    List<Ended> ended = new ArrayList<>();
    SessionTraffic traffic =
        new SessionTraffic(
            Lengths.independent(
                new LengthDistribution.Fixed(100), new LengthDistribution.Fixed(20)),
            ArrivalProcess.poisson(1),
            1e6,
            1,
            300,
            6,
            Double.POSITIVE_INFINITY,
            new RandomStreams(4));
    new Simulation(
            Scenes.setup(Policy.VLLM_V1, options(Policy.VLLM_V1, 100, true), "1 ms * N", 1, true),
            (table, slot) -> {
              if (table.session[slot] == 0) {
                into(ended).ended(table, slot);
              }
            },
            IterationSink.NONE)
        .run(traffic);
    assertThat(ended).extracting(Ended::hits).containsExactly(0, 7 * BLOCK);
    assertThat(ended.get(1).first()).isCloseTo(0.001 * (220 - 7 * BLOCK), within(1e-9));
  }
}
