package dev.ridgeline.cost;

import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import org.jspecify.annotations.Nullable;

/** Energy of an operator from what the board draws while it runs, where that was measured. */
final class Draw {
  private final @Nullable BoardPower power;
  private final double limitWatts;
  private final double staticWatts;

  private Draw(@Nullable BoardPower power, EnergyRates energy) {
    this.power = power;
    this.limitWatts = energy.limitWatts();
    this.staticWatts = energy.staticWatts();
  }

  /**
   * For a site. Energies that a chip's file states go before; they bound the time as well, which
   * measured draws must not do once more.
   */
  static Draw of(KernelProfiles profiles, Site site) {
    EnergyRates energy = site.energy();
    if (!energy.known() || !energy.derived()) {
      return new Draw(null, energy);
    }
    FittedConstants found = profiles.power(BoardPower.RUNNING, site.platform().chip()).orElse(null);
    if (found == null) {
      return new Draw(null, energy);
    }
    site.drawnFrom(found.source());
    return new Draw(BoardPower.of(found.values()), energy);
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
}
