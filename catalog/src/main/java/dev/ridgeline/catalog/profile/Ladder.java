package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.kernel.Band;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From whom constants may be borrowed, and how much less they are trusted then.
 *
 * @param version what borrowing from another release of the engine costs
 * @param engine from another engine
 * @param sibling from another chip of the architecture
 * @param generation from a chip of a near architecture
 * @param any from no chip in particular
 * @param format from a kernel that stores or multiplies in another format
 * @param unmeasuredStretch factor on what a kernel borrowed by a chip of a kind that was measured
 *     nowhere says, once a particular engine runs it; at least 1
 * @param heldAgainstRuns architectures of which no kernel was measured, but whole runs that
 *     borrowed constants are held against
 * @param generations near architectures by architecture, nearest first
 * @param defaultsFirst variants by operator, for which constants of no chip in particular are
 *     nearer than those of a near architecture
 * @param formatsFirst variants by operator, for which constants of another format on the chip's
 *     architecture are nearer than those of a near architecture
 * @param boxes what constants that say how a box is built are where nobody measured it, by name
 */
record Ladder(
    Rung version,
    Rung engine,
    Rung sibling,
    Rung generation,
    Rung any,
    Rung format,
    double unmeasuredStretch,
    List<String> heldAgainstRuns,
    Map<String, List<String>> generations,
    Map<String, List<String>> defaultsFirst,
    Map<String, List<String>> formatsFirst,
    Map<String, Range> boxes) {
  private static final String ALL = "all";
  private static final double WIDEST = 10;

  Ladder {
    heldAgainstRuns = List.copyOf(heldAgainstRuns);
    generations = Map.copyOf(generations);
    defaultsFirst = Map.copyOf(defaultsFirst);
    formatsFirst = Map.copyOf(formatsFirst);
    boxes = Map.copyOf(boxes);
  }

  /**
   * A constant of a box that was not measured.
   *
   * @param worst one box in ten has less
   * @param typical at least {@code worst}
   * @param best one box in ten has more; at least {@code typical}
   */
  record Range(double worst, double typical, double best) {}

  /**
   * What a loan costs, by operator.
   *
   * @param spreads factors of at least 1, with one for {@value #ALL} others
   */
  record Rung(Map<String, Double> spreads) {
    Rung {
      spreads = Map.copyOf(spreads);
    }

    Spread of(String operator) {
      double factor = spreads.getOrDefault(operator, spreads.getOrDefault(ALL, 1.0));
      return new Spread(Math.log(factor));
    }
  }

  /**
   * How far off a loan may be, as the logarithm of a factor. Errors of independent causes add as
   * squares: where a band ends at {@code f} times the prediction, it ends at {@code exp(hypot(ln f,
   * spread))} times it once the constants are borrowed. Bands of chips that were left out are met
   * more evenly so than by a factor on the logarithm.
   */
  record Spread(double logarithm) {
    static final Spread NONE = new Spread(0);

    Spread and(Spread other) {
      return new Spread(Math.hypot(logarithm, other.logarithm));
    }

    Band widen(Band band) {
      return new Band(
          Math.exp(-Math.hypot(Math.log(band.low()), logarithm)),
          Math.exp(Math.hypot(Math.log(band.high()), logarithm)));
    }
  }

  static Ladder read(MappingNode document) {
    MappingReader fields = MappingReader.of(document);
    fields.integer("schema_version", 1, 1);
    MappingReader spread = fields.mapping("spread");
    var ladder =
        new Ladder(
            rung(spread, "version"),
            rung(spread, "engine"),
            rung(spread, "sibling"),
            rung(spread, "generation"),
            rung(spread, "default"),
            rung(spread, "format"),
            fields.number("unmeasured_stretch", 1, WIDEST),
            fields.list("held_against_runs", Scalars::text),
            fields.table("generations", Ladder::names),
            fields.table("defaults_first", Ladder::names),
            fields.table("formats_first", Ladder::names),
            ranges(fields));
    fields.finish();
    return ladder;
  }

  private static Map<String, Range> ranges(MappingReader fields) {
    Map<String, Range> ranges = new HashMap<>();
    fields
        .mappingTable("boxes")
        .forEach((name, range) -> {
          double typical = range.number("typical", 0, WIDEST);
          ranges.put(
              name,
              new Range(
                  range.number("worst", 0, typical),
                  typical,
                  range.number("best", typical, WIDEST)));
        });
    return ranges;
  }

  private static List<String> names(Node node) {
    return node instanceof SequenceNode list
        ? list.items().stream().map(Scalars::text).toList()
        : List.of(Scalars.text(node));
  }

  private static Rung rung(MappingReader spread, String name) {
    Map<String, Double> spreads = spread.table(name, node -> Scalars.number(node, 1, WIDEST));
    if (!spreads.containsKey(ALL)) {
      throw spread.invalid(name, "must say what holds for all other operators: " + ALL);
    }
    return new Rung(spreads);
  }

  /** Whether constants of no chip in particular come before those of a near architecture. */
  boolean defaultsFirst(String operator, String variant) {
    return defaultsFirst.getOrDefault(operator, List.of()).contains(variant);
  }

  /** Whether another format of the chip's architecture comes before a near architecture. */
  boolean formatsFirst(String operator, String variant) {
    return formatsFirst.getOrDefault(operator, List.of()).contains(variant);
  }

  /** How far apart two architectures are; negative where nothing is to be borrowed. */
  int steps(String from, String to) {
    return from.equals(to) ? 0 : 1 + generations.getOrDefault(from, List.of()).indexOf(to);
  }
}
