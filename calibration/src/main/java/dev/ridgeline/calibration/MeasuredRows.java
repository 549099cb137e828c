package dev.ridgeline.calibration;

import dev.ridgeline.kernel.measured.MeasuredCurve;
import dev.ridgeline.units.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The rows of measured tables as curves, by variant. Takes about 32 bytes a row.
 *
 * <p>Rows of one shape that differ in a column the shape does not know (a kernel's name, a rank's
 * share) count as repeats: their times are averaged as logarithms. Rows that agree in all columns
 * but the measured ones are refused.
 *
 * @param <S> the shape of one call
 */
public final class MeasuredRows<S> {
  private static final double SECONDS_PER_MICROSECOND = 1e-6;
  private static final double SECONDS_PER_MILLISECOND = 1e-3;

  /** What a measurement adds to what was asked. */
  private static final List<String> MEASURED =
      List.of(OperatorTable.LATENCY, ColumnNames.MILLISECONDS, "power", "power_w", "power_limit_w");

  private final OperatorTable<S> table;
  private final Map<String, Map<Curve, Points<S>>> variants = new TreeMap<>();
  private long rows;

  private MeasuredRows(OperatorTable<S> table) {
    this.table = table;
  }

  private record Curve(String group, List<Long> sizes) {}

  /** Rows of one curve as they come. */
  private static final class Points<S> {
    private static final int FIRST = 16;

    private final S shape;
    private long[] sizes = new long[FIRST];
    private double[] seconds = new double[FIRST];
    private int[] lines = new int[FIRST];
    private long[] keys = new long[FIRST];
    private int size;

    Points(S shape) {
      this.shape = shape;
    }

    void add(long along, double time, int line, long key) {
      if (size == sizes.length) {
        sizes = Arrays.copyOf(sizes, 2 * size);
        seconds = Arrays.copyOf(seconds, 2 * size);
        lines = Arrays.copyOf(lines, 2 * size);
        keys = Arrays.copyOf(keys, 2 * size);
      }
      sizes[size] = along;
      seconds[size] = time;
      lines[size] = line;
      keys[size++] = key;
    }

    /** In order of sizes, repeats averaged. */
    MeasuredCurve<S> sorted() {
      int[] order = order();
      long[] rising = new long[size];
      double[] means = new double[size];
      int kept = 0;
      for (int from = 0; from < size; ) {
        int to = from;
        double sum = 0;
        while (to < size && sizes[order[to]] == sizes[order[from]]) {
          sum += Math.log(seconds[order[to++]]);
        }
        rising[kept] = sizes[order[from]];
        means[kept++] = to - from == 1 ? seconds[order[from]] : Math.exp(sum / (to - from));
        from = to;
      }
      return new MeasuredCurve<>(shape, Arrays.copyOf(rising, kept), Arrays.copyOf(means, kept));
    }

    private int[] order() {
      return IntStream.range(0, size)
          .boxed()
          .sorted(Comparator.comparingLong((Integer i) -> sizes[i]).thenComparing(i -> lines[i]))
          .mapToInt(Integer::intValue)
          .toArray();
    }

    /** Two lines that say the same, where there are two. */
    Optional<int[]> duplicate(int from) {
      Integer[] order = new Integer[size - from];
      Arrays.setAll(order, i -> from + i);
      Arrays.sort(
          order,
          Comparator.comparingLong((Integer i) -> sizes[i])
              .thenComparingLong(i -> keys[i])
              .thenComparingInt(i -> lines[i]));
      for (int i = 1; i < order.length; i++) {
        if (sizes[order[i]] == sizes[order[i - 1]] && keys[order[i]] == keys[order[i - 1]]) {
          return Optional.of(new int[] {lines[order[i - 1]], lines[order[i]]});
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Reads tables of one operator to their ends.
   *
   * @throws dev.ridgeline.units.InputException naming file and line, where a row is refused
   */
  public static <S> MeasuredRows<S> read(
      OperatorTable<S> table, List<Path> files, ColumnNames names) {
    var all = new MeasuredRows<S>(table);
    for (Path file : files) {
      try (TableFile rows = names.open(file)) {
        all.read(rows, names);
      }
    }
    return all;
  }

  private void read(TableFile file, ColumnNames names) {
    table.checkShapes(file);
    String column = names.inMilliseconds() ? ColumnNames.MILLISECONDS : OperatorTable.LATENCY;
    if (names.inMilliseconds()) {
      file.require(List.of(column));
    } else {
      table.checkMeasurements(file);
    }
    double scale = names.inMilliseconds() ? SECONDS_PER_MILLISECOND : SECONDS_PER_MICROSECOND;
    int[] keyColumns =
        IntStream.range(0, file.header().size())
            .filter(i -> !MEASURED.contains(file.header().get(i)))
            .toArray();
    Map<Points<S>, Integer> before = new HashMap<>();
    for (var points : all()) {
      before.put(points, points.size);
    }
    long read = rows;
    for (Optional<TableRow> row = file.next(); row.isPresent(); row = file.next()) {
      TableRow cells = row.get();
      S shape = table.shapeOf(cells);
      double seconds = cells.positive(column) * scale;
      variants
          .computeIfAbsent(table.family().variant(shape), _ -> new LinkedHashMap<>())
          .computeIfAbsent(
              new Curve(table.axes().group().apply(shape), table.axes().sizes().apply(shape)),
              _ -> new Points<>(shape))
          .add(
              table.axes().along().applyAsLong(shape),
              seconds,
              cells.line(),
              key(cells, keyColumns));
      rows++;
    }
    if (rows == read) {
      throw Problem.of("the table has no rows").in(file.name()).exception();
    }
    for (var points : all()) {
      points
          .duplicate(before.getOrDefault(points, 0))
          .ifPresent(lines -> {
            throw Problem.of(
                    "the same call as in line %d: which of the two times is right?"
                        .formatted(lines[0]))
                .at(file.name(), lines[1])
                .exception();
          });
    }
  }

  private static long key(TableRow row, int[] columns) {
    var text = new StringBuilder();
    for (int column : columns) {
      text.append(row.cells().get(column)).append(',');
    }
    return Split.hash(text.toString());
  }

  private List<Points<S>> all() {
    return variants.values().stream().flatMap(each -> each.values().stream()).toList();
  }

  /** How rows were read. */
  public OperatorTable<S> table() {
    return table;
  }

  /** How many rows there were. */
  public long rows() {
    return rows;
  }

  /** The variants that were measured, in order of their names. */
  public List<String> variants() {
    return List.copyOf(variants.keySet());
  }

  /** The curves of a variant; none where it was not measured. */
  public List<MeasuredCurve<S>> curves(String variant) {
    List<MeasuredCurve<S>> curves = new ArrayList<>();
    for (Points<S> points : variants.getOrDefault(variant, Map.of()).values()) {
      curves.add(points.sorted());
    }
    return curves;
  }
}
