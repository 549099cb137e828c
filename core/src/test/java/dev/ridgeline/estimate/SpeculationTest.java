package dev.ridgeline.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.cost.Roofline;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.workload.HypotheticalModel;
import dev.ridgeline.workload.Model;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Drafts against Leviathan et al.'s closed forms and against playing rounds out. */
class SpeculationTest {
  private static final Engine ENGINE =
      new Engine("test", "1", "Test", 1.0, Bytes.ZERO, 16, "", List.of());

  private static Scenario plain(Traffic traffic) {
    return new Scenario(
        TestModels.dense(),
        TestPlatforms.nodes(1, 8),
        Deployment.of(Parallelism.NONE),
        ENGINE,
        traffic,
        Objectives.NONE,
        List.of(Roofline.IDEAL));
  }

  private static Scenario drafted(Traffic traffic, List<Speculation.Position> positions) {
    Model head = Speculation.ownHead(TestModels.dense());
    return plain(traffic)
        .withSpeculation(
            new Speculation(positions, head, Optional.empty(), Deployment.of(Parallelism.NONE)));
  }

  private static Traffic batch(int requests) {
    return new Traffic(500, 200, requests, 1, OptionalInt.empty());
  }

  private static Speculation chain(int tokens, double acceptance) {
    return new Speculation(
        Speculation.chain(tokens, acceptance),
        TestModels.dense(),
        Optional.empty(),
        Deployment.of(Parallelism.NONE));
  }

  @Test
  void aChainYieldsWhatTheClosedFormSays() {
    for (double acceptance : new double[] {0.2, 0.6, 0.9}) {
      for (int tokens : new int[] {1, 3, 8}) {
        double closed = (1 - Math.pow(acceptance, tokens + 1.0)) / (1 - acceptance);
        assertThat(chain(tokens, acceptance).expectedTokens())
            .isCloseTo(closed, Percentage.withPercentage(1e-9));
      }
    }
    assertThat(chain(5, 1).expectedTokens()).isEqualTo(6);
    assertThat(chain(5, 0).expectedTokens()).isEqualTo(1);
  }

  @Test
  void aTreeYieldsWhatPlayingItOutYields() {
    List<Speculation.Position> positions =
        List.of(new Speculation.Position(0.6, 3), new Speculation.Position(0.4, 2));
    Speculation tree =
        new Speculation(
            positions, TestModels.dense(), Optional.empty(), Deployment.of(Parallelism.NONE));
    assertThat(tree.verifiedTokens()).isEqualTo(1 + 3 + 6);
    SplittableRandom random = new SplittableRandom(3);
    long tokens = 0;
    int rounds = 400_000;
    for (int round = 0; round < rounds; round++) {
      tokens++;
      for (Speculation.Position position : positions) {
        boolean accepted = false;
        for (int candidate = 0; candidate < position.candidates(); candidate++) {
          accepted |= random.nextDouble() < position.acceptance().getFirst();
        }
        if (!accepted) {
          break;
        }
        tokens++;
      }
    }
    assertThat(tree.expectedTokens())
        .isCloseTo((double) tokens / rounds, Percentage.withPercentage(0.5));
  }

  @Test
  void aTreeWithOneProbabilityForEachRankYieldsWhatPlayingItOutYields() {
    List<Speculation.Position> positions =
        List.of(
            new Speculation.Position(List.of(0.6, 0.2, 0.1), 3),
            new Speculation.Position(List.of(0.5, 0.25), 2));
    Speculation tree =
        new Speculation(
            positions, TestModels.dense(), Optional.empty(), Deployment.of(Parallelism.NONE));
    SplittableRandom random = new SplittableRandom(11);
    long tokens = 0;
    int rounds = 400_000;
    for (int round = 0; round < rounds; round++) {
      tokens++;
      for (Speculation.Position position : positions) {
        // The target's token is that of one rank at most.
        double drawn = random.nextDouble();
        boolean accepted = false;
        for (double rank : position.acceptance()) {
          accepted |= drawn >= 0 && drawn < rank;
          drawn -= rank;
        }
        if (!accepted) {
          break;
        }
        tokens++;
      }
    }
    assertThat(tree.expectedTokens())
        .isCloseTo((double) tokens / rounds, Percentage.withPercentage(0.5));
  }

