package dev.ridgeline.catalog.hardware;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.sourced.SourcedReader;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.Link;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Power;
import dev.ridgeline.platform.Price;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.JoulesPerByte;
import dev.ridgeline.units.JoulesPerFlop;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a chip.
 *
 * <pre>{@code
 * schema_version: 1
 * name: h100-sxm
 * title: NVIDIA H100 SXM5 80 GB
 * vendor: NVIDIA                 # also: architecture, process, aliases, released, notes
 * source: datasheet              # of every figure that names no other
 * sources: {datasheet: NVIDIA H100 Tensor Core GPU datasheet (2023)}
 * compute:
 *   units: 132
 *   clock: {value: 1.83 GHz, note: boost}
 *   matrix: {bf16: 989.4 TFLOP/s, fp8: 1978.9 TFLOP/s}   # dense
 *   vector: {fp32: 66.9 TFLOP/s}
 * memory:                        # main memory first
 *   hbm: {kind: hbm3, capacity: 80 GiB, bandwidth: 3.35 TB/s}
 *   l2: {kind: sram, capacity: 50 MiB}
 * links:                         # one direction; any of scale_up, scale_out, host
 *   scale_up: {name: nvlink4, kind: switch, bandwidth: 450 GB/s, latency: 1 us, domain: 8,
 *              in_network_reduction: true}
 * node: {chips: 8, name: HGX H100 8-GPU, host_power: 4.6 kW,
 *        host: {memory: {capacity: 2 TB, bandwidth: 614 GB/s}}}   # also link_bandwidth, nvme
 * power: {tdp: 700 W, idle: 75 W, energy: {compute: {bf16: 0.3 pJ/FLOP}, memory: {hbm: 26 pJ/B},
 *         link: 10 pJ/B}}        # also sustained, where a case sheds less heat than tdp
 * price: {value: 2.99 USD/h, date: "2025-06"}
 * }</pre>
 *
 * <p>A chip derived with {@code from: h100-sxm} writes its name, its title and what differs.
 */
final class ChipReader {
  private static final int MOST_UNITS = 10_000_000;

  private final Description description;
  private final SourcedReader reader;
  private final MappingReader fields;

  private ChipReader(Description description) {
    this.description = description;
    this.reader = SourcedReader.of(description.fields(), description.citations());
    this.fields = reader.fields();
  }

  /** The chip of a description. */
  static ChipSheet read(Description description) {
    return new ChipReader(description).sheet();
  }

  private ChipSheet sheet() {
    fields.skip("schema_version");
    String name = fields.optionalNode("name").map(Terms::name).orElseGet(this::standIn);
    SourcedReader compute = reader.section("compute");
    int units = compute.optionalFigure("units", Terms.count(1, MOST_UNITS)).orElse(0);
    Optional<Hertz> clock = compute.optionalFigure("clock", Terms.clock());
    Map<Arithmetic, FlopsPerSecond> matrix = byArithmetic(compute, "matrix", Terms.peak());
    Map<Arithmetic, FlopsPerSecond> vector = byArithmetic(compute, "vector", Terms.peak());
    if (matrix.isEmpty() && vector.isEmpty()) {
      throw fields.invalid("compute", "states no peak, neither under matrix nor under vector");
    }
    List<MemoryTier> memory = memory();
    Optional<SourcedReader> links = reader.optionalSection("links");
    Optional<SourcedReader> node = reader.optionalSection("node");
    Optional<Price> price = Terms.price(reader);
    Chip chip =
        new Chip(
            name,
            fields.optionalText("title").orElseGet(() -> embeddedOr("title", name)),
            fields.optionalText("vendor").orElse(""),
            fields.optionalText("architecture").orElse(name),
            fields.optionalText("process").orElse(""),
            units,
            clock,
            matrix,
            vector,
            memory,
            links.flatMap(section -> link(section, "scale_up")),
            links.flatMap(section -> link(section, "scale_out")),
            links.flatMap(section -> link(section, "host")),
            node.flatMap(n -> n.optionalFigure("chips", Terms.count(1, Terms.MOST_CHIPS)))
                .orElse(1),
            node.flatMap(n -> n.fields().optionalText("name")).orElse(""),
            node.flatMap(n -> n.optionalFigure("host_power", Terms.draw())),
            node.flatMap(n -> n.optionalSection("host")).map(Terms::host).orElse(Host.UNKNOWN),
            power(memory),
            price);
    ChipSheet sheet =
        new ChipSheet(
            chip,
            reader.figures(),
            fields.optionalList("notes", Scalars::text),
            Terms.aliases(fields, name),
            fields.optionalNode("released").map(Terms::date),
            description.derivedFrom(),
            description.file());
    reader.finish();
    return sheet;
  }

