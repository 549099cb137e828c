package dev.ridgeline.estimate;

import dev.ridgeline.cost.ErrorBand;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The answer to a scenario.
 *
 * @param scenario the question
 * @param ttftSeconds arrival to first output token
 * @param tpotSeconds mean time of each further token; empty for one output token
 * @param endToEndSeconds arrival to last token
 * @param outputTokensPerSecond of the whole deployment
 * @param requestsPerSecond of the whole deployment
 * @param memory ledger of the fullest device
 * @param energyJoulesPerOutputToken devices only; empty where the chip states no power
 * @param averageWattsPerDevice mean draw of one device; empty where the chip states no power
 * @param usdPerMillionOutputTokens at the device price; empty without a price
 * @param devices devices the deployment uses
 * @param prefill the prompt's step
 * @param decode the mean decoding step; empty for one output token
 * @param source which cost model leads the chain
 * @param band how far the truth may lie
 * @param assumptions what was assumed, in words
 * @param warnings what a reader should not miss
 * @param chunks how prompts are cut; empty where steps take whole prompts
 * @param speculation what drafting does; empty for plain decoding and for one output token
 */
public record Estimate(
    Scenario scenario,
    double ttftSeconds,
    OptionalDouble tpotSeconds,
    double endToEndSeconds,
    double outputTokensPerSecond,
    double requestsPerSecond,
    MemoryLedger memory,
    OptionalDouble energyJoulesPerOutputToken,
    OptionalDouble averageWattsPerDevice,
    OptionalDouble usdPerMillionOutputTokens,
    int devices,
    PhaseReport prefill,
    Optional<PhaseReport> decode,
    String source,
    ErrorBand band,
    List<String> assumptions,
    List<String> warnings,
    Optional<ChunkReport> chunks,
    Optional<SpeculationReport> speculation) {

  /** Devices that work on an answer, those that only draft among them. */
  public int allDevices() {
    return devices + Speculation.drafters(scenario);
  }

  public Estimate {
    assumptions = List.copyOf(assumptions);
    warnings = List.copyOf(warnings);
  }

  /** Whether the stated targets are met; true where none is stated. */
  public boolean meetsObjectives() {
    Objectives objectives = scenario.objectives();
    boolean first = objectives.ttft().isEmpty() || ttftSeconds <= objectives.ttft().get().value();
    boolean further =
        objectives.tpot().isEmpty()
            || tpotSeconds.isEmpty()
            || tpotSeconds.getAsDouble() <= objectives.tpot().get().value();
    return first && further;
  }
}
