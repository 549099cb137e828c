package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.papers.run.ServingRun.Limits;
import dev.ridgeline.papers.run.ServingRun.Search;
import dev.ridgeline.papers.run.ServingRun.Server;
import dev.ridgeline.serving.metrics.QuantileLimits;
import dev.ridgeline.serving.pool.MachineKind;
import dev.ridgeline.serving.pool.MachineProfile;
import dev.ridgeline.serving.pool.MachineTable;
import dev.ridgeline.serving.pool.PoolSetup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the form of a run of the serving simulator, which docs/paper-packs.md states. */
final class ServingForm {
  private static final double MOST = 1e12;
  private static final int MOST_MACHINES = 1 << 20;

  private final Reference reference;
  private final Function<String, Scenario> scenarios;

  private ServingForm(Reference reference, Function<String, Scenario> scenarios) {
    this.reference = reference;
    this.scenarios = scenarios;
  }

  /**
   * The run of a form.
   *
   * @param scenarios what a scenario's name stands for
   * @throws NotAtHandException where a file is absent
   */
  static ServingRun read(
      ScenarioSpec spec, Reference reference, Function<String, Scenario> scenarios) {
    return new ServingForm(reference, scenarios).run(MappingReader.of(spec.document()));
  }

  private ServingRun run(MappingReader top) {
    Optional<Search> search = top.optionalMapping("search").map(ServingForm::search);
    Limits limits = top.optionalMapping("limits").map(ServingForm::limits).orElse(Limits.NONE);
    MappingReader traffic = top.mapping("traffic");
    TrafficForm form = new TrafficForm(traffic, this::file);
    Optional<MappingReader> pools = top.optionalMapping("pools");
    Optional<MappingReader> replicas = top.optionalMapping("replicas");
    if (pools.isPresent() == replicas.isPresent()) {
      throw top.mapping().problem("a run has pools or replicas").exception();
    }
    if (pools.isPresent() && form.clients().isPresent()) {
      throw traffic.invalid("clients", "pools take arrivals only");
    }
    Server server =
        pools.isPresent()
            ? pools(pools.get())
            : new ReplicaForm(replicas.orElseThrow(), form, scenarios).server();
    ServingRun run = new ServingRun(form.load(search), server, limits, search);
    top.finish();
    return run;
  }

  private Path file(String name) {
    return reference.file(name).orElseThrow(() -> new NotAtHandException(name));
  }

  private static Search search(MappingReader form) {
    double near = form.number("near", 1e-6, MOST);
    return new Search(near, form.number("step", 1e-6, near), form.number("most", near, MOST));
  }

  private static Limits limits(MappingReader form) {
    return new Limits(limit(form, "ttft"), limit(form, "tpot"), limit(form, "e2e"));
  }

  private static QuantileLimits limit(MappingReader form, String name) {
    return form.optionalMapping(name)
        .map(each -> new QuantileLimits(most(each, "p50"), most(each, "p90"), most(each, "p99")))
        .orElse(QuantileLimits.NONE);
  }

  private static double most(MappingReader form, String name) {
    return form.optionalNumber(name, 1e-9, MOST).orElse(Double.POSITIVE_INFINITY);
  }

  private Server pools(MappingReader form) {
    MachineTable table = MachineTable.read(file(form.text("table")));
    String model = form.text("model");
    int gpus = (int) form.integer("tensor_parallel", 1, 1 << 10);
    long cacheTokens = form.integer("cache_tokens", 1, 1L << 40);
    Function<String, MachineProfile> profile = name -> table.profile(model, name, gpus);
    PoolSetup setup =
        new PoolSetup(
            machines(form, "prefill", profile, cacheTokens),
            machines(form, "decode", profile, cacheTokens),
            machines(form, "both", profile, cacheTokens),
            form.number("link_tokens_per_s", 1e-6, MOST));
    return new PoolServer(setup, form.optionalText("idle").map(profile));
  }

  private static List<MachineKind> machines(
      MappingReader form, String pool, Function<String, MachineProfile> profile, long cacheTokens) {
    List<MachineKind> machines = new ArrayList<>();
    form.optionalTable(pool, node -> Scalars.integer(node, 0, MOST_MACHINES))
        .forEach((name, count) ->
            machines.addAll(
                Collections.nCopies(
                    Math.toIntExact(count), new MachineKind(profile.apply(name), cacheTokens))));
    return machines;
  }
}
