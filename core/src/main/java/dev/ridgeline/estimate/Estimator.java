package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.EnergyRates;
import dev.ridgeline.cost.ErrorBand;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.UsdPerHour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Answers scenarios. */
public final class Estimator {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double TOKENS_PER_MILLION = 1e6;

  private Estimator() {}

  /**
   * Answers a scenario.
   *
   * @throws IllegalDeploymentException where model, mapping and platform do not go together
   * @throws InfeasibleException where the memory does not suffice, not even for one request where
   *     an engine's requests can wait
   */
  public static Estimate estimate(Scenario scenario) {
    Deployment deployment = scenario.deployment();
    Program program = ProgramCompiler.compile(scenario.model(), deployment);
    BoundProgram bound =
        BoundProgram.bind(
            program, scenario.platform(), scenario.costModels(), scenario.engine().overheads());
    MeasuredPart.require(bound);
    MemoryLedger memory = Drafting.ledger(scenario, program);
    if (!memory.fits()) {
      if (!queues(scenario, bound, memory)) {
        throw Remedies.shortfall(scenario, memory);
      }
      return Waves.of(scenario.traffic().batch(), memory.largestBatch())
          .estimate(scenario, Estimator::estimate);
    }
    PhaseMeter first = new PhaseMeter(bound);
    PhaseMeter further = new PhaseMeter(bound);
    Timing timing = time(scenario, bound, first, further);
    if (scenario.speculation().isPresent()) {
      timing = compared(scenario, bound, timing);
    }
    return answer(scenario, bound, memory, first, further, timing);
  }

  /**
   * Whether the rest of a batch waits for room in the cache: where the engine is known, and no
   * drafter has a memory of its own.
   */
  private static boolean queues(Scenario scenario, BoundProgram bound, MemoryLedger memory) {
    return memory.largestBatch() >= 1
        && scenario.traffic().concurrency().isEmpty()
        && scenario.speculation().isEmpty()
        && !bound.overheads().origin().source().isEmpty();
  }

  /** Holds the drafted answer against plain decoding. */
  private static Timing compared(Scenario scenario, BoundProgram bound, Timing timing) {
    Speculation speculation = scenario.speculation().orElseThrow();
    Drafting.DraftMemory memory = Drafting.memory(scenario, speculation);
    if (speculation.platform().isPresent() && !memory.ledger().fits()) {
      throw new InfeasibleException(
          "%s, which drafts, does not fit on %s: %s too much on a device"
              .formatted(
                  speculation.model().name(),
                  speculation.platform().get().name(),
                  new Bytes(memory.ledger().shortfallBytes())),
          memory.ledger(),
          List.of());
    }
    if (timing.tpot() == 0) {
      return timing;
    }
    double plain = latency(scenario.withoutSpeculation(), bound).tpotSeconds();
    return timing.comparedWith(plain, memory.weightsBytes(), memory.kvBytes());
  }

  /**
   * The latencies of a scenario's traffic on an already bound program, whether or not its memory
   * suffices: what inverse questions ask many times over.
   */
  public static Latency latency(Scenario scenario, BoundProgram bound) {
    Timing timing = time(scenario, bound, new PhaseMeter(bound), new PhaseMeter(bound));
    return new Latency(timing.ttft(), timing.tpot());
  }

  private static Timing time(
      Scenario scenario, BoundProgram bound, PhaseMeter first, PhaseMeter further) {
    return scenario.traffic().concurrency().isPresent()
        ? new SteadyState(scenario, bound, first, further).timing()
        : new OneBatch(scenario, bound, first, further).timing();
  }

  private static Estimate answer(
      Scenario scenario,
      BoundProgram bound,
      MemoryLedger memory,
      PhaseMeter first,
      PhaseMeter further,
      Timing timing) {
    Traffic traffic = scenario.traffic();
    int devices = scenario.deployment().parallelism().devices();
    double outputs = traffic.outputTokens();
    double endToEnd = timing.ttft() + (outputs - 1) * timing.tpot();
    double requests = traffic.inFlight() / endToEnd;
    double tokens = requests * outputs;
    EnergyRates energy = bound.energy();
    // Replicas that serve one request less than the busiest still read their weights for it.
    int active = Math.min(scenario.deployment().parallelism().data(), traffic.inFlight());
    double totalJoules =
        active * timing.dynamicJoules()
            + (devices * energy.staticWatts() + timing.otherStaticWatts()) * endToEnd;
    OptionalDouble joules =
        energy.known()
            ? OptionalDouble.of(totalJoules / (traffic.inFlight() * outputs))
            : OptionalDouble.empty();
    OptionalDouble watts =
        energy.known()
            ? OptionalDouble.of(
                joules.orElse(0) * tokens / (devices + Speculation.drafters(scenario)))
            : OptionalDouble.empty();
    OptionalDouble hourly = usdPerHour(scenario, devices);
    OptionalDouble usd =
        hourly.isPresent()
            ? OptionalDouble.of(
                hourly.getAsDouble() / SECONDS_PER_HOUR / tokens * TOKENS_PER_MILLION)
            : OptionalDouble.empty();
    boolean several = traffic.outputTokens() > 1;
    ErrorBand band = band(bound, first, further, timing, outputs);
    Optional<MeasuredPart> measured = measured(bound, first, further, timing, outputs);
    return new Estimate(
        scenario,
        timing.ttft(),
        several ? OptionalDouble.of(timing.tpot()) : OptionalDouble.empty(),
        endToEnd,
        tokens,
        requests,
        memory,
        joules,
        watts,
        usd,
        devices,
        first.report("prefill", active, devices),
        several ? Optional.of(further.report("decode", active, devices)) : Optional.empty(),
        source(bound, measured),
        measured.map(part -> part.told(band)).orElse(band),
        Assumptions.of(scenario, bound),
        warnings(scenario, bound, memory, timing),
        timing.chunks(),
        timing.speculation());
  }

