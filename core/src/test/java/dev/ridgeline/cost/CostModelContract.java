package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every cost model owes its users, over random steps of all kinds of models. */
abstract class CostModelContract {
  private static final double ROUNDING = 1e-12;
  private static final int STEPS = 40;

  /** The model under test. */
  abstract CostModel costModel();

  /** Whether the model has no fixed times, so that twice the hardware takes half the time. */
  abstract boolean scalesExactly();

  /**
   * A program on a platform, with a random step.
   *
   * @param name for reports
   */
  record Case(String name, Program program, Platform platform, long seed) {
    @Override
    public String toString() {
      return name;
    }

    SplittableRandom random() {
      return new SplittableRandom(seed);
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Model model : TestModels.all()) {
      boolean sparse =
          model.layers().stream()
              .flatMap(layer -> layer.blocks().stream())
              .anyMatch(Experts.class::isInstance);
      add(cases, model, Parallelism.NONE, 1, 1, Precision.CHECKPOINT);
      add(cases, model, Parallelism.tensor(8), 1, 8, Precision.all(NumberFormat.FP8));
      add(cases, model, new Parallelism(4, 2, 1, 1, 1, 1), 1, 8, Precision.CHECKPOINT);
      add(cases, model, new Parallelism(8, 3, 1, 1, 1, 1), 3, 8, Precision.CHECKPOINT);
      if (sparse) {
        add(cases, model, new Parallelism(8, 1, 8, 1, 1, 1), 1, 8, Precision.CHECKPOINT);
        add(cases, model, new Parallelism(2, 1, 8, 1, 1, 8), 2, 8, Precision.CHECKPOINT);
      }
    }
    add(cases, TestModels.dense(), new Parallelism(2, 1, 1, 1, 4, 1), 1, 8, Precision.CHECKPOINT);
    addOffloaded(cases);
    return cases;
  }

  /** Parts of weights and cache with the host, with and without prefetch, and a thinned cache. */
  private static void addOffloaded(List<Case> cases) {
    Optional<Offload> some = Optional.of(new Offload(0.3, SharedMemory.HOST));
    Optional<Offload> all = Optional.of(new Offload(1, SharedMemory.HOST));
    for (Model model : TestModels.all()) {
      for (boolean prefetch : new boolean[] {true, false}) {
        Placement placement =
            new Placement(Optional.empty(), Optional.empty(), some, all, prefetch);
        Deployment one = new Deployment(Parallelism.NONE, Precision.CHECKPOINT, placement, 0);
        add(cases, model, one, 1, 1);
        add(cases, model, one.withParallelism(new Parallelism(4, 2, 1, 1, 1, 1)), 1, 8);
      }
    }
    Placement weights =
        new Placement(Optional.empty(), Optional.empty(), all, Optional.empty(), true);
    KvCompression thin = new KvCompression(0.5, 0.25, 0.5);
    add(
        cases,
        TestModels.dense(),
        new Deployment(Parallelism.tensor(8), Precision.CHECKPOINT, weights, 0, thin),
        1,
        8);
  }

  private static void add(
      List<Case> cases,
      Model model,
      Parallelism parallelism,
      int nodes,
      int chips,
      Precision precision) {
    add(cases, model, new Deployment(parallelism, precision, Placement.MAIN, 0), nodes, chips);
  }

  private static void add(
      List<Case> cases, Model model, Deployment deployment, int nodes, int chips) {
    cases.add(
        new Case(
            "%s %s %s".formatted(model.name(), deployment.parallelism(), deployment.placement()),
            ProgramCompiler.compile(model, deployment),
            TestPlatforms.nodes(nodes, chips),
            cases.size()));
  }

  /** The models to ask, the one under test first. */
  List<CostModel> chain() {
    return List.of(costModel());
  }

  /** A chip that states what the model looks at. */
  Chip chip(double bf16FlopsPerSecond, double memoryBytesPerSecond, double linkBytesPerSecond) {
    return TestPlatforms.chip(bf16FlopsPerSecond, memoryBytesPerSecond, linkBytesPerSecond);
  }

  private Platform platform(Case example) {
    return example.platform().withChip(chip(1e15, 4e12, 5e11));
  }

  private BoundProgram bind(Case example, Platform platform) {
    return BoundProgram.bind(example.program(), platform, chain());
  }

