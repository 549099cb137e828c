package dev.ridgeline.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices times a device's share is the whole times what the program declares as repeated. */
class ShardingContractTest {

  /** A model and how it is spread. */
  record Case(Model model, Parallelism parallelism, KvCompression compression) {
    Case(Model model, Parallelism parallelism) {
      this(model, parallelism, KvCompression.NONE);
    }

    Program program(Parallelism spread) {
      return ProgramCompiler.compile(
          model, new Deployment(spread, Precision.CHECKPOINT, Placement.MAIN, 0, compression));
    }

    @Override
    public String toString() {
      return model.name() + " " + parallelism;
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Model model : TestModels.all()) {
      for (int tensor : new int[] {2, 4, 8, 16}) {
        cases.add(new Case(model, Parallelism.tensor(tensor)));
      }
      cases.add(new Case(model, new Parallelism(4, 2, 1, 1, 1, 1)));
      cases.add(new Case(model, new Parallelism(2, 3, 1, 1, 1, 4)));
      if (hasExperts(model)) {
        cases.add(new Case(model, new Parallelism(8, 1, 8, 1, 1, 1)));
        cases.add(new Case(model, new Parallelism(8, 1, 4, 1, 1, 1)));
        cases.add(new Case(model, new Parallelism(2, 1, 8, 1, 1, 4)));
        cases.add(new Case(model, new Parallelism(1, 1, 8, 1, 1, 8)));
      }
    }
    cases.add(new Case(TestModels.dense(), new Parallelism(2, 1, 1, 1, 4, 1)));
    KvCompression thin = new KvCompression(0.5, 0.25, 0.5);
    for (int tensor : new int[] {2, 4, 8, 16}) {
      cases.add(new Case(TestModels.dense(), Parallelism.tensor(tensor), thin));
    }
    cases.add(new Case(TestModels.windowed(), new Parallelism(2, 3, 1, 1, 1, 4), thin));
    cases.add(new Case(TestModels.windowed(), new Parallelism(1, 1, 1, 1, 8, 1)));
    cases.add(new Case(TestModels.latent(), new Parallelism(2, 1, 1, 1, 4, 1)));
    cases.add(new Case(TestModels.sparse(), new Parallelism(2, 2, 1, 1, 4, 1)));
    return cases;
  }

  private static boolean hasExperts(Model model) {
    return model.layers().stream()
        .flatMap(layer -> layer.blocks().stream())
        .anyMatch(Experts.class::isInstance);
  }

  /** Flops by row label, all repeats and devices together. */
  private static Map<String, Double> work(
      Program program, Phase phase, int sequences, double devices, boolean undoReplication) {
    int ranks = program.deployment().parallelism().attentionData();
    StepFeatures step = new StepFeatures(program.features());
    if (phase == Phase.PREFILL) {
      step.add(phase, (double) sequences / ranks, 1024, 0, 1);
    } else {
      step.add(phase, (double) sequences / ranks, 1, 4095, 1);
    }
    double[] features = step.values();
    Map<String, Double> work = new HashMap<>();
    for (Row row : program.rows()) {
      Demand demand = row.operator().demand();
      double flops = demand.matrixFlops().at(features) + demand.vectorFlops().at(features);
      Replication copies = row.replication();
      double repeated = phase == Phase.PREFILL ? copies.prefill() : copies.decode();
      double total = flops * row.totalRepeats() * devices / (undoReplication ? repeated : 1.0);
      work.merge(row.label(), total, Double::sum);
    }
    return work;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void workOfAllDevicesIsTheWholeTimesItsReplication(Case example) {
    Program whole = example.program(Parallelism.NONE);
    Program spread = example.program(example.parallelism());
    // A stage's rows run on that stage's devices only, so stages do not multiply.
    double devices =
        (double) example.parallelism().devicesPerReplica() / example.parallelism().pipeline();
    for (Phase phase : Phase.values()) {
      Map<String, Double> expected = work(whole, phase, 64, 1, false);
      Map<String, Double> actual = work(spread, phase, 64, devices, true);
      expected.forEach((label, flops) ->
          assertThat(actual.get(label))
              .as(label + " " + phase)
              .isCloseTo(flops, Percentage.withPercentage(1e-9)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weightsOfAllDevicesAreTheWholeTimesTheirReplication(Case example) {
    Program whole = example.program(Parallelism.NONE);
    Program spread = example.program(example.parallelism());
    double devices =
        (double) example.parallelism().devicesPerReplica() / example.parallelism().pipeline();
    Map<String, Double> expected = new HashMap<>();
    Map<String, Double> actual = new HashMap<>();
    for (Row row : whole.rows()) {
      double bytes = row.operator().residentWeightBytes() * row.totalRepeats();
      expected.merge(row.label(), bytes, Double::sum);
    }
    for (Row row : spread.rows()) {
      double bytes = row.operator().residentWeightBytes() * row.totalRepeats();
      actual.merge(row.label(), bytes * devices / row.replication().weights(), Double::sum);
    }
    expected.forEach((label, bytes) ->
        assertThat(actual.get(label)).as(label).isCloseTo(bytes, Percentage.withPercentage(1e-9)));
  }

  @Test
  void expertsThatDoNotDivideAreRefused() {
    Parallelism twelve = new Parallelism(1, 1, 12, 1, 1, 12);
    assertThatThrownBy(() -> ProgramCompiler.compile(TestModels.experts(), Deployment.of(twelve)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("32 experts do not divide by 12");
  }
}
