package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.memory.CachedBlocks;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.memory.PlainBlocks;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Locale;

/** The scheduling policies by name. */
public enum Policy {
  /** vLLM V1. */
  VLLM_V1(true),
  /** vLLM before V1. */
  VLLM_V0(true),
  /** Sarathi-Serve. */
  SARATHI(true),
  /** Dynamic SplitFuse of DeepSpeed-FastGen. */
  SPLITFUSE(false),
  /** Orca. */
  ORCA(true),
  /** LightLLM. */
  LIGHTLLM(true),
  /** FasterTransformer. */
  STATIC(false);

  private final boolean checked;

  Policy(boolean checked) {
    this.checked = checked;
  }

  /** As on the command line, such as {@code vllm-v1}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether its batches were held against another implementation's, one by one. */
  public boolean checked() {
    return checked;
  }

  /** Watermark of the engine: share of the blocks that new requests leave free. */
  public double usualWatermark() {
    return switch (this) {
      case VLLM_V0, SARATHI, SPLITFUSE -> 0.01;
      case VLLM_V1, ORCA, LIGHTLLM, STATIC -> 0;
    };
  }

  /** Tokens of a block in the engine. */
  public int usualBlockTokens() {
    return this == LIGHTLLM ? 1 : 16;
  }

  /** A scheduler with nothing to do. */
  public Scheduler create(RequestTable table, SchedulerOptions options) {
    KvBlocks kv =
        options.prefixCaching()
            ? new CachedBlocks(table, options.kvBlocks(), options.blockTokens())
            : new PlainBlocks(table, options.kvBlocks(), options.blockTokens());
    return switch (this) {
      case VLLM_V1 -> new UnifiedScheduler(table, options, kv);
      case VLLM_V0 -> new PrefillFirstScheduler(table, options, kv);
      case SARATHI -> new SarathiScheduler(table, options, kv, false);
      case SPLITFUSE -> new SarathiScheduler(table, options, kv, true);
      case ORCA -> new OrcaScheduler(table, options, kv);
      case LIGHTLLM -> new LightScheduler(table, options, kv);
      case STATIC -> new StaticScheduler(table, options, kv);
    };
  }
}
