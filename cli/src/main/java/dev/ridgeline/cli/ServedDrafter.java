package dev.ridgeline.cli;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.batch.DraftedCost;
import dev.ridgeline.serving.schedule.Drafts;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.units.Problem;
import picocli.CommandLine.ParseResult;

/**
 * How tokens are speculated, as a simulation needs it.
 *
 * @param speculation as the core has it
 * @param program the drafter, bound to where it runs
 */
record ServedDrafter(Speculation speculation, BoundProgram program) {
  private static final String SPECULATE = "--speculate";

  static ServedDrafter of(Scenario scenario, Speculation speculation, Policy policy) {
    if (!policy.speculates()) {
      throw Problem.of("%s does not speculate".formatted(policy.key()))
          .withField(SPECULATE)
          .exception();
    }
    return new ServedDrafter(
        speculation,
        BoundProgram.bind(
            ProgramCompiler.compile(speculation.model(), speculation.deployment()),
            speculation.platform().orElse(scenario.platform()),
            scenario.costModels(),
            scenario.engine().overheads()));
  }

  /** Refuses drafts where nobody checks them. */
  static void requireAbsent(ParseResult parsed, String reason) {
    if (parsed.hasMatchedOption(SPECULATE)) {
      throw Problem.of(reason).withField(SPECULATE).exception();
    }
  }

  /** What a scheduler knows of it. */
  Drafts drafts() {
    return new Drafts(
        speculation.acceptances().stream().mapToDouble(Double::doubleValue).toArray(),
        speculation.verifiedTokens());
  }

  BatchCost cost(BatchCost target) {
    int[] candidates =
        speculation.positions().stream().mapToInt(Speculation.Position::candidates).toArray();
    return new DraftedCost(target, program, candidates, speculation.platform().isPresent());
  }

  /** Price of devices that only draft, for one copy; NaN where it is not known. */
  double usdPerHour() {
    int devices = speculation.deployment().parallelism().devices();
    return speculation
        .platform()
        .map(platform -> platform.price().map(price -> devices * price.value()).orElse(Double.NaN))
        .orElse(0.0);
  }

  /** Static power of devices that only draft, for one copy. */
  double staticWatts() {
    int devices = speculation.deployment().parallelism().devices();
    return speculation.platform().isPresent() ? devices * program.energy().staticWatts() : 0;
  }

  String note() {
    return "%s drafts %d deep on %s: %d tokens checked and %.3g expected a step, drawn at random"
        .formatted(
            speculation.model().name(),
            speculation.positions().size(),
            speculation.platform().map(Platform::name).orElse("the same devices"),
            speculation.verifiedTokens(),
            speculation.expectedTokens());
  }
}
