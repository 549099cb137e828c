package dev.ridgeline.cli;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Release;
import dev.ridgeline.catalog.scenario.ResolvedScenario;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A model on a platform, as a simulation needs it.
 *
 * @param name model and platform
 * @param program bound to the platform
 * @param kvTokens tokens of cache a replica, or each of its attention ranks, holds
 * @param kvBytesPerToken cache of a token on one device
 * @param drafter how tokens are speculated
 * @param parallelism how it is spread
 * @param usdPerHour of all its devices; NaN where no price is known
 * @param assumptions what was taken for granted
 */
record ServedModel(
    String name,
    BoundProgram program,
    long kvTokens,
    double kvBytesPerToken,
    Optional<ServedDrafter> drafter,
    Parallelism parallelism,
    double usdPerHour,
    List<String> assumptions) {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double MILLI = 1e3;
  private static final double MICRO = 1e6;

  private static final String VLLM = "vllm";

  /** The releases that batched as V0 did. */
  private static final String V0 = "vllm@2024";

  private static final Release FIRST_V1 = Release.parse("0.8");

  /** A trace says what these would say, or simulate has its own option of that name. */
  private static final Set<ScenarioOption> LEFT_OUT =
      EnumSet.of(
          ScenarioOption.USE_CASE,
          ScenarioOption.INPUT,
          ScenarioOption.OUTPUT,
          ScenarioOption.BEAMS,
          ScenarioOption.BATCH,
          ScenarioOption.CONCURRENCY,
          ScenarioOption.CHUNK,
          ScenarioOption.TTFT,
          ScenarioOption.TPOT);

  ServedModel {
    assumptions = List.copyOf(assumptions);
  }

  static void declare(CommandSpec command) {
    SubjectOption.declareModel(command);
    SubjectOption.declarePlatform(command);
    ScenarioOption.declareBut(command, LEFT_OUT);
  }

  static boolean given(ParseResult parsed) {
    return parsed.hasMatchedPositional(0) || parsed.hasMatchedOption(SubjectOption.ON);
  }

  /**
   * Binds the model and sizes its cache.
   *
   * @param policy the scheduler, which tells the engine where nothing else does
   * @param stepTokens tokens of the largest step, for which activations are kept free
   */
  static ServedModel read(ParseResult parsed, Policy policy, int stepTokens) {
    return read(parsed, policy, stepTokens, UnaryOperator.identity());
  }

  /** As the other, with changes to what the command line says. */
  static ServedModel read(
      ParseResult parsed, Policy policy, int stepTokens, UnaryOperator<ScenarioSpec> changes) {
    ScenarioSpec spec = ScenarioOption.spec(parsed).without("traffic", "concurrency");
    if (parsed.hasMatchedPositional(0)) {
      spec = text(spec, "workload", "model", parsed.matchedPositionalValue(0, ""));
    }
    if (parsed.hasMatchedOption(SubjectOption.ON)) {
      spec = text(spec, "", "platform", parsed.matchedOptionValue(SubjectOption.ON, ""));
    }
    spec = changes.apply(spec);
    Optional<String> named = spec.text("", "engine");
    Optional<String> scheduled =
        named.isEmpty() && spec.says("", "engine") ? Optional.empty() : engineOf(policy, named);
    if (scheduled.isPresent()) {
      spec =
          spec.with(
              "", "engine", SchedulerOption.SCHEDULER, scheduled.get(), ScalarNode.Kind.STRING);
    }
    SubjectOption.requireModel(spec);
    SubjectOption.requirePlatform(spec);
    spec = number(spec, "input_tokens", stepTokens);
    spec = number(spec, "output_tokens", 1);
    ResolvedScenario resolved = MeasuredOption.resolver().preferringKernels().resolve(spec);
    Scenario scenario = resolved.scenario();
    Estimate estimate = Estimator.estimate(scenario);
    BoundProgram program =
        BoundProgram.bind(
            ProgramCompiler.compile(scenario.model(), scenario.deployment()),
            scenario.platform(),
            scenario.costModels(),
            scenario.engine().overheads());
    Parallelism parallelism = scenario.deployment().parallelism();
    Optional<ServedDrafter> drafter =
        scenario.speculation().map(how -> ServedDrafter.of(scenario, how, policy));
    List<String> assumptions = new ArrayList<>();
    assumptions.add("mapping %s, cost model %s".formatted(parallelism, estimate.source()));
    OwnProfiles.note(resolved).ifPresent(assumptions::add);
    EngineOverheads engine = program.overheads();
    assumptions.add(
        engine.leavesSteps()
            ? "no time of the engine's own between batches"
            : "%s adds %.1f ms to a step, %.0f us for each sequence%s, and %.1f ms to a request (%s)"
                .formatted(
                    scenario.engine().title(),
                    engine.stepSeconds() * MILLI,
                    engine.sequenceSeconds() * MICRO,
                    engine.asynchronous() ? " where the device does not take longer" : "",
                    engine.requestSeconds() * MILLI,
                    engine.origin().source()));
    drafter.ifPresent(drafts -> assumptions.add(drafts.note()));
    assumptions.addAll(program.notes());
    double usdPerHour =
        scenario
            .platform()
            .price()
            .map(price -> price.value() * parallelism.devices())
            .orElse(Double.NaN);
    return new ServedModel(
        "%s on %s".formatted(scenario.model().name(), scenario.platform().name()),
        program,
        estimate.memory().kvCapacityTokens(),
        estimate.memory().kvBytesPerToken(),
        drafter,
        parallelism,
        usdPerHour + drafter.map(ServedDrafter::usdPerHour).orElse(0.0),
        assumptions);
  }

  /**
   * The engine whose scheduler it is, where none is named; V0 also tells which releases of vLLM are
   * meant where no release is named.
   */
  private static Optional<String> engineOf(Policy policy, Optional<String> named) {
    if (named.isPresent()) {
      boolean open = EngineName.parse(named.get()).version().isEmpty();
      boolean vllm = Catalog.shipped().engine(named.get()).name().equals(VLLM);
      return policy == Policy.VLLM_V0 && vllm && open ? Optional.of(V0) : Optional.empty();
    }
    return switch (policy) {
      case VLLM_V1 -> Optional.of(VLLM);
      case VLLM_V0 -> Optional.of(V0);
      case SGLANG -> Optional.of("sglang");
      case TRTLLM -> Optional.of("tensorrt-llm");
      case SARATHI, SPLITFUSE, ORCA, LIGHTLLM, STATIC -> Optional.empty();
    };
  }

  /** The scheduler of the engine that the command line names; vLLM's where it names none. */
  static Policy policyOfEngine(ParseResult parsed) {
    Optional<String> named = ScenarioOption.spec(parsed).text("", "engine");
    if (named.isEmpty()) {
      return Policy.VLLM_V1;
    }
    Engine engine = Catalog.shipped().engine(named.get());
    return switch (engine.name()) {
      case "sglang" -> Policy.SGLANG;
      case "tensorrt-llm" -> Policy.TRTLLM;
      case VLLM -> batchesAsV0(engine.version()) ? Policy.VLLM_V0 : Policy.VLLM_V1;
      default -> Policy.VLLM_V1;
    };
  }

  /** V1 is the default since release 0.8 (release notes, March 2025). */
  private static boolean batchesAsV0(String release) {
    return EngineName.parse(V0).version().equals(Optional.of(release))
        || Release.parse(release).compareTo(FIRST_V1) < 0;
  }

  /**
   * How many devices work, and how many stand idle.
   *
   * @param replicas copies of the whole mapping
   */
  String devices(int replicas) {
    int chips = program.platform().chips();
    int used = replicas * parallelism.devices();
    String said =
        "%d device%s in use, %d for each of %d replica%s"
            .formatted(
                used,
                used == 1 ? "" : "s",
                parallelism.devices() / parallelism.data(),
                replicas * parallelism.data(),
                replicas * parallelism.data() == 1 ? "" : "s");
    if (used < chips) {
      int more = chips / parallelism.devices();
      return "%s; %d of the platform's %d idle, neither priced nor powered%s"
          .formatted(
              said, chips - used, chips, more > replicas ? " (--replicas %d)".formatted(more) : "");
    }
    return used > chips ? "%s; more than one platform of %d".formatted(said, chips) : said;
  }

  private static ScenarioSpec text(ScenarioSpec spec, String section, String field, String value) {
    String origin = section.isEmpty() ? SubjectOption.ON : SubjectOption.MODEL;
    return spec.with(section, field, origin, value, ScalarNode.Kind.STRING);
  }

  private static ScenarioSpec number(ScenarioSpec spec, String field, int value) {
    return spec.with("workload", field, "--trace", Integer.toString(value), ScalarNode.Kind.NUMBER);
  }

  /** The longest request the model was made for. */
  long contextTokens() {
    return program.program().model().maxContext();
  }

  BatchCost cost() {
    ProgramCost cost = new ProgramCost(program);
    return drafter.isPresent() ? drafter.get().cost(cost) : cost;
  }

  /** The scheduler's options with what the model brings: its attention ranks and its drafts. */
  SchedulerOptions complete(SchedulerOptions options) {
    SchedulerOptions ranked =
        parallelism.attentionData() > 1
            ? options.withAttentionRanks(parallelism.attentionData())
            : options;
    return drafter.map(drafts -> ranked.withDrafts(0, drafts.drafts())).orElse(ranked);
  }

  /** What a block on the host takes. */
  HostOption.Cache cache() {
    return new HostOption.Cache(program.platform(), parallelism, kvBytesPerToken);
  }

  /** Blocks of a replica, or of each of its attention ranks. */
  int kvBlocks(int blockTokens) {
    return blocks(kvTokens / blockTokens);
  }

  private static int blocks(long blocks) {
    if (blocks < 1) {
      throw Problem.of("no room for a single block of cache")
          .withField(SubjectOption.ON)
          .exception();
    }
    return (int) Math.min(Integer.MAX_VALUE, blocks);
  }

  /**
   * The result with energy and price of all copies of the platform.
   *
   * @param copies how many
   */
  ServingResult charged(ServingResult result, int copies) {
    double watts =
        copies
            * (parallelism.devices() * program.energy().staticWatts()
                + drafter.map(ServedDrafter::staticWatts).orElse(0.0));
    double joules =
        program.energy().known() ? result.joules() + watts * result.makespanSeconds() : Double.NaN;
    double usd = copies * usdPerHour * result.makespanSeconds() / SECONDS_PER_HOUR;
    return result.charged(joules, usd);
  }
}
