package dev.ridgeline.calibration;

import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Board power as a kernel family whose "times" are watts, so that its shares are fitted, scored and
 * given bands as the constants of kernels are.
 *
 * @param meters variants that have a meter of their own; empty where there is one for all
 */
record PowerFamily(List<String> meters) implements KernelFamily<PowerReading> {
  private static final int GAP = 5;
  private static final int SHARPNESS = 6;
  private static final double NO_GAP_SECONDS = 1e-9;

  /** One meter. */
  static final PowerFamily SINGLE = new PowerFamily(List.of());

  PowerFamily {
    meters = List.copyOf(meters);
  }

  @Override
  public String name() {
    return BoardPower.OPERATOR;
  }

  @Override
  public String variant(PowerReading reading) {
    return reading.variant();
  }

  @Override
  public List<Parameter> parameters() {
    if (meters.isEmpty()) {
      return BoardPower.parameters();
    }
    List<Parameter> parameters = new ArrayList<>(BoardPower.parameters().subList(0, GAP));
    for (String meter : meters) {
      for (Parameter own : BoardPower.parameters().subList(GAP, SHARPNESS + 1)) {
        parameters.add(
            new Parameter(
                own.name() + " of " + meter,
                own.unit(),
                own.meaning(),
                own.low(),
                own.typical(),
                own.high()));
      }
    }
    return parameters;
  }

  @Override
  public Kernel<PowerReading> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    BoardPower power = BoardPower.of(ofMeter(constants, Math.max(0, meters.indexOf(variant))));
    return reading -> reading.metered(power);
  }

  /** The running draw alone. */
  static double[] running(double[] constants) {
    double[] running = Arrays.copyOf(constants, SHARPNESS + 1);
    running[GAP] = NO_GAP_SECONDS;
    running[SHARPNESS] = 1;
    return running;
  }

  private static double[] ofMeter(double[] constants, int meter) {
    double[] own = Arrays.copyOf(constants, SHARPNESS + 1);
    own[GAP] = constants[GAP + 2 * meter];
    own[SHARPNESS] = constants[SHARPNESS + 2 * meter];
    return own;
  }
}
