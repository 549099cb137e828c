package dev.ridgeline.calibration.served;

import java.util.Map;
import java.util.Set;

/**
 * Which measured rows the shipped profiles of engines are fitted to. Whole models are left out of
 * the overheads, and of TensorRT-LLM a whole system, whole systems and formats out of the
 * hand-over; bands and held-out errors are of what is left out.
 */
final class FittedRows {
  private static final Map<String, Set<String>> MODELS =
      Map.of(
          "vllm",
          Set.of("meta-llama/Llama-3.1-70B", "Qwen/Qwen3-32B", "MiniMaxAI/MiniMax-M2.5"),
          "sglang",
          Set.of("Qwen/Qwen3-32B", "zhipuai/GLM-5"),
          "trtllm",
          Set.of("Qwen/Qwen3-32B", "Qwen/Qwen3-235B-A22B-FP8"));

  private FittedRows() {}

  /** Whether what is fitted of the row's engine is fitted to rows of this kind. */
  static boolean has(ServedRow row) {
    return row.disaggregated()
        ? row.system().equals("gb200")
            && row.precision().equals("fp4")
            && (row.backend().equals("vllm")
                ? row.inputTokens() == 1024
                : row.model().equals("deepseek-ai/DeepSeek-V3"))
        : MODELS.getOrDefault(row.backend(), Set.of()).contains(row.model())
            && !(row.backend().equals("trtllm") && row.system().equals("gb200"));
  }
}
