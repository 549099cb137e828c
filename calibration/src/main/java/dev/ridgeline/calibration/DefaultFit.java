package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param libraries names of libraries that variants belong to, by how those variants begin
 * @param <S> the shape of one call
 */
public record DefaultFit<S>(
    OperatorTable<S> table,
    List<Measured<S>> chips,
    Warmth warmth,
    Fitter.Settings settings,
    String data,
    String date,
    Map<String, String> libraries) {
  /**
   * Weight of the pull towards the typical values that suits matrix products. What two or three
   * chips leave open is what chips differ in, and a value that no chip would mind stays where it is
   * plausible: of 0.01, 0.1, 0.3, 1 and 3 the last predicts an A100, an H100, an L40S and a GB200
   * best where each is left out.
   */
  public static final double PULL = 3;

  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** Rows of a chip below which a part of the shapes has no band of its own. */
  private static final int FEW = 20;

  /** Copies the chips and libraries. */
  public DefaultFit {
    chips = List.copyOf(chips);
    libraries = Map.copyOf(libraries);
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
   *
   * @param progress hears of each search in turn
   */
  public Calibration.Outcome fit(String variant, Fitter.Progress progress) {
    return Optional.ofNullable(fitTogether(List.of(variant), progress).get(variant)).orElseThrow();
  }

  /**
   * The same of several variants that share one set of constants, so that chips without rows of one
   * still tell of it what it has in common with the rest. A chip is left out with all its variants.
   */
  public SequencedMap<String, Calibration.Outcome> fitTogether(
      List<String> together, Fitter.Progress progress) {
    List<Measured<S>> having =
        chips.stream().filter(chip -> together.stream().anyMatch(chip::has)).toList();
    double[] constants = search(having, together, progress);
    SequencedMap<String, double[]> without = new LinkedHashMap<>();
    for (Measured<S> left : having) {
      without.put(
          left.platform().chip().name(),
          search(having.stream().filter(chip -> chip != left).toList(), together, progress));
    }
    SequencedMap<String, Calibration.Outcome> outcomes = new LinkedHashMap<>();
    for (String variant : together) {
      outcomes.put(variant, outcome(variant, constants, without, rows(having, together)));
    }
    return outcomes;
  }

  private Calibration.Outcome outcome(
      String variant, double[] constants, Map<String, double[]> without, long rows) {
    List<Measured<S>> having = having(variant);
    SequencedMap<String, ErrorFigures> regions = new LinkedHashMap<>();
    var pooled = new ErrorFigures.Collector();
    List<double[]> logs = new ArrayList<>();
    List<List<double[]>> logsByRegime = new ArrayList<>();
    table.family().regimes().forEach(_ -> logsByRegime.add(new ArrayList<>()));
    for (Measured<S> left : having) {
      String chip = left.platform().chip().name();
      double[] ofOthers = Optional.ofNullable(without.get(chip)).orElseThrow();
      Sample<S> unseen = unseen(left, variant);
      regions(unseen, ofOthers)
          .forEach(
              (name, figures) -> regions.put("%s left out, %s".formatted(chip, name), figures));
      collect(unseen, ofOthers, _ -> true, pooled);
      logs.add(logs(unseen, ofOthers, _ -> true));
      for (int i = 0; i < logsByRegime.size(); i++) {
        int regime = i;
        double[] part = logs(unseen, ofOthers, shape -> table.family().regime(shape) == regime);
        if (part.length >= FEW) {
          logsByRegime.get(i).add(part);
        }
      }
    }
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = table.family().parameters();
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    SequencedMap<String, Band> bands = new LinkedHashMap<>();
    for (int i = 0; i < logsByRegime.size(); i++) {
      if (logsByRegime.size() > 1 && logsByRegime.get(i).size() > 1) {
        bands.put(table.family().regimes().get(i), band(logsByRegime.get(i)));
      }
    }
    ErrorFigures error = pooled.figures();
    return new Calibration.Outcome(
        new Profile.Variant(
            named,
            libraries.entrySet().stream()
                .filter(library -> variant.startsWith(library.getKey()))
                .map(Map.Entry::getValue)
                .findFirst(),
            new Profile.Fit(data, date, rows, Optional.of(how())),
            Optional.of(
                new Profile.Accuracy(
                    error.rows(), error.geo(), error.median(), error.p90(), error.bias())),
            band(logs),
            bands,
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

  private long rows(List<Measured<S>> having, List<String> together) {
    return samples(having, together).stream().mapToLong(Sample::size).sum();
  }

  private List<Sample<S>> samples(List<Measured<S>> among, List<String> together) {
    return together.stream()
        .flatMap(variant ->
            among.stream().filter(chip -> chip.has(variant)).map(chip -> seen(chip, variant)))
        .toList();
  }

  private Sample<S> seen(Measured<S> chip, String variant) {
    return chip.rows().fitted(variant, chip.platform(), warmth).orElseThrow();
  }

  private Sample<S> unseen(Measured<S> chip, String variant) {
    return chip.rows()
        .heldOut(variant, chip.platform(), warmth)
        .orElseGet(() -> seen(chip, variant));
  }

  private double[] search(
      List<Measured<S>> among, List<String> together, Fitter.Progress progress) {
    KernelFamily<S> family = table.family();
    return Fitter.fit(
            family, samples(among, together), List.of(Fitter.typical(family)), settings, progress)
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
  private double[] logs(Sample<S> sample, double[] constants, Predicate<S> holds) {
    Kernel<S> kernel =
        table.family().on(sample.platform(), sample.variant(), sample.warmth(), constants);
    return IntStream.range(0, sample.size())
        .filter(i -> holds.test(sample.shapes().get(i)))
        .mapToDouble(i -> Math.log(sample.seconds()[i] / kernel.seconds(sample.shapes().get(i))))
        .sorted()
        .toArray();
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
