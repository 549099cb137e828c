package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks that split the requests of a replica and step together. */
class AttentionRanksTest {
  private static final String COST = "8 ms + 0.05 ms * N + 60 ns * K + 3 ns * P";

  private record Step(int replica, long start, long end, int size, long prefill, long decodes) {}

  private record Ended(long id, long first, long last, int preemptions) {}

  static Stream<Arguments> scenes() {
    List<Arguments> scenes = new ArrayList<>();
    for (Policy policy : Policy.values()) {
      for (long seed = 1; seed <= 2; seed++) {
        for (int kvTokens : new int[] {4800, 48_000}) {
          for (int stages : policy == Policy.LIGHTLLM ? new int[] {1} : new int[] {1, 2}) {
            scenes.add(Arguments.of(policy, seed, kvTokens, stages, policy.shares()));
          }
        }
      }
    }
    return scenes.stream();
  }

  /** Each rank's pool refuses to give what it has not, so that no rank holds more than its own. */
  @ParameterizedTest
  @MethodSource("scenes")
  void nothingIsLostAndCoalescedRunsAreTheSame(
      Policy policy, long seed, int kvTokens, int stages, boolean caching) {
    SchedulerOptions options =
        Scenes.options(policy, kvTokens, stages, caching).withAttentionRanks(4);
    List<List<?>> outcomes = new ArrayList<>();
    for (boolean coalescing : new boolean[] {true, false}) {
      List<Step> steps = new ArrayList<>();
      List<Ended> ended = new ArrayList<>();
      Simulation simulation =
          new Simulation(
              Scenes.setup(policy, options, COST, 1, coalescing),
              (table, slot) ->
                  ended.add(
                      new Ended(
                          table.id[slot],
                          table.firstTokenNanos[slot],
                          table.lastTokenNanos[slot],
                          table.preemptions[slot])),
              (replica, start, end, size, prefill, decodes) ->
                  steps.add(new Step(replica, start, end, size, prefill, decodes)));
      ServingResult result = simulation.run(Scenes.traffic(seed, 300, 20));
      assertThat(ended.size() + result.rejected()).isEqualTo(300);
      assertThat(ended).extracting(Ended::id).doesNotHaveDuplicates();
      assertThat(simulation.usedBlocks()).isZero();
      outcomes.add(List.of(steps, ended, result));
    }
    assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
  }

  /** A single rank is a replica; four with four times the requests are each that replica. */
  @Test
  void equalRanksServeLikeOneReplicaEach() {
    List<List<Long>> lasts = new ArrayList<>();
    for (int ranks : new int[] {1, 4}) {
      List<Long> last = new ArrayList<>();
      SchedulerOptions options = Scenes.options(Policy.VLLM_V1, 4800, 1, false);
      int[] next = {0};
      new Simulation(
              Scenes.setup(
                  Policy.VLLM_V1,
                  ranks == 1 ? options : options.withAttentionRanks(ranks),
                  "10 ms",
                  1,
                  true),
              (table, slot) -> last.add(table.lastTokenNanos[slot]),
              IterationSink.NONE)
          .run(into -> {
            into.timeNanos = 0;
            into.inputTokens = 300;
            into.outputTokens = 200;
            return next[0]++ < 20 * ranks;
          });
      lasts.add(last);
    }
    assertThat(lasts.get(1)).hasSize(80);
    List<Long> ofOne = lasts.get(0).stream().sorted().toList();
    List<Long> ofFour = lasts.get(1).stream().sorted().toList();
    for (int index = 0; index < ofFour.size(); index++) {
      assertThat(ofFour.get(index)).isEqualTo(ofOne.get(index / 4));
    }
  }

  /** By hand: a long prompt goes to one rank, the next four short ones to the other. */
  @Test
  void requestsGoToTheRankWithTheFewestTokens() {
    SchedulerOptions options =
        Scenes.options(Policy.VLLM_V1, 48_000, 1, false).withAttentionRanks(2);
    int[] inputs = {500, 100, 100, 100, 100, 100};
    List<Integer> sizes = new ArrayList<>();
    List<Long> prefills = new ArrayList<>();
    int[] next = {0};
    // A budget of 1,024 tokens a rank: were all on one rank, too, they would fit; two ranks show by
    // a cap of sequences.
    new Simulation(
            Scenes.setup(Policy.VLLM_V1, capped(options, 4), "10 ms", 1, true),
            RequestSink.NONE,
            (_, _, _, size, prefill, _) -> {
              sizes.add(size);
              prefills.add(prefill);
            })
        .run(into -> {
          into.timeNanos = 0;
          into.inputTokens = next[0] < inputs.length ? inputs[next[0]] : 1;
          into.outputTokens = 3;
          return next[0]++ < inputs.length;
        });
    // The rank of the long prompt has it alone until the fifth short one, which makes five there.
    assertThat(sizes.getFirst()).isEqualTo(5);
    assertThat(prefills.getFirst()).isEqualTo(900);
  }

  private static SchedulerOptions capped(SchedulerOptions options, int sequences) {
    return new SchedulerOptions(
            options.tokenBudget(),
            sequences,
            options.maxTokens(),
            options.kvBlocks(),
            options.blockTokens(),
            options.watermark(),
            0,
            true,
            false,
            1,
            10,
            options.dynamicChunk(),
            false)
        .withAttentionRanks(options.attentionRanks());
  }
}
