package dev.ridgeline.estimate;

import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.mapping.TensorSharding;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Model;
import java.util.List;

/**
 * The mapping used when none is asked for: tensor parallel over the node as far as the model's
 * shapes allow, then as few pipeline stages as make it fit. It is a plain starting point, not the
 * best deployment.
 */
public final class DefaultMapping {
  /** Tensor ranks beyond this are rare in practice, even where one switch joins more chips. */
  private static final int USUAL_TENSOR_RANKS = 8;

  private static final int LARGEST_NODE = 16;

  private DefaultMapping() {}

  /** The default parallelism of a model on a platform. */
  public static Parallelism of(
      Model model,
      Platform platform,
      Precision precision,
      Placement placement,
      Engine engine,
      Traffic traffic) {
    if (!platform.connected() || platform.chips() == 1) {
      return Parallelism.NONE;
    }
    int domain = platform.levels().getFirst().size();
    int most = domain <= LARGEST_NODE ? domain : USUAL_TENSOR_RANKS;
    List<Integer> allowed =
        TensorSharding.allowed(model, most).stream()
            .filter(ranks -> platform.chips() % ranks == 0)
            .toList();
    int tensor = allowed.isEmpty() ? 1 : allowed.getLast();
    Parallelism widest = Parallelism.tensor(tensor);
    for (int stages = 1;
        stages * tensor <= platform.chips() && stages <= model.layers().size();
        stages++) {
      Parallelism candidate = new Parallelism(tensor, stages, 1, 1, 1, 1);
      if (fits(model, platform, precision, placement, engine, traffic, candidate)) {
        return candidate;
      }
    }
    return widest;
  }

  private static boolean fits(
      Model model,
      Platform platform,
      Precision precision,
      Placement placement,
      Engine engine,
      Traffic traffic,
      Parallelism parallelism) {
    try {
      Program program =
          ProgramCompiler.compile(model, new Deployment(parallelism, precision, placement, 0));
      return MemoryPlan.ledger(program, platform, engine, traffic).fits();
    } catch (IllegalDeploymentException refused) {
      return false;
    }
  }
}
