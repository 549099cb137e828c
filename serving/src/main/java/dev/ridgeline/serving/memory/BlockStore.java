package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;

/** A number of blocks, of which some are free. */
abstract sealed class BlockStore implements KvBlocks permits PlainBlocks, CachedBlocks {
  final RequestTable table;
  final int capacity;
  final int blockTokens;
  int free;

  /** All blocks free. */
  BlockStore(RequestTable table, int capacity, int blockTokens) {
    this.table = table;
    this.capacity = capacity;
    this.blockTokens = blockTokens;
    this.free = capacity;
  }

  @Override
  public final int capacity() {
    return capacity;
  }

  @Override
  public final int free() {
    return free;
  }

  @Override
  public final int blockTokens() {
    return blockTokens;
  }

  /** Who takes more blocks than are free has not asked before. */
  final void requireFree(int count) {
    if (count > free) {
      throw new IllegalStateException("%d blocks asked for, %d free".formatted(count, free));
    }
  }
}
