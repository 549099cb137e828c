package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step of attention ranks against the core, asked for the fullest rank. */
class AttentionRankCostTest {
  private static final int RANKS = 8;

  private static BoundProgram program() {
    Catalog catalog = Catalog.shipped();
    return BoundProgram.bind(
        ProgramCompiler.compile(
            catalog.model("deepseek-v3"), Deployment.of(new Parallelism(1, 1, RANKS, 1, 1, RANKS))),
        catalog.platform("8xh200-sxm"),
        List.of(Roofline.IDEAL));
  }

  private static double seconds(ProgramCost cost, Batch batch) {
    double[] stages = new double[1];
    cost.price(batch, stages);
    return stages[0];
  }

  private static Batch ranks(int[] sequences, int[] contexts) {
    Batch batch = new Batch();
    for (int rank = 0; rank < RANKS; rank++) {
      Batch part = batch.newPart();
      for (int sequence = 0; sequence < sequences[rank]; sequence++) {
        part.addDecode(sequence, contexts[rank]);
      }
      batch.join(part);
    }
    return batch;
  }

  @Test
  void theFullestRankHoldsUpAllAndExpertsSeeTheTokensOfAll() {
    BoundProgram program = program();
    ProgramCost cost = new ProgramCost(program);
    StepFeatures step = new StepFeatures(program.program().features());
    step.add(Phase.DECODE, 40, 1, 9000, 1);
    step.setGroupTokens(40 + 7);
    StepCost wanted = program.newCost();
    program.evaluate(step, wanted);
    Batch skewed =
        ranks(new int[] {1, 1, 40, 1, 1, 1, 1, 1}, new int[] {10, 10, 9000, 10, 10, 10, 10, 10});
    assertThat(seconds(cost, skewed)).isCloseTo(wanted.timeSeconds, within(1e-12));
  }

  @Test
  void equalRanksTakeWhatAShareOfAllTakes() {
    ProgramCost cost = new ProgramCost(program());
    int[] equal = {5, 5, 5, 5, 5, 5, 5, 5};
    int[] contexts = {700, 700, 700, 700, 700, 700, 700, 700};
    Batch whole = new Batch();
    for (int sequence = 0; sequence < 40; sequence++) {
      whole.addDecode(sequence, 700);
    }
    double[] stages = new double[1];
    double joules = cost.price(whole, stages);
    double together = stages[0];
    Batch split = ranks(equal, contexts);
    assertThat(cost.price(split, stages)).isCloseTo(joules, within(1e-9 * joules));
    assertThat(stages[0]).isCloseTo(together, within(1e-12));
  }

  /** Neither the rank with most requests nor the one with the longest may hide the other. */
  @Test
  void ranksThatAreFullInDifferentWaysAreBothAsked() {
    ProgramCost cost = new ProgramCost(program());
    int[] contexts = {10, 60_000, 10, 10, 10, 10, 10, 10};
    int[] sequences = {60, 20, 1, 1, 1, 1, 1, 1};
    double both = seconds(cost, ranks(sequences, contexts));
    sequences[0] = 1;
    double longOnly = seconds(cost, ranks(sequences, contexts));
    assertThat(both).isGreaterThanOrEqualTo(longOnly);
    int[] swapped = {20, 60, 1, 1, 1, 1, 1, 1};
    int[] contextsSwapped = {60_000, 10, 10, 10, 10, 10, 10, 10};
    assertThat(seconds(cost, ranks(swapped, contextsSwapped))).isCloseTo(both, within(1e-15));
  }
}
