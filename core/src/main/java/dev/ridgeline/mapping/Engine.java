package dev.ridgeline.mapping;

import dev.ridgeline.units.Bytes;
import java.util.List;

/**
 * The serving software, as far as it claims memory and time.
 *
 * @param name as on the command line
 * @param version release the figures hold for
 * @param title for people
 * @param memoryUtilization share of a device's memory the engine may use, above 0 to 1
 * @param reserve memory of context and workspace inside that share
 * @param blockTokens tokens of one cache block, at least 1
 * @param overheads what it adds to its kernels, on the platform it runs on
 * @param source where the figures come from
 * @param runsOn vendors and architectures of the chips it runs on; empty for any
 * @param notes simplifications
 */
public record Engine(
    String name,
    String version,
    String title,
    double memoryUtilization,
    Bytes reserve,
    int blockTokens,
    EngineOverheads overheads,
    String source,
    List<String> runsOn,
    List<String> notes) {

  /** An engine that adds no time and runs anywhere. */
  public Engine(
      String name,
      String version,
      String title,
      double memoryUtilization,
      Bytes reserve,
      int blockTokens,
      String source,
      List<String> notes) {
    this(
        name,
        version,
        title,
        memoryUtilization,
        reserve,
        blockTokens,
        EngineOverheads.NONE,
        source,
        List.of(),
        notes);
  }

  public Engine {
    runsOn = List.copyOf(runsOn);
    notes = List.copyOf(notes);
    if (!(memoryUtilization > 0 && memoryUtilization <= 1) || blockTokens < 1) {
      throw new IllegalArgumentException(
          "engine %s: memory utilization %s, block of %d tokens"
              .formatted(name, memoryUtilization, blockTokens));
    }
  }

  /** The same software with other overheads. */
  public Engine withOverheads(EngineOverheads newOverheads) {
    return new Engine(
        name,
        version,
        title,
        memoryUtilization,
        reserve,
        blockTokens,
        newOverheads,
        source,
        runsOn,
        notes);
  }

  /** Another release of the software, of which nothing else is known. */
  public Engine released(String newVersion, List<String> newNotes) {
    return new Engine(
        name,
        newVersion,
        title,
        memoryUtilization,
        reserve,
        blockTokens,
        overheads,
        source,
        runsOn,
        newNotes);
  }

  /** Whether it runs on chips of a vendor and an architecture. */
  public boolean runsOn(String vendor, String architecture) {
    return runsOn.isEmpty() || runsOn.contains(vendor) || runsOn.contains(architecture);
  }
}
