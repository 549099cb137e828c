package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.estimate.UnreachableException;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.papers.pack.Aggregate;
import dev.ridgeline.papers.pack.Claim;
import dev.ridgeline.papers.pack.Experiment;
import dev.ridgeline.papers.pack.Formula;
import dev.ridgeline.papers.pack.Kind;
import dev.ridgeline.papers.pack.Pack;
import dev.ridgeline.papers.pack.Published;
import dev.ridgeline.papers.pack.RowSource;
import dev.ridgeline.papers.pack.Table;
import dev.ridgeline.papers.pack.Table.Row;
import dev.ridgeline.papers.run.ClaimResult.Aside;
import dev.ridgeline.papers.run.ClaimResult.Condition;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.expression.Aggregation;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs the experiments of a pack. Not thread-safe. */
public final class Runner {
  private static final String NO_EXPERIMENT = "no experiment yet";

  private final Questions questions;
  private final Reference reference;

  private Runner(Pack pack, Catalog catalog, Reference reference) {
    this.questions = new Questions(catalog, pack.models(), reference);
    this.reference = reference;
  }

  /**
   * What becomes of every claim of a pack.
   *
   * @throws InputException where an experiment says something that makes no sense
   */
  public static List<ClaimResult> run(Pack pack, Catalog catalog, Reference reference) {
    Runner runner = new Runner(pack, catalog, reference);
    return pack.claims().stream().map(runner::run).toList();
  }

  private ClaimResult run(Claim claim) {
    if (claim.kind() == Kind.QUOTED) {
      return without(claim, Verdict.QUOTED, "");
    }
    if (claim.experiment().isEmpty()) {
      return without(claim, Verdict.NOT_RUN, claim.awaits().orElse(NO_EXPERIMENT));
    }
    Experiment experiment = claim.experiment().get();
    Optional<Table> rows = rows(experiment);
    if (rows.isEmpty()) {
      return without(
          claim,
          Verdict.NOT_RUN,
          "the published table is not at hand: %s names no folder with it"
              .formatted(Reference.VARIABLE));
    }
    try {
      return decided(claim, experiment, rows.get());
    } catch (NotAtHandException absent) {
      return without(claim, Verdict.NOT_RUN, String.valueOf(absent.getMessage()));
    } catch (InfeasibleException | UnreachableException noAnswer) {
      return without(claim, Verdict.MISSED, String.valueOf(noAnswer.getMessage()));
    } catch (ExpressionException refused) {
      throw new InputException(Problem.of(refused.reason()).withField(claim.id()), refused);
    } catch (IllegalDeploymentException illegal) {
      String reason = String.valueOf(illegal.getMessage());
      throw new InputException(Problem.of(reason).withField(claim.id()), illegal);
    }
  }

  private static ClaimResult without(Claim claim, Verdict verdict, String reason) {
    return new ClaimResult(claim, verdict, List.of(), List.of(), List.of(), reason);
  }

  private ClaimResult decided(Claim claim, Experiment experiment, Table rows) {
    Table chosen = chosen(claim.published(), rows);
    List<Names> runs =
        chosen.rows().stream()
            .map(row -> new Names(questions, experiment.definitions(), row))
            .toList();
    List<Condition> conditions =
        experiment.holds().stream()
            .map(test -> new Condition(test.text(), runs.stream().allMatch(test::holds)))
            .toList();
    List<Comparison> comparisons = compare(claim, experiment, chosen, runs, experiment.ours());
    List<Aside> asides =
        experiment.besides().stream()
            .map(beside ->
                new Aside(beside.what(), compare(claim, experiment, chosen, runs, beside.ours())))
            .toList();
    double relative = claim.tolerance().relative();
    boolean close =
        claim.aggregate() == Aggregate.GEOMETRIC_ERROR
            ? ErrorSummary.of(comparisons).geometric() <= relative
            : comparisons.stream().allMatch(comparison -> comparison.within(relative));
    boolean holds = close && conditions.stream().allMatch(Condition::holds);
    return new ClaimResult(
        claim,
        holds ? Verdict.REPRODUCED : Verdict.MISSED,
        comparisons,
        conditions,
        asides,
        holds ? "" : experiment.miss().orElse(""));
  }