  private static double time(BoundProgram bound, StepFeatures step) {
    StepCost cost = bound.newCost();
    bound.evaluate(step, cost);
    return cost.timeSeconds;
  }

  private static StepFeatures randomStep(Case example, SplittableRandom random) {
    StepFeatures step = new StepFeatures(example.program().features());
    grow(step, random);
    return step;
  }

  private static void grow(StepFeatures step, SplittableRandom random) {
    int kind = random.nextInt(3);
    if (kind != 0) {
      step.add(
          Phase.DECODE, 1 + random.nextInt(256), 1 + random.nextInt(3), random.nextInt(20000), 1);
    }
    if (kind != 1) {
      step.add(
          Phase.PREFILL,
          1 + random.nextInt(4),
          1 + random.nextInt(5000),
          random.nextInt(5000),
          random.nextInt(2));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isNeverFasterThanTheFloor(Case example) {
    BoundProgram bound = bind(example, platform(example));
    BoundProgram floor =
        BoundProgram.bind(example.program(), platform(example), List.of(Roofline.FLOOR));
    SplittableRandom random = example.random();
    for (int index = 0; index < STEPS; index++) {
      StepFeatures step = randomStep(example, random);
      assertThat(time(bound, step)).isGreaterThanOrEqualTo(time(floor, step) * (1 - ROUNDING));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void moreWorkNeverTakesLess(Case example) {
    BoundProgram bound = bind(example, platform(example));
    SplittableRandom random = example.random();
    for (int index = 0; index < STEPS; index++) {
      StepFeatures step = randomStep(example, random);
      double before = time(bound, step);
      grow(step, random);
      assertThat(time(bound, step)).isGreaterThanOrEqualTo(before * (1 - ROUNDING));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void betterHardwareNeverTakesMore(Case example) {
    Platform base = platform(example);
    SplittableRandom random = example.random();
    for (int index = 0; index < STEPS; index++) {
      StepFeatures step = randomStep(example, random);
      double before = time(bind(example, base), step);
      for (double[] factors : new double[][] {{2, 1, 1}, {1, 2, 1}, {1, 1, 2}}) {
        Platform better =
            base.withChip(chip(1e15 * factors[0], 4e12 * factors[1], 5e11 * factors[2]));
        assertThat(time(bind(example, better), step)).isLessThanOrEqualTo(before * (1 + ROUNDING));
      }
    }
  }

  /** Latencies of the network do not scale with its bandwidth, so one chip it is. */
  static List<Case> oneChipCases() {
    return cases().stream().filter(example -> example.platform().chips() == 1).toList();
  }

  @ParameterizedTest
  @MethodSource("oneChipCases")
  void allResourcesTwiceAsFastHalveWhatTheyBound(Case example) {
    Platform fast = example.platform().withChip(chip(2e15, 8e12, 1e12));
    SplittableRandom random = example.random();
    for (int index = 0; index < STEPS; index++) {
      StepFeatures step = randomStep(example, random);
      double slow = time(bind(example, platform(example)), step);
      double half = time(bind(example, fast), step);
      assertThat(half).isBetween(slow / 2 * (1 - ROUNDING), slow * (1 + ROUNDING));
      if (scalesExactly()) {
        assertThat(half).isCloseTo(slow / 2, Percentage.withPercentage(1e-7));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void partsOfTheTimeAddUp(Case example) {
    BoundProgram bound = bind(example, platform(example));
    SplittableRandom random = example.random();
    StepCost cost = bound.newCost();
    for (int index = 0; index < STEPS; index++) {
      bound.evaluate(randomStep(example, random), cost);
      double parts =
          cost.computeSeconds
              + cost.memorySeconds
              + cost.networkSeconds
              + cost.overheadSeconds
              + cost.powerSeconds
              + cost.offloadSeconds;
      assertThat(parts).isCloseTo(cost.timeSeconds, Percentage.withPercentage(1e-9));
      assertThat(cost.offloadSeconds).isLessThanOrEqualTo(cost.streamSeconds * (1 + ROUNDING));
      assertThat(cost.slowestStageSeconds).isLessThanOrEqualTo(cost.timeSeconds);
      assertThat(cost.dynamicJoules).isPositive();
    }
  }
}
