package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Fits one set of constants to several chips, for chips that nobody measured. What such a set is
 * worth is told by leaving each chip out in turn: constants fitted to the others predict it, the
 * band holds for all of them with equal weight. Searches set out from the typical values alone,
 * since what was found on a chip before would tell of it.
 *
 * @param table how the operator's tables are read
 * @param chips what was measured; at least two
 * @param warmth what the caches held
 * @param settings of the search, rows meant for each chip
 * @param data what the profile calls the tables
 * @param date day of the fit, as the profile states it
 * @param <S> the shape of one call
 */
public record DefaultFit<S>(
    OperatorTable<S> table,
    List<Measured<S>> chips,
    Warmth warmth,
    Fitter.Settings settings,
    String data,
    String date) {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** Copies the chips. */
  public DefaultFit {
    chips = List.copyOf(chips);
    if (chips.size() < 2) {
      throw new IllegalArgumentException("constants for any chip need two chips or more");
    }
  }

  /**
   * A chip's table.
   *
   * @param platform what was measured
   * @param rows of its table
   */
  public record Measured<S>(Platform platform, Measurements<S> rows) {
    private boolean has(String variant) {
      return rows.variants().contains(variant);
    }
  }

  /** The variants that two chips or more have rows of, in order. */
  public List<String> variants() {
    return chips.stream()
        .flatMap(chip -> chip.rows().variants().stream())
        .distinct()
        .sorted()
        .filter(variant -> having(variant).size() > 1)
        .toList();
  }

  /**
   * Fits a variant to all chips that have rows of it, and to all but each. The errors are those on
   * the held-out rows of each chip under constants fitted to the others.
   */
  public Calibration.Outcome fit(String variant) {
    List<Measured<S>> having = having(variant);
    SequencedMap<String, ErrorFigures> regions = new LinkedHashMap<>();
    var pooled = new ErrorFigures.Collector();
    List<double[]> logs = new ArrayList<>();
    for (Measured<S> left : having) {
      double[] constants = search(having.stream().filter(chip -> chip != left).toList(), variant);
      Sample<S> unseen = unseen(left, variant);
      regions(unseen, constants)
          .forEach((name, figures) ->
              regions.put(
                  "%s left out, %s".formatted(left.platform().chip().name(), name), figures));
      collect(unseen, constants, _ -> true, pooled);
      logs.add(logs(unseen, constants));
    }
    double[] constants = search(having, variant);
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = table.family().parameters();
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    ErrorFigures error = pooled.figures();
    return new Calibration.Outcome(
        new Profile.Variant(
            named,
            Optional.empty(),
            new Profile.Fit(data, date, rows(having, variant), Optional.of(how())),
            Optional.of(
                new Profile.Accuracy(
                    error.rows(), error.geo(), error.median(), error.p90(), error.bias())),
            band(logs),
            new LinkedHashMap<>(),
            Optional.of(
                "%d chips, each left out of a fit to the others, with equal weight"
                    .formatted(having.size())),
            0),
        List.of(),
        regions);
  }

  private Profile.Search how() {
    return new Profile.Search(
        settings.seed(),
        settings.evaluations(),
        settings.rows(),
        warmth.name().toLowerCase(Locale.ROOT),
        Profile.ANY);
  }

  private List<Measured<S>> having(String variant) {
    return chips.stream().filter(chip -> chip.has(variant)).toList();
  }

  private long rows(List<Measured<S>> having, String variant) {
    return having.stream()
        .mapToLong(chip -> Math.min(settings.rows(), seen(chip, variant).size()))
        .sum();
  }

  private Sample<S> seen(Measured<S> chip, String variant) {
    return chip.rows().fitted(variant, chip.platform(), warmth).orElseThrow();
  }

  private Sample<S> unseen(Measured<S> chip, String variant) {
    return chip.rows()
        .heldOut(variant, chip.platform(), warmth)
        .orElseGet(() -> seen(chip, variant));
  }

  private double[] search(List<Measured<S>> among, String variant) {
    KernelFamily<S> family = table.family();
    List<Sample<S>> samples = among.stream().map(chip -> seen(chip, variant)).toList();
    return Fitter.fit(family, samples, List.of(Fitter.typical(family)), settings, (_, _) -> {})
        .constants();
  }

  private SequencedMap<String, ErrorFigures> regions(Sample<S> unseen, double[] constants) {
    SequencedMap<String, ErrorFigures> regions = new LinkedHashMap<>();
    var all = new ErrorFigures.Collector();
    collect(unseen, constants, _ -> true, all);
    regions.put("all", all.figures());
    for (OperatorTable.Region<S> region : table.regions()) {
      var part = new ErrorFigures.Collector();
      collect(unseen, constants, region.holds(), part);
      if (part.size() > 0) {
        regions.put(region.name(), part.figures());
      }
    }
    return regions;
  }

  private void collect(
      Sample<S> sample, double[] constants, Predicate<S> holds, ErrorFigures.Collector to) {
    Kernel<S> kernel =
        table.family().on(sample.platform(), sample.variant(), sample.warmth(), constants);
    for (int i = 0; i < sample.size(); i++) {
      S shape = sample.shapes().get(i);
      if (holds.test(shape)) {
        to.add(kernel.seconds(shape), sample.seconds()[i]);
      }
    }
  }

  /** Logarithms of measured over predicted, in order. */
  private double[] logs(Sample<S> sample, double[] constants) {
    Kernel<S> kernel =
        table.family().on(sample.platform(), sample.variant(), sample.warmth(), constants);
    double[] logs = new double[sample.size()];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(sample.seconds()[i] / kernel.seconds(sample.shapes().get(i)));
    }
    Arrays.sort(logs);
    return logs;
  }

  /** Each chip counts as much, however many rows it has: quantiles of as many draws from each. */
  private static Band band(List<double[]> logs) {
    int draws = logs.stream().mapToInt(chip -> chip.length).min().orElseThrow();
    double[] drawn =
        logs.stream()
            .flatMapToDouble(chip ->
                IntStream.range(0, draws)
                    .mapToDouble(i -> ErrorFigures.quantile(chip, (i + 0.5) / draws)))
            .sorted()
            .toArray();
    return new Band(
        Math.min(1, Math.exp(ErrorFigures.quantile(drawn, LOW))),
        Math.max(1, Math.exp(ErrorFigures.quantile(drawn, HIGH))));
  }
}
