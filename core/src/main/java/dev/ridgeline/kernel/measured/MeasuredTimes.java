package dev.ridgeline.kernel.measured;

import dev.ridgeline.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Measured times of one variant of a kernel, and what lies between them.
 *
 * <p>What is interpolated is the logarithm of measured over reference time, over logarithms of
 * sizes; a row is answered as it was measured. Between two rows of a curve, at sizes that its
 * neighbours have, the ratio is the mean of two opinions: the straight line bent as the neighbours
 * bend between the same two rows, and what {@link Neighbours} say without it. A curve without rows
 * has the neighbours' opinion alone.
 *
 * <p>More work along a curve is never faster, but where two measured rows say so: no answer lies
 * beyond the times of the rows around it, and what is inferred between them is made to rise ({@link
 * Isotonic}).
 *
 * <p>Safe for use by many threads: curves are made when first asked for.
 *
 * @param <S> the shape of one call
 */
public final class MeasuredTimes<S> {
  private static final int MOST_REMEMBERED = 100_000;

  private final Axes<S> axes;
  private final Kernel<S> reference;
  private final Map<String, Map<List<Long>, Row>> groups = new HashMap<>();
  private final Map<String, List<Row>> lists = new HashMap<>();
  private final Map<Key, Inferred> made = new ConcurrentHashMap<>();

  private record Key(String group, List<Long> sizes) {}

  /** A curve and, where it has no rows, whoever knows what is beyond the hull. */
  private record Inferred(Curve curve, Neighbours near) {}

  /** A measured curve; its ratios are computed when first asked for. */
  private final class Row implements Neighbours.Candidate {
    private final MeasuredCurve<S> measured;
    private final double[] place;
    private volatile Neighbours.Placed placed = new Neighbours.Placed(new double[0], Curve.EMPTY);

    Row(MeasuredCurve<S> measured) {
      this.measured = measured;
      this.place = MeasuredTimes.place(axes.sizes().apply(measured.shape()));
    }

    @Override
    public double[] place() {
      return place;
    }

    @Override
    public Neighbours.Placed placed() {
      if (placed.curve().isEmpty()) {
        double[] logSeconds = Arrays.stream(measured.seconds()).map(Math::log).toArray();
        placed =
            new Neighbours.Placed(
                place, Curve.over(reference, axes, measured.shape(), measured.sizes(), logSeconds));
      }
      return placed;
    }
  }

  /**
   * Interpolates between curves.
   *
   * @param reference what times are compared with: a roofline, or a kernel with fitted constants
   * @param curves each of another group or other sizes
   */
  public MeasuredTimes(Axes<S> axes, Kernel<S> reference, List<MeasuredCurve<S>> curves) {
    this.axes = axes;
    this.reference = reference;
    for (MeasuredCurve<S> measured : curves) {
      String group = axes.group().apply(measured.shape());
      Row row = new Row(measured);
      if (groups
              .computeIfAbsent(group, _ -> new HashMap<>())
              .putIfAbsent(axes.sizes().apply(measured.shape()), row)
          != null) {
        throw new IllegalArgumentException("two curves at " + measured.shape());
      }
      lists.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
    }
  }

  /** Whether anything of the shape's group was measured. */
  public boolean hasGroupOf(S shape) {
    return groups.containsKey(axes.group().apply(shape));
  }

  /** Whether the curve that the shape lies on has rows. */
  public boolean hasCurveOf(S shape) {
    return row(shape).isPresent();
  }

  /** Whether the shape itself was measured. */
  public boolean hasRowOf(S shape) {
    long size = axes.along().applyAsLong(shape);
    return row(shape)
        .filter(row -> Arrays.binarySearch(row.measured.sizes(), size) >= 0)
        .isPresent();
  }

  /** Seconds inside the hull of the rows; empty outside. */
  public OptionalDouble seconds(S shape) {
    return hasGroupOf(shape) ? on(inferred(shape).curve(), shape) : OptionalDouble.empty();
  }

  /**
   * Seconds inside the hull or beyond it, where the ratio to the reference stays what it is at the
   * hull; empty where no curve is within two octaves.
   */
  public OptionalDouble extrapolated(S shape) {
    OptionalDouble inside = seconds(shape);
    if (inside.isPresent() || !hasGroupOf(shape)) {
      return inside;
    }
    Inferred inferred = inferred(shape);
    long size = axes.along().applyAsLong(shape);
    OptionalDouble held =
        inferred.curve().isEmpty()
            ? inferred.near().heldLogRatio(size)
            : OptionalDouble.of(inferred.curve().logRatio(size));
    return held.isPresent()
        ? OptionalDouble.of(reference.seconds(shape) * Math.exp(held.getAsDouble()))
        : held;
  }

  /**
   * What would be said of a measured shape if its row were missing; empty at the ends of its curve,
   * which would then be outside.
   */
  public OptionalDouble withoutRow(S shape) {
    Row own = row(shape).orElseThrow();
    Curve curve = own.placed().curve();
    int place = Arrays.binarySearch(curve.sizes(), axes.along().applyAsLong(shape));
    if (place <= 0 || place == curve.sizes().length - 1) {
      return OptionalDouble.empty();
    }
    Neighbours near = near(shape, Optional.of(own));
    return on(bent(shape, curve.without(place), near), shape);
  }

