package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.EnergyRates;
import dev.ridgeline.mapping.Demand;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.mapping.Row;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Power;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the inverse question: what must a platform offer to meet the targets?
 *
 * <p>Under rooflines, with all other figures without limit, a time is exactly inverse to the one
 * that is left, so each single figure has a closed form: the platform's time over the target. Under
 * a cost model with launches and waits it is a root. All figures together, with link latencies that
 * do not shrink, need a root too: a common factor whose bracket is proven by evaluation on both
 * ends before it is halved.
 */
public final class RequirementSolver {
  private static final double PRECISION = 1e-12;
  private static final int MOST_DOUBLINGS = 60;

  /** How much longer, as a share, than on a platform without limits: the figure is used. */
  private static final double USED = 1e-9;

  /** How near to its target, as a share, the closed form must come to be one. */
  private static final double CLOSED_FORM = 1e-9;

  private static final String TTFT = "ttft";
  private static final String TPOT = "tpot";
  private static final String NONE = "none";

  /** Nothing takes time, but for what is left of the division by a finite factor. */
  private static final PlatformScale ALL_FREE =
      PlatformScale.only(Figure.LINK_LATENCY).with(Figure.LINK_LATENCY, 0);

  private final Scenario scenario;
  private final Program program;
  private final double targetTtft;
  private final double targetTpot;

  private RequirementSolver(Scenario scenario) {
    refuseOtherDrafter(scenario);
    this.scenario = scenario.withPlatform(unlimited(scenario.platform()));
    this.program = ProgramCompiler.compile(scenario.model(), scenario.deployment());
    this.targetTtft = target(scenario.objectives().ttft());
    this.targetTpot = target(scenario.objectives().tpot());
    if (Double.isInfinite(targetTtft) && Double.isInfinite(targetTpot)) {
      throw new IllegalArgumentException("a requirement needs a target for TTFT or TPOT");
    }
  }

  /**
   * The least figures that meet the scenario's objectives on platforms shaped like its platform.
   *
   * @param efficiency share of a peak that real runs reach, above 0 to 1; 1 for none lost
   * @throws UnreachableException where no figures can
   */
  public static Requirement solve(Scenario scenario, double efficiency) {
    if (!(efficiency > 0 && efficiency <= 1)) {
      throw new IllegalArgumentException("efficiency " + efficiency + " is outside 0 to 1");
    }
    return new RequirementSolver(scenario).solve(efficiency);
  }

  /** The power of a chip that is still to be designed is not known, so none is held against it. */
  static Platform unlimited(Platform platform) {
    return EnergyRates.of(platform.chip()).limits()
        ? platform.withChip(platform.chip().withPower(Power.UNKNOWN))
        : platform;
  }

