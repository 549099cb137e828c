package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues with a known answer, reached with constant step times. */
class QueueingTheoryTest {
  private static final int REQUESTS = 200_000;
  private static final int BATCHES = 20;

  /** Student's t for 19 degrees of freedom at 99.9 %, two-sided. */
  private static final double STUDENT = 3.883;

  /** M/D/1: mean wait is rho D / (2 (1 - rho)) (Pollaczek-Khinchine). */
  @ParameterizedTest
  @CsvSource({"0.3, 1", "0.6, 2", "0.8, 3"})
  void oneServerOfConstantTime(double load, long seed) {
    double serviceSeconds = 0.01;
    double[] waits = waits("10 ms", 1, load / serviceSeconds, seed, () -> 1);
    check(waits, load * serviceSeconds / (2 * (1 - load)), 0);
  }

  /**
   * M/M/c: mean wait is C(c, a) / (c mu - lambda) with Erlang's C. Steps make service geometric.
   */
  @ParameterizedTest
  @CsvSource({"1, 0.5, 1", "4, 0.7, 2", "8, 0.85, 3"})
  void severalServersOfRandomTime(int servers, double load, long seed) {
    double stepSeconds = 1e-4;
    double meanSteps = 200;
    RandomGenerator random = new RandomStreams(seed).stream("service");
    double rate = load * servers / (meanSteps * stepSeconds);
    double[] waits =
        waits(
            "0.1 ms",
            servers,
            rate,
            seed,
            () -> 1 + (int) (Math.log(1 - random.nextDouble()) / Math.log(1 - 1 / meanSteps)));
    double offered = load * servers;
    double expected = erlangC(servers, offered) / (servers / (meanSteps * stepSeconds) - rate);
    // A request that comes during a step waits for its end even where a server is free.
    check(waits, expected, stepSeconds);
  }

  private static double erlangC(int servers, double offered) {
    double term = 1;
    double sum = 1;
    for (int k = 1; k < servers; k++) {
      term *= offered / k;
      sum += term;
    }
    double last = term * offered / servers * servers / (servers - offered);
    return last / (sum + last);
  }

  /** Mean waits of consecutive batches of requests. */
  private static double[] waits(
      String cost, int sequences, double rate, long seed, IntSupplier outputs) {
    RandomGenerator random = new RandomStreams(seed).stream("arrivals");
    double[] seconds = {0};
    int[] left = {REQUESTS};
    ArrivalSource source =
        into -> {
          seconds[0] += random.nextExponential() / rate;
          into.timeNanos = Nanos.of(seconds[0]);
          into.inputTokens = 1;
          into.outputTokens = outputs.getAsInt();
          return left[0]-- > 0;
        };
    SchedulerOptions options =
        new SchedulerOptions(
            OptionalInt.of(1 << 20),
            sequences,
            OptionalInt.empty(),
            1 << 20,
            16,
            0,
            0,
            true,
            false,
            1,
            1,
            Optional.empty(),
            false);
    double[] sums = new double[BATCHES];
    new Simulation(
            Scenes.setup(Policy.VLLM_V1, options, cost, 1, true),
            (table, slot) ->
                sums[(int) (table.id[slot] * BATCHES / REQUESTS)] +=
                    (table.firstScheduledNanos[slot] - table.arrivalNanos[slot]) * 1e-9,
            IterationSink.NONE)
        .run(source);
    for (int batch = 0; batch < BATCHES; batch++) {
      sums[batch] /= (double) REQUESTS / BATCHES;
    }
    return sums;
  }

  private static void check(double[] waits, double expected, double grain) {
    double mean = 0;
    for (double wait : waits) {
      mean += wait / waits.length;
    }
    double variance = 0;
    for (double wait : waits) {
      variance += (wait - mean) * (wait - mean) / (waits.length - 1);
    }
    double halfWidth = STUDENT * Math.sqrt(variance / waits.length);
    assertThat(mean).isCloseTo(expected, within(halfWidth + grain));
    assertThat(halfWidth).as("the test can tell").isLessThan(0.25 * expected);
  }
}
