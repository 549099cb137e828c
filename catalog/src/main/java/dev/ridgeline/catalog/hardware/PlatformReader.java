package dev.ridgeline.catalog.hardware;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.sourced.SourcedReader;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.ChipSet;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Price;
import dev.ridgeline.units.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a platform.
 *
 * <pre>{@code
 * schema_version: 1
 * name: my-rack
 * title: Sixteen chips in two nodes
 * chip: h100-sxm           # or a file, or {from: h100-sxm, memory.hbm.bandwidth: 8 TB/s}
 * chips: 16
 * chips_per_node: 8        # that share a host
 * levels:                  # innermost first; left out: the chip's own links
 *   - {name: nvlink4, kind: switch, size: 8, bandwidth: 450 GB/s, latency: 1 us,
 *      in_network_reduction: true}
 *   - {name: infiniband, kind: switch, size: 2, bandwidth: 50 GB/s, latency: 5 us}
 * host_power: 4.6 kW       # of one node, beside its chips
 * host:                    # what the chips of a node share; left out: as the chip's own node
 *   link_bandwidth: 256 GB/s                # of all chips of a node; left out: a link for each
 *   memory: {capacity: 2 TB, bandwidth: 614 GB/s}
 *   nvme: {capacity: 30 TB, read_bandwidth: 54 GB/s, write_bandwidth: 32 GB/s}
 * price: {value: 2.99 USD/h, date: "2025-06"}   # of one chip
 * source: mine
 * sources: {mine: what this file's figures rest on}
 * }</pre>
 */
final class PlatformReader {
  private final Description description;
  private final SourcedReader reader;
  private final MappingReader fields;
  private final Function<Node, ChipSheet> chips;

  private PlatformReader(Description description, Function<Node, ChipSheet> chips) {
    this.description = description;
    this.reader = SourcedReader.of(description.fields(), description.citations());
    this.fields = reader.fields();
    this.chips = chips;
  }

  /**
   * The platform of a description.
   *
   * @param chips reads the chip's name or description
   */
  static PlatformSheet read(Description description, Function<Node, ChipSheet> chips) {
    return new PlatformReader(description, chips).sheet();
  }

  private PlatformSheet sheet() {
    fields.skip("schema_version");
    ChipSheet chipSheet = chips.apply(fields.node("chip"));
    Chip chip = chipSheet.chip();
    int count = (int) fields.integer("chips", 1, Terms.MOST_CHIPS);
    int perNode = chipsPerNode(chip, count);
    String name =
        fields
            .optionalNode("name")
            .map(Terms::name)
            .orElseGet(() ->
                description.embedded()
                    ? count > 1 ? "%dx%s".formatted(count, chip.name()) : chip.name()
                    : Terms.name(fields.node("name")));
    String title =
        fields
            .optionalText("title")
            .orElseGet(() -> description.embedded() ? name : fields.text("title"));
    Platform byLinks = ChipSet.of(name, count / perNode, perNode, chip);
    Optional<List<NetworkLevel>> levels =
        fields.optionalNode("levels").map(node -> levels(node, count));
    List<String> notes = new ArrayList<>(fields.optionalList("notes", Scalars::text));
    if (levels.isEmpty()) {
      notes.addAll(byLinks.notes());
    }
    Optional<Watts> ownHostPower = reader.optionalFigure("host_power", Terms.draw());
    Optional<Price> price = Terms.price(reader).or(chip::price);
    Optional<Host> host = reader.optionalSection("host").map(Terms::host);
    Platform byChip =
        new Platform(
            name,
            chip,
            count,
            levels.orElse(byLinks.levels()),
            perNode,
            // The chip's figure is that of its standard node, and says nothing about another one.
            ownHostPower.isPresent() || perNode != chip.nodeChips()
                ? ownHostPower
                : chip.hostPower(),
            price.map(Price::perDevice),
            price.map(Price::citation).orElse(""),
            notes);
    Platform platform = host.map(byChip::withHost).orElse(byChip);
    PlatformSheet sheet =
        new PlatformSheet(
            platform,
            title,
            chipSheet,
            reader.figures(),
            Terms.aliases(fields, name),
            description.derivedFrom(),
            Optional.of(description.file()));
    reader.finish();
    return sheet;
  }

  private int chipsPerNode(Chip chip, int count) {
    Optional<Node> written = fields.optionalNode("chips_per_node");
    if (written.isEmpty()) {
      return count % chip.nodeChips() == 0 ? chip.nodeChips() : count;
    }
    int perNode = (int) Scalars.integer(written.get(), 1, Terms.MOST_CHIPS);
    if (count % perNode != 0) {
      throw fields.invalid(
          "chips_per_node", "%d chips do not fill nodes of %d".formatted(count, perNode));
    }
    return perNode;
  }

  private List<NetworkLevel> levels(Node node, int count) {
    List<NetworkLevel> levels = new ArrayList<>();
    long joined = 1;
    for (SourcedReader level : reader.sections("levels")) {
      levels.add(level(level));
      joined = Math.min(joined * levels.getLast().size(), Long.MAX_VALUE / Terms.MOST_CHIPS);
    }
    // An empty list says that the chips are not joined at all.
    if (!levels.isEmpty() && joined != count) {
      throw node.problem(
              "the sizes of the levels multiply to %d, but there are %d chips"
                  .formatted(joined, count))
          .withField("levels")
          .exception();
    }
    return levels;
  }

  private static NetworkLevel level(SourcedReader level) {
    MappingReader plain = level.fields();
    LinkKind kind = Terms.linkKind(plain);
    int dimensions = Terms.dimensions(level, kind);
    return new NetworkLevel(
        plain.text("name"),
        kind,
        (int) plain.integer("size", 1, Terms.MOST_CHIPS),
        level.figure("bandwidth", Terms.bandwidth()),
        level.figure("latency", Terms.latency()),
        plain.optionalFlag("in_network_reduction").orElse(false),
        dimensions);
  }
}
