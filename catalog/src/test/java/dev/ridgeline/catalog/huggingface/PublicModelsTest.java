package dev.ridgeline.catalog.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.workload.Attention;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Well-known public models, counted to one percent of their published sizes. */
class PublicModelsTest {
  static final List<PublicConfigs.Example> EXAMPLES = PublicConfigs.ALL;

  private static final Percentage ONE = Percentage.withPercentage(1);

  static Model read(String json) {
    return HuggingFaceImporter.read(
        "test", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), Optional.empty());
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void parametersMatch(PublicConfigs.Example example) {
    Model model = read(example.json());
    assertThat(model.parameters().language() / 1e9).isCloseTo(example.billions(), ONE);
  }

  /** Windows as the reports of Mistral 7B, Gemma 2 and Gemma 3 describe them. */
  @Test
  void mistralSlidesEverywhereAndGemmaAlternates() {
    assertThat(read(PublicConfigs.MISTRAL_7B).layers())
        .allSatisfy(layer -> assertThat(span(layer)).isEqualTo(new Span.Window(4096)));
    List<Layer> gemma2 = read(PublicConfigs.GEMMA_2_9B).layers();
    assertThat(span(gemma2.get(0))).isEqualTo(new Span.Window(4096));
    assertThat(span(gemma2.get(1))).isEqualTo(Span.FULL);
    List<Layer> gemma3 = read(PublicConfigs.GEMMA_3_27B).layers();
    for (int layer = 0; layer < gemma3.size(); layer++) {
      assertThat(span(gemma3.get(layer)))
          .isEqualTo(layer % 6 == 5 ? Span.FULL : new Span.Window(1024));
    }
  }

  /** Gemma 3 report, table 1: the vision encoder has 417M; the projection comes on top. */
  @Test
  void visionTowersAreCountedApart() {
    assertThat(read(PublicConfigs.GEMMA_3_27B).parameters().vision() / 1e6)
        .isCloseTo(417 + 1152 * 5376 / 1e6, ONE);
    // Hugging Face lists 8.29B for Qwen2.5-VL-7B and for Qwen2-VL-7B, both parts together.
    for (String json : List.of(PublicConfigs.QWEN_2_5_VL_7B, PublicConfigs.QWEN_2_VL_7B)) {
      assertThat(read(json).parameters().total() / 1e9).isCloseTo(8.29, ONE);
    }
    // Hugging Face lists 402B for Llama 4 Maverick with its vision tower.
    assertThat(read(PublicConfigs.LLAMA_4_MAVERICK).parameters().total() / 1e9).isCloseTo(402, ONE);
  }

  @Test
  void defaultsThatWereTakenAreNoted() {
    assertThat(read(PublicConfigs.GEMMA_3_27B).notes())
        .anyMatch(note -> note.startsWith("vocab_size is not in the file"));
    assertThat(read(PublicConfigs.MAMBA_2_8B).notes())
        .anyMatch(note -> note.contains("no longest context"));
  }

  /** Command R7B attends to windows on three layers of four and rotates on these alone. */
  @Test
  void blocksSideBySideAreReadAsSuch() {
    for (PublicConfigs.Example example : EXAMPLES) {
      boolean sideBySide =
          List.of("falcon-7b", "gpt-j-6b", "gpt-neox-20b", "phi-2", "command-r-v01", "command-r7b")
              .contains(example.name());
      assertThat(read(example.json()).layers())
          .as(example.name())
          .allMatch(layer -> layer.parallel() == sideBySide);
    }
    String r7b =
        EXAMPLES.stream()
            .filter(example -> example.name().equals("command-r7b"))
            .findFirst()
            .orElseThrow()
            .json();
    List<Layer> layers = read(r7b).layers();
    assertThat(span(layers.get(2))).isEqualTo(new Span.Window(4096));
    assertThat(span(layers.get(3))).isEqualTo(Span.FULL);
    assertThat(((Attention) layers.get(3).blocks().getFirst()).rotary()).isFalse();
  }

  @Test
  void mavericksExpertsSitInEveryOtherLayer() {
    List<Layer> layers = read(PublicConfigs.LLAMA_4_MAVERICK).layers();
    for (int layer = 0; layer < layers.size(); layer++) {
      assertThat(layers.get(layer).blocks().get(1) instanceof Experts).isEqualTo(layer % 2 == 1);
    }
  }

  @Test
  void readsAFolderWithItsQuantisationFile(@TempDir Path folder) throws IOException {
    Path model = Files.createDirectory(folder.resolve("meta--llama-2-70b"));
    Files.writeString(model.resolve("config.json"), PublicConfigs.LLAMA_2_70B);
    Files.writeString(
        model.resolve("hf_quant_config.json"),
        """
        {"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8",
         "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"]}}
        """);
    Model read = HuggingFaceImporter.read(model);
    assertThat(read.name()).isEqualTo("meta/llama-2-70b");
    assertThat(read.checkpointActivations().orElseThrow().name()).isEqualTo("fp8");
    assertThat(read.checkpointKv().orElseThrow().name()).isEqualTo("fp8");
    assertThat(read.head().orElseThrow().format()).isEqualTo(read.nativeFormat());
  }

  @Test
  void namesAFileWithoutTheUsualNameAfterItself(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my-llama.json"), PublicConfigs.LLAMA_2_70B);
    assertThat(HuggingFaceImporter.read(file).name()).isEqualTo("my-llama");
  }

  private static Span span(Layer layer) {
    return ((Attention) layer.blocks().getFirst()).span();
  }
}
