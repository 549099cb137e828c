package dev.ridgeline.kernel;

/**
 * What a board draws while a kernel runs, as shares of its power limit.
 *
 * <p>A working device draws a fixed share; main memory at full bandwidth and the matrix engine at
 * its peak add theirs in proportion to how busy they are; the power controller lowers the clock
 * before the sum passes the cap, so time stretches and the draw stays. Since the engine's share is
 * counted at the peak of whatever format it multiplies, a flop of half the width costs half.
 *
 * <p>Short calls are seen through gaps: a meter that samples while calls repeat averages the call
 * with what lies between two of them.
 *
 * @param idle draw between calls, over the limit
 * @param working draw of a running device beside flops and bytes, over the limit
 * @param matrix draw that the matrix engine would add at its peak, over the limit; above 1 where
 *     the cap is met long before
 * @param memory draw that main memory adds at full bandwidth, over the limit
 * @param cap share of the limit where the controller holds the board; at most 1
 */
public record BoardPower(double idle, double working, double matrix, double memory, double cap) {

  /**
   * One set for matrix products, attention and experts in bf16, fp8 and nvfp4: fitted to 5,000 of
   * the 199,000 board readings of a GB200 in NVIDIA AIConfigurator (commit 095f58a). Half of the
   * readings of calls of 100 microseconds or more lie within 10 % of it; readings of shorter calls
   * are diluted by gaps that the tables do not state. As energies on that board: 1.2 pJ for a bf16
   * flop, 91 pJ for a byte, 545 W beside them.
   */
  public static final BoardPower MEASURED = new BoardPower(0.185, 0.454, 2.515, 0.607, 0.974);

  public BoardPower {
    if (!(idle >= 0 && idle <= working && working <= cap && cap <= 1)) {
      throw new IllegalArgumentException(
          "shares of the limit must rise from idle to working to cap, were %s, %s, %s"
              .formatted(idle, working, cap));
    }
    if (!(matrix >= 0 && memory >= 0 && matrix + memory < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "shares of matrix engine and memory must not be negative, were %s and %s"
              .formatted(matrix, memory));
    }
  }

  /**
   * Draw while a kernel runs.
   *
   * @param limitWatts the board's limit
   * @param matrixLoad flops a second over the peak of their format, 0 to 1
   * @param memoryLoad bytes a second over the bandwidth of main memory; what caches answer beyond
   *     that counts as full
   */
  public double watts(double limitWatts, double matrixLoad, double memoryLoad) {
    return limitWatts
        * Math.min(cap, working + matrix * matrixLoad + memory * Math.min(memoryLoad, 1));
  }

  /**
   * What a meter shows while calls repeat.
   *
   * @param callSeconds length of one call
   * @param gapSeconds time between two calls
   */
  public double meteredWatts(
      double limitWatts,
      double matrixLoad,
      double memoryLoad,
      double callSeconds,
      double gapSeconds) {
    double idleWatts = idle * limitWatts;
    double busy = callSeconds / (callSeconds + gapSeconds);
    return idleWatts + (watts(limitWatts, matrixLoad, memoryLoad) - idleWatts) * busy;
  }
}
