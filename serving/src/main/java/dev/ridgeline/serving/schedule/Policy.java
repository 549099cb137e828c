package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.memory.CachedBlocks;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.memory.PlainBlocks;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

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
  STATIC(false),
  /** SGLang. */
  SGLANG(false),
  /** TensorRT-LLM, guaranteed no evict. */
  TRTLLM(false);

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
      case VLLM_V1, ORCA, LIGHTLLM, STATIC, SGLANG, TRTLLM -> 0;
    };
  }

  /** Tokens of a step where nothing else is said; where there is no limit, the longest request. */
  public int usualBudget() {
    return switch (this) {
      case VLLM_V1 -> UnifiedScheduler.USUAL_BUDGET;
      case VLLM_V0 -> PrefillFirstScheduler.USUAL_BUDGET;
      case SARATHI, SPLITFUSE -> SarathiScheduler.USUAL_CHUNK;
      case LIGHTLLM -> LightScheduler.USUAL_BUDGET;
      case SGLANG -> RadixScheduler.USUAL_BUDGET;
      case TRTLLM -> InFlightScheduler.USUAL_BUDGET;
      case ORCA, STATIC -> SchedulerOptions.USUAL_MAX_TOKENS;
    };
  }

  /** Tokens of a block in the engine. */
  public int usualBlockTokens() {
    return switch (this) {
      case LIGHTLLM, SGLANG -> 1;
      case TRTLLM -> 32;
      case VLLM_V1, VLLM_V0, SARATHI, SPLITFUSE, ORCA, STATIC -> 16;
    };
  }

  /** Whether it reckons with the outputs that requests will have. */
  public boolean predictsOutputs() {
    return this == LIGHTLLM || this == SGLANG || this == TRTLLM;
  }

  /** Whether the engine can share blocks of equal prefixes. */
  public boolean shares() {
    return this == VLLM_V1 || this == SGLANG;
  }

  /** Whether it can prefill for other instances, and decode what others have prefilled. */
  public boolean disaggregates() {
    return this == VLLM_V1 || this == SGLANG || this == TRTLLM;
  }

  /** Whether tokens may be speculated. */
  public boolean speculates() {
    return this == VLLM_V1 || this == VLLM_V0 || this == SGLANG || this == TRTLLM;
  }

  /**
   * One for an instance that decodes what others have prefilled.
   *
   * @param together whether decoding requests may go on together
   * @throws IllegalArgumentException where the policy does not {@linkplain #disaggregates()
   *     disaggregate}
   */
  public ReceivingScheduler createReceiving(
      RequestTable table, SchedulerOptions options, boolean together) {
    var ranks = new ReceivingScheduler[options.attentionRanks()];
    for (int rank = 0; rank < ranks.length; rank++) {
      if (!(create(table, options, Speculator.NONE, UnaryOperator.identity(), together)
          instanceof ReceivingScheduler receiving)) {
        throw new IllegalArgumentException(key() + " does not decode what others have prefilled");
      }
      ranks[rank] = receiving;
    }
    return ranks.length == 1 ? ranks[0] : new ReceivingLockstepScheduler(table, ranks);
  }

  /**
   * A scheduler with nothing to do; one for all attention ranks of a replica.
   *
   * @param random draws which drafts are accepted
   * @param together whether decoding requests may go on together, which touches only those that
   *     something happens to; schedules are the same
   */
  public Scheduler create(
      RequestTable table, SchedulerOptions options, RandomGenerator random, boolean together) {
    Speculator speculator = new Speculator(options.drafts(), random);
    return ofAllRanks(table, options, speculator, UnaryOperator.identity(), together);
  }

  /** A scheduler with nothing to do that decodes one token after the other. */
  public Scheduler create(RequestTable table, SchedulerOptions options) {
    return create(table, options, true);
  }

  private Scheduler create(RequestTable table, SchedulerOptions options, boolean together) {
    return create(table, options, UnaryOperator.identity(), together);
  }

  /**
   * A scheduler with nothing to do, whose blocks somebody else has a hand in. It decodes one token
   * after the other.
   *
   * @param seen stands before the blocks of each attention rank
   */
  public Scheduler create(
      RequestTable table,
      SchedulerOptions options,
      UnaryOperator<KvBlocks> seen,
      boolean together) {
    if (options.drafts().isPresent()) {
      throw new IllegalArgumentException("drafts where there are none");
    }
    return ofAllRanks(table, options, Speculator.NONE, seen, together);
  }

  private Scheduler ofAllRanks(
      RequestTable table,
      SchedulerOptions options,
      Speculator speculator,
      UnaryOperator<KvBlocks> seen,
      boolean together) {
    Scheduler[] ranks = new Scheduler[options.attentionRanks()];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[rank] = create(table, options, speculator, seen, together);
    }
    return ranks.length == 1 ? ranks[0] : new LockstepScheduler(table, ranks);
  }

  private Scheduler create(
      RequestTable table,
      SchedulerOptions options,
      Speculator speculator,
      UnaryOperator<KvBlocks> seen,
      boolean together) {
    int spill = options.host().filter(tier -> !tier.swaps()).map(HostTier::blocks).orElse(0);
    KvBlocks kv =
        seen.apply(
            options.prefixCaching() && shares()
                ? new CachedBlocks(table, options.kvBlocks(), options.blockTokens(), spill)
                : new PlainBlocks(table, options.kvBlocks(), options.blockTokens()));
    Setting setting = new Setting(table, options, kv, speculator, together);
    return switch (this) {
      case VLLM_V1 -> new UnifiedScheduler(setting);
      case VLLM_V0 -> new PrefillFirstScheduler(setting);
      case SARATHI -> new SarathiScheduler(setting, false);
      case SPLITFUSE -> new SarathiScheduler(setting, true);
      case ORCA -> new OrcaScheduler(setting);
      case LIGHTLLM -> new LightScheduler(setting);
      case STATIC -> new StaticScheduler(setting);
      case SGLANG -> new RadixScheduler(setting);
      case TRTLLM -> new InFlightScheduler(setting);
    };
  }
}
