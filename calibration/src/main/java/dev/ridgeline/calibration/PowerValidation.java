package dev.ridgeline.calibration;

import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.platform.Chip;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds the board power of measured calls against {@link BoardPower}, at the measured times: with
 * the shares and the meter's gap of each operator and format, and for long calls with the running
 * draw that energies are made of.
 */
public final class PowerValidation {
  private static final String METERED = "all, as metered";
  private static final String RUNNING = "running, calls >= 100 us";

  private PowerValidation() {}

  /** Errors of one variant's readings so far. */
  private static final class Part {
    private final FittedConstants constants;
    private final ErrorFigures.Collector errors = new ErrorFigures.Collector();
    private int inside;

    Part(FittedConstants constants) {
      this.constants = constants;
    }

    void add(double predicted, double measured) {
      errors.add(predicted, measured);
      boolean within =
          measured >= predicted * constants.low() && measured <= predicted * constants.high();
      inside += within ? 1 : 0;
    }
  }

  /** Parts of a table by variant and region. */
  private record Parts(Map<String, Map<String, Part>> byVariant) {
    void add(
        String variant, String region, FittedConstants constants, double predicted, double real) {
      byVariant
          .computeIfAbsent(variant, _ -> new TreeMap<>())
          .computeIfAbsent(region, _ -> new Part(constants))
          .add(predicted, real);
    }
  }

  /**
   * Compares a table of an operator's board power; rows of held-out families where a variant has
   * any.
   *
   * @param operator its name
   * @return empty where power is not known of the operator or for the chip
   */
  public static List<Result> run(String operator, Chip chip, KernelProfiles profiles, Path file) {
    Optional<PowerTable<?>> table = PowerTable.of(operator);
    return table.isEmpty() ? List.of() : run(table.get(), chip, profiles, file);
  }

  private static <S> List<Result> run(
      PowerTable<S> table, Chip chip, KernelProfiles profiles, Path file) {
    Parts unseen = new Parts(new TreeMap<>());
    Parts fitted = new Parts(new TreeMap<>());
    Optional<FittedConstants> running = profiles.power(BoardPower.RUNNING, chip);
    Map<String, Optional<FittedConstants>> own = new TreeMap<>();
    try (TableFile rows = TableFile.open(file)) {
      table.table().checkMeasurements(rows);
      rows.require(List.of(PowerTable.WATTS, PowerTable.LIMIT));
      for (Optional<TableRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        PowerReading reading = PowerReading.of(table, row.get(), chip);
        String variant = reading.variant();
        Parts parts = Split.heldOut(reading.family()) ? unseen : fitted;
        own.computeIfAbsent(variant, name -> profiles.power(name, chip))
            .ifPresent(found ->
                parts.add(
                    variant,
                    METERED,
                    found,
                    reading.metered(BoardPower.of(found.values())),
                    reading.watts()));
        if (running.isPresent() && reading.isLong()) {
          parts.add(
              variant,
              RUNNING,
              running.get(),
              reading.running(BoardPower.of(running.get().values())),
              reading.watts());
        }
      }
    }
    List<Result> results = new ArrayList<>();
    Map<String, Map<String, Part>> all = new TreeMap<>(fitted.byVariant());
    all.putAll(unseen.byVariant());
    all.forEach((variant, regions) ->
        regions.forEach((region, part) ->
            results.add(
                new Result(
                    "power of " + table.table().operator(),
                    chip.name(),
                    variant.substring(table.table().operator().length() + 1),
                    region,
                    unseen.byVariant().containsKey(variant),
                    part.constants.source(),
                    part.errors.figures(),
                    (double) part.inside / part.errors.size(),
                    part.constants.high() / part.constants.low()))));
    return results;
  }
}
