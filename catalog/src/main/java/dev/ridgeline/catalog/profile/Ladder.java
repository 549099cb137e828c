package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.document.SequenceNode;
import java.util.List;
import java.util.Map;

/**
 * From whom constants may be borrowed, and how much less they are trusted then.
 *
 * @param version factor on a band's logarithms for another release of the engine
 * @param engine for another engine
 * @param sibling for another chip of the architecture
 * @param generation for a chip of a near architecture
 * @param any for constants of no chip in particular
 * @param generations near architectures by architecture, nearest first
 */
record Ladder(
    double version,
    double engine,
    double sibling,
    double generation,
    double any,
    Map<String, List<String>> generations) {
  private static final double WIDEST = 10;

  Ladder {
    generations = Map.copyOf(generations);
  }

  static Ladder read(MappingNode document) {
    MappingReader fields = MappingReader.of(document);
    fields.integer("schema_version", 1, 1);
    MappingReader widening = fields.mapping("widening");
    var ladder =
        new Ladder(
            widening.number("version", 1, WIDEST),
            widening.number("engine", 1, WIDEST),
            widening.number("sibling", 1, WIDEST),
            widening.number("generation", 1, WIDEST),
            widening.number("default", 1, WIDEST),
            fields.table(
                "generations",
                node ->
                    node instanceof SequenceNode list
                        ? list.items().stream().map(Scalars::text).toList()
                        : List.of(Scalars.text(node))));
    fields.finish();
    return ladder;
  }

  /** How far apart two architectures are; negative where nothing is to be borrowed. */
  int steps(String from, String to) {
    return from.equals(to) ? 0 : 1 + generations.getOrDefault(from, List.of()).indexOf(to);
  }
}
