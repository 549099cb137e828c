package dev.ridgeline.catalog.engines;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.profile.Release;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.catalog.sourced.Citations;
import dev.ridgeline.catalog.sourced.Figure;
import dev.ridgeline.catalog.sourced.SourcedReader;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Finds engines by name. */
public final class Engines {
  /** The engine that stands for no engine in particular. */
  public static final String DEFAULT = "generic";

  private static final double LEAST_UTILIZATION = 0.01;
  private static final int LARGEST_BLOCK = 1 << 20;

  private Engines() {}

  /**
   * The engine of a name such as {@code vllm}, or of a name and release, {@code vllm@0.10.2}. Its
   * memory is described as of one release; another is taken for it, which a note says.
   */
  public static Engine named(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    Engine engine = read(Shelf.ENGINES.names().require(name.strip()));
    String release = at < 0 ? engine.version() : text.substring(at + 1).strip();
    if (release.equals(engine.version())) {
      return engine;
    }
    if (engine.name().equals(DEFAULT) || Release.parse(release).numbers().isEmpty()) {
      String known = engine.name() + "@" + engine.version();
      throw Problem.of("%s has no such release".formatted(engine.name()))
          .withValue(text)
          .withAllowed(List.of(known))
          .withSuggestions(List.of(known))
          .exception();
    }
    List<String> notes = new ArrayList<>(engine.notes());
    notes.add("Memory is that of release %s.".formatted(engine.version()));
    return new Engine(
        engine.name(),
        release,
        engine.title(),
        engine.memoryUtilization(),
        engine.reserve(),
        engine.blockTokens(),
        engine.overheads(),
        engine.source(),
        notes);
  }

  private static Engine read(String name) {
    try (InputStream in = Shelf.ENGINES.open(name)) {
      return read(Documents.read(Shelf.ENGINES.fileOf(name), in));
    } catch (IOException e) {
      throw new UncheckedIOException(Shelf.ENGINES.fileOf(name), e);
    }
  }

  /** Reads the description of an engine. */
  static Engine read(MappingNode document) {
    SourcedReader reader = SourcedReader.of(document, Citations.none().and(document));
    MappingReader fields = reader.fields();
    fields.integer("schema_version", 1, 1);
    fields.optionalList("aliases", Scalars::text);
    double utilization =
        reader.figure("memory_utilization", node -> Scalars.number(node, LEAST_UTILIZATION, 1));
    Engine engine =
        new Engine(
            fields.text("name"),
            fields.text("version"),
            fields.text("title"),
            utilization,
            reader.figure("reserve", node -> Scalars.quantity(node, Bytes::parse)),
            reader.figure("block_tokens", node -> (int) Scalars.integer(node, 1, LARGEST_BLOCK)),
            EngineOverheads.NONE,
            reader.figureOf("memory_utilization").map(Figure::source).orElse(""),
            fields.optionalList("notes", Scalars::text));
    reader.finish();
    return engine;
  }
}
