package dev.ridgeline.catalog.hardware;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.shelf.LocalFiles;
import dev.ridgeline.catalog.shelf.NameList;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.catalog.sourced.Citations;
import dev.ridgeline.platform.ChipSet;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Finds chips and platforms by name or file. Remembers the shipped ones it has read. */
public final class Hardware {
  private final LocalFiles files;
  private final Descriptions descriptions;
  private final ConcurrentMap<String, ChipSheet> chips = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, PlatformSheet> platforms = new ConcurrentHashMap<>();

  /** Hardware of the shipped catalog, and of files as far as these may be read. */
  public Hardware(LocalFiles files) {
    this.files = files;
    this.descriptions = new Descriptions(files);
  }

  /** The chip of that name, or in that file. */
  public ChipSheet chip(String nameOrFile) {
    String text = nameOrFile.strip();
    return knownChip(text).orElseThrow(() -> unknownChip(text).exception());
  }

  /** A chip of the catalog or in a file; a name that can only be a file must be one. */
  private Optional<ChipSheet> knownChip(String text) {
    Optional<Path> path = files.existing(text);
    if (path.isPresent()) {
      return Optional.of(chip(descriptions.file(path.get())));
    }
    if (files.isCertainlyPath(text)) {
      throw files.noSuchFile(text).exception();
    }
    return Shelf.CHIPS.find(text).map(this::shippedChip);
  }

  private ChipSheet shippedChip(String name) {
    return chips.computeIfAbsent(
        name, _ -> ChipReader.read(descriptions.shipped(Shelf.CHIPS, name)));
  }

  private static ChipSheet chip(Description description) {
    if (description.isPlatform()) {
      throw description
          .fields()
          .problem("describes a platform (it has the field \"chip\"), where a chip is wanted")
          .exception();
    }
    return ChipReader.read(description);
  }

  private static Problem unknownChip(String text) {
    Optional<String> platform = Shelf.PLATFORMS.find(text);
    return platform.isPresent()
        ? Problem.of("%s is a platform; a chip is wanted".formatted(platform.get()))
            .withValue(text)
            .withAllowed(Shelf.CHIPS.all())
        : Shelf.CHIPS.names().unknown(text);
  }

  /**
   * The platform that a text means: a name of the catalog, a chip ({@code h100-sxm}), chips of one
   * node ({@code 8xh100-sxm}), nodes of chips ({@code 4x8xh100-sxm}), or a file of a platform or of
   * a chip, the latter also with counts ({@code 8xmy-chip.yaml}).
   */
  public PlatformSheet platform(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw Problem.of("expected a platform, found nothing").exception();
    }
    Optional<Path> path = files.existing(stripped);
    if (path.isPresent()) {
      return platform(path.get());
    }
    Optional<String> shipped = Shelf.PLATFORMS.find(stripped);
    if (shipped.isPresent()) {
      return platforms.computeIfAbsent(
          shipped.get(), name -> platform(descriptions.shipped(Shelf.PLATFORMS, name)));
    }
    PlatformName name = PlatformName.parse(stripped);
    ChipSheet chip = knownChip(name.chip()).orElseThrow(() -> unknown(stripped, name));
    return joined(name, chip);
  }

  /** A platform written out inside another file, such as a scenario. */
  public PlatformSheet platform(MappingNode description) {
    Path folder = Descriptions.folderOf(description.location().file());
    return either(descriptions.embedded(description, Citations.none().and(description), folder));
  }

  private PlatformSheet platform(Path path) {
    return either(descriptions.file(path));
  }

  private PlatformSheet either(Description description) {
    if (description.isPlatform()) {
      return platform(description);
    }
    if (description.fields().field("compute").isEmpty()
        && description.fields().field("memory").isEmpty()) {
      throw description
          .fields()
          .problem(
              "describes neither a platform, which has the field \"chip\", nor a chip, which has"
                  + " \"compute\" and \"memory\" or derives from another with \"from\"")
          .exception();
    }
    return joined(PlatformName.ONE, ChipReader.read(description));
  }

  private PlatformSheet platform(Description description) {
    return PlatformReader.read(description, node -> chipOf(description, node));
  }

  private ChipSheet chipOf(Description description, Node node) {
    if (node instanceof MappingNode mapping) {
      return chip(descriptions.embedded(mapping, description.citations(), description.folder()));
    }
    String text = Scalars.text(node);
    Optional<String> shipped = Shelf.CHIPS.find(text);
    if (shipped.isPresent() && !files.isCertainlyPath(text)) {
      return shippedChip(shipped.get());
    }
    try {
      return chip(files.beside(description.folder(), text));
    } catch (InputException refused) {
      throw refused.problem().line().isPresent() ? refused : node.refusal(refused, text);
    }
  }

  private static PlatformSheet joined(PlatformName name, ChipSheet chip) {
    Platform platform =
        ChipSet.of(name.of(chip.chip().name()), name.nodes(), name.chipsPerNode(), chip.chip());
    String count = platform.chips() > 1 ? platform.chips() + " x " : "";
    return new PlatformSheet(
        platform,
        count + chip.chip().title(),
        chip,
        new LinkedHashMap<>(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static InputException unknown(String text, PlatformName name) {
    Optional<String> counted = Shelf.PLATFORMS.find(name.chip());
    if (counted.isPresent()) {
      return Problem.of(
              "%s is a platform of many chips already; a count goes before a chip"
                  .formatted(counted.get()))
          .withValue(text)
          .withSuggestions(List.of(counted.get()))
          .exception();
    }
    NameList chips = Shelf.CHIPS.names();
    if (name.counted()) {
      Problem problem = chips.unknown(name.chip());
      return problem
          .withSuggestions(problem.suggestions().stream().map(name::of).toList())
          .exception();
    }
    String turned = PlatformName.turned(text);
    Optional<String> chip =
        turned.equals(text) ? Optional.empty() : chips.find(PlatformName.parse(turned).chip());
    return chip.map(known ->
            Problem.of("a count goes before the chip")
                .withValue(text)
                .withSuggestions(List.of(PlatformName.parse(turned).of(known))))
        .orElseGet(() -> Shelf.PLATFORMS.names().and(chips).unknown(text))
        .exception();
  }
}
