package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Weights are read in the bits they are stored in, whatever they are multiplied in. */
class StoredFormatsTest {
  /** Formats by falling bits, scales included. */
  private static final String[] FEWER_AND_FEWER = {
    "bf16", "mxfp8", "fp8", "mxfp6", "nvfp4", "mxfp4"
  };

  private static JsonNode answer(String chip, String tier, String option, String format) {
    return Run.of(
            "estimate",
            "llama-2-13b",
            "--on",
            chip,
            "--tier",
            tier,
            option,
            format,
            "--kv",
            "fp16",
            "--input",
            "2000",
            "--output",
            "100",
            "--json")
        .json();
  }

  private static double decodeSeconds(String chip, String tier, String option, String format) {
    return answer(chip, tier, option, format).get("tpot_s").asDouble();
  }

  private static double prefillSeconds(String chip, String option, String format) {
    return answer(chip, "kernel", option, format).get("ttft_s").asDouble();
  }

  /** A step that memory bounds is never slower for fewer bits. */
  @ParameterizedTest
  @ValueSource(strings = {"a100-sxm-80gb", "h100-sxm", "h200-sxm", "l40s", "b200-sxm", "mi300x"})
  void decodingGetsNoSlowerWithFewerBitsOfWeights(String chip) {
    for (String tier : new String[] {"ideal", "kernel"}) {
      double more = Double.POSITIVE_INFINITY;
      for (String format : FEWER_AND_FEWER) {
        double seconds = decodeSeconds(chip, tier, "--weights", format);
        assertThat(seconds).as("%s weights on %s, %s", format, chip, tier).isLessThan(more);
        more = seconds;
      }
    }
  }

  /** Chips without arithmetic of four bits read four bits all the same. */
  @ParameterizedTest
  @CsvSource({
    "h100-sxm, nvfp4, fp8",
    "h100-sxm, mxfp4, fp8",
    "h100-sxm, int4, int8",
    "h200-sxm, nvfp4, fp8",
    "l40s, nvfp4, fp8",
    "l40s, int4, int8",
    "rtx-4090, mxfp4, fp8",
    "mi300x, nvfp4, fp8",
    "mi300x, int4, int8",
    "b200-sxm, int4, int8"
  })
  void fourBitsAreReadAsFourAndMultipliedAsEight(String chip, String narrow, String runs) {
    double kernels =
        decodeSeconds(chip, "kernel", "--precision", runs)
            - decodeSeconds(chip, "kernel", "--precision", narrow);
    double bytes =
        decodeSeconds(chip, "ideal", "--precision", runs)
            - decodeSeconds(chip, "ideal", "--precision", narrow);

    // What kernels save is what the datasheet says for the bytes saved, at the bandwidth they
    // reach.
    assertThat(kernels).isBetween(0.8 * bytes, 1.8 * bytes);
    assertThat(prefillSeconds(chip, "--precision", narrow))
        .isCloseTo(prefillSeconds(chip, "--precision", runs), Percentage.withPercentage(3));
    assertThat(answer(chip, "kernel", "--precision", narrow).get("assumptions").toString())
        .contains("weights in " + narrow + " are read as stored")
        .contains("products run in " + runs);
  }

  /** Widened weights are multiplied as bf16 is, so that a long prompt gains nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"h100-sxm", "l40s", "b200-sxm", "mi300x"})
  void promptsGainNothingFromWidenedWeights(String chip) {
    double wide = prefillSeconds(chip, "--weights", "bf16");
    for (String format : new String[] {"fp8", "int4", "nvfp4"}) {
      assertThat(prefillSeconds(chip, "--weights", format)).isBetween(0.98 * wide, 1.1 * wide);
    }
  }

  /**
   * Kernels alone are no slower than nine tenths of the fastest engine that was measured: MLC LLM
   * with 4-bit weights at batch 1 on one RTX 4090 (mlc-ai/llm-perf-bench, README, 2023-11-14).
   */
  @Test
  void fourBitDecodingReachesWhatWasMeasured() {
    Map<String, Double> tokensPerSecond = Map.of("llama-2-7b", 204.8, "llama-2-13b", 113.5);
    tokensPerSecond.forEach((model, measured) -> {
      JsonNode json =
          Run.of(
                  "estimate",
                  model,
                  "--on",
                  "rtx-4090",
                  "--weights",
                  "int4",
                  "--input",
                  "32",
                  "--output",
                  "256",
                  "--json")
              .json();
      assertThat(1 / json.get("tpot_s").asDouble()).isBetween(0.88 * measured, 1.5 * measured);
    });
  }
}
