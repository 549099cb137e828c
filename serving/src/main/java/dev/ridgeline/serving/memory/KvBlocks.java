package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;

/**
 * The KV cache of one replica, cut into blocks of equal size. What a request holds is counted in
 * {@link RequestTable#blocks}.
 */
public interface KvBlocks {
  /** Blocks in all. */
  int capacity();

  /** Blocks that can be had, those whose content may still be found included. */
  int free();

  /** Tokens of a block. */
  int blockTokens();

  /** Blocks that hold so many tokens. */
  default int blocksFor(long tokens) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(tokens, blockTokens()));
  }

  /**
   * Gives a request so many blocks more.
   *
   * @param count at most {@link #free()}
   */
  void take(int slot, int count);

  /**
   * Whether only the number of a request's blocks matters, so that {@link #takeAhead} may be used.
   */
  default boolean alike() {
    return false;
  }

  /**
   * Takes so many blocks for requests in whose {@link RequestTable#blocks} they are counted later;
   * only where blocks are {@link #alike}.
   *
   * @param count at most {@link #free()}
   */
  default void takeAhead(int count) {
    throw new UnsupportedOperationException();
  }

  /** Gives a request the blocks it lacks for so many tokens; false, and none, if there are not. */
  default boolean growTo(int slot, long tokens, RequestTable table) {
    int lacking = blocksFor(tokens) - table.blocks[slot];
    if (lacking <= 0) {
      return true;
    }
    if (lacking > free()) {
      return false;
    }
    take(slot, lacking);
    return true;
  }

  /** Takes all blocks of a request back. */
  void release(int slot);

  /**
   * Looks the tokens of a request that holds no block up in the cache.
   *
   * @param mostTokens the hit never exceeds these
   * @return blocks found, from the first on; what {@link #freeHits()} says is about this answer
   */
  default int findPrefix(int slot, long mostTokens) {
    return 0;
  }

  /**
   * Of the blocks found last, those that no request holds, on the device or on the host: taking
   * them makes free ones fewer.
   */
  default int freeHits() {
    return 0;
  }

  /** Gives the blocks found last to the request they were found for. */
  default void takePrefix(int slot) {}

  /** Makes the full blocks among the first tokens of a request known to others. */
  default void publish(int slot, long tokens) {}

  /** Blocks that steps have to wait for, copied from the host since last asked. */
  default int takeMoved() {
    return 0;
  }

  /** Blocks kept in host memory. */
  default int onHost() {
    return 0;
  }
}
