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
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final double BAND_LOW = 0.1;
  private static final double BAND_HIGH = 0.9;
  private static final int REFINING_SHARE = 4;
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
   * Searches in two steps, first on few rows, then on more near what was found.
   *
   * @param start constants to start from
   * @throws InputException where there are too few rows, or the chip's file lacks a figure
   */
  public Outcome fit(
      Measurements<S> measurements, String variant, double[] start, Fitter.Progress progress) {
    Sample<S> fitted = fitted(measurements, variant);
    int refining = settings.evaluations() / REFINING_SHARE;
    Fitter.Settings first = settings.with(settings.evaluations() - refining, settings.rows());
    Fitter.Settings second =
        settings.with(refining, REFINING_ROWS * settings.rows()).withSpread(REFINING_SPREAD);
    try {
      Fitter.Fit coarse = Fitter.fit(table.family(), List.of(fitted), start, first, progress);
      Fitter.Fit fine =
          Fitter.fit(
              table.family(),
              List.of(fitted),
              coarse.constants(),
              second,
              (done, loss) -> progress.at(coarse.evaluations() + done, loss));
      return outcome(measurements, variant, fine.constants());
    } catch (MissingFigureException missing) {
      throw new InputException(
          Problem.of(String.valueOf(missing.getMessage())).withField(variant), missing);
    }
  }

  /** What there is to say about constants that were found before. */
  public Outcome outcome(Measurements<S> measurements, String variant, double[] constants) {
    Sample<S> fitted = fitted(measurements, variant);
    Optional<Sample<S>> heldOut = measurements.heldOut(variant, platform, warmth);
    Sample<S> judged = heldOut.orElse(fitted);
    Kernel<S> kernel = table.family().on(platform, variant, warmth, constants);
    ErrorFigures.Collector all = errors(judged, kernel, _ -> true).orElseThrow();
    SequencedMap<String, ErrorFigures> regions = new LinkedHashMap<>();
    regions.put("all", all.figures());
    for (OperatorTable.Region<S> region : table.regions()) {
      errors(judged, kernel, region.holds())
          .ifPresent(part -> regions.put(region.name(), part.figures()));
    }
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = table.family().parameters();
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    ErrorFigures figures = all.figures();
    var entry =
        new Profile.Variant(
            named,
            libraries.entrySet().stream()
                .filter(library -> variant.startsWith(library.getKey()))
                .map(Map.Entry::getValue)
                .findFirst(),
            data,
            date,
            fitted.size(),
            heldOut.map(rows ->
                new Profile.Accuracy(
                    rows.size(), figures.geo(), figures.median(), figures.p90(), figures.bias())),
            Math.min(1, all.measuredOverPredicted(BAND_LOW)),
            Math.max(1, all.measuredOverPredicted(BAND_HIGH)),
            0);
    return new Outcome(entry, Identifiability.of(table.family(), fitted, constants), regions);
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
