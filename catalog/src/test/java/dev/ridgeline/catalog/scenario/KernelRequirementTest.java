package dev.ridgeline.catalog.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.Figure;
import dev.ridgeline.estimate.Latency;
import dev.ridgeline.estimate.PlatformScale;
import dev.ridgeline.estimate.Requirement;
import dev.ridgeline.estimate.RequirementSolver;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.UnreachableException;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Power;
import org.junit.jupiter.api.Test;

/** Launches do not shrink with a figure: what is returned still meets the targets, just so. */
class KernelRequirementTest {

  private static Scenario scenario(String ttft, String tpot) {
    ScenarioSpec spec =
        ScenarioSpec.empty()
            .with("workload", "model", "test", "llama-3.1-70b", ScalarNode.Kind.STRING)
            .with("workload", "use_case", "test", "chat", ScalarNode.Kind.STRING)
            .with("", "platform", "test", "8xh100-sxm", ScalarNode.Kind.STRING)
            .with("objectives", "ttft", "test", ttft, ScalarNode.Kind.STRING)
            .with("objectives", "tpot", "test", tpot, ScalarNode.Kind.STRING);
    Scenario scenario =
        new ScenarioResolver(Catalog.shipped()).preferringKernels().resolve(spec).scenario();
    // As the solver asks: the power of a chip still to be designed is not known.
    return scenario.withPlatform(
        scenario.platform().withChip(scenario.platform().chip().withPower(Power.UNKNOWN)));
  }

  /** The larger of the two times over their targets. */
  private static double missedBy(Scenario scenario, PlatformScale scale) {
    Latency latency =
        Estimator.latency(
            scenario,
            BoundProgram.bind(
                ProgramCompiler.compile(scenario.model(), scenario.deployment()),
                scale.of(scenario.platform()),
                scenario.costModels(),
                scenario.engine().overheads()));
    return Math.max(
        latency.ttftSeconds() / scenario.objectives().ttft().orElseThrow().value(),
        latency.tpotSeconds() / scenario.objectives().tpot().orElseThrow().value());
  }

  private static void justEnough(Scenario scenario, Figure figure, double factor) {
    PlatformScale only = PlatformScale.only(figure);
    assertThat(missedBy(scenario, only.with(figure, factor * (1 + 1e-9)))).isLessThanOrEqualTo(1);
    assertThat(missedBy(scenario, only.with(figure, factor * (1 - 1e-6)))).isGreaterThan(1);
  }

  @Test
  void eachFigureAloneIsJustEnough() {
    Scenario scenario = scenario("200 ms", "10 ms");
    Requirement needed = RequirementSolver.solve(scenario, 1);

    assertThat(needed.source()).isEqualTo("kernel");
    justEnough(
        scenario,
        Figure.COMPUTE,
        needed.computeFlopsPerSecond()
            / scenario.platform().chip().peak(needed.arithmetic()).orElseThrow().value());
    justEnough(
        scenario,
        Figure.MEMORY_BANDWIDTH,
        needed.memoryBandwidthBytesPerSecond()
            / scenario.platform().chip().mainMemory().bandwidth().orElseThrow().value());
    justEnough(
        scenario,
        Figure.LINK_BANDWIDTH,
        needed.linkBandwidthBytesPerSecond()
            / scenario.platform().levels().getFirst().bandwidth().value());
  }

  @Test
  void targetsBelowWhatLaunchesTakeAreRefusedByName() {
    assertThatThrownBy(() -> RequirementSolver.solve(scenario("200 ms", "1 ms"), 1))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("launches and waits alone");
  }
}
