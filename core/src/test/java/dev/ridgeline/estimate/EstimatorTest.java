package dev.ridgeline.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ridgeline.cost.Bound;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.workload.Model;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Whole answers: relations between them, and figures worked out by hand. */
class EstimatorTest {
  private static final Engine ENGINE =
      new Engine("test", "1", "Test", 1.0, Bytes.ZERO, 16, "", List.of());

  private static Scenario scenario(
      Model model, Platform platform, Parallelism parallelism, Traffic traffic) {
    return new Scenario(
        model,
        platform,
        Deployment.of(parallelism),
        ENGINE,
        traffic,
        Objectives.NONE,
        List.of(Roofline.IDEAL));
  }

  private static Traffic batch(int batch, long input, long output) {
    return new Traffic(input, output, batch, 1, OptionalInt.empty());
  }

  private static Traffic concurrency(int requests, long input, long output) {
    return new Traffic(input, output, 1, 1, OptionalInt.of(requests));
  }

  private static Estimate dense(Parallelism parallelism, Traffic traffic) {
    return Estimator.estimate(
        scenario(TestModels.dense(), TestPlatforms.nodes(1, 8), parallelism, traffic));
  }

  @Test
  void decodingOneSequenceReadsEveryWeightOnce() {
    Estimate answer = dense(Parallelism.NONE, batch(1, 1, 2));
    // 8 layers of q (16 x 64), k and v (4 x 64), o, and 3 x 4096 x 1024; head 32000 x 1024.
    double layer = 1024.0 * (1024 + 2 * 256 + 1024) + 3.0 * 4096 * 1024;
    double weightBytes = 2 * (8 * layer + 32000.0 * 1024);
    double weightSeconds = weightBytes / 4e12;
    assertThat(answer.tpotSeconds().orElseThrow()).isBetween(weightSeconds, weightSeconds * 1.01);
    assertThat(answer.decode().orElseThrow().bound()).isEqualTo(Bound.MEMORY);
  }

  @Test
  void endToEndIsFirstTokenAndAllFurtherOnes() {
    Estimate answer = dense(Parallelism.tensor(2), batch(4, 512, 100));
    double expected = answer.ttftSeconds() + 99 * answer.tpotSeconds().orElseThrow();
    assertThat(answer.endToEndSeconds()).isCloseTo(expected, Percentage.withPercentage(1e-9));
    assertThat(answer.outputTokensPerSecond())
        .isCloseTo(400 / expected, Percentage.withPercentage(1e-9));
    // 3.6 USD an hour is 0.001 USD a second for each of two devices.
    assertThat(answer.usdPerMillionOutputTokens().orElseThrow())
        .isCloseTo(
            2 * 0.001 / answer.outputTokensPerSecond() * 1e6, Percentage.withPercentage(1e-9));
  }

  @Test
  void oneOutputTokenHasNoTimePerFurtherToken() {
    Estimate answer = dense(Parallelism.NONE, batch(1, 100, 1));
    assertThat(answer.tpotSeconds()).isEmpty();
    assertThat(answer.decode()).isEmpty();
    assertThat(answer.endToEndSeconds()).isEqualTo(answer.ttftSeconds());
  }

  @Test
  void oneRequestInFlightIsABatchOfOne() {
    Estimate alone = dense(Parallelism.tensor(4), batch(1, 1000, 200));
    Estimate steady = dense(Parallelism.tensor(4), concurrency(1, 1000, 200));
    assertThat(steady.ttftSeconds())
        .isCloseTo(alone.ttftSeconds(), Percentage.withPercentage(1e-9));
    // A mean context in place of the mean over contexts: equal where time is linear in it.
    assertThat(steady.tpotSeconds().orElseThrow())
        .isCloseTo(alone.tpotSeconds().orElseThrow(), Percentage.withPercentage(0.1));
  }

  @Test
  void moreRequestsInFlightRaiseThroughputAndLatency() {
    double lastTokens = 0;
    double lastTpot = 0;
    for (int requests : new int[] {1, 4, 16, 64, 256}) {
      Estimate answer = dense(Parallelism.NONE, concurrency(requests, 256, 128));
      assertThat(answer.outputTokensPerSecond()).isGreaterThan(lastTokens);
      assertThat(answer.tpotSeconds().orElseThrow()).isGreaterThan(lastTpot);
      lastTokens = answer.outputTokensPerSecond();
      lastTpot = answer.tpotSeconds().orElseThrow();
    }
  }

  @Test
  void replicasServeSharesOfTheBatch() {
    Estimate one = dense(Parallelism.tensor(2), batch(8, 500, 50));
    Estimate four = dense(new Parallelism(2, 1, 1, 4, 1, 1), batch(32, 500, 50));
    assertThat(four.ttftSeconds()).isEqualTo(one.ttftSeconds());
    assertThat(four.outputTokensPerSecond())
        .isCloseTo(4 * one.outputTokensPerSecond(), Percentage.withPercentage(1e-9));
    assertThat(four.energyJoulesPerOutputToken().orElseThrow())
        .isCloseTo(one.energyJoulesPerOutputToken().orElseThrow(), Percentage.withPercentage(1e-9));
  }

