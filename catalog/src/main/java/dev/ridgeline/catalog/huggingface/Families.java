package dev.ridgeline.catalog.huggingface;

import dev.ridgeline.units.InputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The known {@code model_type}s and how each is read. */
final class Families {
  /** Towers that are not called after their wrapper. */
  private static final Map<String, List<String>> TOWERS =
      Map.of(
          "kimi_k25", List.of("kimi_k2", "deepseek_v3"),
          "minimax_m3_vl", List.of("minimax_m3", "minimax_m2"),
          "mistral3", List.of("mistral", "ministral3"));

  private static final Map<String, Family> KNOWN = new TreeMap<>();

  /** Types that are known not to be expressible, and why. */
  private static final Map<String, String> REFUSED = new TreeMap<>();

  static {
    add(LlamaFamilies::llama, "llama");
    add(LlamaFamilies::mistral, "mistral", "ministral", "ministral3");
    add(LlamaFamilies::mixtral, "mixtral");
    add(LlamaFamilies::mistral3, "mistral3");
    add(GraniteFamilies::dense, "granite");
    add(GraniteFamilies::experts, "granitemoe");
    add(OlmoFamilies::second, "olmo2");
    add(OlmoFamilies::third, "olmo3");
    add(OlmoFamilies::experts, "olmoe");
    add(PlainFamilies::seedOss, "seed_oss");
    add(PlainFamilies::smolLm3, "smollm3");
    add(PlainFamilies::ernie, "ernie4_5");
    add(PlainFamilies::internLm2, "internlm2");
    add(PlainFamilies::internLm3, "internlm3");
    add(PlainFamilies::exaone, "exaone");
    add(PlainFamilies::exaone4, "exaone4");
    add(GlmFamilies::glm, "glm");
    add(GlmFamilies::glm4, "glm4");
    add(GlmFamilies::chat, "chatglm");
    add(LayerNormFamilies::starCoder2, "starcoder2");
    add(LayerNormFamilies::stableLm, "stablelm");
    add(LayerNormFamilies::nemotron, "nemotron");
    add(LlamaFamilies::phi3, "phi3");
    add(LlamaFamilies::phimoe, "phimoe");
    add(QwenFamilies::qwen2, "qwen2");
    add(QwenFamilies::qwen2Moe, "qwen2_moe");
    add(QwenFamilies::qwen2Vl, "qwen2_vl", "qwen2_5_vl");
    add(QwenFamilies::qwen3, "qwen3", "qwen3_vl_text");
    add(QwenFamilies::qwen3Moe, "qwen3_moe", "qwen3_vl_moe_text");
    add(QwenFamilies::qwen3Vl, "qwen3_vl", "qwen3_vl_moe");
    add(QwenFamilies::mimo, "mimo");
    add(QwenHybridFamilies::next, "qwen3_next");
    add(QwenHybridFamilies::qwen35, "qwen3_5", "qwen3_5_moe", "qwen3_5_text", "qwen3_5_moe_text");
    add(DeepSeekFamilies::deepSeek, "deepseek_v2", "deepseek_v3", "deepseek_v32", "kimi_k2");
    add(DeepSeekFamilies::deepSeek, "glm_moe_dsa");
    add(DeepSeekFamilies::kimi, "kimi_k25");
    add(SharedExpertFamilies::deepSeek, "deepseek");
    add(SharedExpertFamilies::dots, "dots1");
    add(SharedExpertFamilies::glm, "glm4_moe");
    add(SharedExpertFamilies::ernie, "ernie4_5_moe");
    add(MiniMaxFamilies::m2, "minimax_m2");
    add(MiniMaxFamilies::m3, "minimax_m3_vl");
    add(GptOssFamily::read, "gpt_oss");
    add(NemotronFamily::read, "nemotron_h");
    add(Llama4Family::read, "llama4", "llama4_text");
    add(StepFamily::read, "step3p7");
    add(ClassicFamilies::gpt2, "gpt2");
    add(ClassicFamilies::opt, "opt");
    add(GemmaFamilies::first, "gemma");
    add(GemmaFamilies::second, "gemma2");
    add(GemmaFamilies::third, "gemma3", "gemma3_text");
    add(DbrxFamily::read, "dbrx");
    add(ParallelFamilies::gptJ, "gptj");
    add(ParallelFamilies::falcon, "falcon");
    add(ParallelFamilies::gptNeoX, "gpt_neox");
    add(ParallelFamilies::phi, "phi");
    add(ParallelFamilies::cohere, "cohere");
    add(ParallelFamilies::cohere2, "cohere2");
    add(MambaFamilies::mamba, "mamba", "falcon_mamba");
    add(MambaFamilies::mamba2, "mamba2");
    add(MambaFamilies::jamba, "jamba");
    String biases = "places tokens by attention biases, which is not supported";
    REFUSED.put("mpt", biases);
    REFUSED.put("bloom", biases);
    REFUSED.put(
        "baichuan",
        "places tokens by rotation in one size and by attention biases in another, which its files"
            + " do not tell apart");
    REFUSED.put("falcon_h1", "runs attention and Mamba side by side, which is not supported");
    String lightning = "has layers of lightning attention, which are not supported";
    for (String type : new String[] {"minimax", "minimax_m1", "minimax_text_01"}) {
      REFUSED.put(type, lightning);
    }
    REFUSED.put("mllama", "attends to images in layers of its own, which is not supported");
    String sharing = "shares caches between layers, which is not supported";
    REFUSED.put("gemma3n", sharing);
    REFUSED.put("gemma3n_text", sharing);
  }

  private Families() {}

  private static void add(Family family, String... types) {
    for (String type : types) {
      KNOWN.put(type, family);
    }
  }

  /** The names of all families. */
  static SortedSet<String> names() {
    return new TreeSet<>(KNOWN.keySet());
  }

  /** The family of a type. */
  static Family of(Config top, String type) {
    return Optional.ofNullable(KNOWN.get(type)).orElseThrow(() -> unknown(top, type));
  }

  /** Refuses a language tower of another family inside a wrapper. */
  static void requireTower(String type, Config text) {
    List<String> towers =
        Stream.concat(
                Stream.of(type, type + "_text"), TOWERS.getOrDefault(type, List.of()).stream())
            .toList();
    text.word("model_type", towers);
  }

  private static InputException unknown(Config top, String type) {
    return Optional.ofNullable(REFUSED.get(type))
        .map(reason -> top.problem("model_type", "this family " + reason))
        .orElseGet(
            () -> top.problem("model_type", "unknown model family").withNearest(type, names()))
        .exception();
  }
}
