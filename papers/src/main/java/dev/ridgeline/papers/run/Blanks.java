package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.papers.pack.Formula;
import dev.ridgeline.papers.pack.Table.Cell;
import dev.ridgeline.papers.pack.Table.Row;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.Unit;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Fills the blanks of a scenario: a value written <code>${kv_tokens - 1}</code> becomes the value
 * of the expression, one written <code>${shape}</code> the word in that column of the row.
 */
final class Blanks {
  private static final String OPEN = "${";
  private static final String CLOSE = "}";

  private final Row row;
  private final Function<String, Amount> names;

  private Blanks(Row row, Function<String, Amount> names) {
    this.row = row;
    this.names = names;
  }

  static ScenarioSpec filled(ScenarioSpec spec, Row row, Function<String, Amount> names) {
    return new ScenarioSpec(new Blanks(row, names).filled(spec.document()));
  }

  private MappingNode filled(MappingNode mapping) {
    Map<String, MappingNode.Field> fields = new LinkedHashMap<>();
    mapping
        .fields()
        .forEach((name, field) ->
            fields.put(name, new MappingNode.Field(name, field.location(), filled(field.value()))));
    return new MappingNode(mapping.location(), mapping.path(), fields);
  }

  private Node filled(Node node) {
    return switch (node) {
      case MappingNode mapping -> filled(mapping);
      case SequenceNode sequence ->
          new SequenceNode(
              sequence.location(),
              sequence.path(),
              sequence.items().stream().map(this::filled).toList());
      case ScalarNode scalar -> filled(scalar);
    };
  }

  private ScalarNode filled(ScalarNode scalar) {
    String text = scalar.text();
    if (!text.startsWith(OPEN) || !text.endsWith(CLOSE)) {
      return scalar;
    }
    String inner = text.substring(OPEN.length(), text.length() - CLOSE.length()).strip();
    if (row.cells().get(inner) instanceof Cell.Word(String word)) {
      return new ScalarNode(scalar.location(), scalar.path(), word, ScalarNode.Kind.STRING);
    }
    ScalarNode written =
        new ScalarNode(scalar.location(), scalar.path(), inner, ScalarNode.Kind.STRING);
    Amount value = Formula.read(written).value(names);
    String number = BigDecimal.valueOf(value.value()).stripTrailingZeros().toPlainString();
    boolean plain = value.unit().equals(Unit.NONE);
    return new ScalarNode(
        scalar.location(),
        scalar.path(),
        plain ? number : number + " " + value.unit(),
        plain ? ScalarNode.Kind.NUMBER : ScalarNode.Kind.STRING);
  }
}