  static double target(Optional<Seconds> objective) {
    double seconds = objective.map(Seconds::value).orElse(Double.POSITIVE_INFINITY);
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("a target must be above zero");
    }
    return seconds;
  }

  /** A drafter's own devices take time that no figure of the platform asked about shortens. */
  private static void refuseOtherDrafter(Scenario scenario) {
    Optional<Platform> other = scenario.speculation().flatMap(Speculation::platform);
    if (other.isPresent()) {
      throw new IllegalDeploymentException(
          "draft-on",
          other.get().name(),
          "a requirement is about one kind of device",
          "drafts on the same devices");
    }
  }

  private Requirement solve(double efficiency) {
    Platform platform = scenario.platform();
    Map<Figure, String> binding = new EnumMap<>(Figure.class);
    PlatformScale alone = PlatformScale.NONE;
    Latency free = latency(ALL_FREE);
    refuseIfFixedTimesMiss(free);
    for (Figure figure :
        new Figure[] {Figure.COMPUTE, Figure.MEMORY_BANDWIDTH, Figure.LINK_BANDWIDTH}) {
      Latency stated = latency(PlatformScale.only(figure));
      // A figure that no operator uses may be anything.
      if (!longer(stated, free)) {
        binding.put(figure, NONE);
        continue;
      }
      double factor = leastAlone(figure, missedBy(stated));
      Latency reached = latency(PlatformScale.only(figure).with(figure, factor));
      alone = alone.with(figure, factor);
      binding.put(
          figure,
          reached.ttftSeconds() / targetTtft >= reached.tpotSeconds() / targetTpot ? TTFT : TPOT);
    }
    Latency hops = latency(PlatformScale.only(Figure.LINK_LATENCY));
    refuseIfHopsAloneMiss(hops);
    // Waits are proportional to the hop, beside what takes time on any platform.
    double firstSlack =
        (targetTtft - free.ttftSeconds()) / (hops.ttftSeconds() - free.ttftSeconds());
    double furtherSlack =
        (targetTpot - free.tpotSeconds()) / (hops.tpotSeconds() - free.tpotSeconds());
    boolean exchanges = !NONE.equals(binding.get(Figure.LINK_BANDWIDTH));
    boolean waits = longer(hops, free);
    double slack = waits ? Math.min(firstSlack, furtherSlack) : Double.POSITIVE_INFINITY;
    binding.put(Figure.LINK_LATENCY, !waits ? NONE : firstSlack <= furtherSlack ? TTFT : TPOT);
    binding.put(Figure.MEMORY_CAPACITY, "capacity");

    double capacity = capacityBytes();
    PlatformScale figures =
        alone.with(
            Figure.MEMORY_CAPACITY, capacity / platform.chip().mainMemory().capacity().value());
    double factor = commonFactor(figures);
    PlatformScale together = raised(figures, factor);
    Chip chip = platform.chip();
    Arithmetic arithmetic = mainArithmetic();
    return new Requirement(
        arithmetic,
        alone.compute() * chip.peak(arithmetic).orElseThrow().value() / efficiency,
        alone.memoryBandwidth() * chip.mainMemory().bandwidth().orElseThrow().value() / efficiency,
        capacity,
        exchanges
            ? alone.linkBandwidth() * platform.levels().getFirst().bandwidth().value() / efficiency
            : 0,
        waits ? slack * hopSeconds(platform) : Double.POSITIVE_INFINITY,
        binding,
        factor,
        raised(together, 1 / efficiency).of(platform),
        latency(together),
        scenario.costModels().getFirst().name(),
        Assumptions.ofRequirement(
            scenario,
            measured(
                BoundProgram.bind(
                    program, platform, scenario.costModels(), scenario.engine().overheads())),
            efficiency));
  }

  private static BoundProgram measured(BoundProgram bound) {
    MeasuredPart.require(bound);
    return bound;
  }

  /** Whether a figure takes time that has a target, beyond what rounding leaves. */
  private boolean longer(Latency some, Latency free) {
    return (Double.isFinite(targetTtft) && some.ttftSeconds() > free.ttftSeconds() * (1 + USED))
        || (Double.isFinite(targetTpot) && some.tpotSeconds() > free.tpotSeconds() * (1 + USED));
  }

  /** The larger of the times over their targets. */
  private double missedBy(Latency latency) {
    return Math.max(latency.ttftSeconds() / targetTtft, latency.tpotSeconds() / targetTpot);
  }

  /**
   * The least factor on one figure when nothing else takes time: the closed form where times are
   * inverse to it, else a root, because launches and waits stay whatever the figure.
   */
  private double leastAlone(Figure figure, double closedForm) {
    PlatformScale only = PlatformScale.only(figure);
    double missed = missedBy(latency(only.with(figure, closedForm)));
    if (Math.abs(missed - 1) <= CLOSED_FORM) {
      return closedForm;
    }
    double meets = closedForm;
    while (missedBy(latency(only.with(figure, meets))) > 1) {
      meets *= 2;
    }
    double misses = meets / 2;
    while (missedBy(latency(only.with(figure, misses))) <= 1) {
      meets = misses;
      misses /= 2;
    }
    while (meets - misses > PRECISION * meets) {
      double middle = 0.5 * (misses + meets);
      if (middle <= misses || middle >= meets) {
        break;
      }
      if (missedBy(latency(only.with(figure, middle))) <= 1) {
        meets = middle;
      } else {
        misses = middle;
      }
    }
    return meets;
  }

  /** Launches and waits that no figure of the platform shortens. */
  private void refuseIfFixedTimesMiss(Latency free) {
    boolean first = free.ttftSeconds() >= targetTtft;
    if (first || free.tpotSeconds() >= targetTpot) {
      double needed = first ? free.ttftSeconds() : free.tpotSeconds();
      throw new UnreachableException(
          first ? TTFT : TPOT,
          "overhead",
          "launches and waits alone take %s of the %s allowed for %s, whatever compute and"
                  .formatted(
                      new Seconds(needed),
                      new Seconds(first ? targetTtft : targetTpot),
                      first ? "the first token" : "each further token")
              + " bandwidth",
          List.of("--%s above %s".formatted(first ? TTFT : TPOT, new Seconds(needed))));
    }
  }

  private static double hopSeconds(Platform platform) {
    return platform.levels().isEmpty() ? 0 : platform.levels().getFirst().latency().value();
  }

  private void refuseIfHopsAloneMiss(Latency hops) {
    boolean first = hops.ttftSeconds() >= targetTtft;
    if (first || hops.tpotSeconds() >= targetTpot) {
      double needed = first ? hops.ttftSeconds() : hops.tpotSeconds();
      double allowed = first ? targetTtft : targetTpot;
      throw new UnreachableException(
          first ? TTFT : TPOT,
          Figure.LINK_LATENCY.key(),
          "link latencies alone take %s of the %s allowed for %s, whatever compute and bandwidth"
              .formatted(
                  new Seconds(needed),
                  new Seconds(allowed),
                  first ? "the first token" : "each further token"),
          List.of(
              "--%s above %s".formatted(first ? TTFT : TPOT, new Seconds(needed)),
              "hops below %s"
                  .formatted(new Seconds(hopSeconds(scenario.platform()) * allowed / needed))));
    }
  }

  /** Raises compute and bandwidths together; capacity and latencies stay. */
  private static PlatformScale raised(PlatformScale figures, double factor) {
    return new PlatformScale(
        figures.compute() * factor,
        figures.memoryBandwidth() * factor,
        figures.memoryCapacity(),
        figures.linkBandwidth() * factor,
        figures.linkLatency());
  }

  /** The least common factor, from a bracket whose lower end misses and whose upper end meets. */
  private double commonFactor(PlatformScale figures) {
    if (meets(latency(figures))) {
      return 1;
    }
    double misses = 1;
    double meets = 2;
    int doublings = 0;
    while (!meets(latency(raised(figures, meets)))) {
      misses = meets;
      meets *= 2;
      if (++doublings > MOST_DOUBLINGS) {
        throw new UnreachableException(
            TTFT,
            "overhead",
            "no compute or bandwidth meets the targets under this cost model",
            List.of());
      }
    }
    while (meets - misses > PRECISION * meets) {
      double middle = 0.5 * (misses + meets);
      if (middle <= misses || middle >= meets) {
        break;
      }
      if (meets(latency(raised(figures, middle)))) {
        meets = middle;
      } else {
        misses = middle;
      }
    }
    return meets;
  }

  private boolean meets(Latency latency) {
    return latency.ttftSeconds() <= targetTtft && latency.tpotSeconds() <= targetTpot;
  }

  private Latency latency(PlatformScale scale) {
    Platform scaled = scale.of(scenario.platform());
    BoundProgram bound =
        BoundProgram.bind(program, scaled, scenario.costModels(), scenario.engine().overheads());
    return Estimator.latency(scenario, bound);
  }

  private double capacityBytes() {
    MemoryLedger ledger = Drafting.ledger(scenario, program);
    double claimed =
        ledger.weightsBytes()
            + ledger.kvBytes()
            + ledger.activationBytes()
            + ledger.communicationBytes()
            + ledger.streamingBytes()
            + scenario.engine().reserve().value();
    // Some bytes more, so that rounding cannot make the least capacity too small.
    return claimed / scenario.engine().memoryUtilization() * (1 + PRECISION);
  }

  /** The arithmetic that most matrix flops of a token run as. */
  private Arithmetic mainArithmetic() {
    StepFeatures step = new StepFeatures(program.features());
    step.add(Phase.PREFILL, 1, 1024, 0, 1);
    Map<Arithmetic, Double> flops = new EnumMap<>(Arithmetic.class);
    for (Row row : program.rows()) {
      Demand demand = row.operator().demand();
      double work = row.totalRepeats() * demand.matrixFlops().at(step.values());
      flops.merge(demand.arithmetic(), work, Double::sum);
    }
    Arithmetic most = Arithmetic.BF16;
    double largest = -1;
    for (Map.Entry<Arithmetic, Double> entry : flops.entrySet()) {
      if (entry.getValue() > largest) {
        most = entry.getKey();
        largest = entry.getValue();
      }
    }
    Chip chip = scenario.platform().chip();
    for (Arithmetic stated :
        new Arithmetic[] {most, Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32}) {
      if (chip.peak(stated).isPresent()) {
        return stated;
      }
    }
    return chip.matrix().keySet().stream().findFirst().orElse(most);
  }
}
