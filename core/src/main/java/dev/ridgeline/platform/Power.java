package dev.ridgeline.platform;

import dev.ridgeline.units.JoulesPerByte;
import dev.ridgeline.units.JoulesPerFlop;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.Map;
import java.util.Optional;

/**
 * What a chip may draw and what its work costs.
 *
 * @param tdp most the board draws, where known; without it no energy is stated
 * @param sustained mean draw that the case sheds for as long as the work lasts, where it is less
 *     than the most; a phone's is a fraction of it
 * @param idle draw without work, where known
 * @param compute energy of one flop by arithmetic, where a source states it
 * @param memory energy of one byte by tier name, where a source states it
 * @param link energy of one byte sent to a peer, where a source states it
 */
public record Power(
    Optional<Watts> tdp,
    Optional<Watts> sustained,
    Optional<Watts> idle,
    Map<Arithmetic, JoulesPerFlop> compute,
    Map<String, JoulesPerByte> memory,
    Optional<JoulesPerByte> link) {

  /** Nothing is known, so nothing limits and nothing is reported. */
  public static final Power UNKNOWN =
      new Power(Optional.empty(), Optional.empty(), Map.of(), Map.of(), Optional.empty());

  public Power {
    compute = Map.copyOf(compute);
    memory = Map.copyOf(memory);
    Optional<Watts> lowest = sustained.or(() -> tdp);
    if (idle.isPresent() && lowest.isPresent() && idle.get().value() >= lowest.get().value()) {
      throw new IllegalArgumentException(
          "idle power %s is not below the limit %s".formatted(idle.get(), lowest.get()));
    }
    if (sustained.isPresent() && (tdp.isEmpty() || sustained.get().value() > tdp.get().value())) {
      throw new IllegalArgumentException(
          "sustained power %s needs a limit of at least as much".formatted(sustained.get()));
    }
  }

  /** A board that keeps up what it draws at the most. */
  public Power(
      Optional<Watts> tdp,
      Optional<Watts> idle,
      Map<Arithmetic, JoulesPerFlop> compute,
      Map<String, JoulesPerByte> memory,
      Optional<JoulesPerByte> link) {
    this(tdp, Optional.empty(), idle, compute, memory, link);
  }

  /** The same board with another limit; what would exceed it is dropped. */
  public Power withLimit(Watts limit) {
    Optional<Watts> kept = sustained.filter(watts -> watts.value() <= limit.value());
    double lowest = kept.orElse(limit).value();
    return new Power(
        Optional.of(limit),
        kept,
        // A limit below the idle draw would be no chip.
        idle.filter(watts -> watts.value() < lowest),
        compute,
        memory,
        link);
  }
}
