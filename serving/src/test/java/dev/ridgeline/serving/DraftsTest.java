package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.schedule.Drafts;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Speculated tokens against Leviathan et al.'s equation 1, and what must hold beside it. */
class DraftsTest {
  private static Drafts chain(int depth, double acceptance) {
    double[] all = new double[depth];
    Arrays.fill(all, acceptance);
    return new Drafts(all, depth + 1);
  }

  private static ArrivalSource one(int input, int output) {
    int[] left = {1};
    return into -> {
      into.timeNanos = 0;
      into.inputTokens = input;
      into.outputTokens = output;
      return left[0]-- > 0;
    };
  }

  static Stream<Policy> speculating() {
    return Stream.of(Policy.values()).filter(Policy::speculates);
  }

  /** (1 - a^(k+1)) / (1 - a), arXiv 2211.17192, equation 1. */
  private static double closed(int depth, double acceptance) {
    return (1 - Math.pow(acceptance, depth + 1.0)) / (1 - acceptance);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "4, 0.7", "8, 0.9", "3, 0"})
  void stepsYieldTheTokensOfTheClosedForm(int depth, double acceptance) {
    Drafts drafts = chain(depth, acceptance);
    double expected = closed(depth, acceptance);
    assertThat(drafts.expectedTokens()).isCloseTo(expected, within(1e-12));
    for (Policy policy : speculating().toList()) {
      int output = 40_001;
      SchedulerOptions options =
          new SchedulerOptions(
                  java.util.OptionalInt.of(64),
                  32,
                  java.util.OptionalInt.empty(),
                  100_000,
                  policy.usualBlockTokens(),
                  0,
                  0,
                  true,
                  false,
                  1,
                  10,
                  java.util.Optional.empty(),
                  false)
              .withDrafts(policy == Policy.VLLM_V1 ? depth : 0, drafts);
      ServingResult result =
          new Simulation(
                  Scenes.setup(policy, options, "10 ms", 1, true),
                  RequestSink.NONE,
                  IterationSink.NONE)
              .run(one(50, output));
      double tokensOfStep = (output - 1.0) / (result.iterations() - 1);
      // A step's tokens are between 1 and depth + 1: their deviation is at most half the range.
      double deviation = depth / 2.0 / Math.sqrt(result.iterations());
      assertThat(tokensOfStep).as(policy.key()).isCloseTo(expected, within(4 * deviation + 1e-3));
      // The step takes 10 ms whatever it yields.
      assertThat(result.tpot().mean()).isCloseTo(0.010 / tokensOfStep, within(1e-8));
    }
  }

  @Test
  void aStepOfFewerTokensChecksFewerDrafts() {
    Drafts certain = chain(5, 1);
    var random = new RandomStreams(1).stream("test");
    assertThat(certain.emitted(6, random)).isEqualTo(6);
    assertThat(certain.emitted(3, random)).isEqualTo(3);
    assertThat(certain.emitted(1, random)).isEqualTo(1);
    Drafts tree = new Drafts(new double[] {1, 1}, 10);
    assertThat(tree.emitted(10, random)).isEqualTo(3);
  }

  static Stream<Arguments> scenes() {
    List<Arguments> scenes = new ArrayList<>();
    for (Policy policy : speculating().toList()) {
      for (long seed = 1; seed <= 3; seed++) {
        for (int kvTokens : new int[] {4800, 48_000}) {
          for (int stages : new int[] {1, 2}) {
            scenes.add(Arguments.of(policy, seed, kvTokens, stages, policy.shares()));
          }
        }
      }
    }
    return scenes.stream();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void everyTokenComesOutOnceAndStepsKeepTheirBudget(
      Policy policy, long seed, int kvTokens, int stages, boolean caching) {
    SchedulerOptions options =
        Scenes.options(policy, kvTokens, stages, caching)
            .withDrafts(policy == Policy.VLLM_V1 ? 4 : 0, chain(4, 0.6));
    List<Long> ended = new ArrayList<>();
    long[] tokens = {0};
    long[] largest = {0};
    Simulation simulation =
        new Simulation(
            Scenes.setup(policy, options, "8 ms + 0.05 ms * N + 60 ns * K", 2, true),
            (table, slot) -> ended.add(table.id[slot]),
            (_, _, _, _, prefill, decode) -> largest[0] = Math.max(largest[0], prefill + decode),
            (_, _, _, _) -> tokens[0]++);
    ServingResult result = simulation.run(Scenes.traffic(seed, 300, 12));
    assertThat(ended.size() + result.rejected()).isEqualTo(300);
    assertThat(ended).doesNotHaveDuplicates();
    assertThat(tokens[0]).isEqualTo(result.outputTokens());
    assertThat(simulation.usedBlocks()).isZero();
    if (policy == Policy.VLLM_V1) {
      assertThat(largest[0]).isLessThanOrEqualTo(1024);
    }
  }

  /** By hand: four requests want five tokens each of a budget of twelve. */
  @Test
  void draftsAreCutWhereTheBudgetEnds() {
    SchedulerOptions options =
        new SchedulerOptions(
                java.util.OptionalInt.of(12),
                32,
                java.util.OptionalInt.empty(),
                1000,
                16,
                0,
                0,
                true,
                false,
                1,
                10,
                java.util.Optional.empty(),
                false)
            .withDrafts(4, chain(4, 1));
    List<Long> decodes = new ArrayList<>();
    int[] left = {4};
    new Simulation(
            Scenes.setup(Policy.VLLM_V1, options, "10 ms", 1, true),
            RequestSink.NONE,
            (_, _, _, _, _, tokens) -> decodes.add(tokens))
        .run(into -> {
          into.timeNanos = 0;
          into.inputTokens = 3;
          into.outputTokens = 6;
          return left[0]-- > 0;
        });
    // 5 + 5 + 2: the first two end, the third gets two of its five; the fourth waits for the next.
    assertThat(decodes).startsWith(0L, 12L);
    assertThat(decodes.subList(1, decodes.size())).allMatch(tokens -> tokens <= 12);
  }

  @ParameterizedTest
  @EnumSource(names = {"VLLM_V1", "VLLM_V0"})
  void slotsAheadAreReserved(Policy policy) {
    for (int lookahead : new int[] {0, 1, 16, 17}) {
      SchedulerOptions options = Scenes.options(policy, 1600, 1, false).withLookahead(lookahead);
      Simulation simulation =
          new Simulation(
              Scenes.setup(policy, options, "10 ms", 1, false),
              RequestSink.NONE,
              IterationSink.NONE);
      ArrivalSource traffic = one(16, 5);
      simulation.begin(traffic);
      int most = 0;
      while (simulation.advance()) {
        most = Math.max(most, simulation.usedBlocks());
      }
      // The last of 5 tokens is never computed: 16 + 4 in all.
      assertThat(most).isEqualTo(Math.ceilDiv(20 + lookahead, 16));
    }
  }

  @Test
  void theSameSeedDrawsTheSame() {
    List<ServingResult> results = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      results.add(
          new Simulation(
                  Scenes.setup(
                          Policy.VLLM_V1,
                          Scenes.options(Policy.VLLM_V1, 48_000, 1, false)
                              .withDrafts(4, chain(4, 0.6)),
                          "10 ms",
                          2,
                          true)
                      .seeded(seed),
                  RequestSink.NONE,
                  IterationSink.NONE)
              .run(Scenes.traffic(1, 100, 5)));
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isNotEqualTo(results.get(0));
  }
}
