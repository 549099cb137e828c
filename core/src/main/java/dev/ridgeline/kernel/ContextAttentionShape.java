package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;

/**
 * One call of prefill attention: rotary embedding, writing the new keys and values to the cache,
 * and causal attention of the new tokens to themselves and to what the cache holds.
 *
 * @param attention what the products run in
 * @param kv how the cache stores keys and values
 * @param headDim elements of a head
 * @param heads query heads on this chip
 * @param kvHeads heads of keys and values on this chip, a divisor of {@code heads}
 * @param window most tokens a query looks back to, itself included; 0 where all
 * @param batch sequences, all alike
 * @param newTokens tokens of each sequence that are computed
 * @param cachedTokens tokens of each sequence before those, 0 for a whole prompt
 */
public record ContextAttentionShape(
    NumberFormat attention,
    NumberFormat kv,
    long headDim,
    long heads,
    long kvHeads,
    long window,
    long batch,
    long newTokens,
    long cachedTokens) {

  public ContextAttentionShape {
    Extents.heads(heads, kvHeads);
    Extents.positive("head dim", headDim);
    Extents.notNegative("window", window);
    Extents.positive("batch", batch);
    Extents.positive("new tokens", newTokens);
    Extents.notNegative("cached tokens", cachedTokens);
  }
}
