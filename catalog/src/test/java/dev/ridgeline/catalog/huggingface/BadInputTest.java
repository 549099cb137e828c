package dev.ridgeline.catalog.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a file is said by file, line and field. */
class BadInputTest {

  private static Problem refused(String json) {
    InputException e =
        catchThrowableOfType(InputException.class, () -> PublicModelsTest.read(json));
    assertThat(e).as("the file was accepted").isNotNull();
    assertThat(e.problem().file()).contains("test/config.json");
    assertThat(e.problem().line()).isPresent();
    return e.problem();
  }

  /** The Llama file with one field changed or added. */
  private static String llama(String field, String value) {
    String without = PublicConfigs.LLAMA_2_70B.replaceAll("\"" + field + "\": [^,}]+,?", "");
    return without.replaceFirst(
        "\\{", Matcher.quoteReplacement("{\"" + field + "\": " + value + ",\n"));
  }

  @Test
  void unknownFamiliesAreRefusedWithTheNearest() {
    Problem problem = refused(llama("model_type", "\"lama\""));
    assertThat(problem.field()).isEqualTo("model_type");
    assertThat(problem.allowed()).contains("llama", "deepseek_v3");
    assertThat(problem.suggestions()).containsExactly("llama");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpt", "bloom", "falcon_h1", "minimax_m1"})
  void familiesThatCannotBeExpressedAreRefusedWithTheReason(String family) {
    assertThat(refused(llama("model_type", "\"" + family + "\"")).description())
        .contains("not supported");
  }

  @Test
  void theFamilyMustBeStated() {
    assertThat(refused("{\"hidden_size\": 1}").field()).isEqualTo("model_type");
  }

  @Test
  void fieldsThatMayChangeTheComputationAreRefused() {
    Problem problem = refused(llama("num_memory_layers", "4"));
    assertThat(problem.field()).isEqualTo("num_memory_layers");
    assertThat(problem.line()).hasValue(1);
    assertThat(problem.description()).contains("may change the computation");
  }

  @Test
  void misspeltFieldsAreRecognised() {
    Problem problem = refused(llama("head_dimm", "64"));
    assertThat(problem.suggestions()).containsExactly("head_dim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "false", "0", "0.0", "\"\"", "[]", "{}"})
  void unknownFieldsThatSayNothingAreAccepted(String value) {
    assertThat(PublicModelsTest.read(llama("num_memory_layers", value)).layers()).hasSize(80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_hidden_layers | 1152921504606846976",
        "num_hidden_layers | 1e400",
        "num_hidden_layers | -1",
        "num_hidden_layers | 0",
        "num_hidden_layers | 2.5",
        "num_hidden_layers | NaN",
        "num_hidden_layers | Infinity",
        "num_hidden_layers | \"80\"",
        "num_hidden_layers | [80]",
        "num_hidden_layers | true",
        "num_hidden_layers | null",
        "hidden_size | 100000000",
        "vocab_size | 100000000",
        "max_position_embeddings | 1e30",
        "num_key_value_heads | 7",
        "num_attention_heads | 60000",
        "head_dim | 16777216",
        "hidden_act | \"tanhshrink\"",
        "attention_bias | 1",
        "torch_dtype | \"float9\"",
        "tie_word_embeddings | \"yes\"",
        "quantization_config | []",
      })
  void sizesOutsideAllBoundsAreRefused(String field, String value) {
    assertThat(refused(llama(field, value)).field()).isEqualTo(field);
  }

  @Test
  void modelsBeyondAllBoundsAreRefused() {
    String json =
        PublicConfigs.MIXTRAL_8X22B
            .replace("\"num_local_experts\": 8", "\"num_local_experts\": 1048576")
            .replace("\"intermediate_size\": 16384", "\"intermediate_size\": 16777216");
    assertThat(refused(json).description()).contains("beyond all bounds");
  }

  @Test
  void listsMustCoverAllLayers() {
    String json =
        PublicConfigs.GEMMA_2_9B.replaceFirst(
            "\\{", "{\"layer_types\": [\"full_attention\", \"sliding_attention\"],");
    Problem problem = refused(json);
    assertThat(problem.field()).isEqualTo("layer_types");
    assertThat(problem.description()).contains("2 entries where 42");
  }

  @Test
  void patternsMustCoverAllLayers() {
    assertThat(refused(PublicConfigs.NEMOTRON_NANO.replace("MEMEM*", "MEM*")).field())
        .isEqualTo("hybrid_override_pattern");
    assertThat(refused(PublicConfigs.NEMOTRON_NANO.replace("MEMEM*", "MEMXM*")).description())
        .contains("letter 4");
  }

  @Test
  void namesOfOneThingMustAgree() {
    Problem problem =
        refused(
            PublicConfigs.GPT_OSS_20B.replace(
                "\"experts_per_token\": 4", "\"experts_per_token\": 8"));
    assertThat(problem.field()).isEqualTo("experts_per_token");
    assertThat(problem.description()).contains("num_experts_per_tok = 4");
  }

  @Test
  void aTokenCannotVisitMoreExpertsThanThereAre() {
    Problem problem =
        refused(
            PublicConfigs.MIXTRAL_8X22B.replace(
                "\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 9"));
    assertThat(problem.field()).isEqualTo("num_experts_per_tok");
  }

  @Test
  void innerTypesMustFitTheWrapper() {
    Problem problem = refused(PublicConfigs.GEMMA_3_27B.replace("gemma3_text", "llama"));
    assertThat(problem.field()).isEqualTo("text_config.model_type");
  }

  @Test
  void unknownVisionTowersAreRefused() {
    Problem problem =
        refused(PublicConfigs.GEMMA_3_27B.replace("siglip_vision_model", "other_vision"));
    assertThat(problem.field()).isEqualTo("vision_config.model_type");
  }

  @Test
  void truncatedFilesAreRefused() {
    String whole = PublicConfigs.DEEPSEEK_V3.strip();
    for (int length = 1; length < whole.length(); length += 7) {
      assertThat(refused(whole.substring(0, length)).description()).isNotBlank();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true} | quant_method",
        "{\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP5\"} | quant_algo",
        "{\"quant_method\": \"modelopt\"} | quant_algo",
        "{\"quant_method\": \"gptq\", \"bits\": 3, \"group_size\": 128} | bits",
        "{\"quant_method\": \"fp8\", \"weight_block_size\": [128]} | weight_block_size",
        "{\"quant_method\": \"fp8\", \"rotation\": \"hadamard\"} | rotation",
        "{\"quant_algo\": \"MIXED_PRECISION\"} | quantized_layers",
        "{\"quant_method\": \"fp8\", \"ignore\": [\"re:(\"]} | ignore[0]",
        "{\"quant_algo\": \"FP8\", \"kv_cache_quant_algo\": \"FP3\"} | kv_cache_quant_algo",
      })
  void unknownQuantisationsAreRefused(String quantisation, String field) {
    assertThat(refused(llama("quantization_config", quantisation)).field())
        .isEqualTo("quantization_config." + field);
  }
}
