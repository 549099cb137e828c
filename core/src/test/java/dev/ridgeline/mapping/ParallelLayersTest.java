package dev.ridgeline.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.workload.Model;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Blocks side by side need one all-reduce a layer in place of two (PaLM, arXiv 2204.02311). */
class ParallelLayersTest {
  private static int exchanges(Program program, Predicate<Row> wanted) {
    return program.rows().stream()
        .filter(row -> row.operator() instanceof Collective && !row.block().isEmpty())
        .filter(wanted)
        .mapToInt(Row::totalRepeats)
        .sum();
  }

  private static Program spread(Model model, Parallelism parallelism) {
    return ProgramCompiler.compile(model, Deployment.of(parallelism));
  }

  @Test
  void oneExchangeServesBothBlocks() {
    Model one = TestModels.dense();
    Parallelism four = Parallelism.tensor(4);
    int layers = one.layers().size();

    assertThat(exchanges(spread(one, four), _ -> true)).isEqualTo(2 * layers);
    assertThat(exchanges(spread(TestModels.parallel(), four), _ -> true)).isEqualTo(layers);
    assertThat(exchanges(spread(TestModels.parallel(), Parallelism.NONE), _ -> true)).isZero();
  }

  @Test
  void nothingElseChanges() {
    Program one = spread(TestModels.dense(), Parallelism.tensor(4));
    Program other = spread(TestModels.parallel(), Parallelism.tensor(4));

    assertThat(kinds(other)).isEqualTo(kinds(one));
    assertThat(other.weightBytes()).isEqualTo(one.weightBytes());
    assertThat(other.cache()).isEqualTo(one.cache());
  }

  private static List<String> kinds(Program program) {
    return program.rows().stream()
        .filter(row -> !(row.operator() instanceof Collective))
        .map(row -> row.label() + " x " + row.totalRepeats() + " " + row.operator().demand())
        .toList();
  }

  /** Experts dealt out over attention ranks exchange tokens, so attention is added up by itself. */
  @Test
  void dealtOutExpertsDoNotAddUpForAttention() {
    Model experts = TestModels.sideBySide(TestModels.experts());
    int layers = experts.layers().size();
    Predicate<Row> attention = row -> row.block().contains("attn");

    assertThat(exchanges(spread(experts, new Parallelism(2, 1, 4, 1, 1, 2)), attention))
        .isEqualTo(layers);
    assertThat(exchanges(spread(experts, new Parallelism(2, 1, 2, 1, 1, 1)), attention)).isZero();
  }
}
