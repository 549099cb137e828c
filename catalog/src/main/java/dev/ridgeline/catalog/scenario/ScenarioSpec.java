package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.catalog.document.FieldPath;
import dev.ridgeline.catalog.document.Location;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Overlay;
import dev.ridgeline.catalog.document.ScalarNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scenario as written: names are not looked up yet, and any field may be missing.
 *
 * <pre>{@code
 * schema_version: 1
 * workload: {model: llama-3.1-70b, use_case: chat}  # or input_tokens, output_tokens, beams;
 *                                                   # a model may be {parameters: 10T, ...}
 * platform: 8xh100-sxm                              # a name, a path, or a platform written out
 * deployment: {tp: 8, pp: 1, precision: fp8}        # also ep, dp, cp, attention_dp, weights,
 *                                                   # activations, kv, communication,
 *                                                   # weights_tier, kv_tier, offload_weights,
 *                                                   # offload_kv, prefetch, kv_keep, kv_read,
 *                                                   # kv_rank, routing_skew
 * engine: vllm                                      # name or name@version
 * traffic: {batch: 1}                               # or {concurrency: 64}; also chunk, the most
 *                                                   # tokens of a step
 * speculation: {tokens: 4, acceptance: 0.8}         # also candidates, draft, draft_layers,
 *                                                   # draft_platform, draft_precision, draft_tp
 * objectives: {ttft: 200 ms, tpot: 10 ms}
 * price: 2.50 USD/h                                 # of one device
 * tier: ideal                                       # floor, ideal or kernel
 * }</pre>
 *
 * <p>Every value knows the file and line, or the option, it was written in, so that whatever is
 * wrong with it can be said there.
 *
 * @param document the fields
 */
public record ScenarioSpec(MappingNode document) {
  /** The version of the form. */
  public static final int VERSION = 1;

  /** Reads a file. Paths in it are relative to its folder. */
  public static ScenarioSpec read(Path file) {
    MappingNode document = Documents.read(file);
    requireVersion(document);
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
    return new ScenarioSpec(new RelativePaths(folder).resolved(document));
  }

  /** Reads a text; {@code name} stands in messages. */
  public static ScenarioSpec read(String name, String text) {
    MappingNode document = Documents.read(name, text);
    requireVersion(document);
    return new ScenarioSpec(document);
  }

  /** A scenario that says nothing yet. */
  public static ScenarioSpec empty() {
    return new ScenarioSpec(
        new MappingNode(new Location("options", 1, 1), FieldPath.top(), Map.of()));
  }

  private static void requireVersion(MappingNode document) {
    MappingReader.of(document).integer("schema_version", VERSION, VERSION);
  }

  /**
   * This scenario with {@code text} in one field.
   *
   * @param section such as {@code deployment}; empty text for a field at the top
   * @param field such as {@code tp}
   * @param origin what to name in messages, such as {@code --tp}
   * @param kind what the text is
   */
  public ScenarioSpec with(
      String section, String field, String origin, String text, ScalarNode.Kind kind) {
    List<String> path = section.isEmpty() ? List.of(field) : List.of(section, field);
    return with(path, origin, text, kind);
  }

  /** As {@link #with(String, String, String, String, ScalarNode.Kind)}, at any depth. */
  public ScenarioSpec with(List<String> path, String origin, String text, ScalarNode.Kind kind) {
    return new ScenarioSpec(with(document, path, new Location(origin, 1, 1), text, kind));
  }

  private static MappingNode with(
      MappingNode into, List<String> path, Location location, String text, ScalarNode.Kind kind) {
    String name = path.getFirst();
    FieldPath at = into.path().field(name);
    if (path.size() == 1) {
      return put(into, name, location, new ScalarNode(location, at, text, kind));
    }
    MappingNode inner =
        into.field(name).map(MappingNode.Field::value).orElse(null) instanceof MappingNode mapping
            ? mapping
            : new MappingNode(location, at, Map.of());
    return put(
        into, name, location, with(inner, path.subList(1, path.size()), location, text, kind));
  }

  /**
   * This scenario without a field, such as one that a file says and an option puts out of force.
   */
  public ScenarioSpec without(String section, String field) {
    return new ScenarioSpec(without(document, section, field));
  }

  private static MappingNode put(MappingNode into, String name, Location location, Node value) {
    Map<String, MappingNode.Field> fields = new LinkedHashMap<>(into.fields());
    fields.put(name, new MappingNode.Field(name, location, value));
    return new MappingNode(into.location(), into.path(), fields);
  }

  /**
   * This scenario, with what it leaves open taken from {@code base}.
   *
   * <p>A field that sets several others replaces all of them: a use case here puts the lengths,
   * beams and objectives of {@code base} out of force, a precision its formats, a platform its
   * price, a batch its concurrency and the other way round.
   */
  public ScenarioSpec over(ScenarioSpec base) {
    MappingNode kept = base.document;
    if (says("workload", "use_case")) {
      kept = without(kept, "workload", "input_tokens", "output_tokens", "beams");
      kept = without(kept, "", "objectives");
    }
    if (says("workload", "model")) {
      kept = without(kept, "workload", "model");
    }
    if (says("deployment", "precision")) {
      kept = without(kept, "deployment", "precision", "weights", "activations", "kv");
    }
    if (says("speculation", "draft")) {
      kept = without(kept, "speculation", "draft_layers", "draft_platform", "draft_tp");
    }
    if (says("", "platform")) {
      kept = without(kept, "", "platform", "price");
    }
    if (says("traffic", "batch") || says("traffic", "concurrency")) {
      kept = without(kept, "traffic", "batch", "concurrency");
    }
    return new ScenarioSpec(Overlay.apply(kept, document));
  }

  /** Whether a field is written. */
  public boolean says(String section, String field) {
    if (section.isEmpty()) {
      return document.field(field).isPresent();
    }
    return document.field(section).map(MappingNode.Field::value).orElse(null)
            instanceof MappingNode mapping
        && mapping.field(field).isPresent();
  }

  /** The text of a field, where it is one. */
  public Optional<String> text(String section, String field) {
    MappingNode at =
        section.isEmpty()
            ? document
            : document.field(section).map(MappingNode.Field::value).orElse(null)
                    instanceof MappingNode mapping
                ? mapping
                : empty().document;
    return at.field(field).map(MappingNode.Field::value).orElse(null) instanceof ScalarNode scalar
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static MappingNode without(MappingNode from, String section, String... names) {
    if (section.isEmpty()) {
      Map<String, MappingNode.Field> fields = new LinkedHashMap<>(from.fields());
      for (String name : names) {
        fields.remove(name);
      }
      return new MappingNode(from.location(), from.path(), fields);
    }
    Optional<MappingNode.Field> field = from.field(section);
    if (field.isPresent() && field.get().value() instanceof MappingNode inner) {
      return put(from, section, field.get().location(), without(inner, "", names));
    }
    return from;
  }
}
