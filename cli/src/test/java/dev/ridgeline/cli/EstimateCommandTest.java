package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EstimateCommandTest {
  private static final String[] USUAL = {
    "estimate", "llama-3.1-70b", "--on", "8xh100-sxm", "--use-case", "chat"
  };

  private static String[] usual(String... more) {
    return Stream.concat(Stream.of(USUAL), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] onAPhone(String... more) {
    Stream<String> question =
        Stream.of("estimate", "llama-3.2-3b", "--on", "galaxy-s24", "--weights", "int4");
    Stream<String> lengths = Stream.of("--input", "128", "--output", "128");
    return Stream.of(question, lengths, Stream.of(more))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  /**
   * Where nothing of an architecture was measured, the datasheet answers, with a one-sided band.
   */
  @Test
  void withoutConstantsTheDatasheetAnswers() {
    JsonNode json =
        Run.of("estimate", "llama-3.1-8b", "--use-case", "chat", "--on", "gaudi-3", "--json")
            .json();

    assertThat(json.get("source").asString()).isEqualTo("ideal");
    assertThat(json.get("error_band").get("high").isNull()).isTrue();
  }

  /** Constants fitted to real kernels are slower than any datasheet, on a sibling as well. */
  @Test
  void kernelsAnswerWhereTheChipOrASiblingWasMeasured() {
    for (String chip : new String[] {"h100-sxm", "h200-sxm"}) {
      String[] question = {
        "estimate", "llama-3.1-8b", "--use-case", "chat", "--on", chip, "--json"
      };
      JsonNode kernel = Run.of(question).json();
      JsonNode ideal =
          Run.of(
                  "estimate",
                  "llama-3.1-8b",
                  "--use-case",
                  "chat",
                  "--on",
                  chip,
                  "--tier",
                  "ideal",
                  "--json")
              .json();
      assertThat(kernel.get("source").asString()).isEqualTo("kernel");
      double ratio = kernel.get("tpot_s").asDouble() / ideal.get("tpot_s").asDouble();
      assertThat(ratio).isBetween(1.05, 3.0);
    }
  }

  @Test
  void jsonHasTheKeysOfTheContract() {
    Run run = Run.of(usual("--json"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode json = run.json();
    assertThat(json.propertyNames())
        .contains(
            "schema_version",
            "model",
            "platform",
            "mapping",
            "ttft_s",
            "tpot_s",
            "e2e_s",
            "output_tokens_per_s",
            "requests_per_s",
            "memory",
            "energy_j_per_output_token",
            "average_w_per_device",
            "usd_per_million_output_tokens",
            "bound",
            "phases",
            "published_quality",
            "source",
            "error_band",
            "operators",
            "assumptions",
            "warnings",
            "objectives");
    assertThat(json.get("memory").propertyNames())
        .containsExactly(
            "weights_bytes",
            "kv_bytes",
            "activation_bytes",
            "communication_bytes",
            "reserved_bytes",
            "streaming_buffer_bytes",
            "capacity_bytes",
            "other_tiers",
            "fits",
            "largest_batch",
            "kv_bytes_per_token",
            "kv_capacity_tokens",
            "kv_capacity_blocks");
    assertThat(json.get("error_band").propertyNames()).containsExactly("low", "high", "meaning");
    assertThat(json.get("error_band").get("low").asDouble()).isBetween(0.5, 0.99);
    assertThat(json.get("error_band").get("high").asDouble()).isBetween(1.01, 2.0);
    assertThat(json.get("bound").get("prefill").asString()).isEqualTo("compute");
    assertThat(json.get("bound").get("decode").asString()).isEqualTo("memory");
    assertThat(json.get("source").asString()).isEqualTo("kernel");
    assertThat(json.get("mapping").get("tp").asInt()).isEqualTo(8);
    assertThat(json.get("memory").get("fits").asBoolean()).isTrue();
  }

  @Test
  void aPhoneSaysWhatItKeepsUpOnceItIsWarm() {
    JsonNode json = Run.of(onAPhone("--json")).json();
    JsonNode kept = json.get("sustained");
    double share = kept.get("share").asDouble();
    double draw = json.get("average_w_per_device").asDouble();
    // The catalog assumes 4 W that the case sheds and 1 W at rest.
    assertThat(share * draw + (1 - share) * 1).isCloseTo(4, Percentage.withPercentage(1e-6));
    assertThat(kept.get("output_tokens_per_s").asDouble())
        .isCloseTo(
            share * json.get("output_tokens_per_s").asDouble(), Percentage.withPercentage(1e-6));
    assertThat(Run.of(onAPhone()).out()).contains("Sustained").contains("once the case is warm");
    assertThat(Run.of(usual("--json")).json().get("sustained").isNull()).isTrue();
  }

  @Test
  void aPlatformShowsTheChipThatOnlyItDescribes() {
    assertThat(Run.of("show", "platform", "galaxy-s24").out())
        .contains("chip.power.sustained")
        .contains("ridgeline show chip snapdragon-8-gen-3");
  }

  @Test
  void figuresAgreeWithEachOther() {
    JsonNode json = Run.of(usual("--json", "--price", "3", "--batch", "4")).json();

    double ttft = json.get("ttft_s").asDouble();
    double tpot = json.get("tpot_s").asDouble();
    double endToEnd = json.get("e2e_s").asDouble();
    long outputs = json.get("output_tokens").asLong();
    double tokens = json.get("output_tokens_per_s").asDouble();
    assertThat(endToEnd).isCloseTo(ttft + (outputs - 1) * tpot, within(1e-9));
    assertThat(tokens).isCloseTo(4 * outputs / endToEnd, within(1e-6));
    assertThat(json.get("usd_per_million_output_tokens").asDouble())
        .isCloseTo(3.0 * 8 / 3600 / tokens * 1e6, within(1e-6));
    double shares = 0;
    for (JsonNode operator : json.get("operators")) {
      if (operator.get("phase").asString().equals("decode")) {
        shares += operator.get("share").asDouble();
      }
    }
    assertThat(shares).isCloseTo(1, within(1e-9));
  }

  @Test
  void oneOutputTokenLeavesTheTimePerTokenUndefined() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--input",
            "100",
            "--output",
            "1",
            "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("tpot_s").isNull()).isTrue();
    assertThat(run.json().get("bound").get("decode").isNull()).isTrue();
    assertThat(run.json().get("e2e_s")).isEqualTo(run.json().get("ttft_s"));
  }

  @Test
  void explicitLengthsAndTargetsOverrideTheUseCase() {
    JsonNode json = Run.of(usual("--json", "--output", "7", "--ttft", "1 us")).json();

    assertThat(json.get("output_tokens").asLong()).isEqualTo(7);
    assertThat(json.get("use_case").asString()).isEqualTo("chat");
    assertThat(json.get("objectives").get("ttft_met").asBoolean()).isFalse();
    assertThat(json.get("objectives").get("met").asBoolean()).isFalse();
  }

  @Test
  void theFloorIsNotAboveTheIdeal() {
    double ideal = Run.of(usual("--json")).json().get("e2e_s").asDouble();
    JsonNode floor = Run.of(usual("--json", "--tier", "floor")).json();

    assertThat(floor.get("source").asString()).isEqualTo("floor");
    assertThat(floor.get("e2e_s").asDouble()).isLessThanOrEqualTo(ideal);
  }

  @Test
  void thePageSaysWhatMatters() {
    Run run = Run.of(usual());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("llama-3.1-70b on 8xh100-sxm\n")
        .contains("70.6B parameters", "Time to first token", "Time per output token")
        .contains("bound by compute", "bound by memory", "weights", "Assumptions", "by default:")
        .doesNotContain("\u001b");
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSizeBetween(35, 60);
    assertThat(lines).allMatch(line -> line.length() <= 100);
  }

  @Test
  void explainListsEveryOperator() {
    Run run = Run.of(usual("--explain"));

    assertThat(run.out())
        .contains("operator by operator", "self_attn.qkv_proj", "prefill_tokens", "memory-bound");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void plainPagesAreAscii() {
    assertThat(Run.of(usual("--plain")).out()).matches("\\p{ASCII}+").doesNotContain("\u001b");
    assertThat(Run.in(false, false, Map.of(), usual()).out()).matches("\\p{ASCII}+");
    assertThat(Run.of(usual()).out()).doesNotMatch("\\p{ASCII}+");
  }

  @Test
  void coloursOnlyWhereWelcome() {
    Map<String, String> terminal = Map.of("TERM", "xterm");

    assertThat(Run.in(true, true, terminal, usual()).out()).contains("\u001b[");
    assertThat(Run.in(true, true, terminal, usual("--color", "never")).out())
        .doesNotContain("\u001b");
    assertThat(Run.in(true, true, Map.of("NO_COLOR", "1"), usual()).out()).doesNotContain("\u001b");
    assertThat(Run.of(usual("--color", "always")).out()).contains("\u001b[");
    assertThat(Run.of(usual("--color", "always", "--json")).out()).doesNotContain("\u001b");
  }

  @Test
  void answersDoNotChangeFromRunToRun() {
    assertThat(Run.of(usual("--json")).out()).isEqualTo(Run.of(usual("--json")).out());
    assertThat(Run.of(usual()).out()).isEqualTo(Run.of(usual()).out());
  }

  @Test
  void csvHasOneRowWithTheScalarKeys() {
    List<String> lines = Run.of(usual("--csv")).out().lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("schema_version,model,platform,")
        .contains(",ttft_s,", ",memory.weights_bytes,", ",bound.decode,", ",error_band.high,")
        .doesNotContain("operators");
    assertThat(lines.getLast()).startsWith("1,llama-3.1-70b,8xh100-sxm,chat,");
  }

  @Test
  void expertRanksAloneKeepTheUsualMapping() {
    Run run =
        Run.of("estimate deepseek-v3 --on 8xh200-sxm --use-case chat --batch 64 --ep 8".split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("tp8 ep8 on 8 of 8 devices");
    Run refused =
        Run.of("estimate deepseek-v3 --on 8xh200-sxm --use-case chat --tp 2 --ep 8".split(" "));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("divisors of 2");
  }
}
