package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;

/** Blocks that nobody shares: only their number matters. */
public final class PlainBlocks extends BlockStore {
  /**
   * All blocks free.
   *
   * @param capacity at least 0
   * @param blockTokens at least 1
   */
  public PlainBlocks(RequestTable table, int capacity, int blockTokens) {
    super(table, capacity, blockTokens);
  }

  @Override
  public void take(int slot, int count) {
    requireFree(count);
    free -= count;
    table.blocks[slot] += count;
  }

  @Override
  public boolean alike() {
    return true;
  }

  @Override
  public void takeAhead(int count) {
    requireFree(count);
    free -= count;
  }

  @Override
  public void release(int slot) {
    free += table.blocks[slot];
    table.blocks[slot] = 0;
  }
}
