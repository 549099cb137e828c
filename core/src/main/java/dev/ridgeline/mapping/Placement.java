package dev.ridgeline.mapping;

import java.util.Optional;

/**
 * Which memory tier holds what; an empty tier means the chip's main memory.
 *
 * @param weights tier that kernels read weights from
 * @param kv tier that kernels read the cache and recurrent states from
 * @param offloadedWeights the part of the weights that is streamed to the tier above; else all is
 *     resident
 * @param offloadedKv the same of cache and states
 * @param prefetch whether the next layer is fetched while one runs; else each layer waits for what
 *     it lacks
 */
public record Placement(
    Optional<String> weights,
    Optional<String> kv,
    Optional<Offload> offloadedWeights,
    Optional<Offload> offloadedKv,
    boolean prefetch) {

  /** Everything in main memory. */
  public static final Placement MAIN = new Placement(Optional.empty(), Optional.empty());

  /** Everything resident. */
  public Placement(Optional<String> weights, Optional<String> kv) {
    this(weights, kv, Optional.empty(), Optional.empty(), true);
  }

  /** The tier a stream is read from, or empty for main memory. */
  public Optional<String> tier(Stream stream) {
    return switch (stream) {
      case WEIGHTS -> weights;
      case KV_CACHE, STATE -> kv;
      case ACTIVATIONS -> Optional.empty();
    };
  }

  /** Whether anything is streamed. */
  public boolean offloads() {
    return offloadedWeights.isPresent() || offloadedKv.isPresent();
  }

  /** Part of the weights that lies elsewhere, 0 to 1. */
  public double offloadedWeightShare() {
    return offloadedWeights.map(Offload::share).orElse(0.0);
  }

  /** Part of cache and states that lies elsewhere, 0 to 1. */
  public double offloadedKvShare() {
    return offloadedKv.map(Offload::share).orElse(0.0);
  }

  /** Layers whose streamed parts are in the chip's memory at once: one, or the next one too. */
  public int layersInFlight() {
    return prefetch ? 2 : 1;
  }

  /** The same with other offloaded parts. */
  public Placement withOffloaded(Optional<Offload> newWeights, Optional<Offload> newKv) {
    return new Placement(weights, kv, newWeights, newKv, prefetch);
  }
}
