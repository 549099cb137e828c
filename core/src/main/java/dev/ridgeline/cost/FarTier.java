package dev.ridgeline.cost;

import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.SharedMemory;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A memory that offloaded tensors are streamed from, as one device of a deployment sees it: devices
 * of one node that stream at the same time share its capacity and bandwidth evenly.
 *
 * @param name name of the memory
 * @param capacityBytes the device's part
 * @param readSecondsPerByte of its part of the bandwidth
 * @param writeSecondsPerByte the same for writes
 * @param linkSecondsPerByte time of a byte, either way, on the device's part of the host link; 0
 *     for a tier of the chip
 * @param joulesPerByte energy the device spends on a byte
 */
public record FarTier(
    String name,
    double capacityBytes,
    double readSecondsPerByte,
    double writeSecondsPerByte,
    double linkSecondsPerByte,
    double joulesPerByte) {

  /**
   * The memory that an offload names.
   *
   * @param option which option asks, such as {@code offload-kv}
   * @throws IllegalDeploymentException where there is none, or no way to it
   */
  public static FarTier of(
      Platform platform, Parallelism parallelism, Offload offload, String option) {
    Chip chip = platform.chip();
    Optional<MemoryTier> own =
        chip.memory().stream()
            .skip(1)
            .filter(tier -> tier.addressable() && tier.name().equals(offload.tier()))
            .findFirst();
    EnergyRates energy = EnergyRates.of(chip);
    if (own.isPresent()) {
      MemoryTier tier = own.get();
      double secondsPerByte = 1 / tier.bandwidth().orElseThrow().value();
      return new FarTier(
          tier.name(),
          tier.capacity().value(),
          secondsPerByte,
          secondsPerByte,
          0,
          energy.joulesPerByte(tier));
    }
    Host host = platform.host();
    SharedMemory shared =
        host.memory(offload.tier()).orElseThrow(() -> unknown(platform, offload, option));
    if (chip.host().isEmpty()) {
      throw new IllegalDeploymentException(
          option,
          offload.toString(),
          chip.name() + " has no link to its host",
          "chips whose file states links.host");
    }
    int devices = Math.min(platform.chipsPerNode(), parallelism.devices());
    double ownLink = 1 / chip.host().get().bandwidth().value();
    double all = host.linkBandwidth().map(bandwidth -> devices / bandwidth.value()).orElse(0.0);
    return new FarTier(
        shared.name(),
        shared.capacity().value() / devices,
        devices / shared.readBandwidth().value(),
        devices / shared.writeBandwidth().value(),
        Math.max(ownLink, all),
        energy.joulesPerLinkByte());
  }

  private static IllegalDeploymentException unknown(
      Platform platform, Offload offload, String option) {
    String known =
        Stream.concat(
                platform.chip().memory().stream()
                    .skip(1)
                    .filter(MemoryTier::addressable)
                    .map(MemoryTier::name),
                platform.host().memories().stream().map(SharedMemory::name))
            .collect(Collectors.joining(", "));
    return new IllegalDeploymentException(
        option,
        offload.toString(),
        "%s has no memory \"%s\" to stream from; a platform states it under host"
            .formatted(platform.name(), offload.tier()),
        known.isEmpty() ? "none on this platform" : known);
  }
}
