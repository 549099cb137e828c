package dev.ridgeline.estimate;

import dev.ridgeline.cost.FarTier;
import dev.ridgeline.estimate.MemoryLedger.TierUse;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deals weights and cache of one device out to memories. */
final class TierPlan {
  private final Placement placement;
  private final Parallelism parallelism;
  private final Platform platform;
  private final List<TierUse> uses = new ArrayList<>();

  /** Main memory comes first. */
  TierPlan(Program program, Platform platform) {
    this.placement = program.deployment().placement();
    this.parallelism = program.deployment().parallelism();
    this.platform = platform;
    MemoryTier main = platform.chip().mainMemory();
    uses.add(new TierUse(main.name(), 0, 0, 0, main.capacity().value()));
  }

  /**
   * @param bytes of the stage
   * @param largestLayerBytes of its largest layer
   */
  void putWeights(double bytes, double largestLayerBytes) {
    double away = placement.offloadedWeightShare();
    add(read(placement.weights()), (1 - away) * bytes, 0, buffer(away, largestLayerBytes));
    placement
        .offloadedWeights()
        .ifPresent(part -> add(far(part, "offload-weights"), away * bytes, 0, 0));
  }

  /**
   * @param bytes of all requests in flight
   * @param largestLayerBytes of the layer that keeps most
   */
  void putCache(double bytes, double largestLayerBytes) {
    double away = placement.offloadedKvShare();
    add(read(placement.kv()), 0, (1 - away) * bytes, buffer(away, largestLayerBytes));
    placement.offloadedKv().ifPresent(part -> add(far(part, "offload-kv"), 0, away * bytes, 0));
  }

  private double buffer(double away, double largestLayerBytes) {
    return placement.layersInFlight() * away * largestLayerBytes;
  }

  /** What main memory holds. */
  TierUse main() {
    return uses.getFirst();
  }

  /** What all others hold. */
  List<TierUse> others() {
    return List.copyOf(uses.subList(1, uses.size()));
  }

  /**
   * Bytes of cache that could be held in all, each memory taking the share placed in it.
   *
   * @param otherBytes claims on main memory beside weights, cache and buffers
   */
  double roomForCache(double otherBytes) {
    double away = placement.offloadedKvShare();
    double near =
        away < 1 ? room(read(placement.kv()), otherBytes) / (1 - away) : Double.POSITIVE_INFINITY;
    double far =
        placement
            .offloadedKv()
            .map(part -> room(far(part, "offload-kv"), otherBytes) / away)
            .orElse(Double.POSITIVE_INFINITY);
    return Math.max(0, Math.min(near, far));
  }

  private double room(TierUse tier, double otherBytes) {
    TierUse used = uses.get(indexOf(tier.name()));
    double claimed = used.weightsBytes() + used.streamingBytes();
    boolean main = used.name().equals(main().name());
    return used.capacityBytes() - claimed - (main ? otherBytes : 0);
  }

  private TierUse read(Optional<String> name) {
    MemoryTier tier = name.flatMap(platform.chip()::tier).orElse(platform.chip().mainMemory());
    return new TierUse(tier.name(), 0, 0, 0, tier.capacity().value());
  }

  private TierUse far(Offload part, String option) {
    FarTier tier = FarTier.of(platform, parallelism, part, option);
    return new TierUse(tier.name(), 0, 0, 0, tier.capacityBytes());
  }

  private int indexOf(String name) {
    for (int index = 0; index < uses.size(); index++) {
      if (uses.get(index).name().equals(name)) {
        return index;
      }
    }
    return -1;
  }

  private void add(TierUse tier, double weights, double kv, double streaming) {
    int index = indexOf(tier.name());
    if (index < 0) {
      uses.add(tier);
      index = uses.size() - 1;
    }
    TierUse old = uses.get(index);
    uses.set(
        index,
        new TierUse(
            old.name(),
            old.weightsBytes() + weights,
            old.kvBytes() + kv,
            old.streamingBytes() + streaming,
            old.capacityBytes()));
  }
}
