package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.shelf.LocalFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the paths in a scenario file independent of the folder a command is started in.
 *
 * @param folder the folder of the file
 */
record RelativePaths(Path folder) {
  private static final LocalFiles LOCAL = new LocalFiles(true);

  /** Chips of a file, such as {@code 8xmy-chip.yaml} or {@code 4x8xmy-chip.yaml}. */
  private static final Pattern COUNTED = Pattern.compile("((?:[0-9]{1,9}x){1,2})(.+)");

  private interface Change {
    Node of(Node node);
  }

  /** The same scenario with the paths of its models, platforms and chips resolved. */
  MappingNode resolved(MappingNode scenario) {
    MappingNode withModel =
        changed(scenario, "workload", workload -> field(workload, "model", this::path));
    MappingNode withDraft =
        changed(
            withModel,
            "speculation",
            drafting ->
                field(field(drafting, "draft", this::path), "draft_platform", this::platform));
    return changed(withDraft, "platform", this::platform);
  }

  private Node platform(Node node) {
    return node instanceof MappingNode mapping
        ? changed(mapping, "chip", chip -> field(path(chip), "from", this::path))
        : countedPath(node);
  }

  private static Node field(Node node, String name, Change change) {
    return node instanceof MappingNode mapping ? changed(mapping, name, change) : node;
  }

  private static MappingNode changed(MappingNode mapping, String name, Change change) {
    MappingNode.Field old = mapping.fields().get(name);
    if (old == null) {
      return mapping;
    }
    Map<String, MappingNode.Field> fields = new LinkedHashMap<>(mapping.fields());
    fields.put(name, new MappingNode.Field(name, old.location(), change.of(old.value())));
    return new MappingNode(mapping.location(), mapping.path(), fields);
  }

  private Node countedPath(Node node) {
    if (node instanceof ScalarNode scalar && !exists(scalar.text())) {
      Matcher counted = COUNTED.matcher(scalar.text());
      if (counted.matches()) {
        return withText(scalar, counted.group(1) + resolved(counted.group(2)));
      }
    }
    return path(node);
  }

  private Node path(Node node) {
    return node instanceof ScalarNode scalar ? withText(scalar, resolved(scalar.text())) : node;
  }

  private static ScalarNode withText(ScalarNode scalar, String text) {
    return new ScalarNode(scalar.location(), scalar.path(), text, scalar.kind());
  }

  /** Names may hold a slash ({@code org/model}), so what could be either must exist as a file. */
  private String resolved(String text) {
    try {
      return LOCAL.isCertainlyPath(text) || (text.contains("/") && exists(text))
          ? folder.resolve(text).normalize().toString()
          : text;
    } catch (InvalidPathException notAPath) {
      return text;
    }
  }

  private boolean exists(String text) {
    try {
      return Files.exists(folder.resolve(text));
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }
}
