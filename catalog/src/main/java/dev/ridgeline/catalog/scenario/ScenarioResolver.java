package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.FieldPath;
import dev.ridgeline.catalog.document.Location;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.engines.Engines;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.catalog.scenario.ResolvedScenario.DraftName;
import dev.ridgeline.cost.CostModel;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.DefaultMapping;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.ReferencePlatform;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.UseCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Looks up the names of scenarios in a catalog and fills in what they leave open. Remembers the
 * models it has read, so that many scenarios of one model cost one reading. Not thread-safe.
 */
public final class ScenarioResolver {
  private static final int DEFAULT_BATCH = 1;

  private final Catalog catalog;
  private final Map<String, Model> models;
  private final Function<String, MeasuredKernels> tables;
  private final Function<String, Profiles> profiles;
  private final boolean prefersKernels;

  /** A resolver of names of {@code catalog}. */
  public ScenarioResolver(Catalog catalog) {
    this(catalog, Map.of());
  }

  /**
   * A resolver that knows further models, such as those that a paper describes.
   *
   * @param own models by the name that scenarios give them; they go before those of the catalog
   */
  public ScenarioResolver(Catalog catalog, Map<String, Model> own) {
    this(
        catalog,
        own,
        place -> {
          throw closed("measured tables", "tables", place);
        },
        place -> {
          throw closed("profiles", "profiles", place);
        },
        false);
  }

  private ScenarioResolver(
      Catalog catalog,
      Map<String, Model> own,
      Function<String, MeasuredKernels> tables,
      Function<String, Profiles> profiles,
      boolean prefersKernels) {
    this.catalog = catalog;
    this.models = new HashMap<>(own);
    this.tables = tables;
    this.profiles = profiles;
    this.prefersKernels = prefersKernels;
  }

  /**
   * The same, except that scenarios which name no tier are priced by {@code kernel} where constants
   * were fitted to the chip or to another of its architecture.
   */
  public ScenarioResolver preferringKernels() {
    return new ScenarioResolver(catalog, models, tables, profiles, true);
  }

  /**
   * The same, able to have measured tables read.
   *
   * @param opened the measured times in the file or folder that a scenario names
   */
  public ScenarioResolver reading(Function<String, MeasuredKernels> opened) {
    return new ScenarioResolver(catalog, models, opened, profiles, prefersKernels);
  }

  /**
   * The same, able to have profiles of somebody's own read.
   *
   * @param opened the profiles of the catalog behind those in the file or folder that a scenario
   *     names
   */
  public ScenarioResolver calibrated(Function<String, Profiles> opened) {
    return new ScenarioResolver(catalog, models, tables, opened, prefersKernels);
  }

  private static InputException closed(String what, String field, String place) {
    return Problem.of(what + " cannot be read here").withField(field).withValue(place).exception();
  }

  private Profiles profiles(ScenarioForm form) {
    return form.profiles().map(profiles).orElseGet(catalog::profiles);
  }

  /**
   * The scenario that {@code spec} means.
   *
   * @throws InputException for what is missing, unknown or out of range
   * @throws dev.ridgeline.mapping.IllegalDeploymentException where axes contradict each other
   */
  public ResolvedScenario resolve(ScenarioSpec spec) {
    ScenarioForm form = ScenarioForm.read(spec);
    Node node = form.platform().orElseThrow(() -> missing("platform", "no platform is named"));
    Platform platform = priced(platform(node), form);
    form.engine()
        .ifPresent(engine ->
            named(
                engine,
                text -> {
                  Engine known = catalog.engine(text, profiles(form));
                  if (isCataloged(known)) {
                    catalog.requireRuns(known, platform.chip());
                  }
                  return text;
                }));
    return resolve(
        form,
        node,
        (model, engine, traffic) ->
            DefaultMapping.of(model, platform, form.precision(), form.placement(), engine, traffic),
        parallelism -> platform);
  }

