package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.Fitter;
import dev.ridgeline.calibration.Sample;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineConstants;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.catalog.profile.Release;
import dev.ridgeline.catalog.profile.Releases;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Fits what engines add to served configurations, and how long they take to hand a request from one
 * worker to another, and makes the profiles that the catalog ships. The same table gives the same
 * profiles. A fit sees the rows of {@link FittedRows}; bands are of the others.
 */
public final class ServedFit {
  private static final int EVALUATIONS = 220;
  private static final double PULL = 0.02;

  /** Of a model on a system in a format, so that none outweighs the others. */
  private static final int ROWS = 6;

  /** Longer loops say little more and take most of the time. */
  private static final int MOST_IN_FLIGHT = 64;

  /** How the time to the first token counts beside that of further ones. */
  private static final int TPOT_WEIGHT = 2;

  private static final double INSIDE = 0.8;
  private static final double SHORTEST_HANDOVER = 1e-3;
  private static final double LONGEST_HANDOVER = 2;
  private static final int HANDOVERS = 400;

  /**
   * What a profile stands for.
   *
   * @param backend as the table names it
   * @param engine as the catalog does
   * @param version that names the profile
   * @param releases that the rows are of
   * @param variant of the constants
   */
  private record Shipped(
      String backend, String engine, String version, Releases releases, String variant) {}

  private static final List<Shipped> PROFILES =
      List.of(
          new Shipped(
              "vllm",
              "vllm",
              "0.19",
              new Releases(
                  Release.parse("0.12"), Release.parse("0.19"), Optional.of(Release.parse("0.14"))),
              EngineConstants.ASYNCHRONOUS),
          new Shipped(
              "sglang",
              "sglang",
              "0.5",
              new Releases(Release.parse("0.5"), Release.parse("0.5"), Optional.empty()),
              EngineConstants.SYNCHRONOUS),
          new Shipped(
              "trtllm",
              "tensorrt-llm",
              "1.3",
              new Releases(Release.parse("1.0"), Release.parse("1.3"), Optional.empty()),
              EngineConstants.SYNCHRONOUS));

  private final List<ServedCase> together = new ArrayList<>();
  private final List<DisaggregatedCase> apart = new ArrayList<>();

  private ServedFit(Catalog catalog, Path reference) {
    List<ServedRow> rows = ServedRow.read(reference.resolve(ServedValidation.TABLE));
    var expression = new Expression(catalog, reference.resolve("hf-configs"), rows);
    for (ServedRow row : rows) {
      switch (expression.express(row)) {
        case Expression.Refused _ -> {}
        case Expression.Expressed yes -> {
          if (row.tpotSeconds() >= yes.served().floorSeconds()) {
            together.add(yes.served());
          }
        }
        case Expression.Disaggregated yes -> apart.add(yes.served());
      }
    }
  }

  /**
   * Fits all engines of the table.
   *
   * @param reference folder with the table under silicon and checkpoints under hf-configs
   * @param date day of the fit, such as {@code 2026-11-23}
   */
  public static List<Profile> profiles(Catalog catalog, Path reference, String date) {
    var fit = new ServedFit(catalog, reference);
    return PROFILES.stream().map(shipped -> fit.profile(shipped, date)).toList();
  }

