package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;

/**
 * One call of the core of multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1),
 * without the projections around it.
 *
 * @param phase whether latents are expanded to full heads (prefill) or absorbed (decode)
 * @param kv how the cache stores latents
 * @param heads on this chip
 * @param batch sequences, all alike
 * @param queryTokens new tokens of each sequence
 * @param pastTokens tokens of each sequence before those
 */
public record MlaShape(
    Phase phase, NumberFormat kv, long heads, long batch, long queryTokens, long pastTokens) {

  /** Which of the two forms runs. */
  public enum Phase {
    /** Every head has keys and values of its own. */
    CONTEXT,
    /** All heads share the latents as keys and values. */
    GENERATION
  }

  public MlaShape {
    Extents.positive("heads", heads);
    Extents.positive("batch", batch);
    Extents.positive("query tokens", queryTokens);
    Extents.notNegative("past tokens", pastTokens);
  }
}
