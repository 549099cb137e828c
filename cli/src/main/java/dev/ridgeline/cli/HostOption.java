package dev.ridgeline.cli;

import dev.ridgeline.cost.EnergyRates;
import dev.ridgeline.cost.FarTier;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.QuantityException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of host memory beside the cache, and of slots reserved ahead. */
final class HostOption {
  private static final String PREEMPTION = "--preemption";
  private static final String BLOCKS = "--host-kv-blocks";
  private static final String LINK = "--host-link";
  private static final String BLOCK_TIME = "--host-block-time";
  private static final String LOOKAHEAD = "--lookahead";
  private static final String SWAP = "swap";
  private static final String RECOMPUTE = "recompute";
  private static final String ALL = "all";
  private static final int MOST = 1 << 30;
  private static final int MOST_LOOKAHEAD = 1 << 16;

  private HostOption() {}

  static void declare(CommandSpec command) {
    add(
        command,
        PREEMPTION,
        "HOW",
        "recompute (default), or swap to host memory (vllm-v0): what becomes of the cache of who has"
            + " to leave.");
    add(
        command,
        BLOCKS,
        "N|all",
        "Blocks in host memory: swap space, or with --prefix-caching evicted blocks; all that the"
            + " host holds.");
    add(
        command,
        LINK,
        "BANDWIDTH",
        "Between the host and one device, one direction (default: the platform's).");
    add(command, BLOCK_TIME, "TIME", "A block's time on the host link, without a model.");
    add(
        command,
        LOOKAHEAD,
        "N",
        "Slots reserved for tokens drafted next (vllm-v1, vllm-v0; default: the draft's length).");
  }

  private static void add(CommandSpec command, String name, String label, String description) {
    command.addOption(SubjectOption.option(name, label, description));
  }

  /**
   * Cache blocks of a model on its devices.
   *
   * @param platform that the model is on
   * @param parallelism how it is spread
   * @param bytesPerToken cache of a token on one device
   */
  record Cache(Platform platform, Parallelism parallelism, double bytesPerToken) {}

  /** The scheduler's options with host memory and lookahead, if they are asked for. */
  static SchedulerOptions read(
      ParseResult parsed, Policy policy, SchedulerOptions options, Optional<Cache> cache) {
    SchedulerOptions ahead = lookahead(parsed, policy, options);
    boolean swaps = swaps(parsed, policy);
    if (!swaps && !parsed.hasMatchedOption(BLOCKS)) {
      requireAbsent(parsed, LINK, "belongs to " + BLOCKS + " and " + PREEMPTION + " " + SWAP);
      requireAbsent(parsed, BLOCK_TIME, "belongs to " + BLOCKS + " and " + PREEMPTION + " " + SWAP);
      return ahead;
    }
    if (!swaps && !options.prefixCaching()) {
      throw refused(
          BLOCKS,
          policy == Policy.VLLM_V0
              ? "host memory is for " + PREEMPTION + " " + SWAP
              : "host memory is for --prefix-caching, or %s %s of vllm-v0"
                  .formatted(PREEMPTION, SWAP));
    }
    HostTier.Use use = swaps ? HostTier.Use.SWAP : HostTier.Use.SPILL;
    return ahead.withHost(
        cache.isPresent()
            ? ofModel(parsed, options.blockTokens(), cache.get(), use)
            : ofBlockTime(parsed, use));
  }

  private static SchedulerOptions lookahead(
      ParseResult parsed, Policy policy, SchedulerOptions options) {
    OptionalInt slots = NumberOption.whole(parsed, LOOKAHEAD, 0, MOST_LOOKAHEAD);
    boolean has = policy == Policy.VLLM_V1 || policy == Policy.VLLM_V0;
    if (slots.isPresent() && !has) {
      throw refused(
          LOOKAHEAD,
          "%s has no such option; it belongs to vllm-v1, vllm-v0".formatted(policy.key()));
    }
    int drafted = has ? options.drafts().map(drafts -> drafts.acceptance().length).orElse(0) : 0;
    int usual = Math.max(options.lookaheadTokens(), drafted);
    return slots.isPresent() || usual > 0 ? options.withLookahead(slots.orElse(usual)) : options;
  }

  private static boolean swaps(ParseResult parsed, Policy policy) {
    if (!parsed.hasMatchedOption(PREEMPTION)) {
      return false;
    }
    String how = parsed.matchedOptionValue(PREEMPTION, "");
    if (!how.equals(SWAP) && !how.equals(RECOMPUTE)) {
      throw Problem.of("must be %s or %s".formatted(RECOMPUTE, SWAP))
          .withField(PREEMPTION)
          .withValue(how)
          .withNearest(how, List.of(RECOMPUTE, SWAP))
          .exception();
    }
    if (how.equals(SWAP) && policy != Policy.VLLM_V0) {
      throw refused(PREEMPTION, "%s does not swap; vllm-v0 does".formatted(policy.key()));
    }
    return how.equals(SWAP);
  }

