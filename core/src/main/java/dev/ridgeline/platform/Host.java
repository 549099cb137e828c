package dev.ridgeline.platform;

import dev.ridgeline.units.BytesPerSecond;
import java.util.List;
import java.util.Optional;

/**
 * What the chips of one node find beside themselves.
 *
 * @param linkBandwidth one direction between the host and all chips of a node together; empty where
 *     every chip has its own link to itself
 * @param memories what tensors can be put into, nearest first; names differ
 */
public record Host(Optional<BytesPerSecond> linkBandwidth, List<SharedMemory> memories) {

  /** A host of which nothing is known. */
  public static final Host UNKNOWN = new Host(Optional.empty(), List.of());

  public Host {
    memories = List.copyOf(memories);
    long names = memories.stream().map(SharedMemory::name).distinct().count();
    if (names != memories.size()) {
      throw new IllegalArgumentException("two memories of a host have one name");
    }
  }

  /** The host as some of a node's chips have it: their part of everything. */
  public Host part(double ratio) {
    return new Host(
        linkBandwidth.map(all -> new BytesPerSecond(all.value() * ratio)),
        memories.stream().map(memory -> memory.part(ratio)).toList());
  }

  /** The memory of that name. */
  public Optional<SharedMemory> memory(String name) {
    return memories.stream().filter(memory -> memory.name().equals(name)).findFirst();
  }
}
