package dev.ridgeline.platform;

import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One accelerator.
 *
 * @param name catalog name, lower case with form factor
 * @param title how the vendor calls it
 * @param vendor who makes it
 * @param architecture generation key that siblings share, such as {@code hopper}
 * @param process technology node; empty text where unknown
 * @param units streaming multiprocessors, compute units or cores; 0 where unknown
 * @param clock clock the peaks are stated at, where known
 * @param matrix dense peaks of the matrix engine
 * @param vector peaks of the vector units
 * @param memory tiers, main memory first
 * @param scaleUp how peers of one node are reached
 * @param scaleOut how other nodes are reached
 * @param host how the host is reached
 * @param nodeChips chips of the standard node; at least 1
 * @param nodeName name of the standard node; empty where it has none
 * @param hostPower what the standard node draws beside its chips, where known
 * @param nodeHost memories and drives of the standard node
 * @param power limits and energies
 * @param price default price, where known
 */
public record Chip(
    String name,
    String title,
    String vendor,
    String architecture,
    String process,
    int units,
    Optional<Hertz> clock,
    Map<Arithmetic, FlopsPerSecond> matrix,
    Map<Arithmetic, FlopsPerSecond> vector,
    List<MemoryTier> memory,
    Optional<Link> scaleUp,
    Optional<Link> scaleOut,
    Optional<Link> host,
    int nodeChips,
    String nodeName,
    Optional<Watts> hostPower,
    Host nodeHost,
    Power power,
    Optional<Price> price) {

  /** A chip of whose host nothing is known. */
  public Chip(
      String name,
      String title,
      String vendor,
      String architecture,
      String process,
      int units,
      Optional<Hertz> clock,
      Map<Arithmetic, FlopsPerSecond> matrix,
      Map<Arithmetic, FlopsPerSecond> vector,
      List<MemoryTier> memory,
      Optional<Link> scaleUp,
      Optional<Link> scaleOut,
      Optional<Link> host,
      int nodeChips,
      String nodeName,
      Optional<Watts> hostPower,
      Power power,
      Optional<Price> price) {
    this(
        name,
        title,
        vendor,
        architecture,
        process,
        units,
        clock,
        matrix,
        vector,
        memory,
        scaleUp,
        scaleOut,
        host,
        nodeChips,
        nodeName,
        hostPower,
        Host.UNKNOWN,
        power,
        price);
  }

  public Chip {
    matrix = ordered(matrix);
    vector = ordered(vector);
    memory = List.copyOf(memory);
    if (matrix.isEmpty() && vector.isEmpty()) {
      throw new IllegalArgumentException("chip " + name + " states no compute peak");
    }
    if (memory.isEmpty() || !memory.getFirst().addressable()) {
      throw new IllegalArgumentException(
          "chip " + name + " needs a main memory with a capacity and a bandwidth, listed first");
    }
    if (nodeChips < 1) {
      throw new IllegalArgumentException("chip " + name + ": a node of " + nodeChips);
    }
  }

  private static Map<Arithmetic, FlopsPerSecond> ordered(Map<Arithmetic, FlopsPerSecond> peaks) {
    return peaks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(peaks));
  }

  /** The same chip with other limits and energies. */
  public Chip withPower(Power newPower) {
    return new Chip(
        name,
        title,
        vendor,
        architecture,
        process,
        units,
        clock,
        matrix,
        vector,
        memory,
        scaleUp,
        scaleOut,
        host,
        nodeChips,
        nodeName,
        hostPower,
        nodeHost,
        newPower,
        price);
  }

  /** The same chip at another link to its host. */
  public Chip withHost(Link newHost) {
    return new Chip(
        name,
        title,
        vendor,
        architecture,
        process,
        units,
        clock,
        matrix,
        vector,
        memory,
        scaleUp,
        scaleOut,
        Optional.of(newHost),
        nodeChips,
        nodeName,
        hostPower,
        nodeHost,
        power,
        price);
  }

  /**
   * The host of a node of so many chips: of fewer than the standard node, their part of its host;
   * of other nodes nothing is known.
   */
  Host hostOf(int chips) {
    return chips <= nodeChips ? nodeHost.part((double) chips / nodeChips) : Host.UNKNOWN;
  }

  /** Where weights and cache live unless placed elsewhere. */
  public MemoryTier mainMemory() {
    return memory.getFirst();
  }

  /** The tier of that name. */
  public Optional<MemoryTier> tier(String tierName) {
    return memory.stream().filter(tier -> tier.name().equals(tierName)).findFirst();
  }

  /** Dense peak of the matrix engine, or of the vector units where it has no such engine. */
  public Optional<FlopsPerSecond> peak(Arithmetic arithmetic) {
    return Optional.ofNullable(matrix.get(arithmetic))
        .or(() -> Optional.ofNullable(vector.get(arithmetic)));
  }

  /** Peak of element-by-element work: the float32 peak of the vector units, where stated. */
  public Optional<FlopsPerSecond> vectorPeak() {
    return Optional.ofNullable(vector.get(Arithmetic.FP32));
  }
}
