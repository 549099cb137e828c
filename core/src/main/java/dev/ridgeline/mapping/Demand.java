package dev.ridgeline.mapping;

import dev.ridgeline.workload.Arithmetic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one execution of an operator asks of one device, as linear forms of the step.
 *
 * @param guard the operator runs only when this is above zero (a head without rows reads nothing)
 * @param matrixFlops multiply-adds count two
 * @param arithmetic what the matrix flops run as
 * @param vectorFlops element-by-element work, in float32
 * @param traffic bytes moved between memory and chip, each tensor once
 * @param totalTrafficBytes sum of {@code traffic}
 * @param lines the three sums as lines over the guard, where they all are
 * @param cacheFetchedBytes of the traffic of cache and states, what earlier steps left there; keys
 *     and values of this step are still on the device
 * @param cacheStoredBytes of that traffic, what this step leaves for later ones
 */
public record Demand(
    LinearForm guard,
    LinearForm matrixFlops,
    Arithmetic arithmetic,
    LinearForm vectorFlops,
    Map<Stream, LinearForm> traffic,
    LinearForm totalTrafficBytes,
    Optional<Lines> lines,
    LinearForm cacheFetchedBytes,
    LinearForm cacheStoredBytes) {

  /**
   * Matrix flops, vector flops and total traffic as {@code constant + slope x guard}.
   *
   * @param flopsPerGuard slope of the matrix flops, which have no constant
   * @param vectorFlopsPerGuard slope of the vector flops, which have no constant
   * @param trafficBytes traffic whatever the guard
   * @param trafficBytesPerGuard slope of the traffic
   */
  public record Lines(
      double flopsPerGuard,
      double vectorFlopsPerGuard,
      double trafficBytes,
      double trafficBytesPerGuard) {}

  public Demand {
    traffic = Map.copyOf(traffic);
  }

  static Demand none(LinearForm guard) {
    return of(guard, LinearForm.ZERO, Arithmetic.BF16, LinearForm.ZERO, Map.of());
  }

  static Demand of(
      LinearForm guard,
      LinearForm matrixFlops,
      Arithmetic arithmetic,
      LinearForm vectorFlops,
      Map<Stream, LinearForm> traffic) {
    LinearForm total = LinearForm.ZERO;
    EnumMap<Stream, LinearForm> used = new EnumMap<>(Stream.class);
    for (Stream stream : Stream.values()) {
      LinearForm bytes = traffic.getOrDefault(stream, LinearForm.ZERO);
      if (!bytes.isZero()) {
        used.put(stream, bytes);
        total = total.plus(bytes);
      }
    }
    return new Demand(
        guard,
        matrixFlops,
        arithmetic,
        vectorFlops,
        used,
        total,
        lines(guard, matrixFlops, vectorFlops, total),
        // A state is read and written once a step.
        used.getOrDefault(Stream.KV_CACHE, LinearForm.ZERO)
            .plus(used.getOrDefault(Stream.STATE, LinearForm.ZERO).times(0.5)),
        used.getOrDefault(Stream.STATE, LinearForm.ZERO).times(0.5));
  }

  /** The same with its traffic of keys and values told apart. */
  Demand withCache(LinearForm fetchedBytes, LinearForm storedBytes) {
    return new Demand(
        guard,
        matrixFlops,
        arithmetic,
        vectorFlops,
        traffic,
        totalTrafficBytes,
        lines,
        fetchedBytes,
        storedBytes);
  }

  private static Optional<Lines> lines(
      LinearForm guard, LinearForm matrixFlops, LinearForm vectorFlops, LinearForm traffic) {
    Optional<LinearForm.Line> matrix = matrixFlops.lineOver(guard);
    Optional<LinearForm.Line> vector = vectorFlops.lineOver(guard);
    Optional<LinearForm.Line> bytes = traffic.lineOver(guard);
    if (matrix.isEmpty() || vector.isEmpty() || bytes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Lines(
            matrix.get().slope(),
            vector.get().slope(),
            bytes.get().constant(),
            bytes.get().slope()));
  }

  /** Bytes of one stream. */
  public LinearForm traffic(Stream stream) {
    return traffic.getOrDefault(stream, LinearForm.ZERO);
  }
}
