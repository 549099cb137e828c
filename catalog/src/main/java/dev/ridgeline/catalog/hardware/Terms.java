package dev.ridgeline.catalog.hardware;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.sourced.Figure;
import dev.ridgeline.catalog.sourced.SourcedReader;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.MemoryKind;
import dev.ridgeline.platform.Price;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.JoulesPerByte;
import dev.ridgeline.units.JoulesPerFlop;
import dev.ridgeline.units.Quantity;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.units.Watts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The fields that chip and platform files have in common. */
final class Terms {
  /** Most chips of a platform, and the bound of every other count. */
  static final int MOST_CHIPS = 1 << 20;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?");
  private static final int MOST_DIMENSIONS = 16;
  private static final SequencedMap<String, LinkKind> LINK_KINDS = new LinkedHashMap<>();
  private static final SequencedMap<String, MemoryKind> MEMORY_KINDS = new LinkedHashMap<>();

  static {
    for (LinkKind kind : LinkKind.values()) {
      LINK_KINDS.put(kind.key(), kind);
    }
    for (MemoryKind kind : MemoryKind.values()) {
      MEMORY_KINDS.put(kind.key(), kind);
    }
  }

  private Terms() {}

  /** A name that can stand on a command line. */
  static String name(Node node) {
    return name(node, Scalars.text(node));
  }

  /** A name that stands at {@code node}, as its value or as the field it is the value of. */
  static String name(Node node, String name) {
    if (!NAME.matcher(name).matches()) {
      throw node.problem(
              "a name has up to 100 letters, digits, dots, hyphens and underscores, and begins with"
                  + " a letter or digit")
          .exception();
    }
    return name;
  }

  /** A name made of that of a chip or of a file. */
  static String nameLike(String nameOrFile) {
    String file = nameOrFile.substring(nameOrFile.replace('\\', '/').lastIndexOf('/') + 1);
    String plain = file.replaceFirst("\\.(yaml|yml|json)$", "").replaceAll("[^A-Za-z0-9._+-]", "-");
    return plain.substring(0, Math.min(80, plain.length()));
  }

  /** Aliases, each written once. */
  static List<String> aliases(MappingReader fields, String name) {
    Set<String> seen = new HashSet<>(Set.of(name));
    return fields.optionalList(
        "aliases",
        node -> {
          String alias = name(node);
          if (!seen.add(alias)) {
            throw node.problem("the alias is the name, or stands here twice").exception();
          }
          return alias;
        });
  }

  /** A year, a month or a day. */
  static String date(Node node) {
    String date = Scalars.text(node);
    if (!DATE.matcher(date).matches()) {
      throw node.problem("expected a date such as \"2025-06\"").exception();
    }
    return date;
  }

  static MemoryKind memoryKind(MappingReader tier) {
    return tier.choice("kind", MEMORY_KINDS);
  }

  static LinkKind linkKind(MappingReader link) {
    return link.choice("kind", LINK_KINDS);
  }

  /** A torus may say over how many dimensions it extends. */
  static int dimensions(SourcedReader link, LinkKind kind) {
    if (kind != LinkKind.TORUS && link.fields().has("dimensions")) {
      throw link.fields().invalid("dimensions", "only a torus has dimensions");
    }
    return link.optionalFigure("dimensions", count(1, MOST_DIMENSIONS)).orElse(1);
  }

  /**
   * What the chips of a node share beside themselves: {@code {link_bandwidth, memory: {capacity,
   * bandwidth}, nvme: {capacity, read_bandwidth, write_bandwidth}}}, any of them left out.
   */
  static Host host(SourcedReader host) {
    List<SharedMemory> memories = new ArrayList<>();
    host.optionalSection("memory")
        .ifPresent(memory -> {
          BytesPerSecond bandwidth = memory.figure("bandwidth", bandwidth());
          memories.add(
              new SharedMemory(
                  SharedMemory.HOST, memory.figure("capacity", capacity()), bandwidth, bandwidth));
        });
    host.optionalSection("nvme")
        .ifPresent(drives ->
            memories.add(
                new SharedMemory(
                    SharedMemory.NVME,
                    drives.figure("capacity", capacity()),
                    drives.figure("read_bandwidth", bandwidth()),
                    drives.figure("write_bandwidth", bandwidth()))));
    return new Host(host.optionalFigure("link_bandwidth", bandwidth()), memories);
  }

  /** A price with where and when it was found. */
  static Optional<Price> price(SourcedReader fields) {
    Optional<UsdPerHour> perDevice = fields.optionalFigure("price", of(UsdPerHour::parse), "date");
    return perDevice.map(usd -> {
      Node node = fields.fields().node("price");
      Optional<String> date =
          node instanceof MappingNode parts
              ? MappingReader.of(parts).optionalNode("date").map(Terms::date)
              : Optional.empty();
      String source = fields.figureOf("price").map(Figure::source).orElse("");
      return new Price(usd, date.orElse(""), source);
    });
  }

  static Function<Node, Integer> count(int least, int most) {
    return node -> (int) Scalars.integer(node, least, most);
  }

  static Function<Node, BytesPerSecond> bandwidth() {
    return positive(BytesPerSecond::parse);
  }

  static Function<Node, Bytes> capacity() {
    return positive(Bytes::parse);
  }

  static Function<Node, FlopsPerSecond> peak() {
    return positive(FlopsPerSecond::parse);
  }

  static Function<Node, Hertz> clock() {
    return positive(Hertz::parse);
  }

  static Function<Node, Watts> limit() {
    return positive(Watts::parse);
  }

  static Function<Node, Watts> draw() {
    return of(Watts::parse);
  }

  static Function<Node, Seconds> latency() {
    return of(Seconds::parse);
  }

  static Function<Node, JoulesPerByte> byteEnergy() {
    return of(JoulesPerByte::parse);
  }

  static Function<Node, JoulesPerFlop> flopEnergy() {
    return of(JoulesPerFlop::parse);
  }

  private static <Q extends Quantity> Function<Node, Q> of(Function<String, Q> parser) {
    return node -> Scalars.quantity(node, parser);
  }

  private static <Q extends Quantity> Function<Node, Q> positive(Function<String, Q> parser) {
    return node -> Scalars.positiveQuantity(node, parser);
  }
}
