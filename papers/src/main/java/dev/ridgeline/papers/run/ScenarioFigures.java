package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.MemoryLedger;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.PhaseReport;
import dev.ridgeline.estimate.Requirement;
import dev.ridgeline.estimate.RequirementSolver;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.SustainedRate;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.ExpressionException;
import dev.ridgeline.units.expression.Unit;
import dev.ridgeline.workload.Model;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The figures of one scenario by their path. Only what a figure needs is computed: the parameters
 * of a model ask for no platform, its memory asks for no time.
 */
final class ScenarioFigures {
  private static final String PREFILL = "prefill.";
  private static final String DECODE = "decode.";
  private static final String MEMORY = "memory.";
  private static final String PLATFORM = "platform.";
  private static final String REQUIRE = "require.";

  /** The first tier, whatever a chip calls it. */
  private static final String MAIN_MEMORY = "main_memory";

  private static final Unit WATT = Unit.JOULE.over(Unit.SECOND);

  private final Later<Model> model;
  private final Later<Platform> platform;
  private final Later<Scenario> scenario;
  private final Later<MemoryLedger> memory;
  private final Later<Estimate> estimate;
  private final Later<Requirement> requirement;

  ScenarioFigures(Questions questions, ScenarioSpec spec) {
    this.model = new Later<>(() -> questions.model(spec));
    this.platform = new Later<>(() -> questions.platform(spec));
    this.scenario = new Later<>(() -> questions.scenario(spec));
    this.memory = new Later<>(() -> ledger(scenario.get()));
    this.estimate = new Later<>(() -> Estimator.estimate(scenario.get()));
    this.requirement = new Later<>(() -> requirement(scenario.get()));
  }

  /** A value that is computed when it is first asked for. */
  private static final class Later<T> {
    private final Supplier<T> source;
    private Optional<T> value = Optional.empty();

    Later(Supplier<T> source) {
      this.source = source;
    }

    T get() {
      if (value.isEmpty()) {
        value = Optional.of(source.get());
      }
      return value.get();
    }
  }

  /** The figure of a path such as {@code decode.operators.attention.flops}. */
  Amount figure(String path) {
    return modelFigure(path)
        .or(() -> path.startsWith(PLATFORM) ? platformFigure(after(path, PLATFORM)) : none())
        .or(() -> trafficFigure(path))
        .or(() -> path.startsWith(MEMORY) ? memoryFigure(after(path, MEMORY)) : none())
        .or(() -> path.startsWith(REQUIRE) ? requirementFigure(after(path, REQUIRE)) : none())
        .or(() -> path.startsWith(PREFILL) ? phase("prefill", after(path, PREFILL)) : none())
        .or(() -> path.startsWith(DECODE) ? phase("decode", after(path, DECODE)) : none())
        .or(() -> answerFigure(path))
        .orElseThrow(() -> new ExpressionException("no figure is called \"%s\"".formatted(path)));
  }

  private static MemoryLedger ledger(Scenario scenario) {
    return MemoryPlan.ledger(
        ProgramCompiler.compile(scenario.model(), scenario.deployment()),
        scenario.platform(),
        scenario.engine(),
        scenario.traffic());
  }

  private static Requirement requirement(Scenario scenario) {
    if (scenario.objectives().equals(Objectives.NONE)) {
      throw new ExpressionException("a requirement needs objectives");
    }
    return RequirementSolver.solve(scenario, 1);
  }

  private Optional<Amount> modelFigure(String path) {
    return switch (path) {
      case "parameters" -> count(model.get().parameters().language());
      case "active_parameters" -> count(model.get().parameters().active());
      case "parameters_by_part.layers" -> count(model.get().parameters().layers());
      case "parameters_by_part.active_layers" -> count(model.get().parameters().activeLayers());
      case "parameters_by_part.embeddings" -> count(model.get().parameters().embeddings());
      case "parameters_by_part.head" -> count(model.get().parameters().head());
      case "hidden" -> count(model.get().hidden());
      case "vocabulary" -> count(model.get().vocabulary());
      case "layers" -> count(model.get().layers().size());
      default -> none();
    };
  }

  private Optional<Amount> platformFigure(String path) {
    if (path.equals("chips")) {
      return count(platform.get().chips());
    }
    if (path.equals("host_bandwidth_bytes_per_s")) {
      return platform.get().chip().host().map(link -> rate(link.bandwidth().value()));
    }
    if (path.equals("sustained_w")) {
      return platform.get().chip().power().sustained().map(limit -> watts(limit.value()));
    }
    if (path.equals("idle_w")) {
      return platform.get().chip().power().idle().map(draw -> watts(draw.value()));
    }
    int dot = path.indexOf('.');
    if (dot < 0) {
      return none();
    }
    Chip chip = platform.get().chip();
    String name = path.substring(0, dot);
    Optional<MemoryTier> named =
        name.equals(MAIN_MEMORY) ? Optional.of(chip.mainMemory()) : chip.tier(name);
    return named.flatMap(tier ->
        switch (path.substring(dot + 1)) {
          case "capacity_bytes" -> bytes(tier.capacity().value());
          case "bandwidth_bytes_per_s" -> tier.bandwidth().map(r -> rate(r.value()));
          default -> none();
        });
  }

