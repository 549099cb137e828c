package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.workload.NumberFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * The fields of a scenario, read and checked one by one; names are still to be looked up.
 *
 * @param parallelism empty where no axis is written
 */
record ScenarioForm(
    Optional<Node> model,
    Optional<Node> useCase,
    OptionalLong inputTokens,
    OptionalLong outputTokens,
    OptionalInt beams,
    Optional<Node> platform,
    Optional<Parallelism> parallelism,
    OptionalInt expertsAlone,
    Precision precision,
    Placement placement,
    double routingSkew,
    KvCompression kvCompression,
    Optional<Node> engine,
    OptionalInt batch,
    OptionalInt concurrency,
    OptionalLong chunk,
    Optional<SpeculationForm> speculation,
    Objectives objectives,
    Optional<DevicePrice> price,
    Optional<Tier> tier,
    Optional<String> tables,
    Optional<String> profiles) {

  /** Which cost model leads. */
  enum Tier {
    FLOOR,
    IDEAL,
    KERNEL,
    MEASURED
  }

  /** A format left to the checkpoint. */
  static final String CHECKPOINT = "checkpoint";

  private static final long MOST_TOKENS = 1L << 31;
  private static final int MOST_RANKS = 1 << 20;
  private static final int MOST_REQUESTS = 10_000_000;
  private static final int MOST_BEAMS = 10_000;
  private static final double LARGEST_SKEW = 3;
  private static final String GIVEN = "as given";
  private static final String EXPERTS = "ep";
  private static final List<String> AXES = List.of("tp", "pp", EXPERTS, "dp", "cp", "attention_dp");

  /**
   * A price somebody states.
   *
   * @param source where they have it from
   */
  record DevicePrice(UsdPerHour perDevice, String source) {}

  /** Reads all fields and refuses unknown ones. */
  static ScenarioForm read(ScenarioSpec spec) {
    MappingReader top = MappingReader.of(spec.document());
    top.optionalInteger("schema_version", ScenarioSpec.VERSION, ScenarioSpec.VERSION);
    MappingReader workload = section(top, "workload");
    MappingReader deployment = section(top, "deployment");
    MappingReader traffic = section(top, "traffic");
    MappingReader objectives = section(top, "objectives");
    ScenarioForm form =
        new ScenarioForm(
            workload.optionalNode("model"),
            workload.optionalNode("use_case"),
            workload.optionalInteger("input_tokens", 1, MOST_TOKENS),
            workload.optionalInteger("output_tokens", 1, MOST_TOKENS),
            count(workload, "beams", MOST_BEAMS),
            top.optionalNode("platform"),
            parallelism(deployment),
            expertsAlone(deployment),
            precision(deployment),
            StorageForm.placement(deployment),
            deployment.optionalNumber("routing_skew", 0, LARGEST_SKEW).orElse(0),
            StorageForm.compression(deployment),
            top.optionalNode("engine"),
            count(traffic, "batch", MOST_REQUESTS),
            count(traffic, "concurrency", MOST_REQUESTS),
            traffic.optionalInteger("chunk", 1, MOST_TOKENS),
            top.optionalMapping("speculation")
                .map(drafting -> SpeculationForm.read(drafting, formats())),
            new Objectives(
                objectives.optionalPositiveQuantity("ttft", Seconds::parse),
                objectives.optionalPositiveQuantity("tpot", Seconds::parse)),
            price(top),
            tier(top),
            top.optionalText("tables"),
            top.optionalText("profiles"));
    if (form.tables.isPresent() != (form.tier.orElse(Tier.IDEAL) == Tier.MEASURED)) {
      throw form.tables.isPresent()
          ? top.invalid("tables", "only the cost model measured reads tables: give it as the tier")
          : top.invalid("tier", "name the measured tables, or the folder they lie in, as tables");
    }
    if (form.batch.isPresent() && form.concurrency.isPresent()) {
      throw traffic.invalid(
          "concurrency", "a batch runs together, concurrency is a steady state: give one of them");
    }
    top.finish();
    return form;
  }

  /** A section left out reads as an empty one. */
  private static MappingReader section(MappingReader top, String name) {
    return top.optionalMapping(name)
        .orElseGet(() -> MappingReader.of(ScenarioSpec.empty().document()));
  }

  private static OptionalInt count(MappingReader section, String name, int most) {
    OptionalLong value = section.optionalInteger(name, 1, most);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /** Expert ranks where no other axis is stated: they say nothing about how many devices work. */
  private static OptionalInt expertsAlone(MappingReader deployment) {
    boolean others =
        AXES.stream()
            .filter(axis -> !axis.equals(EXPERTS))
            .anyMatch(axis -> deployment.optionalNode(axis).isPresent());
    return others ? OptionalInt.empty() : count(deployment, EXPERTS, MOST_RANKS);
  }

  private static Optional<Parallelism> parallelism(MappingReader deployment) {
    if (expertsAlone(deployment).isPresent()) {
      return Optional.empty();
    }
    int[] ranks = new int[AXES.size()];
    boolean any = false;
    double devices = 1;
    for (int axis = 0; axis < ranks.length; axis++) {
      OptionalInt value = count(deployment, AXES.get(axis), MOST_RANKS);
      any |= value.isPresent();
      ranks[axis] = value.orElse(1);
      // Experts are dealt to ranks that other axes make; they take no devices of their own.
      devices *= AXES.get(axis).equals(EXPERTS) ? 1 : ranks[axis];
    }
    if (devices > MOST_RANKS) {
      throw deployment
          .mapping()
          .problem("the axes together ask for more than %d devices".formatted(MOST_RANKS))
          .exception();
    }
    return any
        ? Optional.of(new Parallelism(ranks[0], ranks[1], ranks[2], ranks[3], ranks[4], ranks[5]))
        : Optional.empty();
  }

  private static Map<String, Optional<NumberFormat>> formats() {
    Map<String, Optional<NumberFormat>> formats = new LinkedHashMap<>();
    for (NumberFormat format : NumberFormat.ALL) {
      formats.put(format.name(), Optional.of(format));
    }
    formats.put(CHECKPOINT, Optional.empty());
    return formats;
  }

  private static Precision precision(MappingReader deployment) {
    Map<String, Optional<NumberFormat>> formats = formats();
    Optional<NumberFormat> all =
        deployment.optionalChoice("precision", formats).orElse(Optional.empty());
    return new Precision(
        deployment.optionalChoice("weights", formats).orElse(all),
        deployment.optionalChoice("activations", formats).orElse(all),
        deployment.optionalChoice("kv", formats).orElse(all),
        deployment.optionalChoice("communication", formats).orElse(Optional.empty()));
  }

  /** A bare text, or a value with its source as in chip files. */
  private static Optional<DevicePrice> price(MappingReader top) {
    if (top.optionalNode("price").orElse(null) instanceof ScalarNode) {
      return Optional.of(new DevicePrice(top.quantity("price", UsdPerHour::parse), GIVEN));
    }
    return top.optionalMapping("price")
        .map(price ->
            new DevicePrice(
                price.quantity("value", UsdPerHour::parse),
                price.optionalText("source").orElse(GIVEN)));
  }

  private static Optional<Tier> tier(MappingReader top) {
    SequencedMap<String, Tier> tiers = new LinkedHashMap<>();
    tiers.put(Roofline.FLOOR.name(), Tier.FLOOR);
    tiers.put(Roofline.IDEAL.name(), Tier.IDEAL);
    tiers.put(KernelModel.NAME, Tier.KERNEL);
    tiers.put(KernelModel.MEASURED, Tier.MEASURED);
    return top.optionalChoice("tier", tiers);
  }
}
