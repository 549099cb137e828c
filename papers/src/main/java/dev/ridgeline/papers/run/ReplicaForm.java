package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.papers.run.ServingRun.Served;
import dev.ridgeline.papers.run.ServingRun.Server;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.batch.Overlap;
import dev.ridgeline.serving.batch.OverlappedCost;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.TokenPace;
import dev.ridgeline.serving.metrics.TokenWatch;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.units.Seconds;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Replicas behind a router as a pack describes them. */
final class ReplicaForm {
  private static final int MOST = 1 << 30;
  private static final int USUAL_WAITING = 10;

  private final MappingReader form;
  private final OptionalInt clients;
  private final Function<String, Scenario> scenarios;

  ReplicaForm(MappingReader form, TrafficForm traffic, Function<String, Scenario> scenarios) {
    this.form = form;
    this.clients = traffic.clients();
    this.scenarios = scenarios;
  }

  Server server() {
    Map<String, Policy> policies =
        Stream.of(Policy.values()).collect(Collectors.toMap(Policy::key, policy -> policy));
    Policy policy = form.choice("scheduler", policies);
    Optional<Scenario> scenario = form.optionalText("scenario").map(scenarios);
    Optional<String> expression = form.optionalText("step_time");
    if (scenario.isPresent() == expression.isPresent()) {
      throw form.mapping().problem("a step is priced by a scenario or a step_time").exception();
    }
    double host =
        form.optionalQuantity("host_time", Seconds::parse).map(Seconds::value).orElse(0.0);
    double slack = form.optionalNumber("slack", 1, MOST).orElse(1);
    int copies = (int) form.optionalInteger("copies", 1, 1 << 20).orElse(1);
    SchedulerOptions options = options(policy, scenario);
    Optional<Overlap> overlap = form.optionalMapping("overlap").map(ReplicaForm::overlap);
    Supplier<BatchCost> cost = cost(scenario, expression, overlap);
    Optional<MappingReader> paced = form.optionalMapping("pace");
    Optional<Supplier<TokenPace>> pace = paced.map(ReplicaForm::pace);
    return new Replicas(
        policy, options, () -> slower(host, slack, cost.get()), copies, clients, pace);
  }

  private static Supplier<TokenPace> pace(MappingReader form) {
    double prompt = form.number("prompt_tokens_per_s", 1e-6, MOST);
    double tokens = form.number("tokens_per_s", 1e-6, MOST);
    double span = form.number("span", 1, MOST);
    return () -> new TokenPace(prompt, tokens, span);
  }

  private static Supplier<BatchCost> cost(
      Optional<Scenario> scenario, Optional<String> expression, Optional<Overlap> overlap) {
    if (scenario.isEmpty()) {
      String text = expression.orElseThrow();
      return () -> ClosedForm.parse(text);
    }
    Scenario served = scenario.get();
    BoundProgram program =
        BoundProgram.bind(
            ProgramCompiler.compile(served.model(), served.deployment()),
            served.platform(),
            served.costModels(),
            served.engine().overheads());
    return overlap.isPresent()
        ? () -> new OverlappedCost(program, overlap.get())
        : () -> new ProgramCost(program);
  }

  private static Overlap overlap(MappingReader form) {
    double memoryShare = form.number("memory_share", 0.01, 0.99);
    return new Overlap(
        form.number("first_part", 0.01, 0.99),
        memoryShare,
        form.number("memory_speed", 0.01, 1),
        form.number("network_share", 0.01, 1 - memoryShare),
        form.number("network_speed", 0.01, 1));
  }

  /** Steps that take so many times as long, and time of the host's own before each. */
  private static BatchCost slower(double hostSeconds, double slack, BatchCost cost) {
    return hostSeconds == 0 && slack == 1
        ? cost
        : (batch, stageSeconds) -> {
          double joules = cost.price(batch, stageSeconds);
          for (int stage = 0; stage < stageSeconds.length; stage++) {
            stageSeconds[stage] *= slack;
          }
          stageSeconds[0] += hostSeconds;
          return joules;
        };
  }

  private SchedulerOptions options(Policy policy, Optional<Scenario> scenario) {
    OptionalInt budget = whole("token_budget");
    int blockTokens = policy.usualBlockTokens();
    OptionalInt blocks = whole("kv_blocks");
    int kvBlocks =
        blocks.isPresent()
            ? blocks.getAsInt()
            : scenario
                .map(served ->
                    (int) (Estimator.estimate(served).memory().kvCapacityTokens() / blockTokens))
                .orElseThrow(
                    () -> form.invalid("kv_blocks", "without a scenario they must be said"));
    return new SchedulerOptions(
        budget,
        (int) form.integer("max_sequences", 1, MOST),
        OptionalInt.empty(),
        kvBlocks,
        blockTokens,
        policy.usualWatermark(),
        0,
        true,
        false,
        1,
        USUAL_WAITING,
        Optional.empty(),
        false);
  }

  private OptionalInt whole(String name) {
    OptionalLong value = form.optionalInteger(name, 1, MOST);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private record Replicas(
      Policy policy,
      SchedulerOptions options,
      Supplier<BatchCost> cost,
      int size,
      OptionalInt clients,
      Optional<Supplier<TokenPace>> pace)
      implements Server {
    @Override
    public Served serve(ArrivalSource source) {
      ServingSetup setup =
          new ServingSetup(
              policy,
              options,
              cost.get(),
              size,
              Routing.JOIN_SHORTEST_QUEUE,
              clients,
              OptionalInt.empty(),
              0,
              true);
      Optional<TokenPace> watched = pace.map(Supplier::get);
      RequestSink sink = watched.isPresent() ? watched.get() : RequestSink.NONE;
      TokenWatch watch = watched.isPresent() ? watched.get() : TokenWatch.NONE;
      Simulation simulation = new Simulation(setup, sink, IterationSink.NONE, watch);
      return new Served(simulation.run(source), Optional.empty(), watched);
    }
  }
}