  private Optional<Amount> trafficFigure(String path) {
    return switch (path) {
      case "input_tokens" -> count(scenario.get().traffic().inputTokens());
      case "output_tokens" -> count(scenario.get().traffic().outputTokens());
      case "batch" -> count(scenario.get().traffic().batch());
      case "beams" -> count(scenario.get().traffic().beams());
      case "objectives.ttft_s" ->
          scenario.get().objectives().ttft().map(target -> seconds(target.value()));
      case "objectives.tpot_s" ->
          scenario.get().objectives().tpot().map(target -> seconds(target.value()));
      default -> none();
    };
  }

  private Optional<Amount> memoryFigure(String path) {
    return switch (path) {
      case "weights_bytes" -> bytes(memory.get().weightsBytes());
      case "kv_bytes" -> bytes(memory.get().kvBytes());
      case "activation_bytes" -> bytes(memory.get().activationBytes());
      case "reserved_bytes" -> bytes(memory.get().reservedBytes());
      case "total_bytes" -> bytes(memory.get().totalBytes());
      case "capacity_bytes" -> bytes(memory.get().capacityBytes());
      case "kv_bytes_per_token" -> bytes(memory.get().kvBytesPerToken());
      case "largest_batch" -> count(memory.get().largestBatch());
      case "fits" -> count(memory.get().fits() ? 1 : 0);
      default -> none();
    };
  }

  private Optional<Amount> requirementFigure(String path) {
    return switch (path) {
      case "compute_flops_per_s" ->
          Optional.of(
              new Amount(requirement.get().computeFlopsPerSecond(), Unit.FLOP.over(Unit.SECOND)));
      case "memory_bandwidth_bytes_per_s" ->
          Optional.of(rate(requirement.get().memoryBandwidthBytesPerSecond()));
      case "memory_capacity_bytes" -> bytes(requirement.get().memoryCapacityBytes());
      case "link_bandwidth_bytes_per_s" ->
          Optional.of(rate(requirement.get().linkBandwidthBytesPerSecond()));
      default -> none();
    };
  }

  private Optional<Amount> phase(String name, String path) {
    PhaseReport report =
        name.equals("prefill")
            ? estimate.get().prefill()
            : estimate
                .get()
                .decode()
                .orElseThrow(
                    () -> new ExpressionException("one output token is no decoding to speak of"));
    return PhaseFigures.figure(report, path);
  }

  private Optional<Amount> answerFigure(String path) {
    Unit perSecond = Unit.NONE.over(Unit.SECOND);
    return switch (path) {
      case "ttft_s" -> Optional.of(seconds(estimate.get().ttftSeconds()));
      case "tpot_s" ->
          Optional.of(
              seconds(
                  estimate
                      .get()
                      .tpotSeconds()
                      .orElseThrow(() ->
                          new ExpressionException("one output token has no time per token"))));
      case "e2e_s" -> Optional.of(seconds(estimate.get().endToEndSeconds()));
      case "output_tokens_per_s" ->
          Optional.of(new Amount(estimate.get().outputTokensPerSecond(), perSecond));
      case "requests_per_s" ->
          Optional.of(new Amount(estimate.get().requestsPerSecond(), perSecond));
      case "energy_j_per_output_token" ->
          Optional.of(
              new Amount(
                  estimate
                      .get()
                      .energyJoulesPerOutputToken()
                      .orElseThrow(() -> new ExpressionException("the chip states no power")),
                  Unit.JOULE));
      case "average_w_per_device" -> Optional.of(watts(draw()));
      case "sustained.output_tokens_per_s" ->
          Optional.of(new Amount(sustained().outputTokensPerSecond(), perSecond));
      case "sustained.share" -> Optional.of(Amount.of(sustained().share()));
      case "usd_per_million_output_tokens" ->
          Optional.of(
              new Amount(
                  estimate
                      .get()
                      .usdPerMillionOutputTokens()
                      .orElseThrow(() -> new ExpressionException("the platform has no price")),
                  Unit.DOLLAR));
      default -> none();
    };
  }

  private double draw() {
    return estimate
        .get()
        .averageWattsPerDevice()
        .orElseThrow(() -> new ExpressionException("the chip states no power"));
  }

  private SustainedRate sustained() {
    return SustainedRate.of(estimate.get())
        .orElseThrow(() -> new ExpressionException("the chip states no sustained power"));
  }

  private static String after(String path, String prefix) {
    return path.substring(prefix.length());
  }

  private static Optional<Amount> none() {
    return Optional.empty();
  }

  private static Optional<Amount> count(long value) {
    return Optional.of(Amount.of((double) value));
  }

  private static Optional<Amount> bytes(double value) {
    return Optional.of(new Amount(value, Unit.BYTE));
  }

  private static Amount seconds(double value) {
    return new Amount(value, Unit.SECOND);
  }

  private static Amount watts(double value) {
    return new Amount(value, WATT);
  }

  private static Amount rate(double bytesPerSecond) {
    return new Amount(bytesPerSecond, Unit.BYTE.over(Unit.SECOND));
  }
}
