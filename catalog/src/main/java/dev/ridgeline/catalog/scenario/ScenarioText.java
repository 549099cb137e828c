package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.Optional;

/**
 * Writes resolved scenarios in the file form, every default spelled out. Reading the text again
 * gives the same scenario.
 */
public final class ScenarioText {
  private final StringBuilder text = new StringBuilder();

  private ScenarioText() {}

  /** The scenario as YAML. */
  public static String yaml(ResolvedScenario resolved) {
    ScenarioText writer = new ScenarioText();
    writer.write(resolved);
    return writer.text.toString();
  }

  private void write(ResolvedScenario resolved) {
    Scenario scenario = resolved.scenario();
    Traffic traffic = scenario.traffic();
    line("schema_version: " + ScenarioSpec.VERSION);
    line("workload:");
    entry("model", flow(resolved.model()));
    resolved.useCase().ifPresent(name -> entry("use_case", quoted(name)));
    entry("input_tokens", Long.toString(traffic.inputTokens()));
    entry("output_tokens", Long.toString(traffic.outputTokens()));
    entry("beams", Integer.toString(traffic.beams()));
    line("platform: " + flow(resolved.platform()));
    deployment(scenario.deployment());
    line("engine: " + quoted(resolved.engine()));
    line("traffic:");
    if (traffic.concurrency().isPresent()) {
      entry("concurrency", Integer.toString(traffic.concurrency().getAsInt()));
    } else {
      entry("batch", Integer.toString(traffic.batch()));
    }
    traffic.chunk().ifPresent(tokens -> entry("chunk", Long.toString(tokens)));
    resolved.draft().ifPresent(name -> speculation(scenario.speculation().orElseThrow(), name));
    objectives(scenario.objectives());
    scenario
        .platform()
        .price()
        .ifPresent(price -> {
          line("price:");
          entry("value", price.toExactString());
          if (!scenario.platform().priceSource().isBlank()) {
            entry("source", quoted(scenario.platform().priceSource()));
          }
        });
    line("tier: " + scenario.costModels().getFirst().name());
    resolved.tables().ifPresent(place -> line("tables: " + quoted(place)));
    resolved.profiles().ifPresent(place -> line("profiles: " + quoted(place)));
  }

  private void deployment(Deployment deployment) {
    Parallelism parallelism = deployment.parallelism();
    Precision precision = deployment.precision();
    line("deployment:");
    entry("tp", Integer.toString(parallelism.tensor()));
    entry("pp", Integer.toString(parallelism.pipeline()));
    entry("ep", Integer.toString(parallelism.expert()));
    entry("dp", Integer.toString(parallelism.data()));
    entry("cp", Integer.toString(parallelism.context()));
    entry("attention_dp", Integer.toString(parallelism.attentionData()));
    entry("weights", format(precision.weights()));
    entry("activations", format(precision.activations()));
    entry("kv", format(precision.kv()));
    entry("communication", format(precision.communication()));
    deployment.placement().weights().ifPresent(tier -> entry("weights_tier", quoted(tier)));
    deployment.placement().kv().ifPresent(tier -> entry("kv_tier", quoted(tier)));
    storage(deployment);
    entry("routing_skew", Double.toString(deployment.routingSkew()));
  }

  private void speculation(Speculation drafting, ResolvedScenario.DraftName name) {
    List<Speculation.Position> positions = drafting.positions();
    line("speculation:");
    entry("tokens", Integer.toString(positions.size()));
    entry(
        "acceptance", positions.stream().map(Speculation.Position::acceptance).toList().toString());
    entry(
        "candidates", positions.stream().map(Speculation.Position::candidates).toList().toString());
    entry("draft", name.model().map(ScenarioText::flow).orElse(SpeculationForm.OWN_HEAD));
    if (name.model().isEmpty()) {
      entry("draft_layers", Integer.toString(name.headLayers()));
    }
    name.platform().ifPresent(node -> entry("draft_platform", flow(node)));
    name.precision().ifPresent(format -> entry("draft_precision", format.name()));
    entry("draft_tp", Integer.toString(drafting.deployment().parallelism().tensor()));
  }

  private void storage(Deployment deployment) {
    Placement placement = deployment.placement();
    placement
        .offloadedWeights()
        .ifPresent(part -> entry("offload_weights", quoted(part.toString())));
    placement.offloadedKv().ifPresent(part -> entry("offload_kv", quoted(part.toString())));
    if (placement.offloads()) {
      entry("prefetch", Boolean.toString(placement.prefetch()));
    }
    KvCompression compression = deployment.kvCompression();
    if (!compression.equals(KvCompression.NONE)) {
      entry("kv_keep", Double.toString(compression.keep()));
      entry("kv_read", Double.toString(compression.read()));
      entry("kv_rank", Double.toString(compression.rank()));
    }
  }

  private void objectives(Objectives objectives) {
    if (objectives.ttft().isEmpty() && objectives.tpot().isEmpty()) {
      return;
    }
    line("objectives:");
    objectives.ttft().ifPresent(ttft -> entry("ttft", ttft.toExactString()));
    objectives.tpot().ifPresent(tpot -> entry("tpot", tpot.toExactString()));
  }

  private static String format(Optional<NumberFormat> format) {
    return format.map(NumberFormat::name).orElse(ScenarioForm.CHECKPOINT);
  }

  private void entry(String field, String value) {
    line("  " + field + ": " + value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** A node on one line, as both YAML and JSON read it. */
  private static String flow(Node node) {
    StringBuilder into = new StringBuilder();
    appendFlow(node, into);
    return into.toString();
  }

  private static void appendFlow(Node node, StringBuilder into) {
    switch (node) {
      case ScalarNode scalar ->
          into.append(
              scalar.kind() == ScalarNode.Kind.STRING ? quoted(scalar.text()) : scalar.text());
      case SequenceNode sequence -> {
        into.append('[');
        String between = "";
        for (Node item : sequence.items()) {
          into.append(between);
          appendFlow(item, into);
          between = ", ";
        }
        into.append(']');
      }
      case MappingNode mapping -> {
        into.append('{');
        String between = "";
        for (MappingNode.Field field : mapping.fields().values()) {
          into.append(between).append(quoted(field.name())).append(": ");
          appendFlow(field.value(), into);
          between = ", ";
        }
        into.append('}');
      }
    }
  }

  /** The text bare where YAML cannot mistake it, else in double quotes. */
  static String quoted(String text) {
    boolean plain = !text.isEmpty() && Character.isLetter(text.charAt(0)) && !isWord(text);
    for (int index = 0; plain && index < text.length(); index++) {
      char c = text.charAt(index);
      plain = c < 128 && (Character.isLetterOrDigit(c) || "-_.@/".indexOf(c) >= 0);
    }
    if (plain) {
      return text;
    }
    StringBuilder escaped = new StringBuilder("\"");
    for (int index = 0; index < text.length(); index++) {
      char c = text.charAt(index);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < ' ' || (c >= 127 && c < 160) || c == '\u2028' || c == '\u2029') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.append('"').toString();
  }

  private static boolean isWord(String text) {
    return text.equalsIgnoreCase("true")
        || text.equalsIgnoreCase("false")
        || text.equalsIgnoreCase("null");
  }
}
