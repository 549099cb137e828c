package dev.ridgeline.cli;

import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.SimulationData;
import dev.ridgeline.cli.page.SimulationPage;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.metrics.IterationCsv;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestCsv;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.serving.pool.PooledCluster;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.TraceFile;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline simulate}: a stream of requests against replicas of a serving engine. */
final class SimulateCommand implements Command {
  private static final String TRACE = "--trace";
  private static final String TIME_SCALE = "--time-scale";
  private static final String LIMIT = "--limit";
  private static final String STEP_COST = "--step-cost";
  private static final String REPLICAS = "--replicas";
  private static final String ROUTER = "--router";
  private static final String CONCURRENCY = "--concurrency";
  private static final String PREDICTION = "--output-prediction";
  private static final String ORACLE = "oracle";
  private static final String SEED = "--seed";
  private static final String REQUESTS_OUT = "--requests-out";
  private static final String ITERATIONS_OUT = "--iterations-out";
  private static final int MOST = 1 << 20;

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("simulate");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Simulates serving under load: requests queue, are batched by an engine's scheduler,"
                + " hold KV blocks, are preempted and end.")
        .footer(
            "",
            "A trace is CSV with the columns arrival_s, input_tokens, output_tokens and maybe"
                + " hash_ids.",
            "The step cost is a time in N new tokens, S sequences, D decoding sequences, K tokens",
            "attended to by decoding sequences (the new one included), and P, the sum over",
            "prefilling sequences of c (p + c/2) for a chunk of c tokens after p.",
            "",
            "Examples:",
            "  ridgeline simulate llama-3.1-70b --on 8xh100-sxm --trace requests.csv",
            "  ridgeline simulate --trace requests.csv --scheduler vllm-v1 --token-budget 2048 \\",
            "    --kv-blocks 32768 --step-cost \"20 ms + 0.19 ms * N + 41 ns * K + 3.5 ns * P\"");
    ServedModel.declare(command);
    command.addOption(SubjectOption.option(TRACE, "FILE", "Requests to serve."));
    command.addOption(SubjectOption.option(TIME_SCALE, "X", "Multiply arrival times (default 1)."));
    command.addOption(SubjectOption.option(LIMIT, "N", "Take the first N requests only."));
    command.addOption(SubjectOption.option(STEP_COST, "EXPR", "Time of a batch, in place of a model."));
    SchedulerOption.declare(command);
    command.addOption(SubjectOption.option(REPLICAS, "N", "Equal replicas (default 1)."));
    command.addOption(
        SubjectOption.option(
            ROUTER,
            "NAME",
            "%s (default %s)."
                .formatted(String.join(", ", Routing.keys()), Routing.ROUND_ROBIN.key())));
    command.addOption(
        SubjectOption.option(
            CONCURRENCY, "N", "Keep N requests in flight, whenever they arrived."));
    command.addOption(
        SubjectOption.option(
            PREDICTION,
            "N|oracle",
            "Output tokens that lightllm, sglang and trtllm reckon with (default oracle)."));
    command.addOption(SubjectOption.option(SEED, "N", "Of what is random (default 0)."));
    command.addOption(
        SubjectOption.option(REQUESTS_OUT, "FILE", "Write a row of CSV for each request."));
    command.addOption(
        SubjectOption.option(ITERATIONS_OUT, "FILE", "Write a row of CSV for each batch."));
    PoolOption.declare(command);
    OutputOption.declare(command);
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    Style style = OutputOption.style(parsed, surroundings);
    if (PoolOption.given(parsed)) {
      return pools(parsed, surroundings, style);
    }
    PoolOption.requireAbsent(parsed);
    Policy policy = SchedulerOption.policy(parsed);
    if (ServedModel.given(parsed)) {
      return model(parsed, surroundings, style, policy);
    }
    ServingSetup setup =
        setup(
            parsed,
            policy,
            SchedulerOption.read(parsed, policy, OptionalInt.empty(), 1),
            ClosedForm.parse(
                required(parsed, STEP_COST, "what does a batch cost? Or name a model and --on")),
            1);
    Outcome outcome =
        simulate(
            parsed,
            (requests, iterations, source) ->
                new Simulation(setup, requests, iterations).run(source));
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(SimulationData.of(outcome.result(), outcome.wallSeconds()))
                : SimulationPage.of(
                    style,
                    Optional.empty(),
                    setup,
                    outcome.result(),
                    outcome.wallSeconds(),
                    notes(setup)));
    return ExitCode.DONE;
  }

  private static int model(
      ParseResult parsed, Surroundings surroundings, Style style, Policy policy) {
    if (parsed.hasMatchedOption(STEP_COST)) {
      throw Problem.of("name a model or the cost of a batch, not both")
          .withField(STEP_COST)
          .exception();
    }
    ServedModel model = ServedModel.read(parsed, SchedulerOption.stepTokens(parsed, policy));
    Parallelism parallelism = model.parallelism();
    SchedulerOptions options =
        SchedulerOption.read(
            parsed,
            policy,
            OptionalInt.of(model.kvBlocks(SchedulerOption.blockTokens(parsed, policy))),
            parallelism.pipeline());
    ServingSetup setup = setup(parsed, policy, options, model.cost(), parallelism.data());
    Outcome outcome =
        simulate(
            parsed,
            (requests, iterations, source) ->
                model.charged(
                    new Simulation(setup, requests, iterations).run(source),
                    setup.replicas() / parallelism.data()));
    List<String> notes = new ArrayList<>(model.assumptions());
    notes.addAll(notes(setup));
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(SimulationData.of(outcome.result(), outcome.wallSeconds()))
                : SimulationPage.of(
                    style,
                    Optional.of(model.name()),
                    setup,
                    outcome.result(),
                    outcome.wallSeconds(),
                    notes));
    return ExitCode.DONE;
  }

  private static ServingSetup setup(
      ParseResult parsed,
      Policy policy,
      SchedulerOptions options,
      BatchCost cost,
      int replicasOfModel) {
    return new ServingSetup(
        policy,
        options,
        cost,
        Math.multiplyExact(
            replicasOfModel, NumberOption.whole(parsed, REPLICAS, 1, MOST).orElse(1)),
        routing(parsed),
        NumberOption.whole(parsed, CONCURRENCY, 1, MOST),
        prediction(parsed, policy),
        NumberOption.wholeLong(parsed, SEED, Long.MIN_VALUE, Long.MAX_VALUE).orElse(0),
        true);
  }

  private static int pools(ParseResult parsed, Surroundings surroundings, Style style) {
    PoolSetup setup = PoolOption.read(parsed);
    Outcome outcome =
        simulate(
            parsed,
            (requests, iterations, source) ->
                new PooledCluster(setup, requests, iterations).run(source));
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(SimulationData.of(outcome.result(), outcome.wallSeconds()))
                : SimulationPage.of(style, setup, outcome.result(), outcome.wallSeconds()));
    return ExitCode.DONE;
  }

  /** What a run gives and how long it computed. */
  private record Outcome(ServingResult result, double wallSeconds) {}

  /** A run, given where to write and what to read. */
  private interface Simulator {
    ServingResult run(RequestSink requests, IterationSink iterations, ArrivalSource source);
  }

  private static Outcome simulate(ParseResult parsed, Simulator simulator) {
    TimedSource source = new TimedSource(trace(parsed));
    try (source;
        Output requests = Output.open(parsed, REQUESTS_OUT);
        Output iterations = Output.open(parsed, ITERATIONS_OUT)) {
      RequestSink requestSink =
          requests.writer().<RequestSink>map(RequestCsv::new).orElse(RequestSink.NONE);
      IterationSink iterationSink =
          iterations.writer().<IterationSink>map(IterationCsv::new).orElse(IterationSink.NONE);
      long start = System.nanoTime();
      ServingResult result = simulator.run(requestSink, iterationSink, source);
      return new Outcome(result, (System.nanoTime() - start - source.nanos) / 1e9);
    } catch (UncheckedIOException full) {
      throw new InputException(
          Problem.of("an output file cannot be written to its end")
              .withField(parsed.hasMatchedOption(ITERATIONS_OUT) ? ITERATIONS_OUT : REQUESTS_OUT),
          full);
    }
  }

  private static List<String> notes(ServingSetup setup) {
    List<String> notes = new ArrayList<>();
    if (!setup.policy().checked()) {
      notes.add(
          "the batches of %s were not compared with the engine's own or another simulator's"
              .formatted(setup.policy().key()));
    }
    if (setup.policy().predictsOutputs() && setup.predictedOutput().isEmpty()) {
      notes.add("%s reckons with the true output lengths".formatted(setup.policy().key()));
    }
    return notes;
  }

  private static String required(ParseResult parsed, String option, String question) {
    if (!parsed.hasMatchedOption(option)) {
      throw Problem.of(question).withField(option).exception();
    }
    return parsed.matchedOptionValue(option, "");
  }

  private static ArrivalSource trace(ParseResult parsed) {
    String file = required(parsed, TRACE, "which requests? Name a file");
    return TraceFile.open(
        SubjectOption.path(TRACE, file),
        NumberOption.positive(parsed, TIME_SCALE).orElse(1),
        NumberOption.wholeLong(parsed, LIMIT, 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE));
  }

  private static OptionalInt prediction(ParseResult parsed, Policy policy) {
    if (parsed.hasMatchedOption(PREDICTION) && !policy.predictsOutputs()) {
      throw Problem.of("%s does not reckon with outputs".formatted(policy.key()))
          .withField(PREDICTION)
          .exception();
    }
    return parsed.matchedOptionValue(PREDICTION, ORACLE).equals(ORACLE)
        ? OptionalInt.empty()
        : NumberOption.whole(parsed, PREDICTION, 1, 1 << 30);
  }

  private static Routing routing(ParseResult parsed) {
    String name = parsed.matchedOptionValue(ROUTER, Routing.ROUND_ROBIN.key());
    return Stream.of(Routing.values())
        .filter(routing -> routing.key().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Problem.of("unknown router")
                .withField(ROUTER)
                .withValue(name)
                .withNearest(name, Routing.keys())
                .exception());
  }

  /** Knows how long reading took, which is no simulation. */
  private static final class TimedSource implements ArrivalSource {
    private final ArrivalSource source;
    private long nanos;

    TimedSource(ArrivalSource source) {
      this.source = source;
    }

    @Override
    public boolean next(Arrival into) {
      long start = System.nanoTime();
      boolean found = source.next(into);
      nanos += System.nanoTime() - start;
      return found;
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /** A file to write, if one is named. */
  private record Output(String option, String file, Optional<Writer> writer)
      implements AutoCloseable {

    static Output open(ParseResult parsed, String option) {
      if (!parsed.hasMatchedOption(option)) {
        return new Output(option, "", Optional.empty());
      }
      String file = parsed.matchedOptionValue(option, "");
      try {
        Writer writer =
            Files.newBufferedWriter(SubjectOption.path(option, file), StandardCharsets.UTF_8);
        return new Output(option, file, Optional.of(writer));
      } catch (IOException e) {
        throw refused(option, file, e);
      }
    }

    private static InputException refused(String option, String file, IOException cause) {
      return new InputException(
          Problem.of("cannot be written (%s)".formatted(cause.getClass().getSimpleName()))
              .withField(option)
              .withValue(file),
          cause);
    }

    @Override
    public void close() {
      if (writer.isPresent()) {
        try {
          writer.get().close();
        } catch (IOException e) {
          throw refused(option, file, e);
        }
      }
    }
  }
}
