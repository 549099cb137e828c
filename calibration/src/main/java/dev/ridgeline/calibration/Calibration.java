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
import java.util.concurrent.atomic.AtomicInteger;

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
  /** Share of the evaluations that goes to the bands at most. */
  private static final double BAND_SHARE = 0.25;

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
   * Searches the constants, then searches again near them without parts of the rows for the bands.
   *
   * @param starts constants to start from, at least one
   * @throws InputException where there are too few rows, or the chip's file lacks a figure
   */
  public Outcome fit(
      Measurements<S> measurements,
      String variant,
      List<double[]> starts,
      Fitter.Progress progress) {
    Sample<S> fitted = fitted(measurements, variant);
    try {
      int forBands = (int) (BAND_SHARE * settings.evaluations());
      Fitter.Settings first = settings.with(settings.evaluations() - forBands, settings.rows());
      Fitter.Fit fit = Fitter.fit(table.family(), List.of(fitted), starts, first, progress);
      List<Sample<S>> parts = measurements.fittedByPart(variant, platform, warmth);
      Fitter.Settings again = settings.with(forBands / parts.size(), settings.rows());
      var done = new AtomicInteger(fit.evaluations());
      LeftOutBands bands =
          LeftOutBands.of(
              table.family(),
              parts,
              parts.stream()
                  .flatMap(part -> part.shapes().stream())
                  .map(table.familyKey())
                  .distinct()
                  .count(),
              fit.constants(),
              (_, rest) -> {
                int before = done.get();
                Fitter.Fit without =
                    Fitter.refine(
                        table.family(),
                        List.of(joined(rest)),
                        fit.constants(),
                        again,
                        (evaluations, loss) -> progress.at(before + evaluations, loss));
                done.addAndGet(without.evaluations());
                return without.constants();
              });
      return outcome(measurements, variant, entry(measurements, variant, fit.constants(), bands));
    } catch (MissingFigureException missing) {
      throw new InputException(
          Problem.of(String.valueOf(missing.getMessage())).withField(variant), missing);
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
      int heldOut = measurements.heldOut(variant, platform, warmth).map(Sample::size).orElse(0);
      throw Problem.of(
              "%s has %d rows, of which %d are held out to judge the fit (a fifth of the families of shapes) and %d remain; %d constants need at least %d of them, so about %d rows in all"
                  .formatted(
                      variant,
                      fitted.size() + heldOut,
                      heldOut,
                      fitted.size(),
                      needed - 1,
                      needed,
                      Math.ceilDiv(needed * Split.PARTS, Split.PARTS - 1)))
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
