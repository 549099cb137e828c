package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.calibration.SiliconValidation.Report;
import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineConstants;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.catalog.profile.Release;
import dev.ridgeline.catalog.profile.Releases;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.mapping.EngineOverheads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Scores whole runs by platform and engine: with constants from fits that have not seen the model,
 * with those of other chips only, and with kernels alone.
 */
public final class BatchValidation {
  /** What results call their operator. */
  public static final String OPERATOR = "end-to-end";

  /** Constants fitted to other models on the same chip under the same engine. */
  public static final String UNSEEN_MODEL = "models left out one by one";

  /** Constants fitted to other chips, under any engine. */
  public static final String DEFAULTS = "default overheads, chip left out";

  /** No overheads at all. */
  public static final String KERNELS = "kernels alone";

  /** Stands for no engine in particular. */
  public static final String ANY_ENGINE = "generic";

  /**
   * The tables say releases of TensorRT-LLM in part, and else the middle of 2024; the latter is
   * taken for the releases of that half year.
   */
  private static final Map<String, Releases> MEASURED_RELEASES =
      Map.of("vllm", releases("0.4", "0.6"), "tensorrt-llm", releases("0.5", "0.11"));

  private static final int FEWEST = 8;
  private static final double LOWER_DECILE = 0.1;

  private final MeasuredRuns measured;
  private final OfflineRuns offline;
  private final LoadedRuns loaded;
  private final Map<String, List<Run>> groups = new TreeMap<>();

  private BatchValidation(MeasuredRuns measured, OfflineRuns offline, LoadedRuns loaded) {
    this.measured = measured;
    this.offline = offline;
    this.loaded = loaded;
    measured
        .runs()
        .forEach(run -> groups.computeIfAbsent(run.group(), _ -> new ArrayList<>()).add(run));
    groups.values().removeIf(runs -> runs.size() < FEWEST);
  }

  /** Reads the tables of a folder. */
  public static BatchValidation of(Path folder, Catalog catalog) {
    return new BatchValidation(
        MeasuredRuns.read(folder, catalog),
        OfflineRuns.read(folder, catalog),
        LoadedRuns.read(folder, catalog));
  }

  /** Whether there is anything to score. */
  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Scores every group, and the median of groups. */
  public Report report() {
    List<Result> results = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    for (List<Run> runs : groups.values()) {
      Scores unseen = unseenModels(runs);
      unseen.points(points);
      results.add(result(runs, UNSEEN_MODEL, "engine:fit without the model", unseen));
      results.add(result(runs, DEFAULTS, "engine:default", otherChips(runs, false)));
      var alone = new Scores();
      runs.forEach(run -> alone.add(run, EngineOverheads.NONE));
      results.add(result(runs, KERNELS, "kernel", alone));
    }
    for (String region : List.of(UNSEEN_MODEL, DEFAULTS, KERNELS)) {
      List<Result> each = results.stream().filter(one -> one.region().equals(region)).toList();
      if (!each.isEmpty()) {
        results.add(median(each, region));
      }
    }
    results.addAll(offline.results());
    results.addAll(loaded.results());
    results.sort(Comparator.comparing((Result one) -> !one.chip().equals("all chips")));
    List<String> refused = new ArrayList<>();
    new TreeMap<>(measured.refused())
        .forEach((reason, rows) -> refused.add("%d end-to-end rows: %s".formatted(rows, reason)));
    new TreeMap<>(offline.refused())
        .forEach((reason, rows) -> refused.add("%d offline rows: %s".formatted(rows, reason)));
    return new Report(results, points, refused);
  }

  /**
   * Profiles to ship: of each group, of each engine on no chip in particular, and of no engine in
   * particular.
   *
   * @param date day of the fit, such as {@code 2026-11-23}
   * @param version what stands for the releases measured
   */
  public List<Profile> profiles(String date, String version) {
    List<Profile> profiles = new ArrayList<>();
    for (List<Run> runs : groups.values()) {
      Run first = runs.getFirst();
      if (!first.chip().contains(" ")) {
        String variant = OverheadFit.variant(first.known());
        double[] usual = OverheadFit.pooled(like(first, _ -> true), variant);
        double[] constants = OverheadFit.near(usual, runs, variant);
        SequencedMap<String, Profile.Variant> variants = new LinkedHashMap<>();
        variants.put(variant, variant(constants, variant, runs.size(), unseenModels(runs), date));
        profiles.add(profile(first.engine(), first.chip(), version, variants));
      }
    }
    var engines = new TreeSet<String>();
    groups.values().forEach(runs -> engines.add(runs.getFirst().engine()));
    engines.add(ANY_ENGINE);
    for (String engine : engines) {
      SequencedMap<String, Profile.Variant> variants = new LinkedHashMap<>();
      for (boolean known : List.of(true, false)) {
        List<Run> runs = all(engine, known);
        if (!runs.isEmpty()) {
          String variant = OverheadFit.variant(known);
          var scores = new Scores();
          groups.values().stream()
              .filter(group -> group.getFirst().known() == known)
              .filter(group -> isOf(group.getFirst(), engine))
              .forEach(group -> scores.addAll(otherChips(group, !engine.equals(ANY_ENGINE))));
          double[] constants = OverheadFit.pooled(runs, variant);
          variants.put(variant, variant(constants, variant, runs.size(), scores, date));
        }
      }
      profiles.add(profile(engine, Profile.ANY, version, variants));
    }
    return profiles;
  }

