package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decoding requests that go on together fare as they do one by one: random setups, from batches of
 * a few to those of a thousand, with memory to spare and with next to none.
 */
class CohortTest {
  private static final int SEEDS = 16;
  private static final String COST = "8 ms + 0.05 ms * N + 60 ns * K + 3 ns * P";

  static Stream<Arguments> setups() {
    return Stream.of(Policy.values())
        .flatMap(policy -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(policy, seed)));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void togetherIsTheSameAsOneByOne(Policy policy, int seed) {
    assertThat(run(policy, seed, true)).isEqualTo(run(policy, seed, false));
  }

  private static int among(RandomGenerator dice, int... choices) {
    return choices[dice.nextInt(choices.length)];
  }

  /** Number and hash of the batches, requests in order of their ends, and the figures. */
  private static List<List<?>> run(Policy policy, int seed, boolean together) {
    RandomGenerator dice = new RandomStreams(seed).within(policy.key(), 0).stream("setups");
    int mostInput = among(dice, 1, 20, 100, 400);
    int mostOutput = among(dice, 1, 10, 50, 200);
    int longest = mostInput + mostOutput + 1;
    SchedulerOptions options = options(policy, dice, longest);
    int requests = options.maxSequences() > 100 ? 500 : 100;
    boolean closed = dice.nextInt(3) == 0;
    OptionalInt predicted =
        policy.predictsOutputs() && dice.nextBoolean()
            ? OptionalInt.of(1 + dice.nextInt(mostOutput + 3))
            : OptionalInt.empty();
    var setup =
        new ServingSetup(
            policy,
            options,
            ClosedForm.parse(COST),
            among(dice, 1, 1, 2),
            Routing.ROUND_ROBIN,
            closed ? OptionalInt.of(1 + dice.nextInt(options.maxSequences())) : OptionalInt.empty(),
            predicted,
            0,
            together);
    double rate = among(dice, 1, 5, 50, 500);
    boolean shares = options.prefixCaching() && dice.nextBoolean();
    List<List<Object>> ended = new ArrayList<>();
    RequestSink ends =
        (table, slot) ->
            ended.add(
                List.of(
                    table.id[slot],
                    table.firstScheduledNanos[slot],
                    table.firstTokenNanos[slot],
                    table.lastTokenNanos[slot],
                    table.preemptions[slot],
                    table.prefixHits[slot]));
    long[] batches = new long[2];
    IterationSink each =
        (replica, start, end, size, prefill, decodes) -> {
          batches[0]++;
          batches[1] = 31 * batches[1] + Objects.hash(replica, start, end, size, prefill, decodes);
        };
    boolean told = setup.replicas() == 1 || dice.nextBoolean();
    var simulation = new Simulation(setup, ends, told ? each : IterationSink.NONE);
    ServingResult result =
        simulation.run(traffic(dice, requests, rate, mostInput, mostOutput, shares));
    assertThat(simulation.usedBlocks()).isZero();
    if (!told) {
      // Replicas need not be told of in the order of time.
      ended.sort((one, other) -> Long.compare((long) one.getFirst(), (long) other.getFirst()));
    }
    return List.of(List.of(batches[0], batches[1]), ended, List.of(result));
  }

  private static SchedulerOptions options(Policy policy, RandomGenerator dice, int longest) {
    boolean reserves = policy == Policy.ORCA || policy == Policy.STATIC;
    int block = policy == Policy.LIGHTLLM ? 1 : among(dice, 16, 16, 1, 8, 32);
    int most = among(dice, 4, 8, 32, 128, 1024);
    int tightness = reserves ? 1 + dice.nextInt(40) : among(dice, 1, 1, 2, 5, 20, 200);
    int blocks = tightness * (Math.ceilDiv(longest, block) + 2) + dice.nextInt(8);
    int budget = among(dice, 17, 64, 100, 512, 2048, 8192);
    boolean whole = policy == Policy.VLLM_V0 || policy == Policy.LIGHTLLM;
    boolean caching = policy.shares() && dice.nextBoolean();
    var options =
        new SchedulerOptions(
            reserves
                ? OptionalInt.empty()
                : OptionalInt.of(whole ? Math.max(longest, budget) : budget),
            most,
            OptionalInt.of(longest),
            blocks,
            block,
            reserves ? 0 : among(dice, 0, 0, 1) * 0.02,
            policy == Policy.VLLM_V1 ? among(dice, 0, 0, 16, 256) : 0,
            dice.nextBoolean(),
            caching,
            1,
            1 + dice.nextInt(10),
            Optional.empty(),
            policy == Policy.VLLM_V1 && dice.nextInt(4) == 0);
    if (dice.nextBoolean() && (caching || policy == Policy.VLLM_V0)) {
      HostTier.Use use = caching ? HostTier.Use.SPILL : HostTier.Use.SWAP;
      options = options.withHost(new HostTier(1 + dice.nextInt(2 * blocks), 1e-5, 0.1, use));
    }
    if (policy.disaggregates() && dice.nextInt(4) == 0) {
      options = options.withAttentionRanks(2 + dice.nextInt(2));
    }
    return options;
  }

  /** Skewed lengths; some come together, and some have a beginning or an answer in common. */
  private static ArrivalSource traffic(
      RandomGenerator dice,
      int requests,
      double rate,
      int mostInput,
      int mostOutput,
      boolean shares) {
    double[] seconds = {0};
    int[] count = {0};
    return into -> {
      if (count[0] == requests) {
        return false;
      }
      count[0]++;
      seconds[0] += dice.nextInt(4) == 0 ? 0 : dice.nextExponential() / rate;
      into.timeNanos = Nanos.of(seconds[0]);
      into.inputTokens = 1 + (int) (mostInput * Math.pow(dice.nextDouble(), 2));
      into.outputTokens = 1 + (int) (mostOutput * Math.pow(dice.nextDouble(), 2));
      into.priority = dice.nextInt(3);
      into.content = PromptContent.UNKNOWN;
      if (shares) {
        long[] ids = new long[Math.ceilDiv(into.inputTokens + into.outputTokens, 32)];
        int common = dice.nextInt(ids.length + 1);
        for (int id = 0; id < ids.length; id++) {
          ids[id] = id < common ? id : 1000L * count[0] + id;
        }
        into.content = new PromptContent(ids, 32, dice.nextBoolean());
      }
      return true;
    };
  }
}
