package dev.ridgeline.serving.memory;

/**
 * Host memory beside the cache of a replica, or of one of its attention ranks. A step waits until
 * the blocks it needs are there: they are copied one after the other on the stream that computes,
 * as vLLM before V1 does (vllm/worker/cache_engine.py).
 *
 * @param blocks that fit into it, at least 1
 * @param secondsPerBlock time of one block on the link, either way: bytes of the block on one
 *     device over the device's share of the host link, in SI seconds, at least 0
 * @param joulesPerBlock energy of moving one block, over all devices that hold a part of it
 * @param use what it is for
 */
public record HostTier(int blocks, double secondsPerBlock, double joulesPerBlock, Use use) {
  /** What host memory is for. */
  public enum Use {
    /** The cache of preempted requests, which go on where they were (vLLM before V1). */
    SWAP,
    /** Full blocks that were pushed out of the device's prefix cache. */
    SPILL
  }

  public HostTier {
    if (blocks < 1 || !(secondsPerBlock >= 0) || !(joulesPerBlock >= 0)) {
      throw new IllegalArgumentException(
          "%d host blocks, %s s and %s J each".formatted(blocks, secondsPerBlock, joulesPerBlock));
    }
  }

  /** Whether it holds the cache of preempted requests. */
  public boolean swaps() {
    return use == Use.SWAP;
  }
}
