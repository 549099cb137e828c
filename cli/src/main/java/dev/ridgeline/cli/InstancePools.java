package dev.ridgeline.cli;

import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.cli.SimulateCommand.Part;
import dev.ridgeline.cli.SimulateCommand.Served;
import dev.ridgeline.cli.TrafficOption.Traffic;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Link;
import dev.ridgeline.serving.CachePort;
import dev.ridgeline.serving.DisaggregatedResult;
import dev.ridgeline.serving.DisaggregatedSetup;
import dev.ridgeline.serving.DisaggregatedSetup.FirstToken;
import dev.ridgeline.serving.DisaggregatedSetup.Transfer;
import dev.ridgeline.serving.ServingInstance;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.study.Server;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.QuantityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of a model that prefills and decodes on instances of their own. */
final class InstancePools {
  private static final String LINK = "--pool-link";
  private static final String FABRIC = "--pool-fabric";
  private static final String TRANSFER = "--kv-transfer";
  private static final String FIRST_TOKEN = "--first-token";
  private static final String HANDOVER = "--handover";
  private static final String DECODE_ROUTER = "--decode-router";
  private static final String LAYER_WISE = "layer-wise";
  private static final String AT_END = "at-end";

  /** What belongs to other ways of serving. */
  private static final List<String> FOREIGN =
      List.of(
          SimulateCommand.STEP_COST,
          SimulateCommand.REPLICAS,
          "--preemption",
          "--host-kv-blocks",
          "--host-link",
          "--host-block-time",
          "--lookahead");

  private static final double SECONDS_PER_HOUR = 3600;
  private static final double MICRO = 1e6;
  private static final double GIGA = 1e9;
  private static final Pattern POOL = Pattern.compile("(prefill|decode)=(.+)");
  private static final Pattern KIND =
      Pattern.compile("(\\d{1,6})(?:x([^\\[\\]]+))?x?(?:\\[([^\\[\\]]*)\\])?");

  private InstancePools() {}

  static void declare(CommandSpec command) {
    command.addOption(
        SubjectOption.option(
            LINK,
            "RATE",
            "Rate at which a device sends or takes caches (default: its link to the other pool)."));
    command.addOption(
        SubjectOption.option(
            FABRIC, "RATE", "What all transfers together may have (default: no limit)."));
    command.addOption(
        SubjectOption.option(
            TRANSFER,
            "WHEN",
            "%s (default): caches leave while later layers are computed; or %s."
                .formatted(LAYER_WISE, AT_END)));
    command.addOption(
        SubjectOption.option(
            FIRST_TOKEN,
            "POOL",
            "Who sends the first token: prefill (default), or decode, once it has the cache."));
    command.addOption(
        SubjectOption.option(
            HANDOVER,
            "TIME",
            "Time from the last byte of a cache until it is used (default: the link's latency)."));
    command.addOption(
        SubjectOption.option(
            DECODE_ROUTER,
            "NAME",
            "As --router, for the decode pool (both default to %s there)."
                .formatted(Routing.LEAST_TOKENS.key())));
  }

