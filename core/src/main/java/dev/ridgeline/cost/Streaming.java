package dev.ridgeline.cost;

import dev.ridgeline.mapping.Demand;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.Row;
import dev.ridgeline.mapping.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a step moves between far memories and the tiers that kernels read: offloaded weights come in
 * for each pass, offloaded keys, values and states come in where an earlier step left them and go
 * out where this one makes them. Everything is staged in the tier it is read from, so it crosses
 * that tier once more.
 *
 * <p>The channels (each far memory, and each direction of the host link) work at the same time, as
 * in FlexGen's cost model (Sheng et al., ICML 2023, section 4.3 and appendix A.3); a stage streams
 * as long as its busiest channel.
 */
final class Streaming {
  private final Guarded[] groups;
  private final boolean prefetch;
  private final double weightShare;
  private final double cacheShare;
  private final FarTier weights;
  private final FarTier cache;
  private final int weightsIndex;
  private final int cacheIndex;
  private final int weightsReadTier;
  private final int cacheReadTier;

  /** Rows that run under one condition, by stage. */
  private record Guarded(
      LinearForm guard, LinearForm[] weights, LinearForm[] fetched, LinearForm[] stored) {}

  private Streaming(
      Guarded[] groups, Placement placement, FarTier weights, FarTier cache, Site site) {
    this.groups = groups;
    this.prefetch = placement.prefetch();
    this.weightShare = placement.offloadedWeightShare();
    this.cacheShare = placement.offloadedKvShare();
    this.weights = weights;
    this.cache = cache;
    this.weightsIndex = site.tierIndex(weights.name());
    this.cacheIndex = site.tierIndex(cache.name());
    this.weightsReadTier = site.tier(Stream.WEIGHTS);
    this.cacheReadTier = site.tier(Stream.KV_CACHE);
  }

  /** The streaming of a program, or empty where all of it is resident. */
  static Optional<Streaming> of(Program program, Site site) {
    Placement placement = program.deployment().placement();
    Optional<FarTier> weights = site.farWeights();
    Optional<FarTier> cache = site.farCache();
    if (weights.isEmpty() && cache.isEmpty()) {
      return Optional.empty();
    }
    List<Guarded> groups = new ArrayList<>();
    for (Row row : program.rows()) {
      Demand demand = row.operator().demand();
      Guarded group = groupOf(groups, demand.guard(), program.stages());
      for (int stage = 0; stage < program.stages(); stage++) {
        int repeats = row.repeats().get(stage);
        add(group.weights, stage, demand.traffic(Stream.WEIGHTS), repeats);
        add(group.fetched, stage, demand.cacheFetchedBytes(), repeats);
        add(group.stored, stage, demand.cacheStoredBytes(), repeats);
      }
    }
    FarTier one = weights.or(() -> cache).orElseThrow();
    return Optional.of(
        new Streaming(
            groups.toArray(Guarded[]::new),
            placement,
            weights.orElse(one),
            cache.orElse(one),
            site));
  }

  private static void add(LinearForm[] into, int stage, LinearForm bytes, int repeats) {
    into[stage] = into[stage].plus(bytes.times(repeats));
  }

  private static Guarded groupOf(List<Guarded> groups, LinearForm guard, int stages) {
    for (Guarded group : groups) {
      if (group.guard.equals(guard)) {
        return group;
      }
    }
    Guarded group = new Guarded(guard, zeros(stages), zeros(stages), zeros(stages));
    groups.add(group);
    return group;
  }

  private static LinearForm[] zeros(int stages) {
    LinearForm[] forms = new LinearForm[stages];
    Arrays.fill(forms, LinearForm.ZERO);
    return forms;
  }

  /** Adds a step's streamed bytes with their time and energy, stage by stage. */
  void add(double[] features, Site site, StepCost into) {
    for (int stage = 0; stage < into.stageSeconds.length; stage++) {
      double weightBytes = 0;
      double fetched = 0;
      double stored = 0;
      for (Guarded group : groups) {
        if (group.guard.at(features) > 0) {
          weightBytes += group.weights[stage].at(features);
          fetched += group.fetched[stage].at(features);
          stored += group.stored[stage].at(features);
        }
      }
      stream(
          stage, weightShare * weightBytes, cacheShare * fetched, cacheShare * stored, site, into);
    }
  }

  private void stream(
      int stage, double weightBytes, double fetched, double stored, Site site, StepCost into) {
    into.tierTrafficBytes[weightsIndex] += weightBytes;
    into.tierTrafficBytes[cacheIndex] += fetched + stored;
    double weightSeconds = weightBytes * weights.readSecondsPerByte();
    double cacheSeconds =
        fetched * cache.readSecondsPerByte() + stored * cache.writeSecondsPerByte();
    double memories =
        weightsIndex == cacheIndex
            ? weightSeconds + cacheSeconds
            : Math.max(weightSeconds, cacheSeconds);
    double inwards =
        weightBytes * weights.linkSecondsPerByte() + fetched * cache.linkSecondsPerByte();
    double outwards = stored * cache.linkSecondsPerByte();
    into.stageStreamSeconds[stage] = Math.max(memories, Math.max(inwards, outwards));

    stage(stage, weightsReadTier, weightBytes, site, into);
    stage(stage, cacheReadTier, fetched + stored, site, into);
    double joules =
        weightBytes * weights.joulesPerByte() + (fetched + stored) * cache.joulesPerByte();
    into.dynamicJoules += joules;
    into.stageJoules[stage] += joules;
  }

  private static void stage(int stage, int tier, double bytes, Site site, StepCost into) {
    double joules = bytes * site.joulesPerByte(tier);
    into.tierTrafficBytes[tier] += bytes;
    into.stageTierSeconds[stage][tier] += bytes * site.secondsPerByte(tier);
    into.dynamicJoules += joules;
    into.stageJoules[stage] += joules;
  }

  /**
   * Combines each stage's own time with its streaming: the longer where the next layer is fetched
   * while one runs, else one after the other.
   */
  void combine(EnergyRates energy, StepCost into) {
    double secondsPerJoule = energy.limits() ? 1 / (energy.limitWatts() - energy.staticWatts()) : 0;
    for (int stage = 0; stage < into.stageSeconds.length; stage++) {
      double own = into.stageSeconds[stage];
      double busy = StepCost.largest(into.stageTierSeconds[stage]);
      double streaming = into.stageStreamSeconds[stage];
      // Copies without prefetch find the device's memory idle.
      double waiting = prefetch ? 0 : streaming;
      if (busy > own + waiting) {
        into.memorySeconds += busy - own - waiting;
        own = busy - waiting;
      }
      double total = prefetch ? Math.max(own, streaming) : own + streaming;
      into.offloadSeconds += total - own;
      into.streamSeconds += streaming;
      double powered = into.stageJoules[stage] * secondsPerJoule;
      if (powered > total) {
        into.powerSeconds += powered - total;
        total = powered;
      }
      into.stageSeconds[stage] = total;
    }
  }
}