  @Test
  void aPipelineHasABubble() {
    Estimate flat = dense(Parallelism.NONE, batch(4, 2000, 10));
    Estimate piped = dense(new Parallelism(1, 4, 1, 1, 1, 1), batch(4, 2000, 10));
    // Four stages, four micro-batches: 7 stage times of a quarter of the work each.
    assertThat(piped.ttftSeconds())
        .isBetween(flat.ttftSeconds() / 4, flat.ttftSeconds() * 7 / 16 * 1.4);
    assertThat(piped.prefill().pipelineSeconds()).isPositive();
  }

  @Test
  void beamsShareThePrompt() {
    Traffic beams = new Traffic(4000, 100, 1, 4, OptionalInt.empty());
    Estimate shared = dense(Parallelism.NONE, beams);
    Estimate separate = dense(Parallelism.NONE, batch(4, 4000, 100));
    assertThat(shared.memory().kvBytes()).isLessThan(separate.memory().kvBytes() / 3);
    assertThat(shared.tpotSeconds().orElseThrow()).isLessThan(separate.tpotSeconds().orElseThrow());
  }

  @Test
  void whatDoesNotFitIsRefusedWithRemediesThatHelp() {
    Scenario tooMuch =
        scenario(
            TestModels.dense(),
            TestPlatforms.nodes(1, 8),
            Parallelism.NONE,
            batch(200, 60000, 1000));
    InfeasibleException refused =
        catchThrowableOfType(InfeasibleException.class, () -> Estimator.estimate(tooMuch));
    assertThat(refused.ledger().shortfallBytes()).isPositive();
    assertThat(refused.remedies()).isNotEmpty();
    String smaller = refused.remedies().getFirst();
    assertThat(smaller).startsWith("--batch ");
    int fits = Integer.parseInt(smaller.substring("--batch ".length()));
    Estimator.estimate(tooMuch.withTraffic(batch(fits, 60000, 1000)));
    InfeasibleException oneMore =
        catchThrowableOfType(
            InfeasibleException.class,
            () -> Estimator.estimate(tooMuch.withTraffic(batch(fits + 1, 60000, 1000))));
    assertThat(oneMore).isNotNull();
  }

  @Test
  void everyModelAnswersUnderEveryPlainMapping() {
    for (Model model : TestModels.all()) {
      for (int tensor : new int[] {1, 2, 8}) {
        Estimate answer =
            Estimator.estimate(
                scenario(
                    model,
                    TestPlatforms.nodes(1, 8),
                    Parallelism.tensor(tensor),
                    batch(2, 700, 30)));
        assertThat(answer.ttftSeconds()).as(model.name()).isPositive().isFinite();
        double operators =
            answer.decode().orElseThrow().operators().stream()
                .mapToDouble(OperatorReport::timeSeconds)
                .sum();
        assertThat(operators)
            .as("operators of %s make up its step", model.name())
            .isCloseTo(
                answer.decode().orElseThrow().timeSeconds(), Percentage.withPercentage(1e-6));
      }
    }
  }

  @Test
  void theDefaultMappingSpreadsOverTheNodeAsFarAsLegal() {
    Parallelism wide =
        DefaultMapping.of(
            TestModels.dense(),
            TestPlatforms.nodes(1, 8),
            Deployment.of(Parallelism.NONE).precision(),
            Deployment.of(Parallelism.NONE).placement(),
            ENGINE,
            batch(1, 100, 10));
    assertThat(wide).isEqualTo(Parallelism.tensor(8));
  }

  @Test
  void pipelinedBatchesDoNotServePhantomRequests() {
    Parallelism piped = new Parallelism(1, 8, 1, 1, 1, 1);
    Estimate eight = dense(piped, batch(8, 2000, 50));
    Estimate nine = dense(piped, batch(9, 2000, 50));
    assertThat(nine.prefill().flops())
        .isCloseTo(eight.prefill().flops() * 9 / 8, Percentage.withPercentage(1e-6));
    assertThat(nine.outputTokensPerSecond()).isGreaterThan(eight.outputTokensPerSecond());
  }

  @Test
  void moreLoadNeverBringsTheFirstTokenSooner() {
    for (Parallelism parallelism :
        List.of(Parallelism.NONE, Parallelism.tensor(4), new Parallelism(1, 8, 1, 1, 1, 1))) {
      double last = 0;
      for (int requests : new int[] {1, 2, 4, 8, 16, 64}) {
        double ttft = dense(parallelism, concurrency(requests, 2000, 50)).ttftSeconds();
        assertThat(ttft).as(parallelism + " " + requests).isGreaterThanOrEqualTo(last);
        last = ttft;
      }
    }
  }

