package dev.ridgeline.cost;

/** Kinds of work that engines slow down differently. */
public enum EngineWork {
  /** Attention of decoding sequences, for which engines bring kernels of their own. */
  ATTENTION,
  /** Exchanges between devices, which wait for the last of them. */
  COLLECTIVE,
  /** Products of experts, of which engines bring their own. */
  EXPERTS,
  /** All else, by what bounds it. */
  OTHER
}
