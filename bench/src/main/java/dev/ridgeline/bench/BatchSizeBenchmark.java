package dev.ridgeline.bench;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of one iteration at a number of requests in progress, in traffic that mixes: outputs are as
 * many times longer as the batch is larger, so that at every size a request ends, another enters
 * and eight chunks of its prompt are computed in about eight iterations. What is left to depend on
 * the batch is what an iteration costs for requests that nothing happens to.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class BatchSizeBenchmark {
  private static final int ITERATIONS = 10_000;
  private static final int BLOCK_TOKENS = 16;
  private static final int CHUNK = 128;
  private static final int CHUNKS = 8;

  /** Requests in progress. */
  @Param({"32", "128", "512", "2048"})
  public int batch = 32;

  /** The scheduler. */
  @Param({"VLLM_V1"})
  public Policy policy = Policy.VLLM_V1;

  /** What a batch costs. */
  @Param({"closed", "program"})
  public String cost = "closed";

  private Simulation simulation;

  /** A simulation that has not begun. */
  public BatchSizeBenchmark() {
    simulation = new Simulation(setup(), RequestSink.NONE, IterationSink.NONE);
  }

  /** Runs until the first requests have given way to others. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    int[] first = {batch};
    int longest = longestOutput();
    ArrivalSource source =
        into -> {
          into.inputTokens = CHUNK * CHUNKS;
          into.outputTokens = random.nextInt(longest / 3, longest + 1);
          if (first[0] > 0) {
            // So that the first ones do not end together.
            into.outputTokens = random.nextInt(1, longest + 1);
            first[0]--;
          }
          return true;
        };
    simulation = new Simulation(setup(), RequestSink.NONE, IterationSink.NONE);
    simulation.begin(source);
    run(4 * longest);
  }

  /** Two thirds of it on average. */
  private int longestOutput() {
    return 3 * CHUNKS * batch / 2;
  }

  private boolean wholePrompts() {
    return policy == Policy.VLLM_V0 || policy == Policy.LIGHTLLM;
  }

  private void run(int iterations) {
    long last = simulation.iterations() + iterations;
    while (simulation.iterations() < last) {
      simulation.advance();
    }
  }

  /** Iterations of a replica. */
  @Benchmark
  @OperationsPerInvocation(ITERATIONS)
  public long iterate() {
    run(ITERATIONS);
    return simulation.iterations();
  }

  private ServingSetup setup() {
    int longest = CHUNK * CHUNKS + longestOutput();
    return new ServingSetup(
        policy,
        new SchedulerOptions(
            OptionalInt.of(wholePrompts() ? CHUNK * CHUNKS : batch + CHUNK),
            batch,
            OptionalInt.of(longest),
            batch * Math.ceilDiv(longest, BLOCK_TOKENS),
            BLOCK_TOKENS,
            0,
            0,
            true,
            false,
            1,
            1,
            Optional.empty(),
            false),
        price(),
        1,
        Routing.ROUND_ROBIN,
        OptionalInt.of(batch),
        OptionalInt.empty(),
        0,
        true);
  }

  private BatchCost price() {
    if (cost.equals("closed")) {
      return ClosedForm.parse("20 ms + 0.19 ms * N + 41 ns * K + 3.5 ns * P");
    }
    Catalog catalog = Catalog.shipped();
    return new ProgramCost(
        BoundProgram.bind(
            ProgramCompiler.compile(
                catalog.model("llama-2-70b"), Deployment.of(Parallelism.tensor(4))),
            catalog.platform("4xa100-sxm"),
            List.of(Roofline.IDEAL)));
  }
}
