package dev.ridgeline.calibration.served;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.estimate.MemoryPlan;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A measured configuration as a simulation needs it.
 *
 * @param row what was measured
 * @param scenario model, platform, mapping, engine and cost models
 * @param program bound to the platform
 * @param policy the engine's scheduler
 * @param options as the engine sets them by default
 */
record ServedCase(
    ServedRow row,
    Scenario scenario,
    BoundProgram program,
    Policy policy,
    SchedulerOptions options) {
  /** TensorRT-LLM's max_batch_size and about what the others allow on large parts. */
  static final int USUAL_SEQUENCES = 1024;

  /**
   * Tokens of a step on parts of 70 GB and more under an API server: max_num_batched_tokens of
   * vLLM, chunked_prefill_size of SGLang, max_num_tokens of TensorRT-LLM.
   */
  static final int TOKEN_BUDGET = 8192;

  /**
   * Prompts of a step under the driver that leaves no day, whose servers' token budgets the table
   * does not have. Of 1, 2 and 4 prompts and of 2,048, 4,096 and 8,192 tokens, two prompts come
   * nearest to the time to the first token of vLLM's rows, and for the rows of TensorRT-LLM that
   * model is the best, too.
   */
  private static final int UNDATED_PROMPTS = 2;

  private static final int WAITING_ITERATIONS = 10;

  /** The case of a scenario. */
  static ServedCase of(ServedRow row, Scenario scenario) {
    return of(row, scenario, USUAL_SEQUENCES);
  }

  /**
   * The case of a scenario.
   *
   * @param sequences at once on a rank of attention
   */
  static ServedCase of(ServedRow row, Scenario scenario, int sequences) {
    Program compiled = ProgramCompiler.compile(scenario.model(), scenario.deployment());
    BoundProgram program =
        BoundProgram.bind(
            compiled, scenario.platform(), scenario.costModels(), scenario.engine().overheads());
    Policy policy = policyOf(row.backend());
    int ranks = scenario.deployment().parallelism().attentionData();
    long tokens =
        MemoryPlan.ledger(compiled, scenario.platform(), scenario.engine(), scenario.traffic())
            .kvCapacityTokens();
    int blockTokens = policy.usualBlockTokens();
    int blocks = (int) Math.min(Integer.MAX_VALUE, tokens / blockTokens);
    var options =
        new SchedulerOptions(
            OptionalInt.of(budget(row)),
            sequences,
            OptionalInt.empty(),
            Math.max(1, blocks),
            blockTokens,
            policy.usualWatermark(),
            0,
            true,
            false,
            1,
            WAITING_ITERATIONS,
            Optional.empty(),
            false,
            Optional.empty(),
            0,
            Optional.empty(),
            ranks);
    return new ServedCase(row, scenario, program, policy, options);
  }

  private static int budget(ServedRow row) {
    return row.dated() ? TOKEN_BUDGET : UNDATED_PROMPTS * row.inputTokens() + row.concurrency();
  }

  /** A decode step of one request at the datasheet's roofline. */
  double floorSeconds() {
    BoundProgram floor =
        BoundProgram.bind(program.program(), scenario.platform(), List.of(Roofline.FLOOR));
    var step = new StepFeatures(program.program().features());
    step.add(Phase.DECODE, 1, 1, row.inputTokens(), 1);
    StepCost cost = floor.newCost();
    floor.evaluate(step, cost);
    return cost.timeSeconds;
  }

  static Policy policyOf(String backend) {
    return switch (backend) {
      case "vllm" -> Policy.VLLM_V1;
      case "sglang" -> Policy.SGLANG;
      case "trtllm" -> Policy.TRTLLM;
      default -> throw new IllegalArgumentException(backend);
    };
  }
}
