package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.served.TracedRun.Means;
import dev.ridgeline.calibration.served.TracedRun.Profile;
import dev.ridgeline.calibration.served.TracedRun.Request;
import dev.ridgeline.mapping.EngineOverheads;
import java.util.List;

/**
 * Fits an engine's profile on a machine to the first requests of a run: a factor on the kernels,
 * host time of a step and of a sequence, front end of a request. What is known of the later
 * requests is when they come and how long they are, not when they were answered.
 */
public final class RunCalibration {
  private static final int MOST_ROUNDS = 10;
  private static final double LEAST_SCALE = 0.3;

  /** Weight of a request's first token beside its rate, and what a millisecond more counts. */
  private static final double TTFT_WEIGHT = 0.3;

  private static final double TTFT_SLACK_SECONDS = 0.01;
  private static final double WORST = 2;

  private final TracedRun run;
  private final int seen;

  private RunCalibration(TracedRun run, int seen) {
    this.run = run;
    this.seen = seen;
  }

  /** The profile that fits the first {@code seen} requests best; a search along the axes. */
  public static Profile of(TracedRun run, int seen) {
    return new RunCalibration(run, seen).search();
  }

  private Profile search() {
    EngineOverheads start = run.shipped();
    double[] values = {1, start.stepSeconds(), start.sequenceSeconds(), start.requestSeconds()};
    double[] steps = {0.1, 1e-3, 2e-5, 5e-3};
    double best = loss(values);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean better = false;
      for (int axis = 0; axis < values.length; axis++) {
        for (int sign = 1; sign >= -1; sign -= 2) {
          double[] other = values.clone();
          other[axis] = Math.max(axis == 0 ? LEAST_SCALE : 0, other[axis] + sign * steps[axis]);
          double loss = loss(other);
          if (loss < best) {
            best = loss;
            values = other;
            better = true;
            break;
          }
        }
      }
      if (!better) {
        for (int axis = 0; axis < steps.length; axis++) {
          steps[axis] /= 2;
        }
      }
    }
    return profile(values);
  }

  private Profile profile(double[] values) {
    EngineOverheads shipped = run.shipped();
    return new Profile(values[0], shipped.serial(values[1], values[2], values[3]));
  }

  private double loss(double[] values) {
    List<Request> simulated = run.simulate(profile(values));
    List<Request> measured = run.requests();
    double sum = 0;
    for (int index = 0; index < seen; index++) {
      Request here = simulated.get(index);
      Request there = measured.get(index);
      if (there.outputTokens() > 1) {
        sum += distance(here.last() - here.first(), there.last() - there.first());
      }
      double ttft =
          distance(
              here.first() - here.arrived() + TTFT_SLACK_SECONDS,
              there.first() - there.arrived() + TTFT_SLACK_SECONDS);
      sum += TTFT_WEIGHT * Math.min(WORST, ttft);
    }
    Means here = Means.of(simulated, 0, seen);
    Means there = Means.of(measured, 0, seen);
    return sum / seen
        + 2 * distance(here.tpot(), there.tpot())
        + distance(here.ttft(), there.ttft());
  }

  private static double distance(double one, double other) {
    return Math.abs(Math.log(one / other));
  }
}