  /** What would be said of the shapes on a measured curve if all its rows were missing. */
  public Function<S, OptionalDouble> withoutCurve(S shape) {
    Curve curve = foreign(shape, near(shape, row(shape)));
    return other -> on(curve, other);
  }

  private OptionalDouble on(Curve curve, S shape) {
    long size = axes.along().applyAsLong(shape);
    return curve.covers(size)
        ? OptionalDouble.of(Math.exp(curve.logSeconds(size, Math.log(reference.seconds(shape)))))
        : OptionalDouble.empty();
  }

  private Optional<Row> row(S shape) {
    return Optional.ofNullable(groups.get(axes.group().apply(shape)))
        .map(group -> group.get(axes.sizes().apply(shape)));
  }

  private Neighbours near(S shape, Optional<Row> self) {
    return Neighbours.of(
        place(axes.sizes().apply(shape)),
        lists.getOrDefault(axes.group().apply(shape), List.of()),
        self);
  }

  private Inferred inferred(S shape) {
    Key key = new Key(axes.group().apply(shape), axes.sizes().apply(shape));
    Inferred known = made.get(key);
    if (known == null) {
      Optional<Row> own = row(shape);
      Neighbours near = near(shape, own);
      known =
          new Inferred(
              own.isPresent()
                  ? bent(shape, own.get().placed().curve(), near)
                  : foreign(shape, near),
              near);
      if (made.size() < MOST_REMEMBERED) {
        made.put(key, known);
      }
    }
    return known;
  }

  private static double[] place(List<Long> sizes) {
    return sizes.stream().mapToDouble(size -> Math.log(size) / Math.log(2)).toArray();
  }

  /** A curve without rows, at every size that a neighbour has. */
  private Curve foreign(S shape, Neighbours near) {
    TreeSet<Long> sizes = new TreeSet<>();
    for (Neighbours.Placed each : near.curves()) {
      for (long size : each.curve().sizes()) {
        sizes.add(size);
      }
    }
    var points = new Points(sizes.size());
    for (long size : sizes) {
      near.logRatio(size).ifPresent(ratio -> points.add(size, logReference(shape, size) + ratio));
    }
    points.level(0, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    return points.curve(shape);
  }

  /** A curve with its own rows, and in the gaps the sizes that neighbours have there. */
  private Curve bent(S shape, Curve own, Neighbours near) {
    var points = new Points(own.sizes().length);
    for (int i = 0; i + 1 < own.sizes().length; i++) {
      points.add(own.sizes()[i], own.logSeconds()[i]);
      int gap = points.size;
      long low = own.sizes()[i];
      long high = own.sizes()[i + 1];
      for (long size : between(low, high, near)) {
        double line = own.logRatio(size) + near.bend(low, size, high);
        double ratio = (line + near.logRatio(size).orElse(line)) / 2;
        points.add(size, logReference(shape, size) + ratio);
      }
      double from = own.logSeconds()[i];
      double to = own.logSeconds()[i + 1];
      points.level(gap, Math.min(from, to), Math.max(from, to));
    }
    int end = own.sizes().length - 1;
    points.add(own.sizes()[end], own.logSeconds()[end]);
    return points.curve(shape);
  }

  private static TreeSet<Long> between(long low, long high, Neighbours near) {
    TreeSet<Long> sizes = new TreeSet<>();
    for (Neighbours.Placed each : near.curves()) {
      long[] others = each.curve().sizes();
      for (int i = each.curve().below(low); i < others.length && others[i] < high; i++) {
        if (others[i] > low) {
          sizes.add(others[i]);
        }
      }
    }
    return sizes;
  }

  private double logReference(S shape, long size) {
    return Math.log(reference.seconds(axes.at().at(shape, size)));
  }

  /** A curve in the making. */
  private final class Points {
    private long[] sizes;
    private double[] logSeconds;
    private int size;

    Points(int expected) {
      sizes = new long[expected + 1];
      logSeconds = new double[expected + 1];
    }

    void add(long along, double time) {
      if (size == sizes.length) {
        sizes = Arrays.copyOf(sizes, 2 * size);
        logSeconds = Arrays.copyOf(logSeconds, 2 * size);
      }
      sizes[size] = along;
      logSeconds[size++] = time;
    }

    /** Makes the points from a place on rise, within limits. */
    void level(int from, double least, double most) {
      double[] part = Arrays.copyOfRange(logSeconds, from, size);
      Isotonic.level(part);
      for (int i = from; i < size; i++) {
        logSeconds[i] = Math.clamp(part[i - from], least, most);
      }
    }

    Curve curve(S shape) {
      return Curve.over(
          reference, axes, shape, Arrays.copyOf(sizes, size), Arrays.copyOf(logSeconds, size));
    }
  }
}
