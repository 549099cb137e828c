package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.Axes;
import dev.ridgeline.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Holds predictions for one operator on one chip against a table of measured calls. */
public final class SiliconValidation {
  private static final int MOST_POINTS = 400;

  /**
   * A call that takes so much longer than one of the same kind with more work failed to be tuned.
   */
  private static final double UNTUNED_RATIO = 1.5;

  private static final String ALL = "all";
  private static final String TUNED = "without calls 1.5 times as long as larger ones";

  /** Tables with fewer such calls are not told apart. */
  private static final double LEAST_UNTUNED_SHARE = 0.005;

  /**
   * Errors of one part of the shapes of one variant.
   *
   * @param operator its name
   * @param chip what was measured
   * @param variant format or library, as the family names it
   * @param region part of the shapes; {@code all} for the whole
   * @param heldOut whether only rows that no fit has seen are counted
   * @param source of the constants
   * @param errors of the predictions
   * @param insideBand share of rows inside the band
   * @param bandRatio upper end of the band over the lower, the geometric mean over the rows
   */
  public record Result(
      String operator,
      String chip,
      String variant,
      String region,
      boolean heldOut,
      String source,
      ErrorFigures errors,
      double insideBand,
      double bandRatio) {

    /** What tells it from all other results. */
    public String key() {
      return String.join(" | ", operator, chip, variant, region);
    }
  }

  /** A measured call and its prediction. */
  public record Point(double measuredSeconds, double predictedSeconds) {}

  /**
   * What a table showed.
   *
   * @param results by variant and region
   * @param points some of the rows behind them
   * @param unpriced variants without constants, with the reason
   */
  public record Report(List<Result> results, List<Point> points, List<String> unpriced) {

    /** Copies the lists. */
    public Report {
      results = List.copyOf(results);
      points = List.copyOf(points);
      unpriced = List.copyOf(unpriced);
    }
  }

  private SiliconValidation() {}

  /** Compares every variant of a table; rows of held-out families where there are any. */
  public static <S> Report run(
      OperatorTable<S> table, Platform platform, KernelProfiles profiles, Path file) {
    Measurements<S> measurements = Measurements.read(table, file);
    List<Result> results = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    for (String variant : measurements.allVariants()) {
      Optional<Sample<S>> heldOut = measurements.heldOut(variant, platform, Warmth.WARM);
      Sample<S> sample =
          heldOut.or(() -> measurements.fitted(variant, platform, Warmth.WARM)).orElseThrow();
      Optional<FittedConstants> found = profiles.find(table.family(), variant, platform.chip());
      if (found.isEmpty()) {
        unpriced.add("%s %s: no constants".formatted(table.operator(), variant));
        continue;
      }
      try {
        Kernel<S> kernel = table.family().on(platform, variant, Warmth.WARM, found.get().values());
        add(table, sample, heldOut.isPresent(), found.get(), kernel, results, points);
      } catch (MissingFigureException missing) {
        unpriced.add("%s %s: %s".formatted(table.operator(), variant, missing.getMessage()));
      }
    }
    return new Report(results, points, unpriced);
  }

  private static <S> void add(
      OperatorTable<S> table,
      Sample<S> sample,
      boolean heldOut,
      FittedConstants constants,
      Kernel<S> kernel,
      List<Result> results,
      List<Point> points) {
    double[] predicted = new double[sample.size()];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = kernel.seconds(sample.shapes().get(i));
    }
    result(table, sample, heldOut, constants, predicted, ALL, _ -> true).ifPresent(results::add);
    BitSet untuned = untuned(table, sample);
    if (untuned.cardinality() > LEAST_UNTUNED_SHARE * sample.size()) {
      result(table, sample, heldOut, constants, predicted, TUNED, row -> !untuned.get(row))
          .ifPresent(results::add);
    }
    for (OperatorTable.Region<S> region : table.regions()) {
      result(
              table,
              sample,
              heldOut,
              constants,
              predicted,
              region.name(),
              row -> region.holds().test(sample.shapes().get(row)))
          .ifPresent(results::add);
    }
    int step = Math.max(1, predicted.length / MOST_POINTS);
    for (int i = 0; i < predicted.length; i += step) {
      points.add(new Point(sample.seconds()[i], predicted[i]));
    }
  }

  private static <S> Optional<Result> result(
      OperatorTable<S> table,
      Sample<S> sample,
      boolean heldOut,
      FittedConstants constants,
      double[] predicted,
      String region,
      IntPredicate counts) {
    var collector = new ErrorFigures.Collector();
    int inside = 0;
    double logRatios = 0;
    for (int i = 0; i < predicted.length; i++) {
      if (counts.test(i)) {
        double measured = sample.seconds()[i];
        collector.add(predicted[i], measured);
        Band band = constants.band(table.family().regime(sample.shapes().get(i)));
        inside += band.holds(predicted[i], measured) ? 1 : 0;
        logRatios += Math.log(band.high() / band.low());
      }
    }
    return collector.size() == 0
        ? Optional.empty()
        : Optional.of(
            new Result(
                table.operator(),
                sample.platform().chip().name(),
                sample.variant(),
                region,
                heldOut,
                constants.source(),
                collector.figures(),
                (double) inside / collector.size(),
                Math.exp(logRatios / collector.size())));
  }

  /**
   * Rows whose measured time betrays that no good kernel was found for them, as no prediction is
   * needed to see: a call of the same curve with more work took far less.
   */
  private static <S> BitSet untuned(OperatorTable<S> table, Sample<S> sample) {
    Axes<S> axes = table.axes();
    Map<List<Object>, List<Integer>> curves = new HashMap<>();
    for (int i = 0; i < sample.size(); i++) {
      S shape = sample.shapes().get(i);
      List<Object> curve = List.of(axes.group().apply(shape), axes.sizes().apply(shape));
      curves.computeIfAbsent(curve, _ -> new ArrayList<>()).add(i);
    }
    var untuned = new BitSet();
    for (List<Integer> curve : curves.values()) {
      curve.sort(
          Comparator.comparingLong(
                  (Integer row) -> axes.along().applyAsLong(sample.shapes().get(row)))
              .reversed());
      double leastSeconds = Double.POSITIVE_INFINITY;
      for (int row : curve) {
        double seconds = sample.seconds()[row];
        if (seconds > UNTUNED_RATIO * leastSeconds) {
          untuned.set(row);
        }
        leastSeconds = Math.min(leastSeconds, seconds);
      }
    }
    return untuned;
  }
}
