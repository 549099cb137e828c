package dev.ridgeline.serving;

import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import java.util.function.IntToDoubleFunction;

/**
 * How the cache of an instance gets in or out.
 *
 * @param cacheBytes of a request, by its prompt's tokens, over all ranks of the instance that hold
 *     a part or a copy of it
 * @param layers whose caches can be sent one by one, at least 1
 * @param bytesPerSecond of the whole instance, in one direction
 * @param sequenceBytesPerSecond of the ranks that hold one sequence
 */
public record CachePort(
    IntToDoubleFunction cacheBytes,
    int layers,
    double bytesPerSecond,
    double sequenceBytesPerSecond) {
  public CachePort {
    if (layers < 1 || !(bytesPerSecond > 0) || !(sequenceBytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "%d layers, %s and %s bytes/s".formatted(layers, bytesPerSecond, sequenceBytesPerSecond));
    }
  }

  /**
   * The port of an instance that runs a program.
   *
   * @param deviceBytesPerSecond what one device sends or takes
   */
  public static CachePort of(Program program, double deviceBytesPerSecond) {
    Parallelism spread = program.deployment().parallelism();
    int copies = spread.tensor() * spread.context();
    int layers = program.layers().stream().mapToInt(java.util.List::size).sum();
    return new CachePort(
        tokens ->
            tokens == 0
                ? 0
                : copies
                    * program.cache().stream()
                        .mapToDouble(each -> each.sequenceBytes(tokens))
                        .sum(),
        layers,
        spread.devicesPerReplica() * deviceBytesPerSecond,
        copies * spread.pipeline() * deviceBytesPerSecond);
  }
}
