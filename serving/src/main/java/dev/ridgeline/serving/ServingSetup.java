package dev.ridgeline.serving;

import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import java.util.OptionalInt;

/**
 * What serves: equal replicas behind a router.
 *
 * @param policy the scheduler of each replica
 * @param options how it is configured
 * @param cost what a batch costs a replica
 * @param replicas how many, at least 1
 * @param routing how requests are spread
 * @param concurrency requests kept in flight instead of the trace's arrivals; empty to follow these
 * @param predictedOutput output tokens that policies reckon with; empty for the true ones
 * @param seed of everything random
 * @param engine what the engine's front end adds to a request; its steps are in {@code cost}
 * @param coalescing whether decoding requests that nothing happens to go on together, and unchanged
 *     batches are run in one go; the answer is the same
 */
public record ServingSetup(
    Policy policy,
    SchedulerOptions options,
    BatchCost cost,
    int replicas,
    Routing routing,
    OptionalInt concurrency,
    OptionalInt predictedOutput,
    long seed,
    EngineOverheads engine,
    boolean coalescing) {

  /** A setup whose engine has no front end. */
  public ServingSetup(
      Policy policy,
      SchedulerOptions options,
      BatchCost cost,
      int replicas,
      Routing routing,
      OptionalInt concurrency,
      OptionalInt predictedOutput,
      long seed,
      boolean coalescing) {
    this(
        policy,
        options,
        cost,
        replicas,
        routing,
        concurrency,
        predictedOutput,
        seed,
        EngineOverheads.NONE,
        coalescing);
  }

  public ServingSetup {
    if (replicas < 1 || concurrency.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "%d replicas, concurrency %s".formatted(replicas, concurrency));
    }
  }

  /** The same with another seed. */
  public ServingSetup seeded(long otherSeed) {
    return new ServingSetup(
        policy,
        options,
        cost,
        replicas,
        routing,
        concurrency,
        predictedOutput,
        otherSeed,
        engine,
        coalescing);
  }
}
