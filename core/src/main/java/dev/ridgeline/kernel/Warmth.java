package dev.ridgeline.kernel;

/** What the last-level cache holds when a kernel starts. */
public enum Warmth {
  /**
   * As in a benchmark that repeats one call: whatever fits the cache is still there from the call
   * before.
   */
  WARM,
  /**
   * As in a served model: weights and KV cache were evicted by the layers between; only what the
   * kernel before wrote is still there.
   */
  COLD
}
