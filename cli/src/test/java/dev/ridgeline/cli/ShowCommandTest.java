package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ShowCommandTest {
  @TempDir Path folder;

  @Test
  void aModelInJson() {
    JsonNode model = Run.of("show", "model", "llama-3.1-70b", "--json").json();

    assertThat(model.get("parameters").asLong()).isEqualTo(70_553_706_496L);
    assertThat(model.get("active_parameters").asLong()).isEqualTo(70_553_706_496L);
    // 80 layers of 8 key and 8 value heads of 128 elements of 2 bytes.
    assertThat(model.get("kv_bytes_per_token").asLong()).isEqualTo(80L * 2 * 8 * 128 * 2);
    assertThat(model.get("kv_window_bytes").asLong()).isZero();
    assertThat(model.get("state_bytes_per_sequence").asLong()).isZero();
    assertThat(model.get("layers").get("attention_full").asInt()).isEqualTo(80);
    assertThat(model.get("layers").get("feed_forward").asInt()).isEqualTo(80);
    long parts = 0;
    for (JsonNode part : model.get("parameters_by_part")) {
      parts += part.asLong();
    }
    assertThat(parts).isEqualTo(model.get("parameters").asLong());
  }

  @Test
  void windowsStatesAndExpertsAreCounted() {
    JsonNode sparse = Run.of("show", "model", "gpt-oss-20b", "--json").json();
    assertThat(sparse.get("layers").get("attention_window_128").asInt()).isEqualTo(12);
    assertThat(sparse.get("layers").get("experts_32_top_4").asInt()).isEqualTo(24);
    assertThat(sparse.get("kv_window_bytes").asLong()).isEqualTo(12L * 128 * 2 * 8 * 64 * 2);
    assertThat(Run.of("show", "model", "gpt-oss-120b").out())
        .contains("5.71B", "5.13B", "less input table");
    assertThat(sparse.get("active_parameters").asLong())
        .isLessThan(sparse.get("parameters").asLong());

    JsonNode recurrent = Run.of("show", "model", "mamba-2.8b", "--json").json();
    assertThat(recurrent.get("kv_bytes_per_token").asLong()).isZero();
    assertThat(recurrent.get("state_bytes_per_sequence").asLong()).isPositive();
  }

  @Test
  void predictionLayersStandBeside() {
    JsonNode model = Run.of("show", "model", "deepseek-v3", "--json").json();

    assertThat(model.get("parameters").asDouble()).isCloseTo(671e9, within(1e9));
    assertThat(model.get("multi_token_prediction_parameters").asDouble()).isGreaterThan(1e10);
    assertThat(model.get("layers").get("experts_256_top_8").asInt()).isEqualTo(58);
  }

  @Test
  void aConfigFileIsAModel() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("config.json"),
            """
            {"model_type": "llama", "vocab_size": 1000, "hidden_size": 64,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "intermediate_size": 128, "hidden_act": "silu", "max_position_embeddings": 512,
             "tie_word_embeddings": false, "torch_dtype": "float16"}
            """);

    for (Path path : new Path[] {config, folder}) {
      Run run = Run.of("show", "model", path.toString(), "--json");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json().get("layer_count").asInt()).isEqualTo(2);
    }
  }

  @Test
  void figuresNameTheirSources() {
    JsonNode chip = Run.of("show", "chip", "H100", "--json").json();
    assertThat(chip.get("name").asString()).isEqualTo("h100-sxm");
    assertThat(chip.get("matrix_flops_per_s").get("bf16").asDouble()).isEqualTo(989.4e12);
    assertThat(chip.get("memory").get("hbm").get("bandwidth_bytes_per_s").asDouble())
        .isEqualTo(3.35e12);
    for (JsonNode figure : chip.get("figures")) {
      assertThat(figure.get("source").asString()).isNotBlank();
    }

    Run page = Run.of("show", "chip", "h100-sxm");
    assertThat(page.out()).contains("memory.hbm.bandwidth", "3.35 TB/s", "Sources", "[1]", "Notes");

    JsonNode platform = Run.of("show", "platform", "4x8xh100-sxm", "--json").json();
    assertThat(platform.get("chips").asInt()).isEqualTo(32);
    assertThat(platform.get("levels")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "model, llama-3.1-70b",
    "chip, t4",
    "platform, gb200-nvl72",
    "use-case, chat",
    "engine, vllm"
  })
  void pagesFitTheTerminal(String kind, String name) {
    Run one = Run.of("show", kind, name);
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out().lines()).allMatch(line -> line.length() <= 100);

    Run list = Run.of("show", kind);
    assertThat(list.exitCode()).as(list.err()).isZero();
    assertThat(list.out()).contains(name);
    assertThat(list.out().lines()).allMatch(line -> line.length() <= 100);

    Run json = Run.of("show", kind, "--json");
    assertThat(json.json().isArray()).isTrue();
    assertThat(json.json()).hasSizeGreaterThan(3);
    assertThat(Run.of("show", kind, name, "--plain").out()).matches("\\p{ASCII}+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "chip", "platform", "use-case", "engine"})
  void unknownNamesAreRefused(String kind) {
    Run run = Run.of("show", kind, "no-such-thing");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("NAME", "no-such-thing", "Allowed");
  }

  @Test
  void aloneItAsksWhat() {
    Run run = Run.of("show");

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("show what?", "use-case").doesNotContain("\"\"");
  }

  @Test
  void anEngineTellsItsReleasesAndItsChips() {
    Run run = Run.of("show", "engine", "trtllm", "--json");

    assertThat(run.json().get("version").asText()).isEqualTo("1.3");
    assertThat(run.json().get("measured_releases").toString()).isEqualTo("[\"1.3\",\"2024\"]");
    assertThat(run.json().get("runs_on").toString()).isEqualTo("[\"NVIDIA\"]");
    assertThat(Run.of("show", "engine", "trtllm").out())
        .contains("0.5 to 0.11 (all of them 2024), 1.0 to 1.3", "tensorrt-llm@1.3");
    assertThat(Run.of("show", "engine", "generic").out()).contains("any chip");
  }
}
