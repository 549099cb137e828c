package dev.ridgeline.cost;

import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Operator.GroupedMatmul;
import dev.ridgeline.mapping.Operator.Pointwise;
import dev.ridgeline.mapping.OperatorKind;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which element-by-element rows measured kernels include: attention kernels rotate queries and keys
 * and write the cache; kernels of experts permute tokens, apply the activation and add up results.
 * Rows of a block follow one another.
 */
final class FusedRows {
  private static final String ROTARY = "rope_and_cache_write";
  private static final String FIRST_OF_EXPERTS = "permute";
  private static final String LAST_OF_EXPERTS = "finalize";
  private static final String EXPERT_ACTIVATION = "experts.activation";
  private static final String ATTENTION = "attention_";

  private final Program program;
  private final Site site;

  FusedRows(Program program, Site site) {
    this.program = program;
    this.site = site;
  }

  /** Whether attention kernels do the work of a row. */
  static boolean isRotary(Operator operator) {
    return operator instanceof Pointwise && operator.name().equals(ROTARY);
  }

  /** Whether kernels of experts do the work of a row. */
  static boolean isAroundExperts(Operator operator) {
    return operator instanceof Pointwise
        && (operator.name().equals(FIRST_OF_EXPERTS)
            || operator.name().equals(LAST_OF_EXPERTS)
            || operator.name().equals(EXPERT_ACTIVATION));
  }

  /** The attention of the block that a rotary embedding belongs to, both phases. */
  List<AttentionCore> attentionAfter(int rotary) {
    List<AttentionCore> cores = new ArrayList<>();
    for (int index = rotary + 1; index < program.rows().size(); index++) {
      Row row = program.rows().get(index);
      if (isRotary(row.operator()) || !row.block().equals(program.rows().get(rotary).block())) {
        break;
      }
      if (row.operator() instanceof AttentionCore core && core.name().startsWith(ATTENTION)) {
        cores.add(core);
      }
    }
    return cores;
  }

  /** The rotary embedding before an attention, or -1 where there is none. */
  int rotaryBefore(int attention) {
    for (int index = attention - 1; index >= 0; index--) {
      Row row = program.rows().get(index);
      if (!row.block().equals(program.rows().get(attention).block())) {
        break;
      }
      if (isRotary(row.operator())) {
        return index;
      }
    }
    return -1;
  }

  /** The products of the layer of experts that a row is part of. */
  List<GroupedMatmul> expertsAround(int row) {
    List<GroupedMatmul> products = new ArrayList<>();
    for (int index = first(row); index <= last(row); index++) {
      if (program.rows().get(index).operator() instanceof GroupedMatmul product
          && product.kind() == OperatorKind.EXPERTS) {
        products.add(product);
      }
    }
    return products;
  }

  /** Datasheet time of what surrounds the products of a layer of experts, for one of a form. */
  double secondsAroundExperts(int row, LinearForm per) {
    double seconds = 0;
    for (int index = first(row); index <= last(row); index++) {
      if (isAroundExperts(program.rows().get(index).operator())) {
        seconds += secondsPer(index, per);
      }
    }
    return seconds;
  }

  /** Datasheet time of a row that is proportional to its guard, for one of the guard. */
  double secondsPerGuard(int row) {
    return secondsPer(row, program.rows().get(row).operator().demand().guard());
  }

  /** Element-by-element work has no constant part, so that any step tells the slope. */
  private double secondsPer(int row, LinearForm per) {
    double[] features = new double[program.features().size()];
    Arrays.fill(features, 1);
    OperatorCost cost =
        new OperatorCost(site.platform().chip().memory().size(), site.platform().levels().size());
    Roofline.IDEAL
        .price(program.rows().get(row).operator(), site)
        .orElseThrow()
        .price(features, cost);
    return cost.timeSeconds / per.at(features);
  }

  private int first(int row) {
    int index = row;
    while (index > 0 && !program.rows().get(index).operator().name().equals(FIRST_OF_EXPERTS)) {
      index--;
    }
    return index;
  }

  private int last(int row) {
    int index = row;
    int end = program.rows().size() - 1;
    while (index < end && !program.rows().get(index).operator().name().equals(LAST_OF_EXPERTS)) {
      index++;
    }
    return index;
  }
}
