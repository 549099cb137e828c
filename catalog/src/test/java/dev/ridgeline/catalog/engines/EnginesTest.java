package dev.ridgeline.catalog.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  private final Catalog catalog = Catalog.shipped();

  @Test
  void shippedOnesHaveTheirDefaults() {
    assertEngine("generic", 0.9, 16);
    assertEngine("vLLM", 0.9, 16);
    assertEngine("TensorRT-LLM", 0.9, 32);
    assertEngine("trtllm", 0.9, 32);
    assertEngine("sglang", 0.88, 1);
    assertThat(catalog.engine("generic").source()).contains("Not one product");
    assertThat(catalog.engine("trtllm").notes()).anyMatch(note -> note.contains("Simplified"));
  }

  private void assertEngine(String name, double utilization, int blockTokens) {
    Engine engine = catalog.engine(name);
    assertThat(engine.memoryUtilization()).isEqualTo(utilization);
    assertThat(engine.blockTokens()).isEqualTo(blockTokens);
    assertThat(engine.source()).isNotBlank();
  }

  @Test
  void aNameAloneMeansTheNewestReleaseThatWasMeasured() {
    for (String name : catalog.engineNames()) {
      if (!name.equals("generic")) {
        String newest = catalog.engineReleases(name).newest();
        assertThat(catalog.engine(name).version()).isEqualTo(newest);
        assertThat(catalog.engine(name)).isEqualTo(catalog.engine(name + "@" + newest));
      }
    }
    assertThat(catalog.engine("vllm").notes()).contains("Memory is that of release 0.10.2.");
    assertThat(catalog.engine("vllm@0.10.2").notes())
        .doesNotContain("Memory is that of release 0.10.2.");
  }

  @Test
  void refusesReleasesThatNobodyKnows() {
    assertThatThrownBy(() -> catalog.engine("vllm@newest"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a release of vllm")
        .hasMessageContaining("vllm@2024");
    assertThatThrownBy(() -> catalog.engine("generic@7"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("generic has no releases");
    assertThatThrownBy(() -> catalog.engine("vlm"))
        .hasMessage("\"vlm\": unknown engine. Maybe you meant \"vllm\"?");
    assertThatThrownBy(() -> catalog.engine("@1")).isInstanceOf(InputException.class);
  }

  @Test
  void refusesChipsThatAnEngineDoesNotRunOn() {
    Engine trtllm = catalog.engine("trtllm");

    assertThatThrownBy(() -> catalog.requireRuns(trtllm, catalog.chip("mi300x").chip()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not run on mi300x (AMD)")
        .hasMessageContaining("generic, llama.cpp, sglang, vllm");
    assertThatThrownBy(() ->
            catalog.requireRuns(catalog.engine("optimum-habana"), catalog.chip("xeon-8480").chip()))
        .isInstanceOf(InputException.class);
    assertThatNoException()
        .isThrownBy(() -> catalog.requireRuns(trtllm, catalog.chip("l4").chip()));
    assertThatNoException()
        .isThrownBy(() ->
            catalog.requireRuns(catalog.engine("optimum-habana"), catalog.chip("gaudi-3").chip()));
  }

  /** No maker of a chip that ships, and of none that an engine names. */
  @Test
  void aChipOfSomebodysOwnRunsAnyEngine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        schema_version: 1
        name: mine
        title: Mine
        vendor: Nobody
        architecture: none
        source: s
        sources: {s: a source}
        compute: {matrix: {bf16: 100 TFLOP/s}}
        memory: {hbm: {kind: hbm3, capacity: 80 GiB, bandwidth: 2 TB/s}}
        """);

    assertThatNoException()
        .isThrownBy(() ->
            catalog.requireRuns(catalog.engine("trtllm"), catalog.chip(file.toString()).chip()));
  }

  @Test
  void sharesLieBetweenZeroAndOne() {
    String text =
        """
        schema_version: 1
        name: mine
        version: "1"
        title: Mine
        source: s
        sources: {s: a source}
        memory_utilization: 1.5
        reserve: 0 B
        block_tokens: 16
        """;
    assertThatThrownBy(() -> Engines.read(Documents.read("e.yaml", text)))
        .isInstanceOf(InputException.class)
        .hasMessage("e.yaml:7: memory_utilization = \"1.5\": must lie between 0.01 and 1.0.");
  }
}
