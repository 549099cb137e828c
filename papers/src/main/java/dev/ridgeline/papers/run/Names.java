package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.papers.pack.Definitions;
import dev.ridgeline.papers.pack.Definitions.NamedQuantity;
import dev.ridgeline.papers.pack.Formula;
import dev.ridgeline.papers.pack.Table.Cell;
import dev.ridgeline.papers.pack.Table.Row;
import dev.ridgeline.units.Suggestion;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.ExpressionException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What names stand for in one run of an experiment, computed when first asked for. */
final class Names implements Function<String, Amount> {
  private final Questions questions;
  private final Definitions definitions;
  private final Row row;
  private final Map<String, ScenarioFigures> scenarios = new HashMap<>();
  private final Map<String, Amount> known = new HashMap<>();
  private final Set<String> underWay = new LinkedHashSet<>();

  Names(Questions questions, Definitions definitions, Row row) {
    this.questions = questions;
    this.definitions = definitions;
    this.row = row;
  }

  @Override
  public Amount apply(String name) {
    Amount earlier = known.get(name);
    if (earlier != null) {
      return earlier;
    }
    if (!underWay.add(name)) {
      throw new ExpressionException(
          "is defined by itself: %s -> %s".formatted(String.join(" -> ", underWay), name));
    }
    Amount value = computed(name);
    underWay.remove(name);
    known.put(name, value);
    return value;
  }

  private Amount computed(String name) {
    Cell cell = row.cells().get(name);
    if (cell != null) {
      return switch (cell) {
        case Cell.Figure number -> Amount.of(number.value());
        case Cell.Word word ->
            throw new ExpressionException("the column \"%s\" holds a word".formatted(name));
      };
    }
    NamedQuantity quantity = definitions.quantities().get(name);
    if (quantity != null) {
      return quantity.formula().value(this);
    }
    Formula formula = definitions.let().get(name);
    if (formula != null) {
      return formula.value(this);
    }
    int dot = name.indexOf('.');
    ScenarioSpec run = dot < 0 ? null : definitions.serving().get(name.substring(0, dot));
    if (run != null) {
      return questions
          .served(Blanks.filled(run, row, this), this::scenario)
          .figure(name.substring(dot + 1));
    }
    ScenarioSpec spec = dot < 0 ? null : definitions.scenarios().get(name.substring(0, dot));
    if (spec == null) {
      throw unknown(name);
    }
    String scenario = name.substring(0, dot);
    ScenarioFigures figures = scenarios.get(scenario);
    if (figures == null) {
      figures = questions.figures(Blanks.filled(spec, row, this));
      scenarios.put(scenario, figures);
    }
    return figures.figure(name.substring(dot + 1));
  }

  /** The scenario of a name, for runs that serve it. */
  private ScenarioSpec scenario(String name) {
    ScenarioSpec spec = definitions.scenarios().get(name);
    if (spec == null) {
      throw unknown(name);
    }
    return Blanks.filled(spec, row, this);
  }

  private ExpressionException unknown(String name) {
    Set<String> names = new LinkedHashSet<>(definitions.names());
    names.addAll(row.cells().keySet());
    String head = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    return new ExpressionException(
        "nothing is called \"%s\"%s"
            .formatted(
                name,
                Suggestion.nearest(head, names)
                    .map("; maybe you meant \"%s\""::formatted)
                    .orElse("")));
  }
}
