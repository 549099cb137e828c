package dev.ridgeline.catalog.engines;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.EngineProfiles;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.catalog.profile.Profiles;
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
import java.util.Optional;

/** Finds engines by name. */
public final class Engines {
  /** The engine that stands for no engine in particular. */
  public static final String DEFAULT = "generic";

  private static final double LEAST_UTILIZATION = 0.01;
  private static final int LARGEST_BLOCK = 1 << 20;

  private Engines() {}

  /**
   * The engine of a name such as {@code vllm}, which means its newest release, or of a name and
   * release, {@code vllm@0.10.2}. Its memory is described as of one release; another is taken for
   * it, which a note says.
   *
   * @param fitted which releases were measured
   */
  public static Engine named(String text, EngineProfiles fitted) {
    EngineName asked = EngineName.parse(text);
    Engine engine = described(asked.name());
    if (engine.name().equals(DEFAULT)) {
      return onlyRelease(engine, asked);
    }
    String release = releases(engine, fitted).meant(asked.version());
    if (release.equals(engine.version())) {
      return engine;
    }
    List<String> notes = new ArrayList<>(engine.notes());
    notes.add("Memory is that of release %s.".formatted(engine.version()));
    return engine.released(release, notes);
  }

  /**
   * The engine of a name, or one of which only somebody's own profiles know: that takes the memory
   * of no engine in particular. A release that own profiles were fitted to is known, too.
   *
   * @throws dev.ridgeline.units.InputException for a name or release that neither knows
   */
  public static Engine named(String text, Profiles fitted) {
    EngineName asked = EngineName.own(text);
    Optional<String> release = fitted.ownRelease(asked);
    if (release.isEmpty() || asked.isKnown() && asked.version().isEmpty()) {
      return named(text, fitted.engines());
    }
    Engine basis = described(asked.isKnown() ? asked.name() : DEFAULT);
    List<String> notes = new ArrayList<>(basis.notes());
    notes.add("Release %s is known from profiles of its own.".formatted(release.get()));
    return asked.isKnown()
        ? basis.released(release.get(), notes)
        : new Engine(
            asked.name(),
            release.get(),
            asked.name(),
            basis.memoryUtilization(),
            basis.reserve(),
            basis.blockTokens(),
            basis.overheads(),
            basis.source(),
            List.of(),
            notes);
  }

  private static Engine onlyRelease(Engine engine, EngineName asked) {
    if (asked.version().isPresent() && !asked.version().get().equals(engine.version())) {
      throw Problem.of("%s has no releases".formatted(engine.name()))
          .withValue(asked.name() + "@" + asked.version().get())
          .withAllowed(List.of(engine.name()))
          .exception();
    }
    return engine;
  }

  /** The releases of an engine that are known. */
  public static EngineReleases releases(String name, EngineProfiles fitted) {
    return releases(described(name), fitted);
  }

  private static EngineReleases releases(Engine described, EngineProfiles fitted) {
    return fitted.releases(described.name(), described.version());
  }

  /** The engine without regard to releases: its memory and the chips it runs on. */
  public static Engine described(String name) {
    return read(Shelf.ENGINES.names().require(name));
  }

  private static Engine read(String name) {
    try (InputStream in = Shelf.ENGINES.open(name)) {
      return read(Documents.read(Shelf.ENGINES.fileOf(name), in));
    } catch (IOException e) {
      throw new UncheckedIOException(Shelf.ENGINES.fileOf(name), e);
    }
  }

  private static List<String> texts(Node node) {
    return node instanceof SequenceNode list
        ? list.items().stream().map(Scalars::text).toList()
        : List.of(Scalars.text(node));
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
            reader.optionalFigure("runs_on", Engines::texts).orElse(List.of()),
            fields.optionalList("notes", Scalars::text));
    reader.finish();
    return engine;
  }
}
