package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.TableFile;
import dev.ridgeline.calibration.TableRow;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Requests whose times were measured one by one on a vLLM engine, and the same simulated.
 *
 * @param requests in order of arrival
 * @param program bound to the platform under the engine as the catalog has it
 * @param options of the scheduler
 */
public record TracedRun(List<Request> requests, BoundProgram program, SchedulerOptions options) {
  private static final String RELEASE = "0.19";
  private static final int BUDGET = 2048;
  private static final int BLOCK_TOKENS = 16;
  private static final int WAITING_ITERATIONS = 10;

  /** Copies the requests. */
  public TracedRun {
    requests = List.copyOf(requests);
  }

  /**
   * A request and its times in seconds.
   *
   * @param arrived when it came
   * @param first token
   * @param last token
   * @param inputTokens of its prompt
   * @param outputTokens of its answer
   */
  public record Request(
      double arrived, double first, double last, int inputTokens, int outputTokens) {}

  /**
   * Means over requests in seconds.
   *
   * @param ttft arrival to first token
   * @param tpot between tokens
   * @param endToEnd arrival to last token
   */
  public record Means(double ttft, double tpot, double endToEnd) {

    /** Of the requests from one position to another. */
    public static Means of(List<Request> requests, int from, int to) {
      List<Request> part = requests.subList(from, to);
      return new Means(
          part.stream().mapToDouble(r -> r.first() - r.arrived()).average().orElseThrow(),
          part.stream()
              .filter(r -> r.outputTokens() > 1)
              .mapToDouble(r -> (r.last() - r.first()) / (r.outputTokens() - 1))
              .average()
              .orElseThrow(),
          part.stream().mapToDouble(r -> r.last() - r.arrived()).average().orElseThrow());
    }
  }

  /**
   * How an engine runs on a machine.
   *
   * @param kernelScale factor on the time of steps
   * @param overheads what the engine adds
   */
  public record Profile(double kernelScale, EngineOverheads overheads) {}

  /**
   * A run of vLLM with 2,048 tokens a step.
   *
   * @param file times of the requests
   * @param sequences at once on a rank of attention
   * @param blocks of its cache; empty for what the memory ledger leaves
   */
  public static TracedRun of(
      Catalog catalog,
      Path file,
      String model,
      String platformName,
      Parallelism parallelism,
      int sequences,
      OptionalInt blocks) {
    Engine engine = catalog.engine("vllm");
    var release = new EngineName(engine.name(), Optional.of(RELEASE));
    Platform platform = catalog.platform(platformName);
    Program compiled = ProgramCompiler.compile(catalog.model(model), Deployment.of(parallelism));
    var kernels =
        new KernelModel(
            catalog.profiles().under(new EngineName(engine.name(), Optional.empty())),
            KernelModel.CollectiveLibrary.VLLM);
    EngineOverheads shipped =
        catalog.profiles().engines().find(release, platform.chip()).orElse(EngineOverheads.NONE);
    BoundProgram program =
        BoundProgram.bind(compiled, platform, List.of(kernels, Roofline.IDEAL), shipped);
    var traffic = new Traffic(BUDGET, BUDGET, 1, 1, OptionalInt.empty(), OptionalLong.of(BUDGET));
    long left =
        MemoryPlan.ledger(compiled, platform, engine, traffic).kvCapacityTokens() / BLOCK_TOKENS;
    var options =
        new SchedulerOptions(
            OptionalInt.of(BUDGET),
            sequences,
            OptionalInt.empty(),
            blocks.orElse((int) Math.min(Integer.MAX_VALUE, left)),
            BLOCK_TOKENS,
            0,
            0,
            true,
            false,
            1,
            WAITING_ITERATIONS,
            Optional.empty(),
            false,
            Optional.empty(),
            0,
            Optional.empty(),
            parallelism.attentionData());
    return new TracedRun(read(file), program, options);
  }

  private static List<Request> read(Path file) {
    List<Request> requests = new ArrayList<>();
    try (TableFile table = TableFile.open(file)) {
      for (Optional<TableRow> next = table.next(); next.isPresent(); next = table.next()) {
        TableRow row = next.get();
        requests.add(
            new Request(
                Double.parseDouble(row.text("arrived_s")),
                row.positive("first_token_s"),
                row.positive("last_token_s"),
                (int) row.whole("input_tokens", 1, 1 << 30),
                (int) row.whole("output_tokens", 1, 1 << 30)));
      }
    }
    requests.sort(Comparator.comparingDouble(Request::arrived));
    return requests;
  }

  /** What the catalog says of the engine. */
  public EngineOverheads shipped() {
    return program.overheads();
  }

  /** The requests with simulated times. */
  public List<Request> simulate(Profile profile) {
    Request[] answers = new Request[requests.size()];
    EngineOverheads engine = profile.overheads();
    // Each rank of attention has a scheduler of its own.
    EngineOverheads hosted =
        engine.hosted(engine.sequenceSeconds() / options.attentionRanks(), engine.asynchronous());
    var setup =
        new ServingSetup(
            Policy.VLLM_V1,
            options,
            scaled(new ProgramCost(program.under(hosted)), profile.kernelScale()),
            1,
            Routing.ROUND_ROBIN,
            OptionalInt.empty(),
            OptionalInt.empty(),
            0,
            engine,
            true);
    RequestSink sink = (table, slot) -> keep(answers, table, slot);
    int[] next = {0};
    new Simulation(setup, sink, IterationSink.NONE)
        .run(into -> {
          if (next[0] >= requests.size()) {
            return false;
          }
          Request request = requests.get(next[0]++);
          into.timeNanos = Nanos.of(request.arrived());
          into.inputTokens = request.inputTokens();
          into.outputTokens = request.outputTokens();
          return true;
        });
    return List.of(answers);
  }

  private void keep(Request[] answers, RequestTable table, int slot) {
    int number = (int) table.id[slot];
    Request asked = requests.get(number);
    answers[number] =
        new Request(
            Nanos.seconds(table.arrivalNanos[slot]),
            Nanos.seconds(table.firstTokenNanos[slot]),
            Nanos.seconds(table.lastTokenNanos[slot]),
            asked.inputTokens(),
            asked.outputTokens());
  }

  private static BatchCost scaled(BatchCost cost, double scale) {
    return (Batch batch, double[] stageSeconds) -> {
      double joules = cost.price(batch, stageSeconds);
      for (int stage = 0; stage < stageSeconds.length; stage++) {
        stageSeconds[stage] *= scale;
      }
      return joules;
    };
  }
}