  private static List<Comparison> compare(
      Claim claim, Experiment experiment, Table rows, List<Names> runs, List<Formula> formulas) {
    return switch (claim.published()) {
      case Published.Finding finding -> List.of();
      case Published.Single single -> {
        List<Amount> all = values(runs, formulas, single.unit());
        Amount ours = all.size() == 1 ? all.getFirst() : aggregated(claim.aggregate(), all);
        yield List.of(new Comparison("", single.value(), ours.value()));
      }
      case Published.Range range -> {
        List<Amount> all = values(runs, formulas, range.unit());
        yield List.of(
            new Comparison("low", range.low(), Aggregation.MIN.of(all).value()),
            new Comparison("high", range.high(), Aggregation.MAX.of(all).value()));
      }
      case Published.Table table -> {
        List<String> key = experiment.rows().map(RowSource::key).orElse(List.of());
        List<Comparison> all = new ArrayList<>();
        Optional<String> by = experiment.rows().flatMap(RowSource::by);
        for (int row = 0; row < runs.size(); row++) {
          String group = by.flatMap(rows.rows().get(row)::cell).map(Table.Cell::text).orElse("");
          for (int column = 0; column < formulas.size(); column++) {
            String name = table.columns().get(column);
            Row cells = rows.rows().get(row);
            String label = label(cells, key) + (formulas.size() > 1 ? ", " + name : "");
            double ours = formulas.get(column).in(table.unit().worth(), runs.get(row));
            all.add(new Comparison(label, group, number(cells, name, table.file()), ours));
          }
        }
        yield List.copyOf(all);
      }
    };
  }

  /** Ours as plain numbers of the published unit. */
  private static List<Amount> values(
      List<Names> runs, List<Formula> formulas, Published.InUnit unit) {
    return runs.stream()
        .flatMap(
            names -> formulas.stream().map(formula -> Amount.of(formula.in(unit.worth(), names))))
        .toList();
  }

  private static Amount aggregated(Aggregate aggregate, List<Amount> all) {
    return switch (aggregate) {
      case MAX -> Aggregation.MAX.of(all);
      case ARITHMETIC_MEAN -> Aggregation.MEAN.of(all);
      case GEOMETRIC_MEAN -> Aggregation.GEOMEAN.of(all);
      case SINGLE, RANGE, GEOMETRIC_ERROR ->
          throw new ExpressionException("one figure cannot be made of several");
    };
  }

  private static String label(Row row, List<String> key) {
    return key.stream()
        .flatMap(column -> row.cell(column).stream())
        .map(Table.Cell::text)
        .collect(Collectors.joining(", "));
  }

  private static double number(Row row, String column, String file) {
    return switch (row.cell(column).orElse(null)) {
      case Table.Cell.Figure number -> number.value();
      case null, default ->
          throw Problem.of("a row has no number in this column")
              .in(file)
              .withField(column)
              .exception();
    };
  }

  /** The rows an experiment is run for; empty where their file is absent. */
  private Optional<Table> rows(Experiment experiment) {
    if (experiment.rows().isEmpty()) {
      return Optional.of(new Table(List.of(Row.empty())));
    }
    RowSource source = experiment.rows().get();
    Optional<Table> start =
        source.file().isPresent()
            ? reference.table(source.file().get())
            : source.tables().stream().reduce(Table::cross);
    return start.map(table -> joined(table.where(source.where()), source.joins()));
  }

  private static Table joined(Table table, Map<String, Table> joins) {
    Table wider = table;
    for (Map.Entry<String, Table> join : joins.entrySet()) {
      wider =
          wider
              .join(join.getKey(), join.getValue())
              .orElseThrow(() ->
                  Problem.of("a row finds no partner in the table it is joined with")
                      .withField(join.getKey())
                      .exception());
    }
    return wider;
  }

  private static Table chosen(Published published, Table rows) {
    if (!(published instanceof Published.Table table)) {
      return rows;
    }
    List<Row> chosen =
        rows.rows().stream()
            .filter(row ->
                table.models().isEmpty()
                    || row.cell("model")
                        .map(Table.Cell::text)
                        .filter(table.models()::contains)
                        .isPresent())
            .toList();
    if (chosen.size() != table.rows()) {
      throw Problem.of("%d rows are claimed, %d found".formatted(table.rows(), chosen.size()))
          .in(table.file())
          .exception();
    }
    return new Table(chosen);
  }
}
