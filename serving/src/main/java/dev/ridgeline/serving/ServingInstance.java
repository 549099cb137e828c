package dev.ridgeline.serving;

import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;

/**
 * One copy of a model that prefills or decodes.
 *
 * @param policy its scheduler, one that {@linkplain Policy#disaggregates() disaggregates}
 * @param options how it is configured
 * @param cost what a batch costs it
 * @param devices it runs on, at least 1
 * @param port how caches leave or enter
 */
public record ServingInstance(
    Policy policy, SchedulerOptions options, BatchCost cost, int devices, CachePort port) {
  public ServingInstance {
    if (devices < 1) {
      throw new IllegalArgumentException(devices + " devices");
    }
    if (!policy.disaggregates()) {
      throw new IllegalArgumentException(policy.key() + " does not disaggregate");
    }
  }
}
