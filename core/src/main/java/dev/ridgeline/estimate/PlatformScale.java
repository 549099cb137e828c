package dev.ridgeline.estimate;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.Arithmetic;
import java.util.EnumMap;
import java.util.Map;

/**
 * Factors on a platform's figures: how a platform that does not exist differs from one that does.
 *
 * @param compute factor on all peaks
 * @param memoryBandwidth factor on the bandwidth of every tier
 * @param memoryCapacity factor on the capacity of main memory
 * @param linkBandwidth factor on the bandwidth of every network level
 * @param linkLatency factor on the latency of every network level; may be 0
 */
public record PlatformScale(
    double compute,
    double memoryBandwidth,
    double memoryCapacity,
    double linkBandwidth,
    double linkLatency) {

  /** Changes nothing. */
  public static final PlatformScale NONE = new PlatformScale(1, 1, 1, 1, 1);

  /** A factor beyond which a figure does not matter any more. */
  private static final double UNLIMITED = 1e30;

  public PlatformScale {
    if (!(compute > 0
        && memoryBandwidth > 0
        && memoryCapacity > 0
        && linkBandwidth > 0
        && linkLatency >= 0)) {
      throw new IllegalArgumentException(
          "factors %s, %s, %s, %s, %s"
              .formatted(compute, memoryBandwidth, memoryCapacity, linkBandwidth, linkLatency));
    }
  }

  /** Everything but one figure without limit. */
  public static PlatformScale only(Figure figure) {
    PlatformScale free = new PlatformScale(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, 0);
    return free.with(figure, 1);
  }

  /** The same with one factor replaced. */
  public PlatformScale with(Figure figure, double factor) {
    return switch (figure) {
      case COMPUTE ->
          new PlatformScale(factor, memoryBandwidth, memoryCapacity, linkBandwidth, linkLatency);
      case MEMORY_BANDWIDTH ->
          new PlatformScale(compute, factor, memoryCapacity, linkBandwidth, linkLatency);
      case MEMORY_CAPACITY ->
          new PlatformScale(compute, memoryBandwidth, factor, linkBandwidth, linkLatency);
      case LINK_BANDWIDTH ->
          new PlatformScale(compute, memoryBandwidth, memoryCapacity, factor, linkLatency);
      case LINK_LATENCY ->
          new PlatformScale(compute, memoryBandwidth, memoryCapacity, linkBandwidth, factor);
    };
  }

  /** The platform these factors make of another. */
  public Platform of(Platform platform) {
    Chip chip = platform.chip();
    Chip scaled =
        new Chip(
            chip.name(),
            chip.title(),
            chip.vendor(),
            chip.architecture(),
            chip.process(),
            chip.units(),
            chip.clock(),
            peaks(chip.matrix()),
            peaks(chip.vector()),
            chip.memory().stream().map(tier -> tier(tier, tier == chip.mainMemory())).toList(),
            chip.scaleUp(),
            chip.scaleOut(),
            chip.host(),
            chip.nodeChips(),
            chip.nodeName(),
            chip.hostPower(),
            chip.nodeHost(),
            chip.power(),
            chip.price());
    return new Platform(
        platform.name(),
        scaled,
        platform.chips(),
        platform.levels().stream().map(this::level).toList(),
        platform.chipsPerNode(),
        platform.hostPower(),
        platform.host(),
        platform.price(),
        platform.priceSource(),
        platform.notes());
  }

  private Map<Arithmetic, FlopsPerSecond> peaks(Map<Arithmetic, FlopsPerSecond> peaks) {
    Map<Arithmetic, FlopsPerSecond> scaled = new EnumMap<>(Arithmetic.class);
    peaks.forEach((arithmetic, peak) -> scaled.put(arithmetic, peak.times(compute)));
    return scaled;
  }

  private MemoryTier tier(MemoryTier tier, boolean main) {
    return new MemoryTier(
        tier.name(),
        tier.kind(),
        main ? new Bytes(tier.capacity().value() * memoryCapacity) : tier.capacity(),
        tier.bandwidth().map(rate -> new BytesPerSecond(rate.value() * memoryBandwidth)));
  }

  private NetworkLevel level(NetworkLevel level) {
    return new NetworkLevel(
        level.name(),
        level.kind(),
        level.size(),
        new BytesPerSecond(level.bandwidth().value() * linkBandwidth),
        new Seconds(level.latency().value() * linkLatency),
        level.reducesInNetwork(),
        level.dimensions());
  }
}
