package dev.ridgeline.catalog.shelf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One folder of the shipped catalog. Which files it holds stands in its file {@code names.txt}:
 * listing the entries of a jar, or reading all files to learn their aliases, would take longer than
 * most questions.
 */
public final class Shelf {
  private static final String ROOT = "/dev/ridgeline/catalog/";
  private static final String NAMES = "names.txt";
  private static final ConcurrentMap<Shelf, NameList> READ = new ConcurrentHashMap<>();

  /** Chips, as YAML. */
  public static final Shelf CHIPS = new Shelf("chip", "chips", ".yaml");

  /** Platforms, as YAML. */
  public static final Shelf PLATFORMS = new Shelf("platform", "platforms", ".yaml");

  /** Models, as the JSON of Hugging Face. */
  public static final Shelf MODELS = new Shelf("model", "models", ".json");

  /** Engines, as YAML. */
  public static final Shelf ENGINES = new Shelf("engine", "engines", ".yaml");

  /** Fitted constants, as YAML. */
  public static final Shelf PROFILES = new Shelf("profile", "profiles", ".yaml");

  private final String kind;
  private final String folder;
  private final String extension;

  private Shelf(String kind, String folder, String extension) {
    this.kind = kind;
    this.folder = folder;
    this.extension = extension;
  }

  /** The names on this shelf. */
  public NameList names() {
    return READ.computeIfAbsent(this, Shelf::readNames);
  }

  private static NameList readNames(Shelf shelf) {
    String file = shelf.label(NAMES);
    try (InputStream in = shelf.resource(NAMES)) {
      return NameList.parse(
          shelf.kind, file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** All names, in order. */
  public List<String> all() {
    return names().names();
  }

  /** The name that {@code typed} means. */
  public Optional<String> find(String typed) {
    return names().find(typed);
  }

  /** The text of the file of a name, exactly as {@link #names()} has it. */
  public InputStream open(String name) {
    return resource(name + extension);
  }

  /** What messages call the file of a name. */
  public String fileOf(String name) {
    return label(name + extension);
  }

  // No path on a disk looks like this, so it cannot be mistaken for a user's own chips/a.yaml.
  private String label(String file) {
    return "catalog:" + folder + "/" + file;
  }

  private InputStream resource(String file) {
    InputStream in = Shelf.class.getResourceAsStream(ROOT + folder + "/" + file);
    if (in == null) {
      throw new IllegalStateException("the catalog lacks " + folder + "/" + file);
    }
    return in;
  }
}
