package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;

/**
 * One call of decode attention: one new token of each sequence attends to the cache and itself,
 * rotary embedding and the write to the cache included.
 *
 * @param kv how the cache stores keys and values
 * @param headDim elements of a head
 * @param heads query heads on this chip
 * @param kvHeads heads of keys and values on this chip, a divisor of {@code heads}
 * @param window most tokens a query looks back to, itself included; 0 where all
 * @param batch sequences, all alike
 * @param kvTokens tokens attended to, the new one included
 */
public record GenerationAttentionShape(
    NumberFormat kv,
    long headDim,
    long heads,
    long kvHeads,
    long window,
    long batch,
    long kvTokens) {

  public GenerationAttentionShape {
    Extents.heads(heads, kvHeads);
    Extents.positive("head dim", headDim);
    Extents.notNegative("window", window);
    Extents.positive("batch", batch);
    Extents.positive("kv tokens", kvTokens);
  }

  /** Query heads that share one head of keys and values. */
  public long group() {
    return heads / kvHeads;
  }
}
