package dev.ridgeline.cost;

import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.units.Watts;
import org.jspecify.annotations.Nullable;

/** Energy of an operator from what the board draws while it runs, where that was measured. */
final class Draw {
  /** Of a board that nothing was measured of. */
  static final Draw UNKNOWN = new Draw(null, 0, 0);

  private final @Nullable BoardPower power;
  private final double limitWatts;
  private final double staticWatts;

  private Draw(@Nullable BoardPower power, double limitWatts, double staticWatts) {
    this.power = power;
    this.limitWatts = limitWatts;
    this.staticWatts = staticWatts;
  }

  /**
   * For a site. Energies that a chip's file states go before; they bound the time as well, which
   * measured draws must not do once more.
   */
  static Draw of(KernelProfiles profiles, Site site) {
    EnergyRates energy = site.energy();
    if (!energy.known() || !energy.derived()) {
      return UNKNOWN;
    }
    FittedConstants found = profiles.power(BoardPower.RUNNING, site.platform().chip()).orElse(null);
    if (found == null) {
      return UNKNOWN;
    }
    BoardPower power = BoardPower.of(found.values());
    double limitWatts = energy.limitWatts();
    double idleWatts =
        energy.chip().power().idle().map(Watts::value).orElse(power.idle() * limitWatts);
    Draw draw = new Draw(power, limitWatts, idleWatts);
    site.drawnFrom(found.source(), draw, idleWatts);
    return draw;
  }

  /** Whether there is anything to charge. */
  boolean known() {
    return power != null;
  }

  /**
   * Sets the energy beyond static power; what links spend stays.
   *
   * @param matrixSeconds time of the matrix flops at their peak
   * @param memorySeconds time of the traffic at full bandwidth
   */
  void charge(OperatorCost into, double matrixSeconds, double memorySeconds) {
    BoardPower drawn = power;
    if (drawn == null) {
      return;
    }
    double linkJoules = into.networkBytes > 0 ? into.dynamicJoules : 0;
    double seconds = into.timeSeconds;
    into.dynamicJoules =
        seconds > 0
            ? linkJoules
                + seconds
                    * Math.max(
                        0,
                        drawn.watts(limitWatts, matrixSeconds / seconds, memorySeconds / seconds)
                            - staticWatts)
            : 0;
  }

  /**
   * Energy beyond static power of a step that an engine makes longer than its kernels are alone.
   * What no kernel explains is mostly kernels that run slower or were not counted, so the device
   * works throughout, and its loads, spread over more time, fall by the same factor.
   *
   * @param joules of the kernels alone
   * @param kernelSeconds how long these take
   * @param seconds how long the step takes
   */
  double spread(double joules, double kernelSeconds, double seconds) {
    BoardPower drawn = power;
    if (drawn == null || !(kernelSeconds > 0 && seconds > kernelSeconds)) {
      return joules;
    }
    double workingWatts = Math.max(0, drawn.working() * limitWatts - staticWatts);
    double loadJoules = Math.max(0, joules - workingWatts * kernelSeconds);
    return workingWatts * seconds + loadJoules * Math.sqrt(seconds / kernelSeconds);
  }
}