  /** Options of pools make no sense without a model in pools. */
  static void requireAbsent(ParseResult parsed) {
    for (String option : List.of(LINK, FABRIC, TRANSFER, FIRST_TOKEN, HANDOVER, DECODE_ROUTER)) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("belongs to a model in %s".formatted(PoolOption.POOLS))
            .withField(option)
            .exception();
      }
    }
  }

  /** Equal instances. */
  private record Kind(int count, ServedModel model, SchedulerOptions options) {
    int devices() {
      return count * model.parallelism().devices();
    }

    Chip chip() {
      return model.program().platform().chip();
    }
  }

  static Served read(ParseResult parsed, Traffic traffic, long seed) {
    PoolOption.requireAbsent(parsed);
    ServedDrafter.requireAbsent(parsed, "the instances of pools do not speculate");
    for (String option : FOREIGN) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("says nothing of pools that run a model").withField(option).exception();
      }
    }
    Policy policy = SchedulerOption.policy(parsed);
    if (!policy.disaggregates()) {
      throw Problem.of("%s does not prefill for others".formatted(policy.key()))
          .withField(SchedulerOption.SCHEDULER)
          .withAllowed(
              Stream.of(Policy.values()).filter(Policy::disaggregates).map(Policy::key).toList())
          .exception();
    }
    Map<String, List<Kind>> pools = pools(parsed, policy);
    List<Kind> prefill = pools.getOrDefault("prefill", List.of());
    List<Kind> decode = pools.getOrDefault("decode", List.of());
    List<Kind> all = Stream.concat(prefill.stream(), decode.stream()).toList();
    int devices = all.stream().mapToInt(Kind::devices).sum();
    double latency = latency(parsed, all, devices);
    EngineOverheads engine = prefill.getFirst().model().program().overheads();
    OptionalInt predicted = SimulateCommand.prediction(parsed, policy);
    var setup =
        new DisaggregatedSetup(
            instances(parsed, policy, prefill, devices),
            instances(parsed, policy, decode, devices),
            new Transfer(
                oneOf(parsed, TRANSFER, List.of(LAYER_WISE, AT_END)).equals(LAYER_WISE),
                rate(parsed, FABRIC).orElse(Double.POSITIVE_INFINITY),
                latency),
            oneOf(parsed, FIRST_TOKEN, List.of("prefill", "decode")).equals("prefill")
                ? FirstToken.PREFILL
                : FirstToken.DECODE,
            SimulateCommand.routing(parsed, SimulateCommand.ROUTER, Routing.LEAST_TOKENS),
            SimulateCommand.routing(parsed, DECODE_ROUTER, Routing.LEAST_TOKENS),
            traffic.concurrency(),
            predicted,
            engine,
            seed,
            true);
    List<String> notes = new ArrayList<>();
    pools.forEach((side, kinds) -> kinds.forEach(kind -> notes.addAll(notes(side, kind))));
    notes.add(
        "a device sends or takes %.4g GB/s of caches, in use %.4g us after the last byte"
            .formatted(link(parsed, all.getFirst(), devices) / GIGA, MICRO * latency));
    notes.addAll(SimulateCommand.notes(policy, predicted));
    return new Served(
        Server.of(setup, traffic.mostWaiting(), result -> charged(result, all)),
        "%s, %s: prefill %s; decode %s"
            .formatted(modelName(prefill.getFirst()), policy.key(), names(prefill), names(decode)),
        List.of(
            new Part("prefill pool", setup.prefill().size(), stages(prefill)),
            new Part("decode pool", setup.decode().size(), stages(decode))),
        OptionalLong.of(prefill.getFirst().model().contextTokens()),
        notes.stream().distinct().toList());
  }

  private static int stages(List<Kind> kinds) {
    return kinds.stream()
        .mapToInt(kind -> kind.model().parallelism().pipeline())
        .max()
        .orElseThrow();
  }

  private static String modelName(Kind kind) {
    return kind.model().program().program().model().name();
  }

  private static String names(List<Kind> kinds) {
    return String.join(
        " + ",
        kinds.stream()
            .map(kind ->
                "%d x %s [%s]"
                    .formatted(
                        kind.count(),
                        kind.model().program().platform().name(),
                        kind.model().parallelism()))
            .toList());
  }

  private static List<String> notes(String side, Kind kind) {
    ServedModel model = kind.model();
    int chips = model.program().platform().chips();
    int idle = chips - model.parallelism().devices();
    Stream<String> unused =
        idle > 0
            ? Stream.of(
                "%d of the %d devices of each %s idle, neither priced nor powered"
                    .formatted(idle, chips, model.program().platform().name()))
            : Stream.empty();
    return Stream.concat(unused, model.assumptions().stream())
        .map(note -> side + ": " + note)
        .toList();
  }

  private static Map<String, List<Kind>> pools(ParseResult parsed, Policy policy) {
    String text = parsed.matchedOptionValue(PoolOption.POOLS, "");
    Map<String, List<Kind>> pools = new LinkedHashMap<>();
    for (String item : text.split(",(?![^\\[]*\\])", -1)) {
      Matcher pool = POOL.matcher(item.strip().toLowerCase(Locale.ROOT));
      if (!pool.matches() || pools.containsKey(pool.group(1))) {
        throw refused(text);
      }
      List<Kind> kinds = new ArrayList<>();
      for (String kind : pool.group(2).split("\\+(?![^\\[]*\\])", -1)) {
        Matcher matcher = KIND.matcher(kind.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
          throw refused(text);
        }
        kinds.add(kind(parsed, policy, matcher));
      }
      pools.put(pool.group(1), kinds);
    }
    if (pools.size() != 2) {
      throw refused(text);
    }
    return pools;
  }

  private static Kind kind(ParseResult parsed, Policy policy, Matcher matcher) {
    Optional<String> platform = Optional.ofNullable(matcher.group(2)).map(String::strip);
    Optional<String> mapping = Optional.ofNullable(matcher.group(3));
    ServedModel model =
        ServedModel.read(
            parsed,
            policy,
            SchedulerOption.stepTokens(parsed, policy),
            spec -> mapped(onto(spec, platform), mapping));
    if (model.parallelism().data() > 1) {
      throw Problem.of("an instance is one replica; say how many before the platform")
          .withField(PoolOption.POOLS)
          .withValue("dp=" + model.parallelism().data())
          .exception();
    }
    if (model.drafter().isPresent()) {
      throw Problem.of("instances of pools do not speculate")
          .withField(PoolOption.POOLS)
          .exception();
    }
    SchedulerOptions options =
        SchedulerOption.read(
            parsed,
            policy,
            OptionalInt.of(model.kvBlocks(SchedulerOption.blockTokens(parsed, policy))),
            model.parallelism().pipeline());
    return new Kind(
        Integer.parseInt(matcher.group(1)),
        model,
        options.withAttentionRanks(model.parallelism().attentionData()));
  }

  private static ScenarioSpec onto(ScenarioSpec spec, Optional<String> platform) {
    return platform
        .map(name -> spec.with("", "platform", PoolOption.POOLS, name, ScalarNode.Kind.STRING))
        .orElse(spec);
  }

  private static ScenarioSpec mapped(ScenarioSpec from, Optional<String> mapping) {
    ScenarioSpec spec = from;
    for (String item :
        mapping.filter(text -> !text.isBlank()).stream()
            .flatMap(text -> Stream.of(text.split(",", -1)))
            .toList()) {
      String[] parts = item.split("=", 2);
      String name = parts[0].strip();
      spec =
          ScenarioOption.deployed(spec, name, parts.length == 2 ? parts[1].strip() : "")
              .orElseThrow(() ->
                  Problem.of("unknown part of a mapping")
                      .withField(PoolOption.POOLS)
                      .withValue(name)
                      .withNearest(name, ScenarioOption.deploymentNames())
                      .exception());
    }
    return spec;
  }

  private static List<ServingInstance> instances(
      ParseResult parsed, Policy policy, List<Kind> kinds, int devices) {
    List<ServingInstance> instances = new ArrayList<>();
    for (Kind kind : kinds) {
      var instance =
          new ServingInstance(
              policy,
              kind.options(),
              kind.model().cost(),
              kind.model().parallelism().devices(),
              CachePort.of(kind.model().program().program(), link(parsed, kind, devices)));
      instances.addAll(Collections.nCopies(kind.count(), instance));
    }
    return instances;
  }

  /** A device's link to the other pool: within a domain that holds all devices, else beyond it. */
  private static Optional<Link> between(Kind kind, int devices) {
    return kind.chip()
        .scaleUp()
        .filter(link -> link.domain() == 0 || link.domain() >= devices)
        .or(kind.chip()::scaleOut);
  }

  private static double link(ParseResult parsed, Kind kind, int devices) {
    return rate(parsed, LINK)
        .or(() -> between(kind, devices).map(link -> link.bandwidth().value()))
        .orElseThrow(() ->
            Problem.of(
                    "%s has no link to other nodes; how fast is it?".formatted(kind.chip().name()))
                .withField(LINK)
                .exception());
  }

  private static double latency(ParseResult parsed, List<Kind> kinds, int devices) {
    return parsed.hasMatchedOption(HANDOVER)
        ? TrafficOption.seconds(parsed, HANDOVER)
        : kinds.stream()
            .flatMap(kind -> between(kind, devices).stream())
            .mapToDouble(link -> link.latency().value())
            .max()
            .orElse(0);
  }

  private static Optional<Double> rate(ParseResult parsed, String option) {
    if (!parsed.hasMatchedOption(option)) {
      return Optional.empty();
    }
    String text = parsed.matchedOptionValue(option, "");
    double value;
    try {
      value = BytesPerSecond.parse(text.strip()).value();
    } catch (QuantityException wrong) {
      throw wrong.problem().withField(option).exception();
    }
    if (!(value > 0)) {
      throw Problem.of("must be above zero, such as \"50 GB/s\"")
          .withField(option)
          .withValue(text)
          .exception();
    }
    return Optional.of(value);
  }

  private static String oneOf(ParseResult parsed, String option, List<String> allowed) {
    String text = parsed.matchedOptionValue(option, allowed.getFirst());
    if (!allowed.contains(text)) {
      throw Problem.of("unknown choice")
          .withField(option)
          .withValue(text)
          .withAllowed(allowed)
          .withNearest(text, allowed)
          .exception();
    }
    return text;
  }

  /** With what all devices draw when idle, and their price. */
  private static DisaggregatedResult charged(DisaggregatedResult result, List<Kind> kinds) {
    ServingResult figures = result.serving();
    double watts = 0;
    double usdPerHour = 0;
    for (Kind kind : kinds) {
      watts +=
          kind.model().program().energy().known()
              ? kind.devices() * kind.model().program().energy().staticWatts()
              : Double.NaN;
      usdPerHour += kind.count() * kind.model().usdPerHour();
    }
    double seconds = figures.makespanSeconds();
    return result.with(
        figures.charged(
            figures.joules() + watts * seconds, usdPerHour * seconds / SECONDS_PER_HOUR));
  }

  private static RuntimeException refused(String text) {
    return Problem.of(
            "must be prefill=NxPLATFORM[mapping],decode=NxPLATFORM[mapping], such as"
                + " prefill=2x4xh100-sxm[tp=4],decode=1x8xh100-sxm[tp=8]")
        .withField(PoolOption.POOLS)
        .withValue(text)
        .exception();
  }
}
