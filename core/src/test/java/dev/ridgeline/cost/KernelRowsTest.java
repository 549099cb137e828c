package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.kernel.AllToAllFamily;
import dev.ridgeline.kernel.AllToAllShape;
import dev.ridgeline.kernel.ContextAttentionFamily;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.GenerationAttentionFamily;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kernel a row of a program is given, and for which shape. */
class KernelRowsTest {
  private static final String SOURCE = "kernel:typical";
  private static final Platform NODE =
      TestPlatforms.nodes(1, 8).withChip(TestPlatforms.cachedChip(1e15, 4e12, 5e11));

  private static double[] typical(KernelFamily<?> family) {
    return family.parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  /** Typical constants for all families but some. */
  private static KernelProfiles without(Set<String> missing) {
    return (family, _, _) ->
        missing.contains(family.name())
            ? Optional.empty()
            : Optional.of(new FittedConstants(typical(family), 0.8, 1.3, SOURCE));
  }

  private static BoundProgram bind(Model model, Parallelism parallelism, String... missing) {
    Program program = ProgramCompiler.compile(model, Deployment.of(parallelism));
    CostModel kernels =
        new KernelModel(without(Set.of(missing)), KernelModel.CollectiveLibrary.NCCL);
    return BoundProgram.bind(program, NODE, List.of(kernels, Roofline.IDEAL));
  }

  private static int row(BoundProgram bound, String name) {
    return bound.program().rows().stream()
        .filter(row -> row.operator().name().equals(name))
        .findFirst()
        .orElseThrow()
        .index();
  }

  private static OperatorCost price(BoundProgram bound, String name, StepFeatures step) {
    OperatorCost cost = bound.newOperatorCost();
    bound.price(row(bound, name), step, cost);
    return cost;
  }

  private static StepFeatures step(
      BoundProgram bound, Phase phase, int sequences, int fresh, int cached) {
    StepFeatures step = new StepFeatures(bound.program().features());
    step.add(phase, sequences, fresh, cached, 1);
    return step;
  }

  @ParameterizedTest
  @CsvSource({
    "permute, moe",
    "experts.activation, moe",
    "finalize, moe",
    "rope_and_cache_write, context-attention",
    "rope_and_cache_write, generation-attention"
  })
  void workInsideMeasuredKernelsTakesNoTimeOfItsOwn(String name, String family) {
    BoundProgram fused = bind(TestModels.experts(), Parallelism.NONE);
    BoundProgram apart = bind(TestModels.experts(), Parallelism.NONE, family);
    StepFeatures step = step(fused, Phase.PREFILL, 2, 2000, 0);

    OperatorCost inside = price(fused, name, step);
    OperatorCost alone = price(apart, name, step);

    assertThat(inside.timeSeconds).isZero();
    assertThat(inside.tierTrafficBytes).isEqualTo(alone.tierTrafficBytes);
    assertThat(fused.source(row(fused, name))).isEqualTo(SOURCE + ", fused with its neighbour");
    assertThat(alone.timeSeconds).isPositive();
  }

  /** A kernel faster than the traffic of all it does is held to that traffic. */
  @Test
  void kernelsAreHeldToTheTrafficOfTheRowsTheyInclude() {
    OperatorPrice memoryBound =
        (_, into) -> {
          into.clear();
          into.memorySeconds = 3e-3;
          into.timeSeconds = 3e-3;
        };
    LinearForm rows = LinearForm.constant(1000);
    var price =
        new KernelPrice(
            memoryBound,
            rows,
            2e-6,
            _ -> 1e-6,
            1e-6,
            () -> new Provenance(SOURCE, 0.8, 1.3),
            Draw.of(without(Set.of()), new Site(NODE)));
    var cost = new OperatorCost(1, 0);

    price.price(new double[] {1}, cost);

    assertThat(cost.timeSeconds).isCloseTo(5e-3, Percentage.withPercentage(1e-9));
    assertThat(cost.memorySeconds).isEqualTo(cost.timeSeconds);
    assertThat(cost.overheadSeconds).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "6, 1, 50, 128", "6, 1, 1000, 128", "6, 3, 1000, 128", "6, 100, 0, 128", "6, 500, 0, 128",
    "6, 500, 60, 128", "6, 500, 4000, 128", "1, 8192, 0, 4096", "2, 7, 124, 128", "3, 1, 0, 1"
  })
  void sumsTellTheSequencesBehindAWindow(long batch, long fresh, long cached, long window) {
    Span span = new Span.Window(window);

    double found =
        AttentionSums.sequences(
            batch * fresh,
            batch * span.touched(fresh, cached),
            batch * span.pairs(fresh, cached),
            window);

    assertThat(found).isCloseTo(batch, Percentage.withPercentage(1e-6));
  }

