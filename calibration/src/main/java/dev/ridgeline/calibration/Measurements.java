package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The measured rows of a table by variant, those held out kept apart. Of very large tables a
 * uniform random part is kept (reservoir sampling: Vitter 1985, algorithm R, DOI
 * 10.1145/3147.3165), so memory stays bounded.
 *
 * @param <S> the shape of one call
 */
public final class Measurements<S> {
  private static final double SECONDS_PER_MICROSECOND = 1e-6;

  /** Most rows kept for each variant and part of the families. */
  static final int MOST_KEPT = 60_000;

  /** By variant, one for each part of the families; the first is held out. */
  private final Map<String, List<Part<S>>> parts = new TreeMap<>();

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

    private boolean isEmpty() {
      return shapes.isEmpty();
    }

    private static <S> List<Part<S>> none() {
      List<Part<S>> parts = new ArrayList<>();
      for (int i = 0; i < Split.PARTS; i++) {
        parts.add(new Part<>());
      }
      return parts;
    }

    private static <S> Sample<S> sample(
        List<Part<S>> parts, Platform platform, String variant, Warmth warmth) {
      return new Sample<>(
          platform,
          variant,
          warmth,
          parts.stream().flatMap(part -> part.shapes.stream()).toList(),
          parts.stream()
              .flatMap(part -> part.seconds.stream())
              .mapToDouble(Double::doubleValue)
              .toArray());
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
      measurements.add(
          table.family().variant(shape), table.familyKey().apply(shape), shape, seconds);
    }
    return measurements;
  }

  /** None yet. */
  static <S> Measurements<S> none() {
    return new Measurements<>();
  }

  /** Another row. */
  void add(String variant, String familyKey, S shape, double measured) {
    parts
        .computeIfAbsent(variant, _ -> Part.none())
        .get(Split.part(familyKey))
        .offer(shape, measured);
    rows++;
  }

  /** How many rows the table had. */
  public long rows() {
    return rows;
  }

  /** The variants with rows to fit, in order of their names. */
  public List<String> variants() {
    return parts.keySet().stream().filter(variant -> !fittedParts(variant).isEmpty()).toList();
  }

  /** The variants with any rows, in order of their names. */
  public List<String> allVariants() {
    return List.copyOf(parts.keySet());
  }

  /** The rows of a variant that a fit may see. */
  public Optional<Sample<S>> fitted(String variant, Platform platform, Warmth warmth) {
    List<Part<S>> seen = fittedParts(variant);
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(Part.sample(seen, platform, variant, warmth));
  }

  /** The same, apart by the parts that their families belong to. */
  List<Sample<S>> fittedByPart(String variant, Platform platform, Warmth warmth) {
    return fittedParts(variant).stream()
        .map(part -> Part.sample(List.of(part), platform, variant, warmth))
        .toList();
  }

  /** The rows of a variant that no fit may see. */
  public Optional<Sample<S>> heldOut(String variant, Platform platform, Warmth warmth) {
    return Optional.ofNullable(parts.get(variant))
        .map(List::getFirst)
        .filter(part -> !part.isEmpty())
        .map(part -> Part.sample(List.of(part), platform, variant, warmth));
  }

  private List<Part<S>> fittedParts(String variant) {
    return parts.getOrDefault(variant, List.of()).stream()
        .skip(1)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
