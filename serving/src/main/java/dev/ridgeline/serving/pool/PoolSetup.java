package dev.ridgeline.serving.pool;

import java.util.List;

/**
 * A cluster of pools.
 *
 * @param prefill machines for prompts; empty where every machine does both
 * @param decode machines for tokens; empty where every machine does both
 * @param both machines for both
 * @param transferTokensPerSecond tokens of cache a link moves
 */
public record PoolSetup(
    List<MachineKind> prefill,
    List<MachineKind> decode,
    List<MachineKind> both,
    double transferTokensPerSecond) {
  public PoolSetup {
    prefill = List.copyOf(prefill);
    decode = List.copyOf(decode);
    both = List.copyOf(both);
    boolean split = !prefill.isEmpty() && !decode.isEmpty() && both.isEmpty();
    boolean joined = prefill.isEmpty() && decode.isEmpty() && !both.isEmpty();
    if (split == joined || !(transferTokensPerSecond > 0)) {
      throw new IllegalArgumentException("either a prefill and a decode pool, or one of both");
    }
  }

  /** Machines in all. */
  public int machines() {
    return prefill.size() + decode.size() + both.size();
  }
}
