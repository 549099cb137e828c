package dev.ridgeline.catalog.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.units.InputException;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void shippedOnesHaveTheirDefaults() {
    assertEngine("generic", 0.9, 16);
    assertEngine("vLLM", 0.9, 16);
    assertEngine("TensorRT-LLM", 0.9, 32);
    assertEngine("trtllm", 0.9, 32);
    assertEngine("sglang", 0.88, 1);
    assertThat(Engines.named("generic").source()).contains("Not one product");
    assertThat(Engines.named("trtllm").notes()).anyMatch(note -> note.contains("Simplified"));
  }

  private static void assertEngine(String name, double utilization, int blockTokens) {
    Engine engine = Engines.named(name);
    assertThat(engine.memoryUtilization()).isEqualTo(utilization);
    assertThat(engine.blockTokens()).isEqualTo(blockTokens);
    assertThat(engine.source()).isNotBlank();
  }

  @Test
  void anotherReleaseIsTakenForTheOneThatIsKnown() {
    Engine vllm = Engines.named("vllm");
    assertThat(Engines.named("vllm@" + vllm.version())).isEqualTo(vllm);
    Engine later = Engines.named("vllm@0.19.1");
    assertThat(later.version()).isEqualTo("0.19.1");
    assertThat(later.memoryUtilization()).isEqualTo(vllm.memoryUtilization());
    assertThat(later.notes()).contains("Memory is that of release 0.10.2.");
    assertThatThrownBy(() -> Engines.named("vllm@newest"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("vllm has no such release")
        .hasMessageContaining("vllm@" + vllm.version());
    assertThatThrownBy(() -> Engines.named("generic@7")).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Engines.named("vlm"))
        .hasMessage("\"vlm\": unknown engine. Maybe you meant \"vllm\"?");
    assertThatThrownBy(() -> Engines.named("@1")).isInstanceOf(InputException.class);
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
