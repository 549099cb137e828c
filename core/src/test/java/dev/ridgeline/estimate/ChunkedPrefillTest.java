package dev.ridgeline.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The closed form of chunked prefill against a scheduler that is played step by step. */
class ChunkedPrefillTest {
  private static final Engine ENGINE =
      new Engine("test", "1", "Test", 1.0, Bytes.ZERO, 16, "", List.of());

  private static Scenario scenario(Parallelism spread, Traffic traffic) {
    return new Scenario(
        TestModels.dense(),
        TestPlatforms.nodes(1, 8),
        Deployment.of(spread),
        ENGINE,
        traffic,
        Objectives.NONE,
        List.of(Roofline.IDEAL));
  }

  private static Estimate estimate(Traffic traffic) {
    return Estimator.estimate(scenario(Parallelism.NONE, traffic));
  }

  private static Traffic steady(int requests, long input, long output, long chunk) {
    return new Traffic(input, output, 1, 1, OptionalInt.of(requests), OptionalLong.of(chunk));
  }

  private static Traffic batch(int requests, long input, long output, long chunk) {
    return new Traffic(input, output, requests, 1, OptionalInt.empty(), OptionalLong.of(chunk));
  }

  /** A request in the played schedule. */
  private static final class Played {
    final double arrival;
    long prefilled;
    long generated;
    double firstToken;

    Played(double arrival) {
      this.arrival = arrival;
    }
  }

  /** Mean TTFT, TPOT and requests a second of a closed system, its start left out. */
  private record Outcome(double ttft, double tpot, double requestsPerSecond) {}

  /**
   * Decodes first, then chunks in order of arrival, as far as the budget goes (Sarathi-Serve,
   * algorithm 3). A request that ends is followed by another at once.
   */
  private static Outcome play(int requests, long input, long output, long budget) {
    BoundProgram bound =
        BoundProgram.bind(
            ProgramCompiler.compile(TestModels.dense(), Deployment.of(Parallelism.NONE)),
            TestPlatforms.nodes(1, 8),
            List.of(Roofline.IDEAL));
    StepFeatures step = new StepFeatures(bound.program().features());
    StepCost cost = bound.newCost();
    List<Played> inFlight = new ArrayList<>();
    double now = 0;
    double ttft = 0;
    double tpot = 0;
    int finished = 0;
    int counted = 0;
    double countedFrom = 0;
    int warm = 4 * requests;
    int enough = 40 * requests;
    int started = 0;
    for (long turn = 0; counted < enough; turn++) {
      // Starts are spread over the first answers, so that requests do not march in step.
      while (inFlight.size() < requests
          && (started >= requests || started * (double) output / requests <= turn)) {
        inFlight.add(new Played(now));
        started++;
      }
      step.clear();
      long left = budget;
      List<Played> decoding = new ArrayList<>();
      for (Played each : inFlight) {
        if (each.generated > 0) {
          step.add(Phase.DECODE, 1, 1, input + each.generated - 1, 1);
          decoding.add(each);
          left--;
        }
      }
      List<Played> prefilled = new ArrayList<>();
      for (Played each : inFlight) {
        if (each.generated == 0 && left > 0) {
          long chunk = Math.min(left, input - each.prefilled);
          boolean last = each.prefilled + chunk == input;
          step.add(Phase.PREFILL, 1, chunk, each.prefilled, last ? 1 : 0);
          each.prefilled += chunk;
          left -= chunk;
          if (last) {
            prefilled.add(each);
          }
        }
      }
      bound.evaluate(step, cost);
      now += cost.timeSeconds;
      for (Played each : prefilled) {
        each.generated = 1;
        each.firstToken = now;
      }
      for (Played each : decoding) {
        each.generated++;
      }
      for (Played each : List.copyOf(inFlight)) {
        if (each.generated == output) {
          inFlight.remove(each);
          finished++;
          if (finished == warm) {
            countedFrom = now;
          }
          if (finished > warm) {
            counted++;
            ttft += each.firstToken - each.arrival;
            tpot += (now - each.firstToken) / (output - 1);
          }
        }
      }
    }
    return new Outcome(ttft / counted, tpot / counted, counted / (now - countedFrom));
  }