  @Test
  void windowedLayersAreDecodedWithTheirWindowOverTheWholeCache() {
    BoundProgram bound = bind(TestModels.windowed(), Parallelism.NONE);
    var family = new GenerationAttentionFamily();
    var shape = new GenerationAttentionShape(NumberFormat.BF16, 64, 16, 4, 128, 64, 16384);
    double expected =
        family.on(NODE, family.variant(shape), Warmth.COLD, typical(family)).seconds(shape);

    double seconds =
        price(bound, "attention_decode", step(bound, Phase.DECODE, 64, 1, 16383)).timeSeconds;

    assertThat(family.variant(shape)).isEqualTo("bf16-grouped-64");
    assertThat(seconds).isCloseTo(expected, Percentage.withPercentage(0.1));
  }

  @Test
  void windowedLayersReadPromptsWithTheirWindow() {
    BoundProgram bound = bind(TestModels.windowed(), Parallelism.NONE);
    var family = new ContextAttentionFamily();
    var shape =
        new ContextAttentionShape(NumberFormat.BF16, NumberFormat.BF16, 64, 16, 4, 128, 4, 8192, 0);
    double expected =
        family.on(NODE, family.variant(shape), Warmth.COLD, typical(family)).seconds(shape);

    double seconds =
        price(bound, "attention_prefill", step(bound, Phase.PREFILL, 4, 8192, 0)).timeSeconds;

    assertThat(seconds).isCloseTo(expected, Percentage.withPercentage(0.1));
  }

  /** Chunks see the same pairs; each adds a launch and reads what is cached once more. */
  @ParameterizedTest
  @CsvSource({"16384, 2048", "16384, 8192", "65536, 4096"})
  void chunksOfAPromptTakeAboutAsLongAsTheWhole(int prompt, int chunk) {
    BoundProgram bound = bind(TestModels.dense(), Parallelism.NONE);
    var family = new ContextAttentionFamily();
    double launch = family.launchSeconds(NODE, typical(family));
    double whole =
        price(bound, "attention_prefill", step(bound, Phase.PREFILL, 1, prompt, 0)).timeSeconds;
    double parts = 0;
    for (int done = 0; done < prompt; done += chunk) {
      parts +=
          price(bound, "attention_prefill", step(bound, Phase.PREFILL, 1, chunk, done)).timeSeconds;
    }
    double launches = (prompt / chunk - 1) * launch;
    assertThat(parts - launches).isBetween(whole * 0.9, whole * 1.15);
  }

  @Test
  void tokensGoToExpertsByTheKernelsMadeForIt() {
    BoundProgram bound = bind(TestModels.experts(), new Parallelism(1, 1, 8, 1, 1, 8));
    var family = new AllToAllFamily();
    // 32 experts, 4 visited, 1,024 wide: decoding takes the low-latency kernels.
    var shape =
        new AllToAllShape(
            AllToAllShape.Library.DEEPEP_LOW_LATENCY,
            AllToAllShape.Operation.DISPATCH,
            2,
            1,
            8,
            1024,
            4,
            32,
            0,
            64);
    double expected =
        family.on(NODE, family.variant(shape), Warmth.COLD, typical(family)).seconds(shape);

    double seconds = price(bound, "dispatch", step(bound, Phase.DECODE, 64, 1, 500)).timeSeconds;

    assertThat(seconds).isCloseTo(expected, Percentage.withPercentage(0.1));
    BoundProgram apart =
        bind(TestModels.experts(), new Parallelism(1, 1, 8, 1, 1, 8), "moe-alltoall");
    assertThat(price(apart, "dispatch", step(apart, Phase.DECODE, 64, 1, 500)).timeSeconds)
        .isNotCloseTo(expected, Percentage.withPercentage(1));
  }

