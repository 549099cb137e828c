package dev.ridgeline.calibration.served;

/**
 * Time that a deployment with prompts and decoding apart takes to hand a request over, beyond the
 * cache's way: routing to two workers, their rendezvous, the transfer library's set-up.
 *
 * <p>One constant an engine, fitted in November 2026 by least mean |ln(predicted/measured)| of the
 * time to the first token: of TensorRT-LLM and SGLang to DeepSeek V3 on GB200 in FP4, of vLLM to
 * Kimi K2.5 on GB200 with prompts of 1,024 tokens. All other rows are held out.
 */
final class Handover {
  private Handover() {}

  /** Of an engine, in seconds. */
  static double seconds(String backend) {
    return switch (backend) {
      case "trtllm" -> 0.14;
      case "sglang" -> 0.52;
      case "vllm" -> 0.26;
      default -> throw new IllegalArgumentException(backend);
    };
  }

  /** Whether a row is one of those that the constants were fitted to. */
  static boolean fitted(ServedRow row) {
    return row.system().equals("gb200")
        && row.precision().equals("fp4")
        && (row.backend().equals("vllm")
            ? row.inputTokens() == 1024
            : row.model().equals("deepseek-ai/DeepSeek-V3"));
  }
}
