package dev.ridgeline.estimate;

import dev.ridgeline.platform.Power;
import dev.ridgeline.units.Watts;
import java.util.Optional;

/**
 * What a device keeps up once its case is warm.
 *
 * <p>A case sheds heat at a fixed pace, so over minutes the mean draw cannot exceed {@link
 * Power#sustained}. A device that draws {@code P} while it works and {@code I} at rest may then
 * work only a share {@code d} of the time, {@code d P + (1 - d) I = S}, hence {@code d = (S - I) /
 * (P - I)}; times stretch by {@code 1 / d} and the energy of the work is not clipped. This is the
 * steady state of a heated body that cools in proportion to how much warmer it is than its
 * surroundings; how long it takes to get there is not modelled. Where the draw at rest is not known
 * it counts as none, and the share is an upper bound.
 *
 * @param share of the time that the device may work, above 0 and at most 1
 * @param outputTokensPerSecond the rate of the deployment, kept up
 * @param wattsPerDevice mean draw of one device meanwhile
 */
public record SustainedRate(double share, double outputTokensPerSecond, double wattsPerDevice) {

  /** The rate kept up; empty where the chip states no sustained power. */
  public static Optional<SustainedRate> of(Estimate estimate) {
    Power power = estimate.scenario().platform().chip().power();
    if (power.sustained().isEmpty() || estimate.averageWattsPerDevice().isEmpty()) {
      return Optional.empty();
    }
    double draw = estimate.averageWattsPerDevice().getAsDouble();
    double sustained = power.sustained().get().value();
    double idle = power.idle().map(Watts::value).orElse(0.0);
    double share = draw <= sustained ? 1 : (sustained - idle) / (draw - idle);
    return Optional.of(
        new SustainedRate(
            share, share * estimate.outputTokensPerSecond(), Math.min(draw, sustained)));
  }
}
