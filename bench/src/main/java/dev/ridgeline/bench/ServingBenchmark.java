package dev.ridgeline.bench;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.events.Nanos;
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
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.TraceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Serving Llama 2 70B at TP 4 on four A100s under vLLM V1: iterations and ended requests a second.
 * The requests are Azure's conversations of 2023 over and over, from the folder that
 * RIDGELINE_REFERENCE names; without it, drawn lengths of about the same medians. The first million
 * iterations are not timed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 5)
public class ServingBenchmark {
  private static final int ITERATIONS = 10_000;
  private static final int DISCARDED = 1_000_000;
  private static final int BLOCKS = 32_768;

  /** What a batch costs. */
  @Param({"program", "closed"})
  public String cost = "program";

  /** Arrival times are multiplied by this. */
  @Param({"2"})
  public double timeScale = 2;

  /** Whether unchanged decoding batches are run in one go. */
  @Param({"true"})
  public boolean coalescing = true;

  private Simulation simulation;
  private ArrivalSource source;

  /** A simulation that has hardly begun. */
  public ServingBenchmark() {
    source = new Repeated(1);
    simulation = new Simulation(setup("closed", true), RequestSink.NONE, IterationSink.NONE);
  }

  /** Runs the first million iterations. */
  @Setup(Level.Trial)
  public void prepare() {
    source = new Repeated(timeScale);
    simulation = new Simulation(setup(cost, coalescing), RequestSink.NONE, IterationSink.NONE);
    simulation.begin(source);
    run(DISCARDED);
  }

  private void run(int iterations) {
    long last = simulation.iterations() + iterations;
    while (simulation.iterations() < last) {
      simulation.advance();
    }
  }

  /** Requests that ended, beside the iterations. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Requests {
    /** How many. */
    public long requests;

    /** Starts from none. */
    @Setup(Level.Iteration)
    public void clear() {
      requests = 0;
    }
  }

  /** Iterations of a replica. */
  @Benchmark
  @OperationsPerInvocation(ITERATIONS)
  public long iterate(Requests requests) {
    long before = simulation.completed();
    run(ITERATIONS);
    requests.requests += simulation.completed() - before;
    return simulation.iterations();
  }

  private static ServingSetup setup(String cost, boolean coalescing) {
    return new ServingSetup(
        Policy.VLLM_V1,
        new SchedulerOptions(
            OptionalInt.of(2048),
            128,
            OptionalInt.empty(),
            BLOCKS,
            16,
            0,
            0,
            true,
            false,
            1,
            1,
            Optional.empty(),
            false),
        cost.equals("closed")
            ? ClosedForm.parse("20 ms + 0.19 ms * N + 41 ns * K + 3.5 ns * P")
            : program(),
        1,
        Routing.ROUND_ROBIN,
        OptionalInt.empty(),
        OptionalInt.empty(),
        0,
        coalescing);
  }

  private static BatchCost program() {
    Catalog catalog = Catalog.shipped();
    return new ProgramCost(
        BoundProgram.bind(
            ProgramCompiler.compile(
                catalog.model("llama-2-70b"), Deployment.of(Parallelism.tensor(4))),
            catalog.platform("4xa100-sxm"),
            List.of(Roofline.IDEAL)));
  }

  /** Azure's conversations end to end, from memory. */
  private static final class Repeated implements ArrivalSource {
    private static final int DRAWN = 20_000;

    private final long[] times;
    private final int[] inputs;
    private final int[] outputs;
    private int at;
    private long shift;

    Repeated(double timeScale) {
      Path trace =
          Path.of(System.getenv().getOrDefault("RIDGELINE_REFERENCE", "../shared/reference"))
              .resolve("traces")
              .resolve("azure_2023_conv.csv");
      long[] readTimes = new long[DRAWN];
      inputs = new int[DRAWN];
      outputs = new int[DRAWN];
      int count = 0;
      if (Files.exists(trace)) {
        Arrival arrival = new Arrival();
        try (TraceFile file = TraceFile.open(trace, timeScale, DRAWN)) {
          while (file.next(arrival)) {
            readTimes[count] = arrival.timeNanos;
            inputs[count] = arrival.inputTokens;
            outputs[count] = arrival.outputTokens;
            count++;
          }
        }
      } else {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        double seconds = 0;
        for (; count < DRAWN; count++) {
          seconds += timeScale * random.nextExponential() / 5.5;
          readTimes[count] = Nanos.of(seconds);
          inputs[count] = (int) Math.clamp(Math.exp(6.5 + random.nextGaussian()), 1, 8192);
          outputs[count] = (int) Math.clamp(Math.exp(5 + 0.8 * random.nextGaussian()), 1, 1000);
        }
      }
      times = java.util.Arrays.copyOf(readTimes, count);
    }

    @Override
    public boolean next(Arrival into) {
      into.timeNanos = shift + times[at];
      into.inputTokens = inputs[at];
      into.outputTokens = outputs[at];
      if (++at == times.length) {
        at = 0;
        shift += times[times.length - 1];
      }
      return true;
    }
  }
}