  /**
   * The scenario that {@code spec}, which names no platform, means on a reference.
   *
   * @throws InputException for what is missing, unknown or out of range
   * @throws dev.ridgeline.mapping.IllegalDeploymentException where axes contradict each other
   */
  public ResolvedScenario resolveOn(ReferencePlatform reference, ScenarioSpec spec) {
    Location nowhere = new Location("reference", 1, 1);
    ScenarioForm form = ScenarioForm.read(spec);
    if (form.profiles().isPresent()) {
      throw Problem.of("kernels are those of a chip: name a platform")
          .withField("profiles")
          .withValue(form.profiles().get())
          .exception();
    }
    return resolve(
        form,
        new ScalarNode(nowhere, FieldPath.top(), "reference", ScalarNode.Kind.STRING),
        (model, engine, traffic) -> reference.usualMapping(model),
        reference::platform);
  }

  /** The usual mapping with its experts dealt to as many ranks as are asked for. */
  private static Parallelism dealt(Parallelism usual, OptionalInt experts) {
    return experts.isEmpty()
        ? usual
        : new Parallelism(
            usual.tensor(),
            usual.pipeline(),
            experts.getAsInt(),
            usual.data(),
            usual.context(),
            usual.attentionData());
  }

  private interface UsualMapping {
    Parallelism of(Model model, Engine engine, Traffic traffic);
  }

  private ResolvedScenario resolve(
      ScenarioForm form,
      Node platformNode,
      UsualMapping mapping,
      Function<Parallelism, Platform> platform) {
    List<String> defaults = new ArrayList<>();
    Node modelNode = form.model().orElseThrow(() -> missing("workload.model", "no model is named"));
    Optional<UseCase> useCase = form.useCase().map(node -> named(node, catalog::useCase));
    Traffic traffic = traffic(form, useCase, defaults);
    Model model = model(modelNode);
    Engine engine =
        form.engine()
            .map(node -> named(node, text -> catalog.engine(text, profiles(form))))
            .orElseGet(() -> {
              Engine usual = catalog.defaultEngine();
              defaults.add(
                  "engine %s, whose time beside its kernels is not known and not included"
                      .formatted(usual.name()));
              return usual;
            });
    Parallelism parallelism =
        form.parallelism()
            .orElseGet(() -> {
              Parallelism usual = dealt(mapping.of(model, engine, traffic), form.expertsAlone());
              defaults.add("mapping %s (not searched for a better one)".formatted(usual));
              return usual;
            });
    Platform runsOn = platform.apply(parallelism);
    Precision precision =
        form.precision().servedOn(arithmetic -> runsOn.chip().peak(arithmetic).isPresent(), model);
    if (!precision.equals(form.precision())) {
      defaults.add(
          "activations of mxfp4 matrices in mxfp8, as engines do where a chip multiplies four-bit"
              + " floats; others: --activations bf16");
    }
    Deployment deployment =
        new Deployment(
            parallelism, precision, form.placement(), form.routingSkew(), form.kvCompression());
    Profiles fits = profiles(form);
    ScenarioForm.Tier tier = form.tier().orElseGet(() -> usualTier(form, runsOn, engine));
    requirePriced(form, tier);
    String engineName = form.engine().map(Scalars::text).orElse(engine.name());
    Scenario scenario =
        new Scenario(
            model,
            runsOn,
            deployment,
            running(engine, EngineName.own(engineName), fits, runsOn, tier, defaults),
            traffic,
            objectives(form, useCase),
            chain(form, fits, tier, engine));
    Optional<SpeculationForm> drafting = form.speculation();
    return new ResolvedScenario(
        drafting.map(how -> drafted(scenario, how, defaults)).orElse(scenario),
        modelNode,
        useCase.map(UseCase::name),
        platformNode,
        engineName,
        drafting.map(
            how -> new DraftName(how.draft(), how.headLayers(), how.platform(), how.precision())),
        form.tables(),
        form.profiles(),
        defaults);
  }

  /**
   * Kernels where theirs or borrowed constants are an answer, and where an engine is named, which
   * adds what was fitted on top of kernels; else the roofline, as on chips that nobody has.
   */
  private ScenarioForm.Tier usualTier(ScenarioForm form, Platform platform, Engine engine) {
    boolean shipped = catalog.chipNames().contains(platform.chip().name());
    boolean kernels =
        form.profiles().isPresent()
            || catalog.profiles().coversArchitectureOf(platform.chip())
            || shipped && (isParticular(engine) || catalog.profiles().answersFor(platform.chip()));
    return prefersKernels && kernels ? ScenarioForm.Tier.KERNEL : ScenarioForm.Tier.IDEAL;
  }

