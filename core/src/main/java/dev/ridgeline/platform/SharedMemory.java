package dev.ridgeline.platform;

import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;

/**
 * Memory beside the chips that all chips of one node share: the host's own, or its drives.
 *
 * @param name {@link #HOST} or {@link #NVME}
 * @param capacity what tensors of all chips of a node may fill, above zero
 * @param readBandwidth sustained peak of reads, all chips of a node together, above zero
 * @param writeBandwidth the same of writes
 */
public record SharedMemory(
    String name, Bytes capacity, BytesPerSecond readBandwidth, BytesPerSecond writeBandwidth) {
  /** The host's main memory. */
  public static final String HOST = "host";

  /** The node's local drives. */
  public static final String NVME = "nvme";

  public SharedMemory {
    if (!(capacity.value() > 0 && readBandwidth.value() > 0 && writeBandwidth.value() > 0)) {
      throw new IllegalArgumentException(
          "memory %s of %s at %s and %s".formatted(name, capacity, readBandwidth, writeBandwidth));
    }
  }

  /** A part of it, as a part of a node's chips has. */
  SharedMemory part(double ratio) {
    return new SharedMemory(
        name,
        new Bytes(capacity.value() * ratio),
        new BytesPerSecond(readBandwidth.value() * ratio),
        new BytesPerSecond(writeBandwidth.value() * ratio));
  }
}
