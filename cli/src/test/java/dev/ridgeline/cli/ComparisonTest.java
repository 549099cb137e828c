package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ComparisonTest {

  @Test
  void platformsStandSideBySide() {
    Run run =
        Run.of("estimate", "llama-3.1-8b", "--on", "h100-sxm,l40s,a100-sxm", "--use-case", "chat");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("h100-sxm", "l40s", "a100-sxm", "time to first token", "targets");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void platformsAreComparedUnderOneCostModel() {
    String[] both = {
      "estimate", "llama-3.1-70b", "--on", "8xh100-sxm,8xgaudi-3", "--use-case", "chat", "--json"
    };
    JsonNode compared = Run.of(both).json();

    assertThat(compared.get(0).get("source").asString()).isEqualTo("ideal");
    assertThat(compared.get(1).get("source").asString()).isEqualTo("ideal");
    assertThat(compared.get(0).get("assumptions").toString())
        .contains("compared under ideal", "not to 8xgaudi-3");

    JsonNode fitted =
        Run.of("estimate", "llama-3.1-8b", "--on", "h100-sxm,l40s", "--use-case", "chat", "--json")
            .json();
    assertThat(fitted.get(0).get("source").asString()).isEqualTo("kernel");
    assertThat(fitted.get(1).get("source").asString()).isEqualTo("kernel");
  }

  @Test
  void profilesAndBandsStandBesideTheFigures() {
    String[] asked = {
      "estimate",
      "llama-3.1-8b",
      "--on",
      "h100-sxm,gaudi-3",
      "--use-case",
      "chat",
      "--engine",
      "vllm@2024"
    };
    String page = Run.of(asked).out();
    JsonNode json =
        Run.of(Stream.concat(Stream.of(asked), Stream.of("--json")).toArray(String[]::new)).json();

    assertThat(page).contains("80 % band");
    for (JsonNode column : json) {
      assertThat(page)
          .contains(
              column.get("platform").asString() + ": " + column.get("source").asString() + ";");
    }
  }

  @Test
  void modelsStandSideBySide() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b,qwen3-8b",
            "--on",
            "h100-sxm",
            "--use-case",
            "chat",
            "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().isArray()).isTrue();
    assertThat(run.json().get(0).get("model").asString()).isEqualTo("llama-3.1-8b");
    assertThat(run.json().get(1).get("model").asString()).isEqualTo("qwen3-8b");
  }

  @Test
  void aFailingColumnSaysWhyAndTheWorstDecidesTheExitCode() {
    Run noRoom =
        Run.of("estimate", "llama-3.1-70b", "--on", "8xh100-sxm,h100-sxm", "--use-case", "chat");

    assertThat(noRoom.exitCode()).isEqualTo(1);
    assertThat(noRoom.out()).contains("does not fit", "Not answered", "--weights fp8", "8 of 8");

    Run unknown =
        Run.of(
            "estimate",
            "llama-3.1-70b",
            "--on",
            "h100-sxm,8xh100-sxm,8xh100-smx",
            "--use-case",
            "chat",
            "--json");

    assertThat(unknown.exitCode()).isEqualTo(2);
    JsonNode json = unknown.json();
    assertThat(json.get(0).get("error").asString()).contains("does not fit");
    assertThat(json.get(1).get("ttft_s").asDouble()).isPositive();
    assertThat(json.get(2).get("error").asString()).contains("8xh100-sxm");
    assertThat(unknown.err()).contains("does not fit", "8xh100-smx");
  }

  @Test
  void whereNothingIsAnsweredTheReasonIsSaidOnce() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm,l40s",
            "--use-case",
            "chat",
            "--batch",
            "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsOnlyOnce("--batch");
  }

  @Test
  void marksEnergiesThatAreNoMeasurementBesideThoseThatAre() {
    Run mixed =
        Run.of("estimate llama-3.1-70b --on 8xa100-sxm,8xh100-sxm --use-case chat".split(" "));
    String[] cells =
        mixed
            .out()
            .lines()
            .filter(line -> line.startsWith("energy per token"))
            .findFirst()
            .orElseThrow()
            .split("\\s{2,}");
    assertThat(cells[1]).startsWith("~");
    assertThat(cells[2]).doesNotStartWith("~");
    assertThat(mixed.out().replaceAll("\\s+", " ")).contains("~ marks energy and power shared out");
    Run alike =
        Run.of("estimate llama-3.1-70b --on 8xh100-sxm,8xh200-sxm --use-case chat".split(" "));
    assertThat(alike.out()).doesNotContain("~ marks");
  }
}