  private boolean isCataloged(Engine engine) {
    return catalog.engineNames().contains(engine.name());
  }

  private boolean isParticular(Engine engine) {
    return !engine.name().equals(catalog.defaultEngine().name());
  }

  /**
   * The engine with what it adds to its kernels. No engine in particular adds nothing and hides
   * launches as the best does; under models that are bounds no engine adds anything.
   */
  private Engine running(
      Engine engine,
      EngineName asked,
      Profiles fits,
      Platform platform,
      ScenarioForm.Tier tier,
      List<String> defaults) {
    boolean bound = tier == ScenarioForm.Tier.FLOOR || tier == ScenarioForm.Tier.IDEAL;
    if (bound) {
      return engine;
    }
    if (!isParticular(engine)) {
      return engine.withOverheads(catalog.profiles().engines().leastAdded());
    }
    if (!isCataloged(engine)) {
      defaults.add(
          "engine %s with the memory of no engine in particular and, beside its kernels, the time of none"
              .formatted(engine.name()));
      return engine.withOverheads(catalog.profiles().engines().leastAdded());
    }
    var released = new EngineName(engine.name(), Optional.of(engine.version()));
    Optional<EngineOverheads> found = fits.engines().find(released, platform.chip());
    if (found.isEmpty()) {
      return engine;
    }
    EngineReleases releases = catalog.engineReleases(engine.name());
    List<String> others =
        releases.measured().stream()
            .filter(release -> !release.equals(engine.version()))
            .map(release -> "--engine %s@%s".formatted(engine.name(), release))
            .toList();
    if (asked.version().isEmpty() && !others.isEmpty()) {
      defaults.add(
          "%s %s, the newest release that the catalog knows, as none is named; others: %s"
              .formatted(engine.name(), engine.version(), String.join(", ", others)));
    }
    if (!releases.isMeasured(engine.version())) {
      defaults.add(
          "%s %s was not measured: what the nearest release adds is taken (known: %s)"
              .formatted(engine.name(), engine.version(), String.join(", ", releases.known())));
    }
    return engine.withOverheads(found.get());
  }

  /** Profiles that nothing would read are a mistake. */
  private static void requirePriced(ScenarioForm form, ScenarioForm.Tier tier) {
    if (form.profiles().isPresent()
        && (tier == ScenarioForm.Tier.FLOOR || tier == ScenarioForm.Tier.IDEAL)) {
      throw Problem.of(
              "only the cost models kernel and measured read profiles: give one as the tier")
          .withField("profiles")
          .withValue(form.profiles().get())
          .exception();
    }
  }

  /** The cost models to ask, in order. */
  private List<CostModel> chain(
      ScenarioForm form, Profiles fits, ScenarioForm.Tier tier, Engine engine) {
    return switch (tier) {
      case FLOOR -> List.of(Roofline.FLOOR);
      case IDEAL -> List.of(Roofline.IDEAL);
      case KERNEL -> kernels(engine, fits, Optional.empty());
      case MEASURED -> kernels(engine, fits, form.tables().map(tables::apply));
    };
  }

  private List<CostModel> kernels(
      Engine engine, Profiles fits, Optional<MeasuredKernels> measured) {
    EngineName name = new EngineName(engine.name(), Optional.of(engine.version()));
    return List.of(new KernelModel(fits.under(name), libraryOf(engine), measured), Roofline.IDEAL);
  }

  private static KernelModel.CollectiveLibrary libraryOf(Engine engine) {
    return switch (engine.name()) {
      case "tensorrt-llm" -> KernelModel.CollectiveLibrary.TENSORRT_LLM;
      // SGLang's all-reduce came from vLLM's.
      case "vllm", "sglang" -> KernelModel.CollectiveLibrary.VLLM;
      case Engines.DEFAULT -> KernelModel.CollectiveLibrary.FASTEST;
      default -> KernelModel.CollectiveLibrary.NCCL;
    };
  }