  private static OptionalInt blocks(ParseResult parsed) {
    return parsed.matchedOptionValue(BLOCKS, ALL).strip().equals(ALL)
        ? OptionalInt.empty()
        : NumberOption.whole(parsed, BLOCKS, 1, MOST);
  }

  private static HostTier ofBlockTime(ParseResult parsed, HostTier.Use use) {
    requireAbsent(parsed, LINK, "without a model say the time of a block: " + BLOCK_TIME);
    OptionalInt blocks = blocks(parsed);
    if (blocks.isEmpty()) {
      throw refused(BLOCKS, "how many blocks does the host hold? Without a model it must be said");
    }
    if (!parsed.hasMatchedOption(BLOCK_TIME)) {
      throw refused(
          BLOCK_TIME, "how long is a block on the host link? Without a model it must be said");
    }
    return new HostTier(blocks.getAsInt(), TrafficOption.seconds(parsed, BLOCK_TIME), 0, use);
  }

  private static HostTier ofModel(
      ParseResult parsed, int blockTokens, Cache cache, HostTier.Use use) {
    requireAbsent(parsed, BLOCK_TIME, "a model's blocks have their own time; say " + LINK);
    double blockBytes = blockTokens * cache.bytesPerToken();
    OptionalInt blocks = blocks(parsed);
    Optional<BytesPerSecond> link = link(parsed);
    Platform platform = cache.platform();
    boolean known =
        platform.chip().host().isPresent() && platform.host().memory(SharedMemory.HOST).isPresent();
    double secondsPerByte = link.map(each -> 1 / each.value()).orElse(0.0);
    if (link.isEmpty() || blocks.isEmpty() || known) {
      FarTier tier = tier(parsed, cache);
      double memory = Math.max(tier.readSecondsPerByte(), tier.writeSecondsPerByte());
      secondsPerByte =
          Math.max(memory, link.isPresent() ? secondsPerByte : tier.linkSecondsPerByte());
      if (blocks.isEmpty()) {
        blocks = OptionalInt.of((int) Math.clamp(tier.capacityBytes() / blockBytes, 0, MOST));
      }
    }
    if (blocks.getAsInt() < 1) {
      throw refused(BLOCKS, "the host has no room for a single block");
    }
    Parallelism parallelism = cache.parallelism();
    // A block is of one attention rank.
    int holders = parallelism.devicesPerReplica() / parallelism.attentionData();
    double joules = EnergyRates.of(platform.chip()).joulesPerLinkByte() * blockBytes * holders;
    return new HostTier(blocks.getAsInt(), blockBytes * secondsPerByte, joules, use);
  }

  /** The host's memory; refuses a platform that does not state it, or no link to it. */
  private static FarTier tier(ParseResult parsed, Cache cache) {
    try {
      return FarTier.of(
          cache.platform(),
          cache.parallelism(),
          new Offload(1, SharedMemory.HOST),
          BLOCKS.substring(2));
    } catch (IllegalDeploymentException unknown) {
      boolean blocks = parsed.hasMatchedOption(BLOCKS);
      throw new InputException(
          Problem.of(
                  "%s states no host memory, or no link to it; say %s N %s RATE, such as %s 10000 %s \"25 GB/s\""
                      .formatted(cache.platform().name(), BLOCKS, LINK, BLOCKS, LINK))
              .withField(blocks ? BLOCKS : PREEMPTION)
              .withValue(blocks ? parsed.matchedOptionValue(BLOCKS, "") : SWAP),
          unknown);
    }
  }

  private static Optional<BytesPerSecond> link(ParseResult parsed) {
    if (!parsed.hasMatchedOption(LINK)) {
      return Optional.empty();
    }
    try {
      BytesPerSecond link = BytesPerSecond.parse(parsed.matchedOptionValue(LINK, "").strip());
      if (link.value() > 0) {
        return Optional.of(link);
      }
    } catch (QuantityException wrong) {
      throw wrong.problem().withField(LINK).exception();
    }
    throw refused(LINK, "must be a bandwidth above zero, such as \"50 GB/s\"");
  }

  /** Refuses what only schedulers have. */
  static void requireAbsent(ParseResult parsed, String reason) {
    Stream.of(PREEMPTION, BLOCKS, LINK, BLOCK_TIME, LOOKAHEAD)
        .forEach(option -> requireAbsent(parsed, option, reason));
  }

  private static void requireAbsent(ParseResult parsed, String option, String reason) {
    if (parsed.hasMatchedOption(option)) {
      throw refused(option, reason);
    }
  }

  private static RuntimeException refused(String option, String reason) {
    return Problem.of(reason).withField(option).exception();
  }
}
