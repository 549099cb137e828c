package dev.ridgeline.kernel;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a board draws while a kernel runs, as shares of its power limit.
 *
 * <p>A working device draws a fixed share; main memory and the matrix engine add theirs with the
 * square root of how busy they are: in the readings the first tenth of the load costs a third of
 * what the whole does, as units wake and clocks fall under load. The power controller lowers the
 * clock before the sum passes the cap, so time stretches and the draw stays; times of kernels hold
 * that stretch already. The engine's share is counted at the peak of whatever format it multiplies,
 * so a flop of half the width costs half.
 *
 * <p>Short calls are seen through gaps: a meter that samples while calls repeat averages the call
 * with what lies between two of them, or with what comes after the last. How much it misses depends
 * on the collector of a table and not on the kernel, so energies are made of the running draw
 * alone.
 *
 * <p>Constants are fitted by {@code ridgeline calibrate power} to board readings of a GB200 in
 * NVIDIA AIConfigurator (commit 095f58a): one set of shares for all operators and formats with a
 * meter for each table, which is what energies are made of, and a set for each operator and format,
 * which says what the meter of that table shows. Readings tell sessions apart: products of the same
 * load draw 1,170 W for some numbers of tokens and 750 W for others, the latter with a meter that
 * had not yet risen, and decode attention of 8 to 16 us draws 400 to 450 W at batch 8 and 16 but
 * some 225 W at 2, 32 and 64. No constant of a kernel can tell which is which: the median of the 25
 * readings of decode attention that are nearest in time, flops and bytes is off by 16 to 19 % on
 * the median, and by 11 to 12 % once it may look at the batch.
 *
 * @param idle draw between calls, over the limit
 * @param working draw of a running device beside flops and bytes, over the limit
 * @param matrix draw that the matrix engine would add at its peak, over the limit
 * @param memory draw that main memory adds at full bandwidth, over the limit
 * @param cap share of the limit where the controller holds the board; at most 1
 * @param gapSeconds length of calls that a meter sees half of
 * @param sharpness how suddenly a meter goes blind to shorter calls: 1 where equal gaps lie between
 *     calls, more where calls repeat a fixed number of times and end before the meter looks again
 */
public record BoardPower(
    double idle,
    double working,
    double matrix,
    double memory,
    double cap,
    double gapSeconds,
    double sharpness) {
  /** The name under which profiles keep the constants. */
  public static final String OPERATOR = "power";

  /** The variant that holds for every operator and format while it runs. */
  public static final String RUNNING = "all";

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("idle", "1", "draw between calls, over the limit", 0.1, 0.185, 0.3),
          new Parameter("working", "1", "draw beside flops and bytes", 0.15, 0.35, 0.5),
          new Parameter("matrix", "1", "added by the matrix engine at its peak", 1e-6, 0.8, 10),
          new Parameter("memory", "1", "added by main memory at full bandwidth", 1e-6, 0.55, 10),
          new Parameter("cap", "1", "where the controller holds the board", 0.5, 0.97, 1),
          new Parameter("gap", "s", "calls that the meter sees half of", 1e-9, 2e-5, 1e-2),
          new Parameter("sharpness", "1", "how suddenly it goes blind", 0.5, 1, 4));

  public BoardPower {
    if (!(idle >= 0 && working >= 0 && Math.max(idle, working) <= cap && cap <= 1)) {
      throw new IllegalArgumentException(
          "shares of the limit must lie below the cap and that below 1, were %s, %s, %s"
              .formatted(idle, working, cap));
    }
    if (!(matrix >= 0 && memory >= 0 && matrix + memory < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "shares of matrix engine and memory must not be negative, were %s and %s"
              .formatted(matrix, memory));
    }
    if (!(gapSeconds >= 0 && gapSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("gap of %s s".formatted(gapSeconds));
    }
    if (!(sharpness > 0 && sharpness < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("sharpness of %s".formatted(sharpness));
    }
  }

  /** The constants, in the order of the arrays that {@link #of} takes. */
  public static List<Parameter> parameters() {
    return PARAMETERS;
  }

  /** In the order of {@link #parameters}. */
  public double[] constants() {
    return new double[] {idle, working, matrix, memory, cap, gapSeconds, sharpness};
  }

  /** Of constants in the order of {@link #parameters}. */
  public static BoardPower of(double[] constants) {
    return new BoardPower(
        constants[0],
        constants[1],
        constants[2],
        constants[3],
        constants[4],
        constants[5],
        constants[6]);
  }

  /**
   * The same shares on a board of another architecture. What a flop and a byte cost in watts at the
   * same rate stays, so that the shares of matrix engine and memory follow the board's own peak and
   * bandwidth over its limit; what it draws idle and beside the work stays the same share of the
   * limit. The cap still holds the sum below the limit.
   *
   * @param lender the chip that the shares were fitted on
   * @param chip the chip to draw for
   * @return empty where either states no limit, no bandwidth of main memory, or where they have no
   *     matrix format in common
   */
  public Optional<BoardPower> onto(Chip lender, Chip chip) {
    OptionalDouble flops = ratio(matrixPerWatt(chip, lender), matrixPerWatt(lender, chip));
    OptionalDouble bytes = ratio(memoryPerWatt(chip), memoryPerWatt(lender));
    return flops.isEmpty() || bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BoardPower(
                idle,
                working,
                matrix * flops.getAsDouble(),
                memory * bytes.getAsDouble(),
                cap,
                gapSeconds,
                sharpness));
  }

  private static OptionalDouble ratio(double above, double below) {
    return above > 0 && below > 0 ? OptionalDouble.of(above / below) : OptionalDouble.empty();
  }

  /** Peak over the limit in the first of the wide formats that both multiply; 0 for none. */
  private static double matrixPerWatt(Chip chip, Chip other) {
    double limitWatts = chip.power().tdp().map(Watts::value).orElse(Double.POSITIVE_INFINITY);
    return Stream.of(Arithmetic.BF16, Arithmetic.FP16)
            .filter(each -> chip.peak(each).isPresent() && other.peak(each).isPresent())
            .findFirst()
            .map(each -> chip.peak(each).orElseThrow().value())
            .orElse(0.0)
        / limitWatts;
  }

  private static double memoryPerWatt(Chip chip) {
    double limitWatts = chip.power().tdp().map(Watts::value).orElse(Double.POSITIVE_INFINITY);
    return chip.mainMemory().bandwidth().map(BytesPerSecond::value).orElse(0.0) / limitWatts;
  }

  /**
   * Draw while a kernel runs.
   *
   * @param limitWatts the board's limit
   * @param matrixLoad flops a second over the peak of their format
   * @param memoryLoad bytes a second over the bandwidth of main memory; what caches answer beyond
   *     that counts as full
   */
  public double watts(double limitWatts, double matrixLoad, double memoryLoad) {
    return limitWatts
        * Math.min(
            cap,
            working
                + matrix * Math.sqrt(Math.min(matrixLoad, 1))
                + memory * Math.sqrt(Math.min(memoryLoad, 1)));
  }

  /**
   * What a meter shows while calls repeat.
   *
   * @param callSeconds length of one call
   */
  public double meteredWatts(
      double limitWatts, double matrixLoad, double memoryLoad, double callSeconds) {
    double idleWatts = idle * limitWatts;
    double busy = 1 / (1 + Math.pow(gapSeconds / callSeconds, sharpness));
    return idleWatts + (watts(limitWatts, matrixLoad, memoryLoad) - idleWatts) * busy;
  }
}
