package dev.ridgeline.catalog.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.workload.NumberFormat;
import org.junit.jupiter.api.Test;

/** Formats that engines choose where nobody asks for one. */
class ServedPrecisionTest {

  private static ResolvedScenario on(String platform, String field, String format) {
    ScenarioSpec spec =
        ScenarioSpec.empty()
            .with("workload", "model", "test", "gpt-oss-120b", ScalarNode.Kind.STRING)
            .with("workload", "use_case", "test", "chat", ScalarNode.Kind.STRING)
            .with("", "platform", "test", platform, ScalarNode.Kind.STRING);
    return new ScenarioResolver(Catalog.shipped())
        .preferringKernels()
        .resolve(
            field.isEmpty()
                ? spec
                : spec.with("deployment", field, "test", format, ScalarNode.Kind.STRING));
  }

  private static ResolvedScenario on(String platform) {
    return on(platform, "", "");
  }

  private static NumberFormat activations(ResolvedScenario resolved) {
    return resolved
        .scenario()
        .deployment()
        .precision()
        .activationFormat(resolved.scenario().model());
  }

  private static double tokenSeconds(String platform) {
    return Estimator.estimate(on(platform).scenario()).tpotSeconds().orElseThrow();
  }

  @Test
  void expertsInFourBitsMeetActivationsInEightWhereTheChipTakesThem() {
    assertThat(activations(on("b200-sxm"))).isEqualTo(NumberFormat.MXFP8);
    assertThat(on("b200-sxm").defaults()).anyMatch(text -> text.contains("--activations bf16"));
    assertThat(activations(on("h100-sxm"))).isEqualTo(NumberFormat.BF16);
  }

  @Test
  void whatIsAskedForStays() {
    assertThat(activations(on("b200-sxm", "activations", "bf16"))).isEqualTo(NumberFormat.BF16);
    assertThat(activations(on("b200-sxm", "weights", "bf16"))).isEqualTo(NumberFormat.BF16);
  }

  /** As every published run has it: ML.ENERGY's leaderboard v3, gpt-oss-20b, vLLM. */
  @Test
  void theNewerChipIsFaster() {
    double older = tokenSeconds("h100-sxm");
    double newer = tokenSeconds("b200-sxm");
    assertThat(newer).isLessThan(older);
  }
}
