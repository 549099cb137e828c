package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.Sample;
import dev.ridgeline.catalog.profile.EngineConstants;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.mapping.EngineOverheads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the overheads that bring runs nearest to what was measured. Few models and batches tell
 * little about some of the constants, so those of one chip are pulled to those that fit all chips
 * under the same engine.
 */
final class OverheadFit {
  private static final int POOLED_ROWS = 60;
  private static final int ROWS = 400;
  private static final int EVALUATIONS = 3000;
  private static final double POOLED_PULL = 0.05;
  private static final double PULL = 0.3;

  private OverheadFit() {}

  /** The variant that describes chips whose kernels are known, or not. */
  static String variant(boolean known) {
    return known ? EngineConstants.SYNCHRONOUS : EngineConstants.DATASHEET;
  }

  /** One set of constants for several groups of runs, each with equal weight; at least one run. */
  static double[] pooled(List<Run> runs, String variant) {
    Map<String, List<Run>> groups = new TreeMap<>();
    runs.forEach(run -> groups.computeIfAbsent(run.group(), _ -> new ArrayList<>()).add(run));
    List<Sample<Work>> samples = new ArrayList<>();
    groups.values().forEach(group -> samples.add(sample(group, variant).atMost(POOLED_ROWS)));
    var family = new OverheadFamily(variant);
    return EvolutionSearch.fit(family, samples, EVALUATIONS, POOLED_ROWS, POOLED_PULL);
  }

  /** The constants of one group, pulled to those that are usual. */
  static double[] near(double[] usual, List<Run> runs, String variant) {
    if (runs.isEmpty()) {
      return usual;
    }
    var family = new OverheadFamily(variant, Arrays.stream(usual).boxed().toList());
    return EvolutionSearch.fit(family, List.of(sample(runs, variant)), EVALUATIONS, ROWS, PULL);
  }

  /** The engine that the constants describe. */
  static EngineOverheads engine(double[] constants, String variant) {
    return EngineConstants.overheads(constants, variant, EngineOverheads.Origin.NONE);
  }

  private static Sample<Work> sample(List<Run> runs, String variant) {
    return new Sample<>(
        runs.getFirst().expressed().scenario().platform(),
        variant,
        Warmth.COLD,
        runs.stream().map(Run::work).toList(),
        runs.stream().mapToDouble(Run::seconds).toArray());
  }
}
