package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SpeculationCommandTest {
  private static Run estimate(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("estimate", "llama-3.1-70b", "--on", "8xh100-sxm"));
    arguments.addAll(List.of("--input", "1000", "--output", "500", "--draft", "llama-3.1-8b"));
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void figuresPerDeviceCountTheDrafters() {
    String[] elsewhere = {"--speculate", "3", "--acceptance", "0.8", "--draft-on", "l40s"};
    Run page = estimate(elsewhere);
    List<String> options = new ArrayList<>(List.of(elsewhere));
    options.add("--json");
    JsonNode json = estimate(options.toArray(String[]::new)).json();

    assertThat(page.out()).contains("per device of 9 with the drafter's");
    assertThat(json.get("devices").asInt()).isEqualTo(8);
    assertThat(json.get("drafting_devices").asInt()).isEqualTo(1);
    double watts =
        json.get("energy_j_per_output_token").asDouble()
            * json.get("output_tokens_per_s").asDouble();
    assertThat(json.get("average_w_per_device").asDouble())
        .isCloseTo(watts / 9, within(1e-9 * watts));
  }

  @Test
  void aSlowDownIsWarnedOf() {
    assertThat(estimate("--speculate", "3", "--acceptance", "0.1").out())
        .contains("speculation slows decoding down");
    assertThat(estimate("--speculate", "3", "--acceptance", "0.9").out())
        .doesNotContain("slows decoding down");
  }

  @Test
  void theLengthOfADraftIsStatedWhereItIsNotAsked() {
    assertThat(estimate("--acceptance", "0.8,0.7").out().replaceAll("\\s+", " "))
        .contains("drafts of 2 tokens");
    assertThat(estimate("--speculate", "2", "--acceptance", "0.8").out())
        .doesNotContain("drafts of 2 tokens");
  }

  @Test
  void whatIsMissingIsNamed() {
    Run run = estimate("--speculate", "3");

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("--acceptance");
  }
}