  @Test
  void devicesApartWithinANodeExchangeAsNeighboursDo() {
    BoundProgram bound = bind(TestModels.dense(), new Parallelism(2, 1, 1, 1, 4, 1));

    assertThat(bound.source(row(bound, "kv_all_gather"))).isEqualTo(SOURCE);
  }

  /** Typical constants, and a board that draws half its limit and a tenth for each full load. */
  private static final KernelProfiles METERED =
      new KernelProfiles() {
        @Override
        public Optional<FittedConstants> find(KernelFamily<?> family, String variant, Chip chip) {
          return without(Set.of()).find(family, variant, chip);
        }

        @Override
        public Optional<FittedConstants> power(String variant, Chip chip) {
          return Optional.of(
              new FittedConstants(
                  new double[] {0.2, 0.5, 0.1, 0.1, 1, 1e-9, 1}, 0.8, 1.3, "kernel:meter"));
        }
      };

  @ParameterizedTest
  @CsvSource({"qkv_proj", "attention_prefill", "input_layernorm", "rope_and_cache_write", "router"})
  void measuredDrawTimesTheKernelsTimeIsTheEnergy(String name) {
    Program program =
        ProgramCompiler.compile(TestModels.experts(), Deployment.of(Parallelism.NONE));
    BoundProgram bound =
        BoundProgram.bind(
            program,
            NODE,
            List.of(new KernelModel(METERED, KernelModel.CollectiveLibrary.NCCL), Roofline.IDEAL));
    BoundProgram unmetered = bind(TestModels.experts(), Parallelism.NONE);
    StepFeatures step = step(bound, Phase.PREFILL, 2, 2000, 0);

    OperatorCost cost = price(bound, name, step);
    OperatorCost plain = price(unmetered, name, step);

    double watts = bound.energy().staticWatts() + cost.dynamicJoules / cost.timeSeconds;
    assertThat(cost.timeSeconds).isEqualTo(plain.timeSeconds);
    if (cost.timeSeconds == 0) {
      assertThat(cost.dynamicJoules).isZero();
    } else {
      // A board of 1 kW between no load at all and both loads full.
      assertThat(watts).isBetween(500.0, 700.0);
    }
    assertThat(bound.drawSource()).contains("kernel:meter");
    assertThat(unmetered.drawSource()).isEmpty();
  }

  @Test
  void aFullMatrixEngineDrawsItsShare() {
    var draw = Draw.of(METERED, new Site(NODE));
    var cost = new OperatorCost(1, 0);
    cost.timeSeconds = 2;

    draw.charge(cost, 0.5, 2);

    // 1 kW x (0.5 + 0.1 sqrt(1/4) + 0.1) less the 200 W of an idle board, for 2 s.
    assertThat(cost.dynamicJoules).isCloseTo(2 * 450, Percentage.withPercentage(1e-9));
  }

  @Test
  void whereReadingsSaySoAnIdleBoardDrawsLessThanAWorkingOne() {
    var site = new Site(NODE);
    Draw.of(METERED, site);

    assertThat(site.energy().staticWatts()).isCloseTo(200, Percentage.withPercentage(1e-9));
    assertThat(new Site(NODE).energy().staticWatts())
        .isCloseTo(1000 * EnergyRates.STATIC_RATIO, Percentage.withPercentage(1e-9));
  }

  @Test
  void aStepLongerThanItsKernelsIsWorkedThroughAtLowerLoad() {
    var draw = Draw.of(METERED, new Site(NODE));
    var alone = new OperatorCost(1, 0);
    alone.timeSeconds = 2;
    draw.charge(alone, 0.5, 2);
    var longer = new OperatorCost(1, 0);
    longer.timeSeconds = 8;
    draw.charge(longer, 0.5, 2);

    assertThat(draw.spread(alone.dynamicJoules, 2, 8))
        .isCloseTo(longer.dynamicJoules, Percentage.withPercentage(1e-9));
    assertThat(draw.spread(alone.dynamicJoules, 2, 2)).isEqualTo(alone.dynamicJoules);
    assertThat(Draw.UNKNOWN.spread(7, 2, 8)).isEqualTo(7);
  }
}