  /**
   * Tolerances are those of a mean-field form: it leaves collisions of prompts out, which lengthen
   * TTFT.
   */
  @ParameterizedTest
  @CsvSource({
    // requests, input, output, budget, tolerance of TTFT, of TPOT, of throughput in per cent
    "1,  2000, 100, 512, 0.5, 0.5, 0.5",
    "4,  2000, 400, 512, 15, 3, 3",
    "16, 1000, 500, 512, 25, 4, 4",
    "16, 4000, 100, 512, 10, 5, 5",
    "64, 4000, 100, 512, 10, 5, 5",
    "64, 1000, 50, 2048, 25, 8, 8",
  })
  void theClosedFormIsWhatASchedulerDoes(
      int requests,
      long input,
      long output,
      long budget,
      double ttftPercent,
      double tpotPercent,
      double ratePercent) {
    Outcome played = play(requests, input, output, budget);
    Estimate closed = estimate(steady(requests, input, output, budget));
    assertThat(closed.requestsPerSecond())
        .isCloseTo(played.requestsPerSecond, Percentage.withPercentage(ratePercent));
    assertThat(closed.tpotSeconds().orElseThrow())
        .isCloseTo(played.tpot, Percentage.withPercentage(tpotPercent));
    assertThat(closed.ttftSeconds()).isCloseTo(played.ttft, Percentage.withPercentage(ttftPercent));
  }

  @Test
  void aBudgetThatHoldsEverythingChangesNothing() {
    Traffic uncut = new Traffic(700, 90, 1, 1, OptionalInt.of(24));
    Estimate whole = estimate(uncut);
    Estimate budgeted = estimate(steady(24, 700, 90, 1 << 20));
    assertThat(budgeted.ttftSeconds()).isEqualTo(whole.ttftSeconds());
    assertThat(budgeted.tpotSeconds()).isEqualTo(whole.tpotSeconds());
    assertThat(budgeted.chunks()).isPresent();
    assertThat(whole.chunks()).isEmpty();
    Estimate piped =
        Estimator.estimate(scenario(new Parallelism(2, 2, 1, 1, 1, 1), batch(4, 700, 90, 1 << 20)));
    Estimate pipedWhole =
        Estimator.estimate(
            scenario(
                new Parallelism(2, 2, 1, 1, 1, 1),
                new Traffic(700, 90, 4, 1, OptionalInt.empty())));
    assertThat(piped.ttftSeconds()).isEqualTo(pipedWhole.ttftSeconds());
  }

  @Test
  void oneRequestInFlightIsABatchOfOne() {
    Estimate one = estimate(batch(1, 3000, 80, 256));
    Estimate steady = estimate(steady(1, 3000, 80, 256));
    assertThat(steady.ttftSeconds()).isCloseTo(one.ttftSeconds(), Percentage.withPercentage(1e-9));
    assertThat(steady.tpotSeconds().orElseThrow())
        .isCloseTo(one.tpotSeconds().orElseThrow(), Percentage.withPercentage(0.1));
    assertThat(one.chunks().orElseThrow().stepsPerPrompt()).isEqualTo(12);
  }

  @Test
  void smallerChunksTradeTheFirstTokenForTheGapBetweenTokens() {
    double lastTtft = 0;
    double lastGap = Double.POSITIVE_INFINITY;
    for (long budget : new long[] {4096, 2048, 1024, 512, 256}) {
      Estimate answer = estimate(steady(8, 4000, 800, budget));
      double gap = answer.chunks().orElseThrow().mixedStepSeconds();
      assertThat(gap).isLessThan(lastGap);
      assertThat(answer.ttftSeconds()).isGreaterThan(lastTtft);
      lastTtft = answer.ttftSeconds();
      lastGap = gap;
    }
  }

  @Test
  void aChunkMustHoldTheDecodingRequestsOfABatch() {
    assertThatThrownBy(() -> estimate(batch(64, 100, 10, 32)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("at least 64");
  }
}
