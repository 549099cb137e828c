package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineOverheadsTest {
  private static final EngineOverheads.Origin ORIGIN =
      new EngineOverheads.Origin("engine:test", 0.9, 1.2);

  private final Platform platform = TestPlatforms.nodes(1, 2);
  private final Program program =
      ProgramCompiler.compile(TestModels.dense(), Deployment.of(Parallelism.tensor(2)));

  private static EngineOverheads engine(
      double step, double layer, double sequence, boolean asynchronous, double exchange) {
    return new EngineOverheads(
        step,
        layer,
        sequence,
        asynchronous,
        1,
        0,
        exchange,
        1,
        1,
        1,
        1,
        0,
        0,
        0,
        EngineOverheads.OfExperts.NONE,
        0,
        ORIGIN);
  }

  private StepCost cost(EngineOverheads engine, double sequences) {
    var bound = BoundProgram.bind(program, platform, List.of(Roofline.IDEAL), engine);
    var step = new StepFeatures(program.features());
    step.add(Phase.DECODE, sequences, 1, 100, 1);
    StepCost cost = bound.newCost();
    bound.evaluate(step, cost);
    return cost;
  }

  @Test
  void addsHostTimeAsOverhead() {
    StepCost bare = cost(EngineOverheads.NONE, 3);
    StepCost slowed = cost(engine(1e-3, 1e-5, 1e-4, false, 0), 3);

    double layers = program.model().layers().size();
    double added = 1e-3 + layers * 1e-5 + 3 * 1e-4;
    assertThat(slowed.timeSeconds - bare.timeSeconds).isCloseTo(added, within(1e-12));
    assertThat(slowed.overheadSeconds - bare.overheadSeconds).isCloseTo(added, within(1e-12));
    assertThat(slowed.dynamicJoules).isEqualTo(bare.dynamicJoules);
  }

  @Test
  void hidesHostTimeBehindALongerDevice() {
    StepCost bare = cost(EngineOverheads.NONE, 3);

    assertThat(cost(engine(bare.timeSeconds / 2, 0, 0, true, 0), 3).timeSeconds)
        .isEqualTo(bare.timeSeconds);
    assertThat(cost(engine(bare.timeSeconds * 4, 0, 0, true, 0), 3).timeSeconds)
        .isCloseTo(4 * bare.timeSeconds, within(1e-12));
  }

  @Test
  void waitsAtEveryCollective() {
    StepCost bare = cost(EngineOverheads.NONE, 1);
    StepCost waiting = cost(engine(0, 0, 0, false, 1e-5), 1);

    double layers = program.model().layers().size();
    // After attention and after the network of each layer, and once for the head.
    assertThat((waiting.timeSeconds - bare.timeSeconds) / 1e-5)
        .isBetween(2 * layers - 0.01, 2 * layers + 2.01);
  }

  @Test
  void readsTheCacheAgainForHeadsThatAreNotGrouped() {
    var engine =
        new EngineOverheads(
            0,
            0,
            0,
            true,
            1,
            0,
            0,
            1,
            1,
            1,
            2,
            0.5,
            0,
            0,
            EngineOverheads.OfExperts.NONE,
            0,
            ORIGIN);

    assertThat(engine.attentionFactor(1)).isEqualTo(2);
    assertThat(engine.attentionFactor(8)).isEqualTo(2 * 4.5);
  }

  @Test
  void slowerKernelsStretchAllButExchanges() {
    var engine =
        new EngineOverheads(
            1,
            0,
            0,
            true,
            1,
            0,
            0,
            0.5,
            2,
            3,
            4,
            0,
            0,
            0,
            EngineOverheads.OfExperts.NONE,
            0,
            ORIGIN);
    EngineOverheads slower = engine.stretched(1.5);

    assertThat(slower.memoryStretch()).isEqualTo(3);
    assertThat(slower.computeStretch()).isEqualTo(4.5);
    assertThat(slower.attentionStretch()).isEqualTo(6);
    assertThat(slower.networkStretch()).isEqualTo(0.5);
    assertThat(slower.stepSeconds()).isEqualTo(1);
  }

  @Test
  void refusesNegativeTimes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine(-1e-3, 0, 0, true, 0))
        .withMessageContaining("step");
  }

  private static EngineOverheads ofExperts(double eagerSeconds, double stretch) {
    return new EngineOverheads(
        0,
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
        new EngineOverheads.OfExperts(eagerSeconds, stretch),
        0,
        ORIGIN);
  }

  @Test
  void promptsTakeAtLeastWhatLaunchingLayersOfExpertsTakes() {
    EngineOverheads engine = ofExperts(1e-3, 1);

    assertThat(engine.stepSeconds(2e-3, 10, 4, 1, true)).isEqualTo(4e-3);
    assertThat(engine.stepSeconds(5e-3, 10, 4, 1, true)).isEqualTo(5e-3);
    assertThat(engine.stepSeconds(2e-3, 10, 4, 1, false)).isEqualTo(2e-3);
  }

  @Test
  void productsOfExpertsAreStretchedWhereComputeBoundsThem() {
    Program experts =
        ProgramCompiler.compile(TestModels.experts(), Deployment.of(Parallelism.NONE));
    for (boolean prompt : new boolean[] {true, false}) {
      double added = 0;
      double sum = 0;
      for (double stretch : new double[] {1, 1.5}) {
        var bound =
            BoundProgram.bind(experts, platform, List.of(Roofline.IDEAL), ofExperts(0, stretch));
        var step = new StepFeatures(experts.features());
        step.add(prompt ? Phase.PREFILL : Phase.DECODE, 1, prompt ? 8192 : 1, 0, 1);
        StepCost cost = bound.newCost();
        bound.evaluate(step, cost);
        added = cost.timeSeconds - sum;
        sum = cost.timeSeconds;
      }
      if (prompt) {
        assertThat(added).isPositive();
      } else {
        assertThat(added).isZero();
      }
    }
  }
}
