package dev.ridgeline.cli;

import dev.ridgeline.serving.schedule.DynamicChunk;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.units.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of a replica's scheduler, and which policy has which. */
final class SchedulerOption {
  static final String SCHEDULER = "--scheduler";
  static final String KV_BLOCKS = "--kv-blocks";
  private static final String TOKEN_BUDGET = "--token-budget";
  private static final String CHUNK = "--chunk";
  private static final String DYNAMIC_CHUNK = "--dynamic-chunk";
  static final String MAX_SEQUENCES = "--max-sequences";
  private static final String MAX_TOKENS = "--max-tokens";
  private static final String LONG_PREFILL = "--long-prefill-threshold";
  private static final String NO_FULL_ADMISSION = "--no-full-sequence-admission";
  private static final String PREFIX_CACHING = "--prefix-caching";
  private static final String PRIORITIES = "--priorities";
  private static final String BLOCK_SIZE = "--block-size";
  private static final String WATERMARK = "--watermark";
  private static final String MAX_WAITING = "--max-waiting-iterations";
  private static final String STAGES = "--pipeline-stages";

  private static final int MOST = 1 << 30;
  private static final int MOST_STAGES = 1024;
  private static final int USUAL_SEQUENCES = 128;
  private static final int USUAL_WAITING = 10;

  private static final Set<Policy> CHUNKED = EnumSet.of(Policy.SARATHI, Policy.SPLITFUSE);

  private SchedulerOption() {}

  static void declare(CommandSpec command) {
    command.addOption(
        option(
            SCHEDULER,
            "NAME",
            "%s (default that of --engine, else %s)."
                .formatted(String.join(", ", policies()), Policy.VLLM_V1.key())));
    command.addOption(
        option(
            TOKEN_BUDGET,
            "N",
            "Tokens of a step; for vllm-v0 requests times longest prompt of a prefill."));
    command.addOption(
        option(CHUNK, "N", "Tokens of a step, decoding included (sarathi, splitfuse)."));
    command.addOption(
        option(
            DYNAMIC_CHUNK,
            "LARGEST,SMALLEST,PARTS,PROMPT",
            "A chunk that shrinks over PARTS of a prompt of PROMPT tokens (sarathi)."));
    command.addOption(option(MAX_SEQUENCES, "N", "Requests in progress at most (default 128)."));
    command.addOption(
        option(
            MAX_TOKENS,
            "N",
            "Longest request, prompt and output; orca and static reserve it (4096)."));
    command.addOption(
        option(LONG_PREFILL, "N", "Most prompt tokens of one request in a step (vllm-v1)."));
    command.addOption(
        OutputOption.flag(
            NO_FULL_ADMISSION, "Let a request in before all its tokens fit (vllm-v1)."));
    command.addOption(
        OutputOption.flag(PREFIX_CACHING, "Share blocks of equal prefixes (vllm-v1, sglang)."));
    command.addOption(
        OutputOption.flag(PRIORITIES, "Urgent requests first, by column priority (vllm-v1)."));
    command.addOption(
        option(KV_BLOCKS, "N", "Usable KV blocks of a replica, or of each attention rank."));
    command.addOption(
        option(BLOCK_SIZE, "N", "Tokens of a block (default 16; lightllm, sglang 1; trtllm 32)."));
    command.addOption(option(WATERMARK, "X", "Share of the blocks that new requests leave free."));
    command.addOption(
        option(MAX_WAITING, "N", "Decoding steps between prefills (lightllm, default 10)."));
    command.addOption(
        option(STAGES, "N", "Pipeline stages: as many batches are in flight (default 1)."));
  }

  private static picocli.CommandLine.Model.OptionSpec option(
      String name, String label, String description) {
    return SubjectOption.option(name, label, description);
  }

  private static List<String> policies() {
    return Stream.of(Policy.values()).map(Policy::key).toList();
  }

  static Policy policy(ParseResult parsed) {
    String name = parsed.matchedOptionValue(SCHEDULER, ServedModel.policyOfEngine(parsed).key());
    return Stream.of(Policy.values())
        .filter(policy -> policy.key().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Problem.of("unknown scheduler")
                .withField(SCHEDULER)
                .withValue(name)
                .withNearest(name, policies())
                .exception());
  }