  private Profile profile(Shipped shipped, String date) {
    var family = new ServedFamily(shipped.variant());
    List<Sample<ServedFamily.Mean>> samples = samples(shipped);
    double[] constants =
        Fitter.refine(
                family,
                samples,
                Fitter.typical(family),
                Fitter.Settings.USUAL.with(EVALUATIONS, Integer.MAX_VALUE).withPull(PULL),
                (_, _) -> {})
            .constants();
    List<Parameter> parameters = family.parameters();
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < constants.length; i++) {
      named.put(parameters.get(i).name(), constants[i]);
    }
    named.put("handover", handover(shipped, constants));
    SequencedMap<String, Profile.Variant> variants = new LinkedHashMap<>();
    variants.put(
        shipped.variant(),
        variant(
            named,
            (int) samples.stream().mapToLong(sample -> cases(sample).size()).sum(),
            leftOut(shipped, constants),
            date));
    return new Profile(
        EngineConstants.OPERATOR,
        Profile.ANY,
        shipped.engine(),
        shipped.version(),
        Optional.of(shipped.releases()),
        variants,
        "");
  }

  private static List<ServedCase> cases(Sample<ServedFamily.Mean> sample) {
    return sample.shapes().stream().map(ServedFamily.Mean::served).distinct().toList();
  }

  /** A sample of each model on a system in a format, spread over its rows. */
  private List<Sample<ServedFamily.Mean>> samples(Shipped shipped) {
    Map<String, List<ServedCase>> groups = new TreeMap<>();
    together.stream()
        .filter(served -> served.row().backend().equals(shipped.backend()))
        .filter(served -> FittedRows.has(served.row()))
        .filter(served -> served.row().concurrency() <= MOST_IN_FLIGHT)
        .forEach(served ->
            groups
                .computeIfAbsent(
                    "%s %s %s"
                        .formatted(
                            served.row().model(), served.row().system(), served.row().precision()),
                    _ -> new ArrayList<>())
                .add(served));
    return groups.values().stream().map(group -> sample(group, shipped.variant())).toList();
  }

  private static Sample<ServedFamily.Mean> sample(List<ServedCase> group, String variant) {
    List<ServedFamily.Mean> means = new ArrayList<>();
    int rows = Math.min(ROWS, group.size());
    for (int i = 0; i < rows; i++) {
      ServedCase served = group.get((int) ((i + 0.5) * group.size() / rows));
      for (int time = 0; time < TPOT_WEIGHT; time++) {
        means.add(new ServedFamily.Mean(served, false));
      }
      means.add(new ServedFamily.Mean(served, true));
    }
    double[] seconds =
        means.stream()
            .mapToDouble(mean ->
                mean.first()
                    ? mean.served().row().ttftSeconds()
                    : mean.served().row().tpotSeconds())
            .toArray();
    return new Sample<>(
        group.getFirst().scenario().platform(), variant, Warmth.COLD, means, seconds);
  }

  /** Time per further token of the rows that the fit has not seen. */
  private ErrorFigures.Collector leftOut(Shipped shipped, double[] constants) {
    var errors = new ErrorFigures.Collector();
    together.stream()
        .filter(served -> served.row().backend().equals(shipped.backend()))
        .filter(served -> !FittedRows.has(served.row()))
        .forEach(served -> {
          Means means =
              ServedRun.run(
                  served, ServedFamily.overheads(served, constants), ServedRun.loop(served.row()));
          if (means.requests() > 0) {
            errors.add(means.tpotSeconds(), served.row().tpotSeconds());
          }
        });
    return errors;
  }

  /** The time that brings the first tokens of the engine's rows nearest to those measured. */
  private double handover(Shipped shipped, double[] constants) {
    List<double[]> pairs = new ArrayList<>();
    apart.stream()
        .filter(served -> served.row().backend().equals(shipped.backend()))
        .filter(served -> FittedRows.has(served.row()))
        .forEach(served -> {
          Means means =
              DisaggregatedRun.run(served, ServedFamily.overheads(served.decode(), constants));
          if (means.requests() > 0) {
            pairs.add(new double[] {means.ttftSeconds(), served.row().ttftSeconds()});
          }
        });
    double best = SHORTEST_HANDOVER;
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step <= HANDOVERS; step++) {
      double share = (double) step / HANDOVERS;
      double seconds = SHORTEST_HANDOVER * Math.pow(LONGEST_HANDOVER / SHORTEST_HANDOVER, share);
      double loss =
          pairs.stream()
              .mapToDouble(pair -> Math.abs(Math.log((pair[0] + seconds) / pair[1])))
              .sum();
      if (loss < least) {
        least = loss;
        best = seconds;
      }
    }
    return best;
  }

  private static Profile.Variant variant(
      SequencedMap<String, Double> constants,
      int rows,
      ErrorFigures.Collector unseen,
      String date) {
    ErrorFigures errors = unseen.figures();
    double width = Math.max(1, 1 + unseen.distance(INSIDE));
    return new Profile.Variant(
        constants,
        Optional.empty(),
        new Profile.Fit(
            "served configurations under a closed loop, 2025 to 2026",
            date,
            rows,
            Optional.empty()),
        Optional.of(
            new Profile.Accuracy(
                errors.rows(), errors.geo(), errors.median(), errors.p90(), errors.bias())),
        new Band(1 / width, width),
        new LinkedHashMap<>(),
        Optional.of("served models that the fit left out"),
        0);
  }
}