  private Scenario drafted(Scenario target, SpeculationForm form, List<String> defaults) {
    Model model =
        form.draft()
            .map(this::model)
            .orElseGet(() -> Speculation.ownHead(target.model(), form.headLayers()));
    Deployment beside = target.deployment();
    Precision precision =
        form.precision()
            .map(Precision::all)
            .orElse(form.draft().isEmpty() ? beside.precision() : Precision.CHECKPOINT);
    Optional<Platform> other = form.platform().map(this::platform);
    Parallelism usual =
        other
            .map(where ->
                Parallelism.tensor(
                    DefaultMapping.of(
                            model,
                            where,
                            precision,
                            Placement.MAIN,
                            target.engine(),
                            target.traffic())
                        .tensor()))
            .orElseGet(() -> Speculation.beside(beside.parallelism(), model));
    int tensor = form.tensor().orElse(usual.tensor());
    Parallelism spread = new Parallelism(tensor, 1, 1, usual.data(), 1, usual.attentionData());
    int devices = other.isPresent() ? other.get().chips() : beside.parallelism().devices();
    if (spread.devices() > devices) {
      throw new IllegalDeploymentException(
          "draft-tp",
          Integer.toString(tensor),
          "the drafter has %d devices".formatted(devices),
          "at most %d".formatted(devices * tensor / spread.devices()));
    }
    if (form.lengthOpen()) {
      defaults.add(
          "drafts of %d token%s, as many as have an acceptance"
              .formatted(form.positions().size(), form.positions().size() == 1 ? "" : "s"));
    }
    if (form.tensor().isEmpty() && (tensor > 1 || beside.parallelism().tensor() > 1)) {
      defaults.add("drafter on %d tensor ranks".formatted(tensor));
    }
    return target.withSpeculation(
        new Speculation(
            form.positions(),
            model,
            other,
            new Deployment(spread, precision, Placement.MAIN, beside.routingSkew()),
            form.draft().isEmpty()));
  }

  /** A model by name, or described by its size. */
  private Model model(Node node) {
    return node instanceof MappingNode mapping
        ? HypotheticalModels.read(mapping)
        : named(node, text -> models.computeIfAbsent(text, catalog::model));
  }

  private Platform platform(Node node) {
    return node instanceof MappingNode mapping
        ? catalog.platform(mapping)
        : named(node, catalog::platform);
  }

  private static Platform priced(Platform platform, ScenarioForm form) {
    return form.price()
        .map(price -> platform.withPrice(price.perDevice(), price.source()))
        .orElse(platform);
  }

  private Traffic traffic(ScenarioForm form, Optional<UseCase> useCase, List<String> defaults) {
    OptionalLong input = orElse(form.inputTokens(), useCase.map(UseCase::inputTokens));
    OptionalLong output = orElse(form.outputTokens(), useCase.map(UseCase::outputTokens));
    if (input.isEmpty() || output.isEmpty()) {
      throw Problem.of(
              "the length of a request is not known: name a use case, or give the tokens of both"
                  + " its input and its output")
          .withField("workload")
          .withAllowed(catalog.useCaseNames())
          .exception();
    }
    if (form.batch().isEmpty() && form.concurrency().isEmpty()) {
      defaults.add("batch %d".formatted(DEFAULT_BATCH));
    }
    return new Traffic(
        input.getAsLong(),
        output.getAsLong(),
        form.batch().orElse(DEFAULT_BATCH),
        form.beams().orElseGet(() -> useCase.map(UseCase::beams).orElse(1)),
        form.concurrency(),
        form.chunk());
  }

  private static OptionalLong orElse(OptionalLong own, Optional<Long> other) {
    return own.isEmpty() && other.isPresent() ? OptionalLong.of(other.get()) : own;
  }

  private static Objectives objectives(ScenarioForm form, Optional<UseCase> useCase) {
    return new Objectives(
        form.objectives().ttft().or(() -> useCase.flatMap(UseCase::ttft)),
        form.objectives().tpot().or(() -> useCase.flatMap(UseCase::tpot)));
  }

  /** What a text names; a refusal is said where the text stands. */
  private static <T> T named(Node node, Function<String, T> lookup) {
    String text = Scalars.text(node);
    try {
      return lookup.apply(text);
    } catch (InputException refused) {
      throw refused.problem().file().isPresent() ? refused : node.refusal(refused, text);
    }
  }

  private static InputException missing(String field, String description) {
    return Problem.of(description).withField(field).exception();
  }
}
