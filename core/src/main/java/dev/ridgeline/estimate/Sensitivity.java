package dev.ridgeline.estimate;

import dev.ridgeline.cost.Bound;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Power;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.units.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an answer moves with each figure of its platform, one at a time, all else as it is.
 *
 * @param changes what a tenth more of each figure does
 * @param flips where something else becomes what most of a phase is spent on
 */
public record Sensitivity(List<Change> changes, List<Flip> flips) {
  /** What each figure is raised by. */
  public static final double STEP = 0.1;

  /** Bounds are looked for up to this factor, and down to its inverse. */
  public static final double WIDEST = 64;

  private static final double PRECISION = 1e-9;

  public Sensitivity {
    changes = List.copyOf(changes);
    flips = List.copyOf(flips);
  }

  /** What is varied. */
  public enum Knob {
    COMPUTE,
    MEMORY_BANDWIDTH,
    MEMORY_CAPACITY,
    LINK_BANDWIDTH,
    LINK_LATENCY,
    /** Bandwidth to what is streamed from beside the chip. */
    HOST_LINK,
    PRICE,
    POWER_LIMIT,
    /** Acceptance of drafted tokens, as far as a probability allows. */
    ACCEPTANCE;

    /** The key used in reports. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Relative changes, such as -0.05 for five per cent less.
   *
   * @param knob the figure that a {@link #STEP} is added to
   * @param ttft change of the time to the first token
   * @param tpot change of the time of each further token; empty where there is none
   * @param energy change of the energy of an output token; empty where unknown
   * @param cost change of the cost of an output token; empty where unknown
   * @param largestBatch change of the number of requests that fit; empty where none did
   */
  public record Change(
      Knob knob,
      double ttft,
      OptionalDouble tpot,
      OptionalDouble energy,
      OptionalDouble cost,
      OptionalDouble largestBatch) {}

  /**
   * A change of what bounds a phase.
   *
   * @param phase {@code prefill} or {@code decode}
   * @param bound what bounds it now
   * @param knob the figure that is scaled
   * @param factor the smallest change of it, up or down, beyond which something else bounds
   * @param becomes what bounds it then
   */
  public record Flip(String phase, Bound bound, Knob knob, double factor, Bound becomes) {}

  /**
   * The sensitivity of an answer.
   *
   * @throws InfeasibleException where the memory does not suffice
   */
  public static Sensitivity of(Scenario scenario) {
    Estimate now = Estimator.estimate(scenario);
    List<Knob> knobs = knobs(scenario);
    List<Change> changes = new ArrayList<>();
    for (Knob knob : knobs) {
      changes.add(change(knob, now, Estimator.estimate(scaled(scenario, knob, 1 + STEP))));
    }
    List<Flip> flips = new ArrayList<>();
    for (boolean prefill : new boolean[] {true, false}) {
      Optional<Bound> bound = bound(now, prefill);
      for (Knob knob : knobs) {
        if (bound.isPresent() && bindsTime(knob)) {
          for (double direction : new double[] {2, 0.5}) {
            flip(scenario, prefill, bound.get(), knob, direction).ifPresent(flips::add);
          }
        }
      }
    }
    return new Sensitivity(changes, flips);
  }

  private static boolean bindsTime(Knob knob) {
    return switch (knob) {
      case COMPUTE, MEMORY_BANDWIDTH, LINK_BANDWIDTH, LINK_LATENCY, HOST_LINK, POWER_LIMIT -> true;
      case MEMORY_CAPACITY, PRICE, ACCEPTANCE -> false;
    };
  }

  /** Figures that the platform has and the mapping uses. */
  private static List<Knob> knobs(Scenario scenario) {
    Platform platform = scenario.platform();
    boolean linked =
        !platform.levels().isEmpty() && scenario.deployment().parallelism().devicesPerReplica() > 1;
    List<Knob> knobs =
        new ArrayList<>(List.of(Knob.COMPUTE, Knob.MEMORY_BANDWIDTH, Knob.MEMORY_CAPACITY));
    if (linked) {
      knobs.add(Knob.LINK_BANDWIDTH);
      knobs.add(Knob.LINK_LATENCY);
    }
    if (scenario.deployment().placement().offloads() && platform.chip().host().isPresent()) {
      knobs.add(Knob.HOST_LINK);
    }
    if (platform.price().isPresent()) {
      knobs.add(Knob.PRICE);
    }
    if (platform.chip().power().tdp().isPresent()) {
      knobs.add(Knob.POWER_LIMIT);
    }
    if (scenario.speculation().isPresent()) {
      knobs.add(Knob.ACCEPTANCE);
    }
    return knobs;
  }