  private static boolean isOf(Run run, String engine) {
    return engine.equals(ANY_ENGINE) || run.engine().equals(engine);
  }

  private List<Run> all(String engine, boolean known) {
    return groups.values().stream()
        .flatMap(List::stream)
        .filter(run -> run.known() == known && isOf(run, engine))
        .toList();
  }

  /** Runs of the same engine on chips that are known, or not, as this one's is. */
  private List<Run> like(Run run, java.util.function.Predicate<Run> wanted) {
    return all(run.engine(), run.known()).stream().filter(wanted).toList();
  }

  private Scores unseenModels(List<Run> runs) {
    var scores = new Scores();
    Run first = runs.getFirst();
    String variant = OverheadFit.variant(first.known());
    var models = new TreeSet<String>();
    runs.forEach(run -> models.add(run.model()));
    for (String model : models) {
      List<Run> seen = like(first, run -> !run.model().equals(model));
      if (seen.isEmpty()) {
        seen =
            all(ANY_ENGINE, first.known()).stream()
                .filter(run -> !run.model().equals(model))
                .toList();
      }
      double[] usual = OverheadFit.pooled(seen, variant);
      List<Run> own = runs.stream().filter(run -> !run.model().equals(model)).toList();
      EngineOverheads engine = OverheadFit.engine(OverheadFit.near(usual, own, variant), variant);
      runs.stream()
          .filter(run -> run.model().equals(model))
          .forEach(run -> scores.add(run, engine));
    }
    return scores;
  }

  /** With constants of other chips, of the same engine or of any. */
  private Scores otherChips(List<Run> runs, boolean sameEngine) {
    Run first = runs.getFirst();
    String variant = OverheadFit.variant(first.known());
    List<Run> others =
        all(sameEngine ? first.engine() : ANY_ENGINE, first.known()).stream()
            .filter(run -> !run.chip().equals(first.chip()))
            .toList();
    var scores = new Scores();
    if (!others.isEmpty()) {
      EngineOverheads engine = OverheadFit.engine(OverheadFit.pooled(others, variant), variant);
      runs.forEach(run -> scores.add(run, engine));
    } else if (sameEngine) {
      return otherChips(runs, false);
    }
    return scores;
  }

  private static Result result(List<Run> runs, String region, String source, Scores scores) {
    Run first = runs.getFirst();
    return new Result(
        OPERATOR,
        first.chip(),
        first.engine(),
        region,
        true,
        source,
        scores.errors.figures(),
        scores.insideOwnBand(),
        scores.high() / scores.low());
  }

  private static Result median(List<Result> each, String region) {
    return new Result(
        OPERATOR,
        "all chips",
        "median of %d groups".formatted(each.size()),
        region,
        true,
        "",
        new ErrorFigures(
            each.stream().mapToInt(one -> one.errors().rows()).sum(),
            middle(each, one -> one.errors().geo()),
            middle(each, one -> one.errors().median()),
            middle(each, one -> one.errors().p90()),
            middle(each, one -> one.errors().bias())),
        middle(each, Result::insideBand),
        middle(each, Result::bandRatio));
  }

  private static double middle(List<Result> each, ToDoubleFunction<Result> figure) {
    double[] sorted = each.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static Releases releases(String first, String last) {
    return new Releases(Release.parse(first), Release.parse(last), Optional.empty());
  }

  private static Profile profile(
      String engine, String chip, String version, SequencedMap<String, Profile.Variant> variants) {
    return new Profile(
        EngineConstants.OPERATOR,
        chip,
        engine,
        version,
        Optional.ofNullable(MEASURED_RELEASES.get(engine)),
        variants,
        "");
  }

  private static Profile.Variant variant(
      double[] constants, String variant, int rows, Scores unseen, String date) {
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = EngineConstants.parameters(variant);
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    ErrorFigures errors = unseen.errors.figures();
    return new Profile.Variant(
        named,
        Optional.empty(),
        new Profile.Fit(
            "published runs of static batches, 2023 to 2024", date, rows, Optional.empty()),
        Optional.of(
            new Profile.Accuracy(
                errors.rows(), errors.geo(), errors.median(), errors.p90(), errors.bias())),
        new Band(Math.min(1, unseen.low()), Math.max(1, unseen.high())),
        new LinkedHashMap<>(),
        Optional.of("runs of models that a fit left out"),
        0);
  }

  /** Predictions of runs that a fit has not seen. */
  private static final class Scores {
    private final ErrorFigures.Collector errors = new ErrorFigures.Collector();
    private final List<Point> pairs = new ArrayList<>();

    void add(Run run, EngineOverheads engine) {
      add(new Point(run.seconds(), run.work().seconds(engine)));
    }

    private void add(Point pair) {
      errors.add(pair.predictedSeconds(), pair.measuredSeconds());
      pairs.add(pair);
    }

    void addAll(Scores others) {
      others.pairs.forEach(this::add);
    }

    void points(List<Point> into) {
      into.addAll(pairs);
    }

    double low() {
      return errors.measuredOverPredicted(LOWER_DECILE);
    }

    double high() {
      return errors.measuredOverPredicted(1 - LOWER_DECILE);
    }

    double insideOwnBand() {
      long inside =
          pairs.stream()
              .filter(pair -> {
                double ratio = pair.measuredSeconds() / pair.predictedSeconds();
                return ratio >= low() && ratio <= high();
              })
              .count();
      return (double) inside / pairs.size();
    }
  }
}
