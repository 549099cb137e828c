package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Fits the constants of one variant of an operator to a table, and says how well they do on the
 * families of shapes that were held out.
 *
 * @param table how the operator's tables are read
 * @param platform what was measured
 * @param warmth what the caches held
 * @param settings of the search
 * @param data what the profile calls the table
 * @param date day of the fit, as the profile states it
 * @param libraries names of libraries that variants belong to, by how those variants begin
 * @param <S> the shape of one call
 */
public record Calibration<S>(
    OperatorTable<S> table,
    Platform platform,
    Warmth warmth,
    Fitter.Settings settings,
    String data,
    String date,
    Map<String, String> libraries) {
  /** Of 9 evaluations, 6 go to the first search, 1 to the second and 2 to the bands. */
  private static final int SHARES = 9;

  private static final int FIRST_SHARES = 6;
  private static final int BAND_SHARES = 2;

  /** The first search starts so often, each time with twice the points at a step. */
  private static final int STARTS = 3;

  private static final int REFINING_ROWS = 3;
  private static final double REFINING_SPREAD = 0.05;

  /** Copies the libraries. */
  public Calibration {
    libraries = Map.copyOf(libraries);
  }

  /**
   * What came of one variant.
   *
   * @param variant for the profile
   * @param identifiability of each constant
   * @param regions error on held-out rows by part of the shapes, the whole first; where none were
   *     held out, on the rows of the fit
   */
  public record Outcome(
      Profile.Variant variant,
      List<Identifiability.Verdict> identifiability,
      Map<String, ErrorFigures> regions) {

    /** Copies the lists. */
    public Outcome {
      identifiability = List.copyOf(identifiability);
      regions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(regions));
    }
  }

  /**
   * Searches in two steps, first on few rows from several starts (restarts with growing
   * populations: Auger and Hansen 2005, DOI 10.1109/CEC.2005.1554902), then on more rows near the
   * best of what was found; then fits again without parts of the rows for the bands.
   *
   * @param start constants to start from
   * @throws InputException where there are too few rows, or the chip's file lacks a figure
   */
  public Outcome fit(
      Measurements<S> measurements, String variant, double[] start, Fitter.Progress progress) {
    Sample<S> fitted = fitted(measurements, variant);
    var search = new Steps(start, progress);
    try {
      int each = Math.max(1, settings.evaluations() * FIRST_SHARES / SHARES / STARTS);
      for (int i = 0; i < STARTS; i++) {
        Fitter.Settings first =
            settings.with(each, settings.rows()).withSeed(settings.seed() + i).withCrowd(1 << i);
        search.take(List.of(fitted), start, first);
      }
      Fitter.Settings second =
          settings
              .with(Math.max(1, settings.evaluations() / SHARES), REFINING_ROWS * settings.rows())
              .withSpread(REFINING_SPREAD);
      double[] constants = search.refined(List.of(fitted), search.best, second).constants().clone();
      List<Sample<S>> parts = measurements.fittedByPart(variant, platform, warmth);
      Fitter.Settings again =
          settings
              .with(
                  Math.max(1, settings.evaluations() * BAND_SHARES / SHARES / parts.size()),
                  settings.rows())
              .withSpread(REFINING_SPREAD);
      LeftOutBands bands =
          LeftOutBands.of(
              table.family(),
              parts,
              parts.stream()
                  .flatMap(part -> part.shapes().stream())
                  .map(table.familyKey())
                  .distinct()
                  .count(),
              constants,
              (_, rest) -> search.refined(List.of(joined(rest)), constants, again).constants());
      return outcome(measurements, variant, entry(measurements, variant, constants, bands));
    } catch (MissingFigureException missing) {
      throw new InputException(
          Problem.of(String.valueOf(missing.getMessage())).withField(variant), missing);
    }
  }

  /** The searches of one variant, one after another. */
  private final class Steps {
    private final Fitter.Progress progress;
    private double[] best;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int done;

    Steps(double[] start, Fitter.Progress progress) {
      this.best = start;
      this.progress = progress;
    }

    /** A search whose result is kept where it is the best so far. */
    void take(List<Sample<S>> samples, double[] start, Fitter.Settings how) {
      Fitter.Fit fit = refined(samples, start, how);
      if (fit.loss() < bestLoss) {
        bestLoss = fit.loss();
        best = fit.constants();
      }
    }

    Fitter.Fit refined(List<Sample<S>> samples, double[] start, Fitter.Settings how) {
      int before = done;
      Fitter.Fit fit =
          Fitter.fit(
              table.family(),
              samples,
              start,
              how,
              (evaluations, loss) -> progress.at(before + evaluations, loss));
      done += fit.evaluations();
      return fit;
    }
  }

  private Sample<S> joined(List<Sample<S>> samples) {
    return new Sample<>(
        platform,
        samples.getFirst().variant(),
        warmth,
        samples.stream().flatMap(sample -> sample.shapes().stream()).toList(),
        samples.stream().flatMapToDouble(sample -> Arrays.stream(sample.seconds())).toArray());
  }

  /** What there is to say about a variant that was fitted before. */
  public Outcome outcome(Measurements<S> measurements, String variant, Profile.Variant entry) {
    Sample<S> fitted = fitted(measurements, variant);
    Sample<S> judged = measurements.heldOut(variant, platform, warmth).orElse(fitted);
    double[] constants =
        table.family().parameters().stream()
            .mapToDouble(parameter ->
                Optional.ofNullable(entry.constants().get(parameter.name())).orElseThrow())
            .toArray();
    Kernel<S> kernel = table.family().on(platform, variant, warmth, constants);
    SequencedMap<String, ErrorFigures> regions = new LinkedHashMap<>();
    regions.put("all", errors(judged, kernel, _ -> true).orElseThrow().figures());
    for (OperatorTable.Region<S> region : table.regions()) {
      errors(judged, kernel, region.holds())
          .ifPresent(part -> regions.put(region.name(), part.figures()));
    }
    return new Outcome(entry, Identifiability.of(table.family(), fitted, constants), regions);
  }

  private Profile.Variant entry(
      Measurements<S> measurements, String variant, double[] constants, LeftOutBands bands) {
    Kernel<S> kernel = table.family().on(platform, variant, warmth, constants);
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = table.family().parameters();
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    return new Profile.Variant(
        named,
        libraries.entrySet().stream()
            .filter(library -> variant.startsWith(library.getKey()))
            .map(Map.Entry::getValue)
            .findFirst(),
        new Profile.Fit(data, date, fitted(measurements, variant).size(), Optional.of(search())),
        measurements
            .heldOut(variant, platform, warmth)
            .map(rows -> errors(rows, kernel, _ -> true).orElseThrow().figures())
            .map(error ->
                new Profile.Accuracy(
                    error.rows(), error.geo(), error.median(), error.p90(), error.bias())),
        bands.all(),
        bands.regimes(),
        Optional.of(bands.from()),
        0);
  }

  /** How constants are searched, as the profile states it. */
  public Profile.Search search() {
    return new Profile.Search(
        settings.seed(),
        settings.evaluations(),
        settings.rows(),
        warmth.name().toLowerCase(Locale.ROOT),
        platform.name());
  }

  private Sample<S> fitted(Measurements<S> measurements, String variant) {
    Sample<S> fitted = measurements.fitted(variant, platform, warmth).orElseThrow();
    int needed = table.family().parameters().size() + 1;
    if (fitted.size() < needed) {
      throw Problem.of(
              "%s has %d rows to fit; %d constants need at least %d"
                  .formatted(variant, fitted.size(), needed - 1, needed))
          .in(data)
          .exception();
    }
    return fitted;
  }

  private static <S> Optional<ErrorFigures.Collector> errors(
      Sample<S> sample, Kernel<S> kernel, java.util.function.Predicate<S> holds) {
    var collector = new ErrorFigures.Collector();
    for (int i = 0; i < sample.size(); i++) {
      S shape = sample.shapes().get(i);
      if (holds.test(shape)) {
        collector.add(kernel.seconds(shape), sample.seconds()[i]);
      }
    }
    return collector.size() == 0 ? Optional.empty() : Optional.of(collector);
  }

  /** Variants of a table that a fit can be made of, in order. */
  public static List<String> variants(Measurements<?> measurements, String file) {
    List<String> variants = new ArrayList<>(measurements.variants());
    if (variants.isEmpty()) {
      throw Problem.of(
              measurements.rows() == 0
                  ? "the table has no rows"
                  : "every row belongs to families that are held out; none is left to fit")
          .in(file)
          .exception();
    }
    return variants;
  }
}
