package dev.ridgeline.cost;

import java.util.Locale;

/** The resource that limits an operator, a phase or an answer. */
public enum Bound {
  COMPUTE,
  MEMORY,
  NETWORK,
  OVERHEAD,
  POWER,
  /** Tensors that come from beyond the device's memory. */
  OFFLOAD,
  /** Stages that wait for each other. */
  PIPELINE;

  /** The key used in reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