  @Test
  void positionsRefuseWhatIsNoProbability() {
    assertThatThrownBy(() -> new Speculation.Position(1.1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Speculation.Position(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Speculation.Position(List.of(0.7, 0.4), 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Speculation.Position(List.of(0.7, 0.2), 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * A round is the drafts and a check (Leviathan et al., section 3.3): what the parts of the answer
   * add up to, and what their theorem 3.8 says of the speed-up.
   */
  @Test
  void theSpeedupIsTokensOfARoundOverItsTimeInPlainSteps() {
    Estimate plain = Estimator.estimate(plain(batch(1)));
    Estimate drafted = Estimator.estimate(drafted(batch(1), Speculation.chain(4, 0.8)));
    SpeculationReport report = drafted.speculation().orElseThrow();
    double step = plain.tpotSeconds().orElseThrow();
    double tokens = (1 - Math.pow(0.8, 5)) / (1 - 0.8);
    assertThat(report.tokensPerRound()).isCloseTo(tokens, Percentage.withPercentage(1e-9));
    double round = report.draftSeconds() + report.verifySeconds();
    double tpot = round / tokens + report.promptSeconds() / 199;
    assertThat(drafted.tpotSeconds().orElseThrow())
        .isCloseTo(tpot, Percentage.withPercentage(1e-9));
    assertThat(report.speedup()).isCloseTo(step / tpot, Percentage.withPercentage(1e-9));
    // Their cost ratio c is that of one draft to one step, and a check costs a step of one token.
    double ratio = report.draftSeconds() / 4 / step;
    assertThat(report.speedup()).isCloseTo(tokens / (4 * ratio + 1), Percentage.withPercentage(2));
  }

  @Test
  void nothingAcceptedIsOneTokenARoundAndAllAcceptedOneMoreThanDrafted() {
    for (int acceptance : new int[] {0, 1}) {
      Estimate answer = Estimator.estimate(drafted(batch(1), Speculation.chain(3, acceptance)));
      assertThat(answer.speculation().orElseThrow().tokensPerRound())
          .isEqualTo(acceptance == 0 ? 1 : 4);
    }
  }

  /** On a machine with little compute for its bandwidth, as a CPU, long drafts cost their check. */
  @Test
  void checkingLongDraftsCostsWhereComputeIsScarce() {
    Scenario fast = plain(batch(1));
    Scenario slow =
        fast.withPlatform(PlatformScale.NONE.with(Figure.COMPUTE, 1.0 / 64).of(fast.platform()));
    assertThat(verification(slow, 16) / verification(slow, 1))
        .isGreaterThan(2 * verification(fast, 16) / verification(fast, 1));
  }

  private static double verification(Scenario scenario, int tokens) {
    Speculation drafts =
        new Speculation(
            Speculation.chain(tokens, 0.7),
            Speculation.ownHead(TestModels.dense()),
            Optional.of(TestPlatforms.nodes(1, 1)),
            Deployment.of(Parallelism.NONE));
    return Estimator.estimate(scenario.withSpeculation(drafts))
        .speculation()
        .orElseThrow()
        .verifySeconds();
  }

  @Test
  void aDrafterOfEachReplicaDraftsForItsReplica() {
    Deployment two = Deployment.of(new Parallelism(1, 1, 1, 2, 1, 1));
    Model head = Speculation.ownHead(TestModels.dense());
    Speculation spread = new Speculation(Speculation.chain(3, 0.7), head, Optional.empty(), two);
    Estimate replicas =
        Estimator.estimate(plain(batch(8)).withDeployment(two).withSpeculation(spread));
    Estimate one = Estimator.estimate(drafted(batch(4), Speculation.chain(3, 0.7)));
    assertThat(replicas.tpotSeconds().orElseThrow())
        .isCloseTo(one.tpotSeconds().orElseThrow(), Percentage.withPercentage(1e-9));
  }

  @Test
  void tablesOfTheTargetAreInMemoryOnce() {
    Model head = Speculation.ownHead(TestModels.dense());
    Speculation shares =
        new Speculation(
            Speculation.chain(3, 0.7),
            head,
            Optional.empty(),
            Deployment.of(Parallelism.NONE),
            true);
    double added =
        Estimator.estimate(plain(batch(1)).withSpeculation(shares)).memory().weightsBytes()
            - Estimator.estimate(plain(batch(1))).memory().weightsBytes();
    double layer = 2.0 * TestModels.dense().layers().getLast().parameters();
    assertThat(added).isCloseTo(layer, Percentage.withPercentage(1));
  }

  @Test
  void theLargestBatchLeavesRoomForTheDraftersCache() {
    Scenario scenario = drafted(batch(1), Speculation.chain(3, 0.7));
    long most = Estimator.estimate(scenario).memory().largestBatch();
    assertThat(Estimator.estimate(scenario.withTraffic(batch((int) most))).memory().fits())
        .isTrue();
    assertThatThrownBy(() -> Estimator.estimate(scenario.withTraffic(batch((int) most + 1))))
        .isInstanceOf(InfeasibleException.class);
  }

  @Test
  void drafterAndTargetHaveTheSameTokens() {
    Model dense = TestModels.dense();
    Model other =
        new HypotheticalModel(
                1_000_000_000L,
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalInt.of(2 * dense.vocabulary()))
            .model();
    assertThatThrownBy(() ->
            plain(batch(1))
                .withSpeculation(
                    new Speculation(
                        Speculation.chain(2, 0.5),
                        other,
                        Optional.empty(),
                        Deployment.of(Parallelism.NONE))))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("tokenizer");
  }

  @Test
  void theElasticityOfAcceptanceIsADifferenceOfEstimates() {
    Scenario scenario = drafted(batch(1), Speculation.chain(4, 0.8));
    Sensitivity.Change change =
        Sensitivity.of(scenario).changes().stream()
            .filter(each -> each.knob() == Sensitivity.Knob.ACCEPTANCE)
            .findFirst()
            .orElseThrow();
    double now = Estimator.estimate(scenario).tpotSeconds().orElseThrow();
    double then =
        Estimator.estimate(drafted(batch(1), Speculation.chain(4, 0.88)))
            .tpotSeconds()
            .orElseThrow();
    assertThat(change.tpot().orElseThrow())
        .isCloseTo(then / now - 1, Percentage.withPercentage(1e-6));
    assertThat(change.ttft()).isZero();
  }

  @Test
  void goodDraftsShortenDecodingAndUselessOnesLengthenIt() {
    double alone = Estimator.estimate(plain(batch(1))).tpotSeconds().orElseThrow();
    double good =
        Estimator.estimate(drafted(batch(1), Speculation.chain(4, 0.8)))
            .tpotSeconds()
            .orElseThrow();
    double useless =
        Estimator.estimate(drafted(batch(1), Speculation.chain(4, 0))).tpotSeconds().orElseThrow();
    assertThat(good).isLessThan(alone);
    assertThat(useless).isGreaterThan(alone);
  }

  @Test
  void draftingPaysLessWhenTheBatchFillsTheMachine() {
    double alone = speedup(1);
    double crowded = speedup(512);
    assertThat(crowded).isLessThan(alone);
  }

  private static double speedup(int requests) {
    double plain = Estimator.estimate(plain(batch(requests))).tpotSeconds().orElseThrow();
    double drafted =
        Estimator.estimate(drafted(batch(requests), Speculation.chain(4, 0.7)))
            .tpotSeconds()
            .orElseThrow();
    return plain / drafted;
  }

  @Test
  void aDrafterOnOtherDevicesTakesNoMemoryHere() {
    Scenario here = drafted(batch(1), Speculation.chain(3, 0.7));
    Speculation there =
        new Speculation(
            Speculation.chain(3, 0.7),
            Speculation.ownHead(TestModels.dense()),
            Optional.of(TestPlatforms.nodes(1, 1)),
            Deployment.of(Parallelism.NONE));
    Estimate shared = Estimator.estimate(here);
    Estimate apart = Estimator.estimate(plain(batch(1)).withSpeculation(there));
    Estimate none = Estimator.estimate(plain(batch(1)));
    assertThat(shared.memory().weightsBytes()).isGreaterThan(none.memory().weightsBytes());
    assertThat(apart.memory().weightsBytes()).isEqualTo(none.memory().weightsBytes());
  }

  @Test
  void steadyStateWithOneRequestIsABatchOfOne() {
    Traffic one = new Traffic(500, 200, 1, 1, OptionalInt.of(1));
    double steady =
        Estimator.estimate(drafted(one, Speculation.chain(4, 0.8))).tpotSeconds().orElseThrow();
    double batch =
        Estimator.estimate(drafted(batch(1), Speculation.chain(4, 0.8)))
            .tpotSeconds()
            .orElseThrow();
    assertThat(steady).isCloseTo(batch, Percentage.withPercentage(0.1));
  }

  @Test
  void beamsAndDraftsDoNotGoTogether() {
    assertThatThrownBy(() ->
            drafted(new Traffic(10, 10, 1, 2, OptionalInt.empty()), Speculation.chain(2, 0.5)))
        .isInstanceOf(IllegalDeploymentException.class);
  }
}