  /**
   * The scheduler's options.
   *
   * @param kvBlocks blocks where the command line does not say
   * @param usualStages stages of the model's mapping
   */
  static SchedulerOptions read(
      ParseResult parsed, Policy policy, OptionalInt kvBlocks, int usualStages) {
    requireKnownTo(parsed, policy);
    int stages = NumberOption.whole(parsed, STAGES, 1, MOST_STAGES).orElse(usualStages);
    if (kvBlocks.isPresent() && stages != usualStages) {
      throw Problem.of("the model's stages come from --pp")
          .withField(STAGES)
          .withValue(Integer.toString(stages))
          .exception();
    }
    if (policy == Policy.LIGHTLLM && stages > 1) {
      throw Problem.of("lightllm has one stage")
          .withField(STAGES)
          .withValue(Integer.toString(stages))
          .exception();
    }
    OptionalInt given = NumberOption.whole(parsed, KV_BLOCKS, 1, MOST);
    OptionalInt blocks = given.isPresent() ? given : kvBlocks;
    if (blocks.isEmpty()) {
      throw Problem.of("how many KV blocks has a replica? Without a model they must be said")
          .withField(KV_BLOCKS)
          .exception();
    }
    return new SchedulerOptions(
        budget(parsed),
        NumberOption.whole(parsed, MAX_SEQUENCES, 1, MOST).orElse(USUAL_SEQUENCES),
        NumberOption.whole(parsed, MAX_TOKENS, 1, MOST),
        blocks.getAsInt(),
        blockTokens(parsed, policy),
        NumberOption.share(parsed, WATERMARK).orElse(policy.usualWatermark()),
        NumberOption.whole(parsed, LONG_PREFILL, 0, MOST).orElse(0),
        !OutputOption.has(parsed, NO_FULL_ADMISSION),
        OutputOption.has(parsed, PREFIX_CACHING),
        stages,
        NumberOption.whole(parsed, MAX_WAITING, 1, MOST).orElse(USUAL_WAITING),
        dynamicChunk(parsed),
        OutputOption.has(parsed, PRIORITIES));
  }

  /** Tokens that the cache of a machine holds, if its blocks are said. */
  static OptionalLong cacheTokens(ParseResult parsed) {
    OptionalInt blocks = NumberOption.whole(parsed, KV_BLOCKS, 1, MOST);
    return blocks.isPresent()
        ? OptionalLong.of((long) blocks.getAsInt() * blockTokens(parsed, Policy.VLLM_V1))
        : OptionalLong.empty();
  }

  /** Tokens of a step, for sizing what a step needs beside the cache. */
  static int stepTokens(ParseResult parsed, Policy policy) {
    return budget(parsed).orElse(policy.usualBudget());
  }

  /** Tokens of a block. */
  static int blockTokens(ParseResult parsed, Policy policy) {
    return NumberOption.whole(parsed, BLOCK_SIZE, 1, MOST).orElse(policy.usualBlockTokens());
  }

  private static OptionalInt budget(ParseResult parsed) {
    OptionalInt budget = NumberOption.whole(parsed, TOKEN_BUDGET, 1, MOST);
    OptionalInt chunk = NumberOption.whole(parsed, CHUNK, 1, MOST);
    if (budget.isPresent() && chunk.isPresent() && budget.getAsInt() != chunk.getAsInt()) {
      throw Problem.of(
              "here %s and %s are the same and must not differ".formatted(CHUNK, TOKEN_BUDGET))
          .withField(CHUNK)
          .withValue(Integer.toString(chunk.getAsInt()))
          .exception();
    }
    return chunk.isPresent() ? chunk : budget;
  }

  private static Optional<DynamicChunk> dynamicChunk(ParseResult parsed) {
    if (!parsed.hasMatchedOption(DYNAMIC_CHUNK)) {
      return Optional.empty();
    }
    String text = parsed.matchedOptionValue(DYNAMIC_CHUNK, "");
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 4) {
        return Optional.of(
            new DynamicChunk(
                Integer.parseInt(parts[0].strip()),
                Integer.parseInt(parts[1].strip()),
                Integer.parseInt(parts[2].strip()),
                Integer.parseInt(parts[3].strip())));
      }
    } catch (IllegalArgumentException wrong) {
      // Said below.
    }
    throw Problem.of(
            "must be four whole numbers such as 2048,512,4,8192, the first no smaller than the second")
        .withField(DYNAMIC_CHUNK)
        .withValue(text)
        .exception();
  }

  /** An option that the engine does not have is refused, not ignored. */
  private static void requireKnownTo(ParseResult parsed, Policy policy) {
    require(parsed, policy, CHUNK, CHUNKED);
    require(parsed, policy, DYNAMIC_CHUNK, EnumSet.of(Policy.SARATHI));
    require(
        parsed, policy, TOKEN_BUDGET, EnumSet.complementOf(EnumSet.of(Policy.ORCA, Policy.STATIC)));
    require(parsed, policy, LONG_PREFILL, EnumSet.of(Policy.VLLM_V1));
    require(parsed, policy, NO_FULL_ADMISSION, EnumSet.of(Policy.VLLM_V1));
    require(parsed, policy, PREFIX_CACHING, EnumSet.of(Policy.VLLM_V1, Policy.SGLANG));
    require(parsed, policy, PRIORITIES, EnumSet.of(Policy.VLLM_V1));
    require(parsed, policy, MAX_WAITING, EnumSet.of(Policy.LIGHTLLM));
  }

  private static void require(
      ParseResult parsed, Policy policy, String option, Set<Policy> having) {
    if (parsed.hasMatchedOption(option) && !having.contains(policy)) {
      throw Problem.of(
              "%s has no such option; it belongs to %s"
                  .formatted(
                      policy.key(), String.join(", ", having.stream().map(Policy::key).toList())))
          .withField(option)
          .exception();
    }
  }
}
