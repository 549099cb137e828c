package dev.ridgeline.papers.pack;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.papers.pack.Claim.Inputs;
import dev.ridgeline.papers.pack.Claim.Tolerance;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.expression.UnitSymbol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the claims of a pack.
 *
 * @param sources texts by key
 * @param setups names of common inputs
 * @param tables tables of the pack
 * @param definitions what the pack defines for all experiments
 */
record ClaimReader(
    Map<String, String> sources,
    Set<String> setups,
    Map<String, Table> tables,
    Definitions definitions) {

  private static final double LARGEST = 1e30;
  private static final int MOST_ROWS = 1_000_000;

  Claim read(MappingReader fields) {
    String id = Terms.name(fields.node("id"));
    Kind kind = fields.enumeration("kind", Kind.class);
    Published published = published(fields.mapping("published"));
    Aggregate aggregate = fields.enumeration("aggregate", Aggregate.class);
    if ((aggregate == Aggregate.RANGE) != (published instanceof Published.Range)) {
      throw fields.invalid("aggregate", "a range is published as low and high, and only a range");
    }
    if (aggregate == Aggregate.GEOMETRIC_ERROR && !(published instanceof Published.Table)) {
      throw fields.invalid("aggregate", "only the rows of a table have an error together");
    }
    MappingReader tolerance = fields.mapping("tolerance");
    Optional<String> accept = fields.optionalText("accept");
    if (accept.isPresent() != (published instanceof Published.Finding && kind != Kind.QUOTED)) {
      throw fields.invalid("accept", "a finding that is not quoted says what must hold for it");
    }
    Optional<Experiment> experiment =
        fields.optionalMapping("experiment").map(form -> experiment(form, published, aggregate));
    if (kind == Kind.QUOTED && experiment.isPresent()) {
      throw fields.invalid("experiment", "a quoted claim is not computed");
    }
    Optional<String> awaits = fields.optionalText("awaits");
    if (awaits.isPresent() && experiment.isPresent()) {
      throw fields.invalid("awaits", "a claim with an experiment awaits nothing");
    }
    return new Claim(
        id,
        fields.text("text"),
        published,
        fields.text("where"),
        aggregate,
        new Tolerance(tolerance.number("relative", 0, 1), tolerance.text("reason")),
        kind,
        fields.text("mechanism"),
        inputs(fields),
        oneOf(fields.node("source"), sources),
        fields.optionalText("baseline"),
        accept,
        fields.optionalText("note"),
        awaits,
        experiment);
  }

  private Inputs inputs(MappingReader fields) {
    MappingReader inputs = MappingReader.of(fields.node("inputs"));
    inputs.optionalNode("setup").ifPresent(node -> requireOneOf(node, setups));
    return new Inputs(
        inputs.names().stream().filter(name -> !name.equals("unknown")).toList(),
        inputs.optionalList("unknown", Scalars::text));
  }

  private static <T> T oneOf(Node node, Map<String, T> known) {
    String key = Scalars.text(node);
    return Optional.ofNullable(known.get(key))
        .orElseThrow(() -> unknown(node, key, known.keySet()));
  }

  private static void requireOneOf(Node node, Set<String> known) {
    String key = Scalars.text(node);
    if (!known.contains(key)) {
      throw unknown(node, key, known);
    }
  }

  private static InputException unknown(Node node, String key, Set<String> known) {
    return node.problem("the pack has no such entry").withNearest(key, known).exception();
  }

  private static Published published(MappingReader fields) {
    if (fields.has("finding")) {
      return new Published.Finding(fields.text("finding"));
    }
    Published.InUnit unit = unit(fields.node("unit"));
    if (fields.has("file")) {
      return new Published.Table(
          fields.text("file"),
          fields.list("columns", Scalars::text),
          new LinkedHashSet<>(fields.optionalList("models", Scalars::text)),
          (int) fields.integer("rows", 1, MOST_ROWS),
          unit);
    }
    if (fields.has("low")) {
      double low = fields.number("low", 0, LARGEST);
      return new Published.Range(low, fields.number("high", low, LARGEST), unit);
    }
    return new Published.Single(fields.number("value", 0, LARGEST), unit);
  }

  private static Published.InUnit unit(Node node) {
    String symbol = Scalars.text(node);
    return UnitSymbol.worth(symbol)
        .map(worth -> new Published.InUnit(symbol, worth))
        .orElseThrow(() -> node.problem("unknown unit").exception());
  }

  private Experiment experiment(MappingReader form, Published published, Aggregate aggregate) {
    Definitions own = Definitions.read(form, definitions);
    Optional<RowSource> rows = form.optionalMapping("rows").map(this::rows);
    List<Formula> ours = form.optionalNode("ours").map(ClaimReader::formulas).orElse(List.of());
    Experiment experiment =
        new Experiment(
            rows,
            own,
            ours,
            form.optionalList("holds", Formula::readTest),
            form.optionalMappings("beside").stream()
                .map(beside ->
                    new Experiment.Beside(beside.text("what"), formulas(beside.node("ours"))))
                .toList(),
            form.optionalList("assumes", Scalars::text),
            form.optionalText("miss"));
    check(form, experiment, published, aggregate);
    return experiment;
  }

  private static void check(
      MappingReader form, Experiment experiment, Published published, Aggregate aggregate) {
    boolean finding = published instanceof Published.Finding;
    if (finding == experiment.holds().isEmpty() || finding != experiment.ours().isEmpty()) {
      throw refuse(form, "a finding is decided by holds, a figure by ours");
    }
    boolean several = experiment.rows().isPresent() || experiment.ours().size() > 1;
    if (published instanceof Published.Single && aggregate == Aggregate.SINGLE && several) {
      throw refuse(form, "a single figure has one of ours");
    }
    if (published instanceof Published.Table table) {
      boolean sameFile =
          experiment.rows().flatMap(RowSource::file).filter(table.file()::equals).isPresent();
      if (!sameFile || experiment.ours().size() != table.columns().size()) {
        throw refuse(form, "a table has rows of its own file, and one of ours for each column");
      }
    }
    for (Experiment.Beside beside : experiment.besides()) {
      if (beside.ours().size() != experiment.ours().size()) {
        throw refuse(form, "beside has as many figures as ours");
      }
    }
  }

  private static InputException refuse(MappingReader form, String reason) {
    return form.mapping().problem(reason).exception();
  }

  private RowSource rows(MappingReader form) {
    Optional<String> file = form.optionalText("file");
    List<Table> crossed = form.optionalList("tables", this::table);
    if (file.isPresent() != crossed.isEmpty()) {
      throw refuse(form, "rows come from a file or from tables");
    }
    return new RowSource(
        file,
        crossed,
        form.optionalTable("join", this::table),
        form.optionalTable("where", ClaimReader::texts),
        form.list("key", Scalars::text),
        form.optionalText("by"));
  }

  /** One text or several; numbers are taken as they are written. */
  private static Set<String> texts(Node node) {
    List<Node> items = node instanceof SequenceNode sequence ? sequence.items() : List.of(node);
    Set<String> texts = new LinkedHashSet<>();
    for (Node item : items) {
      texts.add(item instanceof ScalarNode scalar ? scalar.text() : Scalars.text(item));
    }
    return texts;
  }

  private Table table(Node node) {
    return oneOf(node, tables);
  }

  private static List<Formula> formulas(Node node) {
    return node instanceof SequenceNode sequence
        ? sequence.items().stream().map(Formula::read).toList()
        : List.of(Formula.read(node));
  }
}