  private static String source(BoundProgram bound, Optional<MeasuredPart> measured) {
    String engine = bound.overheads().origin().source();
    String model = measured.map(MeasuredPart::source).orElse(bound.model().name());
    return engine.isEmpty() ? model : model + "+" + engine;
  }

  private static Optional<MeasuredPart> measured(
      BoundProgram bound, PhaseMeter first, PhaseMeter further, Timing timing, double outputs) {
    if (!bound.model().name().equals(KernelModel.MEASURED)) {
      return Optional.empty();
    }
    double ahead = timing.ttft();
    double after = (outputs - 1) * timing.tpot();
    double share =
        (ahead * first.measuredShare() + after * further.measuredShare()) / (ahead + after);
    return Optional.of(MeasuredPart.of(bound, share));
  }

  /**
   * That of whole runs where an engine's overheads were fitted to some, else the bands of both
   * phases by the time a request spends in them; wider where exchanges cross a box that nobody
   * measured. Errors of independent causes add as squares of logarithms.
   */
  private static ErrorBand band(
      BoundProgram bound, PhaseMeter first, PhaseMeter further, Timing timing, double outputs) {
    double ahead = timing.ttft();
    double after = (outputs - 1) * timing.tpot();
    ErrorBand known = knownBand(bound, first, further, ahead, after);
    double before = ahead / (ahead + after);
    Band prompt = first.doubt();
    Band rest = after > 0 ? further.doubt() : prompt;
    double low = before * prompt.low() + (1 - before) * rest.low();
    double high = before * prompt.high() + (1 - before) * rest.high();
    if (known.oneSided() || low == 1 && high == 1) {
      return known;
    }
    return new ErrorBand(
        Math.exp(-Math.hypot(Math.log(known.low()), Math.log(low))),
        Math.exp(Math.hypot(Math.log(known.high()), Math.log(high))),
        known.meaning() + "; wider for a box whose links nobody measured");
  }

  private static ErrorBand knownBand(
      BoundProgram bound, PhaseMeter first, PhaseMeter further, double ahead, double after) {
    EngineOverheads.Origin origin = bound.overheads().origin();
    if (!origin.source().isEmpty()) {
      return new ErrorBand(
          origin.low(), origin.high(), "80 % band of whole runs of models that no fit has seen");
    }
    Optional<ErrorBand> prompt = first.band();
    if (prompt.isEmpty()) {
      return bound.model().band();
    }
    ErrorBand rest = after > 0 ? further.band().orElse(prompt.get()) : prompt.get();
    double whole = ahead + after;
    return new ErrorBand(
        (ahead * prompt.get().low() + after * rest.low()) / whole,
        (ahead * prompt.get().high() + after * rest.high()) / whole,
        prompt.get().meaning());
  }

  private static List<String> warnings(
      Scenario scenario, BoundProgram bound, MemoryLedger memory, Timing timing) {
    List<String> all = new ArrayList<>(Assumptions.warnings(scenario, bound, memory));
    timing
        .speculation()
        .filter(drafting -> drafting.speedup() < 1)
        .ifPresent(drafting ->
            all.add(
                String.format(
                    Locale.ROOT,
                    "speculation slows decoding down, to %.3g times its speed without",
                    drafting.speedup())));
    return all;
  }

  /** Price of all devices, those that only draft among them. */
  private static OptionalDouble usdPerHour(Scenario scenario, int devices) {
    Optional<UsdPerHour> price = scenario.platform().price();
    if (price.isEmpty()) {
      return OptionalDouble.empty();
    }
    double drafters =
        scenario
            .speculation()
            .flatMap(how ->
                how.platform()
                    .flatMap(Platform::price)
                    .map(each -> each.value() * how.deployment().parallelism().devices()))
            .orElse(0.0);
    return OptionalDouble.of(price.get().value() * devices + drafters);
  }
}
