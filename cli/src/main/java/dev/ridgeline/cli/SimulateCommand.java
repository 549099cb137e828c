package dev.ridgeline.cli;

import dev.ridgeline.cli.TrafficOption.Traffic;
import dev.ridgeline.cli.page.SimulationPage;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.serving.pool.PooledCluster;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.study.Overload;
import dev.ridgeline.serving.study.Server;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline simulate}: a stream of requests against replicas of a serving engine. */
final class SimulateCommand implements Command {
  static final String STEP_COST = "--step-cost";
  static final String REPLICAS = "--replicas";
  static final String ROUTER = "--router";
  private static final String PREDICTION = "--output-prediction";
  private static final String ORACLE = "oracle";
  private static final String SEED = "--seed";
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
                + " hash_ids,",
            "or as Azure, BurstGPT, Mooncake and Vidur publish theirs.",
            "The step cost is a time in N new tokens, S sequences, D decoding sequences, K tokens",
            "attended to by decoding sequences (the new one included), and P, the sum over",
            "prefilling sequences of c (p + c/2) for a chunk of c tokens after p.",
            "",
            "Examples:",
            "  ridgeline simulate llama-3.1-70b --on 8xh100-sxm --trace requests.csv",
            "  ridgeline simulate llama-3.1-8b --on h100-sxm --rate 20 --input 800..1200 --output"
                + " 200 \\",
            "    --slo-ttft \"500 ms\" --slo-tpot \"30 ms\" --capacity",
            "  ridgeline simulate --trace requests.csv --scheduler vllm-v1 --token-budget 2048 \\",
            "    --kv-blocks 32768 --step-cost \"20 ms + 0.19 ms * N + 41 ns * K + 3.5 ns * P\"");
    ServedModel.declare(command);
    TrafficOption.declare(command);
    command.addOption(
        SubjectOption.option(STEP_COST, "EXPR", "Time of a batch, in place of a model."));
    SchedulerOption.declare(command);
    HostOption.declare(command);
    command.addOption(SubjectOption.option(REPLICAS, "N", "Equal replicas (default 1)."));
    command.addOption(
        SubjectOption.option(
            ROUTER,
            "NAME",
            "%s (default %s)."
                .formatted(String.join(", ", Routing.keys()), Routing.ROUND_ROBIN.key())));
    command.addOption(
        SubjectOption.option(
            PREDICTION,
            "N|oracle",
            "Output tokens that lightllm, sglang and trtllm reckon with (default oracle)."));
    command.addOption(SubjectOption.option(SEED, "N", "Of what is random (default 0)."));
    StudyOption.declare(command);
    ReportOption.declare(command);
    PoolOption.declare(command);
    InstancePools.declare(command);
    OutputOption.declare(command);
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    Style style = OutputOption.style(parsed, surroundings);
    Traffic traffic = TrafficOption.read(parsed);
    StudyOption study = StudyOption.read(parsed, traffic);
    long seed = NumberOption.wholeLong(parsed, SEED, Long.MIN_VALUE, Long.MAX_VALUE).orElse(0);
    Served served = served(parsed, traffic, seed);
    return new SimulationRun(parsed, surroundings, style, traffic, study, served, seed).answer();
  }

  /**
   * Instances that do the same.
   *
   * @param name what they are called
   * @param instances that run batches
   * @param stages batches each has in flight
   */
  record Part(String name, int instances, int stages) {}

  /**
   * What serves.
   *
   * @param title what it is
   * @param parts instances that do the same, in order of their numbers
   * @param contextTokens the longest request its model was made for; none where no model is named
   * @param notes what to know about the answer
   */
  record Served(
      Server server,
      String title,
      List<Part> parts,
      OptionalLong contextTokens,
      List<String> notes) {
    Served {
      parts = List.copyOf(parts);
      notes = List.copyOf(notes);
    }

    /** Instances that run batches. */
    int replicas() {
      return parts.stream().mapToInt(Part::instances).sum();
    }

    /** The notes and one on requests that the model was not made for. */
    List<String> notes(long tooLong) {
      return tooLong == 0
          ? notes
          : Stream.concat(
                  Stream.of(
                      "%,d requests exceed the model's stated context of %,d tokens; an engine refuses or cuts them unless told otherwise"
                          .formatted(tooLong, contextTokens.orElseThrow())),
                  notes.stream())
              .toList();
    }
  }

  private static Served served(ParseResult parsed, Traffic traffic, long seed) {
    if (PoolOption.given(parsed) && ServedModel.given(parsed)) {
      return InstancePools.read(parsed, traffic, seed);
    }
    InstancePools.requireAbsent(parsed);
    if (PoolOption.given(parsed)) {
      return pools(parsed);
    }
    PoolOption.requireAbsent(parsed);
    Policy policy = SchedulerOption.policy(parsed);
    if (ServedModel.given(parsed)) {
      return model(parsed, policy, traffic, seed);
    }
    ServedDrafter.requireAbsent(parsed, "a model is missing, with --on, whose tokens are drafted");
    ServingSetup setup =
        setup(
            parsed,
            policy,
            HostOption.read(
                parsed,
                policy,
                SchedulerOption.read(parsed, policy, OptionalInt.empty(), 1),
                Optional.empty()),
            ClosedForm.parse(
                required(parsed, STEP_COST, "what does a batch cost? Or name a model and --on")),
            EngineOverheads.NONE,
            1,
            traffic,
            seed);
    return new Served(
        Server.of(setup, traffic.mostWaiting(), UnaryOperator.identity()),
        SimulationPage.title(Optional.empty(), setup),
        alike(setup.replicas(), setup.options().pipelineStages()),
        OptionalLong.empty(),
        Stream.concat(heldBack(setup).stream(), notes(setup).stream()).toList());
  }

  private static Served model(ParseResult parsed, Policy policy, Traffic traffic, long seed) {
    if (parsed.hasMatchedOption(STEP_COST)) {
      throw Problem.of("name a model or the cost of a batch, not both")
          .withField(STEP_COST)
          .exception();
    }
    ServedModel model =
        ServedModel.read(parsed, policy, SchedulerOption.stepTokens(parsed, policy));
    Parallelism parallelism = model.parallelism();
    SchedulerOptions plain =
        SchedulerOption.read(
            parsed,
            policy,
            OptionalInt.of(model.kvBlocks(SchedulerOption.blockTokens(parsed, policy))),
            parallelism.pipeline());
    SchedulerOptions options =
        HostOption.read(parsed, policy, model.complete(plain), Optional.of(model.cache()));
    ServingSetup setup =
        setup(
            parsed,
            policy,
            options,
            model.cost(),
            model.program().overheads(),
            parallelism.data(),
            traffic,
            seed);
    List<String> notes = new ArrayList<>(model.assumptions());
    notes.add(1, model.devices(copies(parsed)));
    notes.addAll(notes(setup));
    notes.addAll(0, heldBack(setup));
    return new Served(
        Server.of(
            setup,
            traffic.mostWaiting(),
            result -> model.charged(result, setup.replicas() / parallelism.data())),
        SimulationPage.title(Optional.of(model.name()), setup),
        alike(setup.replicas(), options.pipelineStages()),
        OptionalLong.of(model.contextTokens()),
        notes);
  }

  private static ServingSetup setup(
      ParseResult parsed,
      Policy policy,
      SchedulerOptions options,
      BatchCost cost,
      EngineOverheads engine,
      int replicasOfModel,
      Traffic traffic,
      long seed) {
    return new ServingSetup(
        policy,
        options,
        cost,
        Math.multiplyExact(replicasOfModel, copies(parsed)),
        routing(parsed, ROUTER, Routing.ROUND_ROBIN),
        traffic.concurrency(),
        prediction(parsed, policy),
        seed,
        engine,
        true);
  }

  private static List<Part> alike(int replicas, int stages) {
    return List.of(new Part(replicas == 1 ? "the replica" : "replicas, mean", replicas, stages));
  }

  /** How often a model's whole mapping is there. */
  static int copies(ParseResult parsed) {
    return NumberOption.whole(parsed, REPLICAS, 1, MOST).orElse(1);
  }

  private static Served pools(ParseResult parsed) {
    for (String option : List.of(TrafficOption.CONCURRENCY, TrafficOption.TURNS)) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("pools take requests as they come").withField(option).exception();
      }
    }
    HostOption.requireAbsent(parsed, "the machines of pools have no such option");
    ServedDrafter.requireAbsent(parsed, "the machines of pools do not speculate");
    PoolSetup setup = PoolOption.read(parsed);
    return new Served(
        (source, requests, iterations, _) -> {
          PooledCluster cluster = new PooledCluster(setup, requests, iterations);
          ServingResult result = cluster.run(source);
          return new Server.Served(
              result, cluster.measurements(), Overload.UNKNOWN.holding(cluster.held()));
        },
        SimulationPage.title(setup),
        setup.both().isEmpty()
            ? List.of(
                new Part("prefill pool", setup.prefill().size(), 1),
                new Part("decode pool", setup.decode().size(), 1))
            : alike(setup.machines(), 1),
        OptionalLong.empty(),
        List.of());
  }

  /** Where fewer requests are batched than are kept in flight, which no latency tells. */
  private static List<String> heldBack(ServingSetup setup) {
    long batched = (long) setup.options().maxSequences() * setup.replicas();
    int inFlight = setup.concurrency().orElse(0);
    return inFlight > batched
        ? List.of(
            "at most %,d of the %,d in flight are batched at once (%s)"
                .formatted(batched, inFlight, SchedulerOption.MAX_SEQUENCES))
        : List.of();
  }

  private static List<String> notes(ServingSetup setup) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "at most %,d requests in progress%s"
            .formatted(
                setup.options().maxSequences(),
                setup.policy() == Policy.ORCA || setup.policy() == Policy.STATIC
                    ? ""
                    : ", %,d tokens a step"
                        .formatted(
                            setup.options().tokenBudget().orElse(setup.policy().usualBudget()))));
    notes.addAll(notes(setup.policy(), setup.predictedOutput()));
    return notes;
  }

  static List<String> notes(Policy policy, OptionalInt predicted) {
    List<String> notes = new ArrayList<>();
    if (!policy.checked()) {
      notes.add(
          "the batches of %s were not compared with the engine's own or another simulator's"
              .formatted(policy.key()));
    }
    if (policy.predictsOutputs() && predicted.isEmpty()) {
      notes.add("%s reckons with the true output lengths".formatted(policy.key()));
    }
    return notes;
  }

  private static String required(ParseResult parsed, String option, String question) {
    if (!parsed.hasMatchedOption(option)) {
      throw Problem.of(question).withField(option).exception();
    }
    return parsed.matchedOptionValue(option, "");
  }

  static OptionalInt prediction(ParseResult parsed, Policy policy) {
    if (parsed.hasMatchedOption(PREDICTION) && !policy.predictsOutputs()) {
      throw Problem.of("%s does not reckon with outputs".formatted(policy.key()))
          .withField(PREDICTION)
          .exception();
    }
    return parsed.matchedOptionValue(PREDICTION, ORACLE).equals(ORACLE)
        ? OptionalInt.empty()
        : NumberOption.whole(parsed, PREDICTION, 1, 1 << 30);
  }

  static Routing routing(ParseResult parsed, String option, Routing usual) {
    String name = parsed.matchedOptionValue(option, usual.key());
    return Stream.of(Routing.values())
        .filter(routing -> routing.key().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Problem.of("unknown router")
                .withField(option)
                .withValue(name)
                .withNearest(name, Routing.keys())
                .exception());
  }
}
