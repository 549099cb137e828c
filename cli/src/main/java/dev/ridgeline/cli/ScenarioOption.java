package dev.ridgeline.cli;

import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that say one field of a scenario each. */
enum ScenarioOption {
  USE_CASE(
      "--use-case",
      "NAME",
      "workload",
      "use_case",
      Kind.TEXT,
      "Typical lengths and targets; 'ridgeline show use-case' lists them."),
  INPUT("--input", "TOKENS", "workload", "input_tokens", Kind.NUMBER, "Tokens of the prompt."),
  OUTPUT("--output", "TOKENS", "workload", "output_tokens", Kind.NUMBER, "Tokens of the answer."),
  BEAMS(
      "--beams",
      "N",
      "workload",
      "beams",
      Kind.NUMBER,
      "Candidates of a request that share the prompt (default 1)."),
  BATCH(
      "--batch",
      "N",
      "traffic",
      "batch",
      Kind.NUMBER,
      "Requests that start and run together (default 1)."),
  CONCURRENCY(
      "--concurrency",
      "N",
      "traffic",
      "concurrency",
      Kind.NUMBER,
      "Requests in flight under continuous batching; in place of --batch."),
  CHUNK(
      "--chunk",
      "TOKENS",
      "traffic",
      "chunk",
      Kind.NUMBER,
      "Most tokens of a step: longer prompts are cut and share steps with decoding requests."),
  SPECULATE(
      "--speculate",
      "N",
      "speculation",
      "tokens",
      Kind.NUMBER,
      "Draft N tokens a round, which the model then checks in one pass."),
  ACCEPTANCE(
      "--acceptance",
      "A",
      "speculation",
      "acceptance",
      Kind.NUMBER,
      "Share of drafts accepted, 0 to 1; one for each position as \"0.9,0.8\", one for each rank of"
          + " a tree as \"0.6/0.2,0.5/0.2\"."),
  CANDIDATES(
      "--candidates",
      "N[,N]",
      "speculation",
      "candidates",
      Kind.NUMBER,
      "Candidates kept at each position: a tree in place of a chain (default 1)."),
  DRAFT(
      "--draft",
      "MODEL",
      "speculation",
      "draft",
      Kind.TEXT,
      "The model that drafts, or own-head: one more layer of the model itself (default)."),
  DRAFT_ON(
      "--draft-on",
      "PLATFORM",
      "speculation",
      "draft_platform",
      Kind.TEXT,
      "Other devices to draft on (default: the same)."),
  DRAFT_PRECISION(
      "--draft-precision",
      "FORMAT",
      "speculation",
      "draft_precision",
      Kind.TEXT,
      "Format of the drafter (default: as stored; an own head as the model)."),
  TENSOR("--tp", "N", "deployment", "tp", Kind.NUMBER, "Tensor-parallel ranks."),
  PIPELINE("--pp", "N", "deployment", "pp", Kind.NUMBER, "Pipeline stages."),
  EXPERT("--ep", "N", "deployment", "ep", Kind.NUMBER, "Ranks the experts are dealt to."),
  DATA("--dp", "N", "deployment", "dp", Kind.NUMBER, "Whole replicas."),
  CONTEXT("--cp", "N", "deployment", "cp", Kind.NUMBER, "Ranks that split a sequence."),
  ATTENTION_DATA(
      "--attention-dp",
      "N",
      "deployment",
      "attention_dp",
      Kind.NUMBER,
      "Ranks that keep attention whole and split the requests."),
  PRECISION(
      "--precision",
      "FORMAT",
      "deployment",
      "precision",
      Kind.TEXT,
      "Weights, activations, cache and compute, such as bf16, fp8, nvfp4 (default: as stored)."),
  WEIGHTS("--weights", "FORMAT", "deployment", "weights", Kind.TEXT, "Format of weights alone."),
  ACTIVATIONS(
      "--activations",
      "FORMAT",
      "deployment",
      "activations",
      Kind.TEXT,
      "Format of activations alone."),
  KV("--kv", "FORMAT", "deployment", "kv", Kind.TEXT, "Format of the cache alone."),
  COMMUNICATION(
      "--communication",
      "FORMAT",
      "deployment",
      "communication",
      Kind.TEXT,
      "Format of exchanged partial sums (default: the model's own)."),
  WEIGHTS_TIER(
      "--weights-tier",
      "TIER",
      "deployment",
      "weights_tier",
      Kind.TEXT,
      "Memory tier of the weights (default: main memory)."),
  KV_TIER(
      "--kv-tier",
      "TIER",
      "deployment",
      "kv_tier",
      Kind.TEXT,
      "Memory tier of the cache (default: main memory)."),
  OFFLOAD_WEIGHTS(
      "--offload-weights",
      "SHARE[@MEMORY]",
      "deployment",
      "offload_weights",
      Kind.TEXT,
      "Share of the weights streamed from host (default), nvme or another tier, such as 0.5@host."),
  OFFLOAD_KV(
      "--offload-kv",
      "SHARE[@MEMORY]",
      "deployment",
      "offload_kv",
      Kind.TEXT,
      "Share of the cache streamed from host (default), nvme or another tier."),
  NO_PREFETCH(
      "--no-prefetch",
      "",
      "deployment",
      "prefetch",
      Kind.REFUSAL,
      "Stream a layer when it runs, not while the one before it runs."),
  KV_KEEP(
      "--kv-keep",
      "SHARE",
      "deployment",
      "kv_keep",
      Kind.NUMBER,
      "Share of tokens that stay in the cache: less is stored and read (default 1)."),
  KV_READ(
      "--kv-read",
      "SHARE",
      "deployment",
      "kv_read",
      Kind.NUMBER,
      "Share of the cache that a decoded token reads; all stays stored (default 1)."),
  KV_RANK(
      "--kv-rank",
      "SHARE",
      "deployment",
      "kv_rank",
      Kind.NUMBER,
      "Stored width of keys and values over their full width (default 1)."),
  ROUTING_SKEW(
      "--routing-skew",
      "S",
      "deployment",
      "routing_skew",
      Kind.NUMBER,
      "How unevenly experts are visited: exponent from 0 (evenly) to 3."),
  ENGINE(
      "--engine",
      "NAME[@VERSION]",
      "",
      "engine",
      Kind.TEXT,
      "Serving software, in its newest release where none is named; 'ridgeline show engine' lists"
          + " it."),
  TIER(
      "--tier",
      "TIER",
      "",
      "tier",
      Kind.TEXT,
      "Cost model: kernel (fitted; estimate's default where the chip or a sibling was measured),"
          + " ideal (serial rooflines, else the default), floor (nothing can be faster) or measured"
          + " (your own tables, see --tables)."),
  TABLES(
      "--tables",
      "DIR|FILE",
      "",
      "tables",
      Kind.TEXT,
      "Measured tables for the cost model measured; what they lack is left to kernel."),
  PROFILES(
      "--profiles",
      "DIR|FILE",
      "",
      "profiles",
      Kind.TEXT,
      "Profiles that calibrate wrote, which come before those of the catalog."),
  PRICE("--price", "PRICE", "", "price", Kind.PRICE, "Price of one device, such as \"2.5 USD/h\"."),
  TTFT(
      "--ttft",
      "TIME",
      "objectives",
      "ttft",
      Kind.TEXT,
      "Target for the time to the first token, such as \"200 ms\"."),
  TPOT(
      "--tpot",
      "TIME",
      "objectives",
      "tpot",
      Kind.TEXT,
      "Target for the time of each further token, such as \"10 ms\".");

