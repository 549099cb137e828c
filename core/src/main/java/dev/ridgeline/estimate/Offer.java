package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;

/**
 * What a platform that exists holds against a requirement, for each device.
 *
 * @param computeFlopsPerSecond dense peak of the arithmetic the requirement is stated in
 * @param memoryBandwidthBytesPerSecond of main memory
 * @param memoryCapacityBytes of main memory
 * @param linkBandwidthBytesPerSecond one way, innermost level; 0 without links
 * @param linkLatencySeconds of one hop, innermost level; 0 without links
 * @param reached its latencies at the requirement's efficiency
 * @param fits whether its memory suffices
 * @param meets whether it meets the targets and its memory suffices
 */
public record Offer(
    double computeFlopsPerSecond,
    double memoryBandwidthBytesPerSecond,
    double memoryCapacityBytes,
    double linkBandwidthBytesPerSecond,
    double linkLatencySeconds,
    Latency reached,
    boolean fits,
    boolean meets) {

  /** What the scenario's platform offers. */
  public static Offer of(Scenario scenario, Requirement needed, double efficiency) {
    Platform platform = scenario.platform();
    Chip chip = platform.chip();
    Program program = ProgramCompiler.compile(scenario.model(), scenario.deployment());
    Platform derated = new PlatformScale(efficiency, efficiency, 1, efficiency, 1).of(platform);
    Latency reached =
        Estimator.latency(
            scenario,
            BoundProgram.bind(
                program, derated, scenario.costModels(), scenario.engine().overheads()));
    boolean fits = Drafting.ledger(scenario, program).fits();
    Objectives objectives = scenario.objectives();
    boolean inTime =
        objectives.ttft().stream().allMatch(target -> reached.ttftSeconds() <= target.value())
            && objectives.tpot().stream()
                .allMatch(target -> reached.tpotSeconds() <= target.value());
    boolean linked = !platform.levels().isEmpty();
    return new Offer(
        chip.peak(needed.arithmetic()).map(FlopsPerSecond::value).orElse(0.0),
        chip.mainMemory().bandwidth().map(BytesPerSecond::value).orElse(0.0),
        chip.mainMemory().capacity().value(),
        linked ? platform.levels().getFirst().bandwidth().value() : 0,
        linked ? platform.levels().getFirst().latency().value() : 0,
        reached,
        fits,
        inTime && fits);
  }

  /** How many times over a figure suffices; below 1 it cannot. Infinite where it is not needed. */
  public double ratio(Figure figure, Requirement needed) {
    return switch (figure) {
      case COMPUTE -> computeFlopsPerSecond / needed.computeFlopsPerSecond();
      case MEMORY_BANDWIDTH ->
          memoryBandwidthBytesPerSecond / needed.memoryBandwidthBytesPerSecond();
      case MEMORY_CAPACITY -> memoryCapacityBytes / needed.memoryCapacityBytes();
      case LINK_BANDWIDTH ->
          needed.exchanges()
              ? linkBandwidthBytesPerSecond / needed.linkBandwidthBytesPerSecond()
              : Double.POSITIVE_INFINITY;
      case LINK_LATENCY -> needed.linkLatencySeconds() / linkLatencySeconds;
    };
  }
}
