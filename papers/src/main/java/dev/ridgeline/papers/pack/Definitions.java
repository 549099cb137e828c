package dev.ridgeline.papers.pack;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What expressions can name beside the columns of a row.
 *
 * <pre>{@code
 * quantities: {host_link: {value: 32 GB/s, source: paper}}
 * scenarios:
 *   expert: {workload: {model: llama-2-7b, input_tokens: 128, output_tokens: 20}, platform: sn40l-8}
 *   fast: {like: expert, deployment: {tp: 8}}        # the rest as in expert
 * serving:                                             # runs of the serving simulator
 *   busy: {traffic: ..., replicas: {scenario: expert, scheduler: vllm-v1}}
 * let: {weights: expert.memory.weights_bytes}
 * }</pre>
 *
 * @param quantities figures of the paper that no scenario holds
 * @param scenarios questions to the estimator, in the one file form of scenarios
 * @param serving runs of the serving simulator, in the form that docs/paper-packs.md states
 * @param let intermediate results
 */
public record Definitions(
    Map<String, NamedQuantity> quantities,
    Map<String, ScenarioSpec> scenarios,
    Map<String, ScenarioSpec> serving,
    Map<String, Formula> let) {

  /** Copies the maps, keeping their order. */
  public Definitions {
    quantities = Collections.unmodifiableMap(new LinkedHashMap<>(quantities));
    scenarios = Collections.unmodifiableMap(new LinkedHashMap<>(scenarios));
    serving = Collections.unmodifiableMap(new LinkedHashMap<>(serving));
    let = Collections.unmodifiableMap(new LinkedHashMap<>(let));
  }

  /**
   * A figure taken from a source.
   *
   * @param formula the figure
   * @param source where it was read, or why it is assumed
   */
  public record NamedQuantity(Formula formula, String source) {}

  /** Reads the fields of {@code reader} and adds them to what is defined around it. */
  static Definitions read(MappingReader reader, Definitions around) {
    Map<String, NamedQuantity> quantities = new LinkedHashMap<>(around.quantities);
    Map<String, ScenarioSpec> scenarios = new LinkedHashMap<>(around.scenarios);
    Map<String, ScenarioSpec> serving = new LinkedHashMap<>(around.serving);
    Map<String, Formula> let = new LinkedHashMap<>(around.let);
    Set<String> taken = new LinkedHashSet<>(around.names());
    reader
        .optionalMappingTable("quantities")
        .forEach((name, entry) -> {
          claim(name, entry.mapping(), taken);
          quantities.put(
              name, new NamedQuantity(Formula.read(entry.node("value")), entry.text("source")));
        });
    reader
        .optionalTable("scenarios", node -> node)
        .forEach((name, node) -> {
          claim(name, node, taken);
          scenarios.put(name, scenario(node, scenarios));
        });
    reader
        .optionalTable("serving", node -> node)
        .forEach((name, node) -> {
          claim(name, node, taken);
          serving.put(name, scenario(node, serving));
        });
    reader
        .optionalTable("let", node -> node)
        .forEach((name, node) -> {
          claim(name, node, taken);
          let.put(name, Formula.read(node));
        });
    return new Definitions(quantities, scenarios, serving, let);
  }

  /** Nothing defined. */
  static Definitions none() {
    return new Definitions(Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** Everything that has a name. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(quantities.keySet());
    names.addAll(scenarios.keySet());
    names.addAll(serving.keySet());
    names.addAll(let.keySet());
    return names;
  }

  private static void claim(String name, Node place, Set<String> taken) {
    if (!taken.add(Terms.word(place, name))) {
      throw place.problem("this name is taken already").withValue(name).exception();
    }
  }

  private static ScenarioSpec scenario(Node node, Map<String, ScenarioSpec> earlier) {
    MappingNode written = MappingReader.of(node).mapping();
    Map<String, MappingNode.Field> fields = new LinkedHashMap<>(written.fields());
    MappingNode.Field like = fields.remove("like");
    ScenarioSpec own =
        new ScenarioSpec(new MappingNode(written.location(), written.path(), fields));
    if (like == null) {
      return own;
    }
    String name = Scalars.text(like.value());
    ScenarioSpec base = earlier.get(name);
    if (base == null) {
      throw like.value()
          .problem("no scenario of that name stands before this one")
          .withNearest(name, earlier.keySet())
          .exception();
    }
    return own.over(base);
  }
}
