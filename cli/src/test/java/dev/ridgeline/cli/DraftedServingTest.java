package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Speculation inside simulate against estimate's closed form at a constant batch. */
class DraftedServingTest {
  private static JsonNode ask(String command, String options) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(Arrays.asList(options.strip().split(" +")));
    words.add("--json");
    Run run = Run.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  /**
   * Estimate has a mean batch; here requests of a closed loop drift apart in length as they draw,
   * and prompts come when they come. Answers are long, so that prompts weigh little.
   */
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b --on h100-sxm --speculate 3 --acceptance 0.8, 1",
    "llama-3.1-8b --on h100-sxm --speculate 3 --acceptance 0.8, 16",
    "llama-3.1-70b --on 4xh100-sxm --speculate 4 --acceptance 0.7 --draft llama-3.1-8b, 16",
    "llama-3.1-8b --on h100-sxm --speculate 2 --acceptance 0.6 --candidates 3, 8",
    "llama-3.1-70b --on 4xh100-sxm --speculate 4 --acceptance 0.7 --draft llama-3.1-8b"
        + " --draft-on h100-sxm, 8"
  })
  void aTokenTakesWhatEstimateSays(String subject, int concurrency) {
    String both =
        subject + " --engine generic --input 200 --output 1000 --concurrency " + concurrency;
    double estimated = ask("estimate", both).get("tpot_s").asDouble();
    JsonNode simulated = ask("simulate", both + " --requests " + Math.max(30, 8 * concurrency));
    assertThat(simulated.get("tpot_s").get("mean").asDouble())
        .isCloseTo(estimated, Percentage.withPercentage(3));
  }

  @Test
  void draftsThatAreNeverAcceptedOnlyCost() {
    String base = "llama-3.1-8b --on h100-sxm --engine generic --input 200 --output 50 --rate 1";
    String few = " --requests 20";
    double plain = ask("simulate", base + few).get("tpot_s").get("mean").asDouble();
    double wasted =
        ask("simulate", base + few + " --speculate 4 --acceptance 0")
            .get("tpot_s")
            .get("mean")
            .asDouble();
    double certain =
        ask("simulate", base + few + " --speculate 4 --acceptance 1")
            .get("tpot_s")
            .get("mean")
            .asDouble();
    assertThat(wasted).isGreaterThan(plain);
    // 49 further tokens, five of a step: ten steps.
    assertThat(certain / wasted).isCloseTo(10.0 / 49, within(0.01));
  }

  @Test
  void anEngineThatDoesNotSpeculateRefuses() {
    Run run =
        Run.of(
            ("simulate llama-3.1-8b --on h100-sxm --rate 1 --input 9 --output 9 --requests 3"
                    + " --scheduler orca --speculate 4 --acceptance 0.5")
                .split(" "));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("orca does not speculate");
  }
}