  private static Scenario scaled(Scenario scenario, Knob knob, double factor) {
    if (knob == Knob.ACCEPTANCE) {
      return scenario.withSpeculation(scenario.speculation().orElseThrow().withAcceptance(factor));
    }
    Platform platform = scenario.platform();
    return scenario.withPlatform(
        switch (knob) {
          case COMPUTE -> PlatformScale.NONE.with(Figure.COMPUTE, factor).of(platform);
          case MEMORY_BANDWIDTH ->
              PlatformScale.NONE.with(Figure.MEMORY_BANDWIDTH, factor).of(platform);
          case MEMORY_CAPACITY ->
              PlatformScale.NONE.with(Figure.MEMORY_CAPACITY, factor).of(platform);
          case LINK_BANDWIDTH ->
              PlatformScale.NONE.with(Figure.LINK_BANDWIDTH, factor).of(platform);
          case LINK_LATENCY -> PlatformScale.NONE.with(Figure.LINK_LATENCY, factor).of(platform);
          case HOST_LINK -> withHostLink(platform, factor);
          case PRICE ->
              platform.withPrice(
                  new UsdPerHour(platform.price().orElseThrow().value() * factor),
                  platform.priceSource());
          case ACCEPTANCE -> platform;
          case POWER_LIMIT -> platform.withChip(withLimit(platform.chip(), factor));
        });
  }

  /** Each chip's own link, and what all of a node share. */
  private static Platform withHostLink(Platform platform, double factor) {
    Chip chip = platform.chip();
    Host host = platform.host();
    var shared = host.linkBandwidth().map(all -> new BytesPerSecond(factor * all.value()));
    return platform
        .withChip(chip.withHost(chip.host().orElseThrow().times(factor)))
        .withHost(new Host(shared, host.memories()));
  }

  private static Chip withLimit(Chip chip, double factor) {
    Power power = chip.power();
    double limit = power.tdp().orElseThrow().value() * factor;
    return chip.withPower(power.withLimit(new Watts(limit)));
  }

  private static Change change(Knob knob, Estimate now, Estimate then) {
    return new Change(
        knob,
        then.ttftSeconds() / now.ttftSeconds() - 1,
        relative(now.tpotSeconds(), then.tpotSeconds()),
        relative(now.energyJoulesPerOutputToken(), then.energyJoulesPerOutputToken()),
        relative(now.usdPerMillionOutputTokens(), then.usdPerMillionOutputTokens()),
        now.memory().largestBatch() > 0
            ? OptionalDouble.of(
                (double) then.memory().largestBatch() / now.memory().largestBatch() - 1)
            : OptionalDouble.empty());
  }

  private static OptionalDouble relative(OptionalDouble now, OptionalDouble then) {
    return now.isPresent() && then.isPresent() && now.getAsDouble() > 0
        ? OptionalDouble.of(then.getAsDouble() / now.getAsDouble() - 1)
        : OptionalDouble.empty();
  }

  private static Optional<Bound> bound(Estimate estimate, boolean prefill) {
    return prefill
        ? Optional.of(estimate.prefill().bound())
        : estimate.decode().map(PhaseReport::bound);
  }

  /** Doubles the figure, or halves it, until the bound differs, then narrows the last step. */
  private static Optional<Flip> flip(
      Scenario scenario, boolean prefill, Bound bound, Knob knob, double direction) {
    double same = 1;
    double other = direction;
    while (boundAt(scenario, prefill, knob, other) == bound) {
      same = other;
      other *= direction;
      if (other > WIDEST || other < 1 / WIDEST) {
        return Optional.empty();
      }
    }
    while (Math.abs(other / same - 1) > PRECISION) {
      double middle = Math.sqrt(same * other);
      if (boundAt(scenario, prefill, knob, middle) == bound) {
        same = middle;
      } else {
        other = middle;
      }
    }
    return Optional.of(
        new Flip(
            prefill ? "prefill" : "decode",
            bound,
            knob,
            other,
            boundAt(scenario, prefill, knob, other)));
  }

  private static Bound boundAt(Scenario scenario, boolean prefill, Knob knob, double factor) {
    return bound(Estimator.estimate(scaled(scenario, knob, factor)), prefill).orElseThrow();
  }
}