  private enum Kind {
    TEXT,
    NUMBER,
    /** A flag that says no. */
    REFUSAL,
    /** A quantity whose unit may be left out. */
    PRICE
  }

  private static final String DEPLOYMENT = "deployment";

  private final String option;
  private final String label;
  private final String section;
  private final String field;
  private final Kind kind;
  private final String description;

  ScenarioOption(
      String option, String label, String section, String field, Kind kind, String description) {
    this.option = option;
    this.label = label;
    this.section = section;
    this.field = field;
    this.kind = kind;
    this.description = description;
  }

  /** Declares all of them. */
  static void declare(CommandSpec command) {
    declareBut(command, Set.of());
  }

  /** Declares all but some. */
  static void declareBut(CommandSpec command, Set<ScenarioOption> left) {
    for (ScenarioOption each : values()) {
      if (left.contains(each)) {
        continue;
      }
      OptionSpec.Builder option = OptionSpec.builder(each.option).description(each.description);
      command.addOption(
          each.kind == Kind.REFUSAL
              ? option.type(boolean.class).arity("0").build()
              : option.paramLabel(each.label).type(String.class).build());
    }
  }

  /** What the command line says, as a scenario that leaves the rest open. */
  static ScenarioSpec spec(ParseResult parsed) {
    ScenarioSpec spec = ScenarioSpec.empty();
    for (ScenarioOption each : values()) {
      if (parsed.hasMatchedOption(each.option)) {
        spec =
            each.kind == Kind.REFUSAL
                ? each.put(spec, "false")
                : each.put(spec, parsed.matchedOptionValue(each.option, ""));
      }
    }
    return spec;
  }

  /** The scenario with a field of the deployment by its option's name without dashes. */
  static Optional<ScenarioSpec> deployed(ScenarioSpec spec, String name, String text) {
    for (ScenarioOption each : values()) {
      if (each.section.equals(DEPLOYMENT) && each.option.equals("--" + name)) {
        return Optional.of(each.put(spec, text));
      }
    }
    return Optional.empty();
  }

  /** Names of the deployment's options, without dashes. */
  static List<String> deploymentNames() {
    return Arrays.stream(values())
        .filter(each -> each.section.equals(DEPLOYMENT))
        .map(each -> each.option.substring(2))
        .toList();
  }

  /** The scenario once for each item of what the command line lists for this option. */
  List<ScenarioSpec> forEach(ScenarioSpec spec, ParseResult parsed) {
    if (!parsed.hasMatchedOption(option)) {
      return List.of(spec);
    }
    List<ScenarioSpec> all = new ArrayList<>();
    for (String item : parsed.matchedOptionValue(option, "").split(",", -1)) {
      all.add(put(spec, item));
    }
    return all;
  }

  private ScenarioSpec put(ScenarioSpec spec, String text) {
    return switch (kind) {
      case TEXT -> spec.with(section, field, option, text, ScalarNode.Kind.STRING);
      case NUMBER ->
          spec.with(
              section,
              field,
              option,
              text.strip(),
              isNumber(text) ? ScalarNode.Kind.NUMBER : ScalarNode.Kind.STRING);
      case REFUSAL -> spec.with(section, field, option, text, ScalarNode.Kind.BOOLEAN);
      case PRICE ->
          spec.with(
              section,
              field,
              option,
              isNumber(text) ? text.strip() + " USD/h" : text,
              ScalarNode.Kind.STRING);
    };
  }

  /** As a file would have it: NaN is a number, which whoever reads the field refuses. */
  private static boolean isNumber(String text) {
    String stripped = text.strip();
    if (stripped.equalsIgnoreCase("nan")
        || stripped.equalsIgnoreCase("infinity")
        || stripped.equalsIgnoreCase("-infinity")) {
      return true;
    }
    try {
      new BigDecimal(stripped);
      return true;
    } catch (NumberFormatException notOne) {
      return false;
    }
  }
}
