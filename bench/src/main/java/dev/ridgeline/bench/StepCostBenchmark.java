package dev.ridgeline.bench;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.CostModel;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Pricing, compiling and binding Llama 3.1 70B at TP 8 on eight H100s, among others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StepCostBenchmark {
  private static final int CONTEXTS = 4096;

  /** Which model is priced. */
  @Param({"llama-3.1-70b"})
  public String model = "llama-3.1-70b";

  /** Which cost model prices it; kernels run at their typical constants. */
  @Param({"ideal", "kernel"})
  public String tier = "ideal";

  private Model loaded;
  private Platform platform;
  private Deployment deployment;
  private Program program;
  private BoundProgram bound;
  private StepFeatures step;
  private StepCost cost;
  private int context;

  /** Loads the model and binds it once. */
  public StepCostBenchmark() {
    loaded = Catalog.shipped().model("llama-3.1-70b");
    platform = Catalog.shipped().platform("8xh100-sxm");
    deployment = Deployment.of(Parallelism.tensor(8));
    program = ProgramCompiler.compile(loaded, deployment);
    bound = BoundProgram.bind(program, platform, chain(tier));
    step = new StepFeatures(program.features());
    cost = bound.newCost();
  }

  private static List<CostModel> chain(String tier) {
    if (tier.equals("ideal")) {
      return List.of(Roofline.IDEAL);
    }
    KernelProfiles typical =
        (family, _, _) ->
            Optional.of(
                new FittedConstants(
                    family.parameters().stream().mapToDouble(Parameter::typical).toArray(),
                    1,
                    1,
                    "typical"));
    return List.of(
        new KernelModel(typical, KernelModel.CollectiveLibrary.TENSORRT_LLM), Roofline.IDEAL);
  }

  /** Switches to the model under test. */
  @Setup
  public void prepare() {
    loaded = Catalog.shipped().model(model);
    program = ProgramCompiler.compile(loaded, deployment);
    bound = BoundProgram.bind(program, platform, chain(tier));
    step = new StepFeatures(program.features());
    cost = bound.newCost();
  }

  /** One step: features from nothing, then its cost. */
  @Benchmark
  public double evaluateStep() {
    context = (context + 1) % CONTEXTS;
    step.clear();
    step.add(Phase.DECODE, 16, 1, context, 1);
    bound.evaluate(step, cost);
    return cost.timeSeconds;
  }

  /** One mixed step of a chunk and decoding sequences. */
  @Benchmark
  public double evaluateMixedStep() {
    context = (context + 1) % CONTEXTS;
    step.clear();
    step.add(Phase.DECODE, 64, 1, context, 1);
    step.add(Phase.PREFILL, 1, 512, context, 0);
    bound.evaluate(step, cost);
    return cost.timeSeconds;
  }

  /** Model and deployment to program. */
  @Benchmark
  public Program compile() {
    return ProgramCompiler.compile(loaded, deployment);
  }

  /** Program to platform. */
  @Benchmark
  public BoundProgram bind() {
    return BoundProgram.bind(program, platform, chain(tier));
  }
}
