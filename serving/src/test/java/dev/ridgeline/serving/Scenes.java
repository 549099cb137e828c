package dev.ridgeline.serving;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Random traffic and the setups that serve it. */
final class Scenes {
  private static final int MOST_INPUT = 900;
  private static final int MOST_OUTPUT = 250;

  private Scenes() {}

  static SchedulerOptions options(Policy policy, int kvTokens, int stages, boolean caching) {
    int block = policy.usualBlockTokens();
    return new SchedulerOptions(
        policy == Policy.ORCA || policy == Policy.STATIC
            ? OptionalInt.empty()
            : OptionalInt.of(policy == Policy.SARATHI || policy == Policy.SPLITFUSE ? 256 : 1024),
        32,
        OptionalInt.of(1200),
        kvTokens / block,
        block,
        policy.usualWatermark(),
        0,
        true,
        caching,
        stages,
        10,
        Optional.empty(),
        false);
  }

  static ServingSetup setup(
      Policy policy, SchedulerOptions options, String cost, int replicas, boolean coalescing) {
    return new ServingSetup(
        policy,
        options,
        ClosedForm.parse(cost),
        replicas,
        Routing.ROUND_ROBIN,
        OptionalInt.empty(),
        OptionalInt.empty(),
        0,
        coalescing);
  }

  /** Poisson arrivals of skewed lengths. */
  static ArrivalSource traffic(long seed, int requests, double ratePerSecond) {
    RandomGenerator random = new RandomStreams(seed).stream("traffic");
    double[] seconds = {0};
    int[] left = {requests};
    return into -> {
      if (left[0]-- <= 0) {
        return false;
      }
      seconds[0] += random.nextExponential() / ratePerSecond;
      into.timeNanos = Nanos.of(seconds[0]);
      into.inputTokens = 1 + (int) (MOST_INPUT * Math.pow(random.nextDouble(), 2));
      into.outputTokens = 1 + (int) (MOST_OUTPUT * Math.pow(random.nextDouble(), 2));
      return true;
    };
  }
}
