package dev.ridgeline.calibration;

import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.calibration.SiliconValidation.Report;
import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.DatasheetFloor;
import dev.ridgeline.kernel.measured.MeasuredCurve;
import dev.ridgeline.kernel.measured.MeasuredKernels.Band;
import dev.ridgeline.kernel.measured.MeasuredTimes;
import dev.ridgeline.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the interpolation of a measured table against the table itself: rows are left out one at a
 * time, and whole curves (a product's outputs and inputs, a batch and heads of an attention) one at
 * a time, and what the rest says of them is compared. Rows outside the hull of the rest are not
 * counted.
 */
public final class LeftOutValidation {
  private static final String ALL = "all";

  /** Neighbours err together, so runs of this many stay in one half. */
  private static final int RUN = 16;

  /** What measured times are compared with between rows. */
  public enum Reference {
    /** The roofline of the datasheet. */
    ROOFLINE,
    /** The kernel with fitted constants. */
    KERNEL
  }

  private LeftOutValidation() {}

  /**
   * Leaves rows and curves of a table out.
   *
   * @param looksAt about how many rows of each variant are left out, evenly spread, and about how
   *     many in curves left out
   */
  public static <S> Report run(
      OperatorTable<S> table,
      Platform platform,
      KernelProfiles profiles,
      Reference reference,
      Path file,
      int looksAt) {
    MeasuredRows<S> rows = MeasuredRows.read(table, List.of(file), ColumnNames.OURS);
    List<Result> results = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    for (String variant : rows.variants()) {
      try {
        Optional<Kernel<S>> kernel =
            reference == Reference.ROOFLINE
                ? Optional.of(DatasheetFloor.of(platform.chip()))
                : profiles
                    .find(table.family(), variant, platform.chip())
                    .map(
                        found -> table.family().on(platform, variant, Warmth.WARM, found.values()));
        if (kernel.isEmpty()) {
          unpriced.add("%s %s: no constants".formatted(table.operator(), variant));
        } else {
          var parts = new Parts<>(table, platform.chip().name(), variant, reference);
          List<MeasuredCurve<S>> curves = rows.curves(variant);
          var times = new MeasuredTimes<>(table.axes(), kernel.get(), curves);
          int every = (int) Math.max(1, parts.count(curves) / looksAt);
          LeftOut.each(times, table.axes(), curves, every, parts::add);
          results.addAll(parts.results());
          points.addAll(parts.points);
        }
      } catch (MissingFigureException missing) {
        unpriced.add("%s %s: %s".formatted(table.operator(), variant, missing.getMessage()));
      }
    }
    return new Report(results, points, unpriced);
  }

  /** Rows of one variant by what was left out and by region. */
  private static final class Parts<S> {
    private final OperatorTable<S> table;
    private final String chip;
    private final String variant;
    private final Reference reference;
    private final Map<LeftOut.What, Map<String, List<Judged>>> byPart =
        new EnumMap<>(LeftOut.What.class);
    private final List<Point> points = new ArrayList<>();

    Parts(OperatorTable<S> table, String chip, String variant, Reference reference) {
      this.table = table;
      this.chip = chip;
      this.variant = variant;
      this.reference = reference;
    }

    long count(List<MeasuredCurve<S>> curves) {
      return curves.stream().mapToLong(curve -> curve.sizes().length).sum();
    }

    void add(LeftOut.What what, S shape, double predicted, double measured) {
      var point = new Point(measured, predicted);
      points.add(point);
      List<Judged> all = part(what, ALL);
      var judged = new Judged(point, all.size() / RUN % 2);
      all.add(judged);
      for (OperatorTable.Region<S> region : table.regions()) {
        if (region.holds().test(shape)) {
          part(what, region.name()).add(judged);
        }
      }
    }

    private List<Judged> part(LeftOut.What what, String region) {
      return byPart
          .computeIfAbsent(what, _ -> new LinkedHashMap<>())
          .computeIfAbsent(region, _ -> new ArrayList<>());
    }

    List<Result> results() {
      List<Result> results = new ArrayList<>();
      byPart.forEach((what, regions) -> {
        List<Judged> all = regions.getOrDefault(ALL, List.of());
        List<Band> ofOtherHalf = List.of(band(what, half(all, 1)), band(what, half(all, 0)));
        Band whole = band(what, all);
        regions.forEach(
            (region, part) -> results.add(result(what, region, part, ofOtherHalf, whole)));
      });
      return results;
    }

    private Result result(
        LeftOut.What what, String region, List<Judged> part, List<Band> ofOtherHalf, Band whole) {
      long inside =
          part.stream().filter(judged -> judged.inside(ofOtherHalf.get(judged.half()))).count();
      return new Result(
          table.operator(),
          chip,
          variant,
          (what == LeftOut.What.ROW ? "rows left out, " : "curves left out, ") + region,
          true,
          "measured over " + (reference == Reference.KERNEL ? "kernel" : "roofline"),
          errors(part).figures(),
          (double) inside / part.size(),
          whole.high() / whole.low());
    }

    /** A half, or all there is where the other half is empty. */
    private static List<Judged> half(List<Judged> all, int half) {
      List<Judged> part = all.stream().filter(judged -> judged.half() == half).toList();
      return part.isEmpty() ? all : part;
    }

    private static Band band(LeftOut.What what, List<Judged> part) {
      ErrorFigures.Collector all = errors(part);
      var errors = new LeftOut(all, all);
      return what == LeftOut.What.ROW ? errors.rowBand() : errors.curveBand();
    }

    private static ErrorFigures.Collector errors(List<Judged> part) {
      var collector = new ErrorFigures.Collector();
      part.forEach(judged ->
          collector.add(judged.point().predictedSeconds(), judged.point().measuredSeconds()));
      return collector;
    }
  }

  private record Judged(Point point, int half) {
    boolean inside(Band band) {
      return point.measuredSeconds() >= point.predictedSeconds() * band.low()
          && point.measuredSeconds() <= point.predictedSeconds() * band.high();
    }
  }
}
