package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The measured rows of a table by variant, those held out kept apart. Of very large tables a
 * uniform random part is kept (reservoir sampling: Vitter 1985, algorithm R, DOI
 * 10.1145/3147.3165), so memory stays bounded.
 *
 * @param <S> the shape of one call
 */
public final class Measurements<S> {
  private static final double SECONDS_PER_MICROSECOND = 1e-6;

  /** Most rows kept for each variant, of the fit and held out each. */
  static final int MOST_KEPT = 250_000;

  private final Map<String, Part<S>> fitted = new TreeMap<>();
  private final Map<String, Part<S>> heldOut = new TreeMap<>();
  private long rows;

  private Measurements() {}

  private static final class Part<S> {
    private final List<S> shapes = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private long offered;

    private void offer(S shape, double time) {
      offered++;
      if (shapes.size() < MOST_KEPT) {
        shapes.add(shape);
        seconds.add(time);
        return;
      }
      long place = random.nextLong(offered);
      if (place < MOST_KEPT) {
        shapes.set((int) place, shape);
        seconds.set((int) place, time);
      }
    }

    private Sample<S> sample(Platform platform, String variant, Warmth warmth) {
      return new Sample<>(
          platform,
          variant,
          warmth,
          shapes,
          seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /** Reads a table. */
  public static <S> Measurements<S> read(OperatorTable<S> table, Path file) {
    try (TableFile rows = TableFile.open(file)) {
      return read(table, rows);
    }
  }

  /** Reads an open table to its end. */
  public static <S> Measurements<S> read(OperatorTable<S> table, TableFile file) {
    table.checkMeasurements(file);
    var measurements = new Measurements<S>();
    for (Optional<TableRow> row = file.next(); row.isPresent(); row = file.next()) {
      S shape = table.shapeOf(row.get());
      double seconds = row.get().positive(OperatorTable.LATENCY) * SECONDS_PER_MICROSECOND;
      Map<String, Part<S>> side =
          Split.heldOut(table.familyKey().apply(shape))
              ? measurements.heldOut
              : measurements.fitted;
      side.computeIfAbsent(table.family().variant(shape), _ -> new Part<>()).offer(shape, seconds);
      measurements.rows++;
    }
    return measurements;
  }

  /** How many rows the table had. */
  public long rows() {
    return rows;
  }

  /** The variants with rows to fit, in order of their names. */
  public List<String> variants() {
    return List.copyOf(fitted.keySet());
  }

  /** The variants with any rows, in order of their names. */
  public List<String> allVariants() {
    Set<String> all = new TreeSet<>(fitted.keySet());
    all.addAll(heldOut.keySet());
    return List.copyOf(all);
  }

  /** The rows of a variant that a fit may see. */
  public Optional<Sample<S>> fitted(String variant, Platform platform, Warmth warmth) {
    return Optional.ofNullable(fitted.get(variant))
        .map(part -> part.sample(platform, variant, warmth));
  }

  /** The rows of a variant that no fit may see. */
  public Optional<Sample<S>> heldOut(String variant, Platform platform, Warmth warmth) {
    return Optional.ofNullable(heldOut.get(variant))
        .map(part -> part.sample(platform, variant, warmth));
  }
}
