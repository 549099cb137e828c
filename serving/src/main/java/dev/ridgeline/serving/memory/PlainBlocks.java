package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;

/** Blocks that nobody shares: only their number matters. */
public final class PlainBlocks implements KvBlocks {
  private final RequestTable table;
  private final int capacity;
  private final int blockTokens;
  private int free;

  /**
   * All blocks free.
   *
   * @param capacity at least 0
   * @param blockTokens at least 1
   */
  public PlainBlocks(RequestTable table, int capacity, int blockTokens) {
    this.table = table;
    this.capacity = capacity;
    this.blockTokens = blockTokens;
    this.free = capacity;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public int free() {
    return free;
  }

  @Override
  public int blockTokens() {
    return blockTokens;
  }

  @Override
  public void take(int slot, int count) {
    if (count > free) {
      throw new IllegalStateException("%d blocks asked for, %d free".formatted(count, free));
    }
    free -= count;
    table.blocks[slot] += count;
  }

  @Override
  public void release(int slot) {
    free += table.blocks[slot];
    table.blocks[slot] = 0;
  }
}