  /** An embedded chip without a name is called after the one it derives from. */
  private String standIn() {
    if (!description.embedded() || description.derivedFrom().isEmpty()) {
      return Terms.name(fields.node("name"));
    }
    String base = description.derivedFrom().get();
    return Terms.nameLike(base) + "-variant";
  }

  private String embeddedOr(String name, String standIn) {
    return description.embedded() ? standIn : fields.text(name);
  }

  private static <T> Map<Arithmetic, T> byArithmetic(
      SourcedReader section, String name, Function<Node, T> parser) {
    Map<Arithmetic, T> read = new EnumMap<>(Arithmetic.class);
    Optional<SourcedReader> table = section.optionalSection(name);
    if (table.isPresent()) {
      for (Arithmetic arithmetic : Arithmetic.values()) {
        table
            .get()
            .optionalFigure(arithmetic.key(), parser)
            .ifPresent(value -> read.put(arithmetic, value));
      }
      table.get().finish();
    }
    return read;
  }

  private List<MemoryTier> memory() {
    SourcedReader section = reader.section("memory");
    List<MemoryTier> tiers = new ArrayList<>();
    for (String name : section.names()) {
      Terms.name(section.fields().node(name), name);
      SourcedReader tier = section.section(name);
      tiers.add(
          new MemoryTier(
              name,
              Terms.memoryKind(tier.fields()),
              tier.figure("capacity", Terms.capacity()),
              tier.optionalFigure("bandwidth", Terms.bandwidth())));
    }
    section.finish();
    if (tiers.isEmpty() || !tiers.getFirst().addressable()) {
      throw fields.invalid(
          "memory",
          tiers.isEmpty()
              ? "names no memory"
              : "the first tier is the main memory, and needs a bandwidth; \"%s\" cannot be it"
                  .formatted(tiers.getFirst().name()));
    }
    return tiers;
  }

  private static Optional<Link> link(SourcedReader links, String name) {
    return links
        .optionalSection(name)
        .map(link -> {
          MappingReader plain = link.fields();
          LinkKind kind = Terms.linkKind(plain);
          int dimensions = Terms.dimensions(link, kind);
          return new Link(
              plain.text("name"),
              kind,
              link.figure("bandwidth", Terms.bandwidth()),
              link.figure("latency", Terms.latency()),
              link.optionalFigure("domain", Terms.count(0, Terms.MOST_CHIPS)).orElse(0),
              plain.optionalFlag("in_network_reduction").orElse(false),
              dimensions);
        });
  }

  private Power power(List<MemoryTier> memory) {
    Optional<SourcedReader> section = reader.optionalSection("power");
    Optional<Watts> tdp = section.flatMap(p -> p.optionalFigure("tdp", Terms.limit()));
    Optional<Watts> idle = section.flatMap(p -> p.optionalFigure("idle", Terms.draw()));
    Optional<Watts> sustained = section.flatMap(p -> p.optionalFigure("sustained", Terms.limit()));
    if (sustained.isPresent() && (tdp.isEmpty() || sustained.get().value() > tdp.get().value())) {
      throw section
          .orElse(reader)
          .fields()
          .invalid("sustained", "needs a tdp, and cannot exceed it");
    }
    Optional<Watts> lowest = sustained.or(() -> tdp);
    if (lowest.isPresent() && idle.isPresent() && idle.get().value() >= lowest.get().value()) {
      throw section
          .orElse(reader)
          .fields()
          .invalid("idle", "must be below the limit of %s".formatted(lowest.get()));
    }
    Optional<SourcedReader> energy = section.flatMap(p -> p.optionalSection("energy"));
    Map<Arithmetic, JoulesPerFlop> compute =
        energy.map(e -> byArithmetic(e, "compute", Terms.flopEnergy())).orElse(Map.of());
    Collection<String> tiers = memory.stream().map(MemoryTier::name).toList();
    Map<String, JoulesPerByte> bytes = new LinkedHashMap<>();
    energy
        .flatMap(e -> e.optionalSection("memory"))
        .ifPresent(table ->
            tiers.forEach(tier ->
                table
                    .optionalFigure(tier, Terms.byteEnergy())
                    .ifPresent(value -> bytes.put(tier, value))));
    Optional<JoulesPerByte> link =
        energy.flatMap(e -> e.optionalFigure("link", Terms.byteEnergy()));
    return new Power(tdp, sustained, idle, compute, bytes, link);
  }
}
