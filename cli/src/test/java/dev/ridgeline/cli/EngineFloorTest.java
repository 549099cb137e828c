package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** No engine in particular is what every engine of today comes on top of. */
class EngineFloorTest {

  private static JsonNode answer(String model, String platform, int ranks, String engine) {
    return Run.of(
            "estimate",
            model,
            "--on",
            platform,
            "--tp",
            "" + ranks,
            "--input",
            "1000",
            "--output",
            "100",
            "--engine",
            engine,
            "--json")
        .json();
  }

  @ParameterizedTest
  @CsvSource({
    "llama-3.1-70b, 8xh100-sxm, 8",
    "llama-3.1-8b, 8xh100-sxm, 1",
    "llama-3.1-8b, 8xh100-sxm, 8",
    "llama-3.1-8b, 8xa100-sxm, 2",
    "llama-3.1-8b, 8xb200-sxm, 4",
    "llama-3.1-8b, 4xl40s, 4",
    "qwen3-30b-a3b, 8xh100-sxm, 8"
  })
  void stepsOfEveryEngineAreNoShorter(String model, String platform, int ranks) {
    JsonNode floor = answer(model, platform, ranks, "generic");
    for (String engine : new String[] {"vllm", "sglang", "tensorrt-llm"}) {
      JsonNode served = answer(model, platform, ranks, engine);
      for (String time : new String[] {"ttft_s", "tpot_s"}) {
        assertThat(floor.get(time).asDouble())
            .as("%s of %s, %s", time, engine, platform)
            .isLessThanOrEqualTo(served.get(time).asDouble());
      }
    }
    assertThat(floor.get("assumptions").toString()).contains("captured graphs");
    assertThat(floor.get("source").asString()).isEqualTo("kernel");
  }

  /**
   * Signals cross NVLink in about a microsecond each way, and ranks have to hear from all others
   * before they may go on, so that no exchange of a step is over in less than two of them.
   */
  @ParameterizedTest
  @CsvSource({"generic", "vllm", "sglang", "tensorrt-llm", "vllm@2024", "tensorrt-llm@2024"})
  void anExchangeCountsAsNetworkFromItsStartToItsEnd(String engine) {
    JsonNode json = answer("llama-3.1-70b", "8xh100-sxm", 8, engine);
    int exchanges = 0;
    for (JsonNode operator : json.get("operators")) {
      if (operator.get("phase").asString().equals("decode")
          && operator.get("kind").asString().equals("collective")) {
        exchanges += operator.get("repeats").asInt();
      }
    }

    assertThat(exchanges).isGreaterThan(150);
    assertThat(json.at("/phases/decode/network_s").asDouble() / exchanges).isBetween(2e-6, 4e-5);
  }

  /** Sources of borrowed figures may fill a line of their own. */
  @ParameterizedTest
  @CsvSource({"vllm@0.12, h100-sxm", "vllm@0.10.2, mi300x", "sglang@0.4.5, mi300x"})
  void longSourcesArePrinted(String engine, String chip) {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            chip,
            "--input",
            "100",
            "--output",
            "10",
            "--engine",
            engine);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Source", "80 % band").contains(engine.split("@", -1)[1]);
  }
}