  @Test
  void idleReplicasDrawStaticPower() {
    Parallelism eight = new Parallelism(1, 1, 1, 8, 1, 1);
    Estimate one = dense(eight, batch(1, 1000, 10));
    // 0.3 of 1000 W.
    assertThat(one.averageWattsPerDevice().orElseThrow()).isGreaterThan(300);
    Estimate nine = dense(eight, batch(9, 1000, 10));
    Estimate sixteen = dense(eight, batch(16, 1000, 10));
    assertThat(nine.averageWattsPerDevice().orElseThrow())
        .isCloseTo(sixteen.averageWattsPerDevice().orElseThrow(), Percentage.withPercentage(1e-6));
    assertThat(sixteen.prefill().flops())
        .isCloseTo(
            8 * dense(Parallelism.NONE, batch(2, 1000, 10)).prefill().flops(),
            Percentage.withPercentage(1e-9));
  }

  @Test
  void anUnfilledPipelineIsBoundByItself() {
    Estimate alone = dense(new Parallelism(1, 8, 1, 1, 1, 1), batch(1, 2000, 50));
    assertThat(alone.prefill().pipelineSeconds())
        .isCloseTo(alone.prefill().timeSeconds() * 7 / 8, Percentage.withPercentage(1e-6));
    assertThat(alone.prefill().bound()).isEqualTo(Bound.PIPELINE);
  }

  @Test
  void theLargestBatchFitsAndOneMoreDoesNot() {
    for (long input : new long[] {50, 1500, 60000}) {
      long most = dense(Parallelism.NONE, batch(1, input, 100)).memory().largestBatch();
      dense(Parallelism.NONE, batch((int) most, input, 100));
      assertThat(
              catchThrowableOfType(
                  InfeasibleException.class,
                  () -> dense(Parallelism.NONE, batch((int) most + 1, input, 100))))
          .isNotNull();
    }
  }

  @Test
  void windowsAndStatesMakeRoomForMoreTokens() {
    Platform one = TestPlatforms.nodes(1, 1);
    for (Model model :
        List.of(TestModels.windowed(), TestModels.linear(), TestModels.stateSpace())) {
      MemoryLedger memory =
          Estimator.estimate(scenario(model, one, Parallelism.NONE, batch(1, 400, 101))).memory();
      assertThat(memory.kvBytesPerToken()).as(model.name()).isPositive();
      assertThat((double) memory.kvCapacityTokens())
          .as(model.name())
          .isCloseTo(500.0 * memory.largestBatch(), Percentage.withPercentage(5));
    }
  }

  /** Two full waves and one with a request less, each after the one before. */
  @Test
  void anEngineRunsABatchBeyondItsCacheInWaves() {
    var overheads =
        new EngineOverheads(
            1e-3,
            0,
            0,
            false,
            1,
            0,
            0,
            1,
            1,
            1,
            1,
            0,
            0,
            0,
            EngineOverheads.OfExperts.NONE,
            0,
            new EngineOverheads.Origin("engine:test", 0.9, 1.1));
    Engine tight =
        new Engine("test", "1", "Test", 0.05, Bytes.ZERO, 16, "", List.of())
            .withOverheads(overheads);
    Scenario all =
        new Scenario(
            TestModels.dense(),
            TestPlatforms.nodes(1, 1),
            Deployment.of(Parallelism.NONE),
            tight,
            batch(1, 100_000, 100),
            Objectives.NONE,
            List.of(Roofline.IDEAL));
    int room = (int) Estimator.estimate(all).memory().largestBatch();
    assertThat(room).isGreaterThan(1);
    int last = room - 1;
    Estimate wave = Estimator.estimate(all.withTraffic(batch(room, 100_000, 100)));
    Estimate rest = Estimator.estimate(all.withTraffic(batch(last, 100_000, 100)));
    int requests = 2 * room + last;

    Estimate answer = Estimator.estimate(all.withTraffic(batch(requests, 100_000, 100)));

    Percentage exactly = Percentage.withPercentage(1e-9);
    double first = wave.endToEndSeconds();
    double whole = 2 * first + rest.endToEndSeconds();
    assertThat(answer.endToEndSeconds()).isCloseTo(whole, exactly);
    assertThat(answer.outputTokensPerSecond()).isCloseTo(100.0 * requests / whole, exactly);
    double sum =
        room * wave.ttftSeconds()
            + room * (first + wave.ttftSeconds())
            + last * (2 * first + rest.ttftSeconds());
    assertThat(answer.ttftSeconds()).isCloseTo(sum / requests, exactly);
    assertThat(answer.memory().fits()).isTrue();
    assertThat(answer.warnings()).anyMatch(warning -> warning.contains("waves"));
  }

  @Test
  void withoutAnEngineABatchBeyondTheCacheDoesNotFit() {
    assertThat(
            catchThrowableOfType(
                InfeasibleException.class,
                () -> dense(Parallelism.NONE, batch(100_000, 10_000, 100))))
        .isNotNull();
  }
}
