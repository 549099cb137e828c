package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;
import java.util.BitSet;

/**
 * Blocks of an instance that prefills for others: those of a request that has ended here stay taken
 * until its cache has left. Meanwhile they are not part of the {@linkplain #capacity() capacity}.
 */
public final class HeldBlocks implements KvBlocks {
  private final KvBlocks blocks;
  private final RequestTable table;
  private final BitSet stayed = new BitSet();
  private int held;

  /** None held. */
  public HeldBlocks(KvBlocks blocks, RequestTable table) {
    this.blocks = blocks;
    this.table = table;
  }

  /** Blocks of requests that have ended here and whose cache has not left. */
  public int held() {
    return held;
  }

  /** Whether a request has ended here and its cache has not left. */
  public boolean holds(int slot) {
    return stayed.get(slot);
  }

  /** The cache of a request that has ended here has left. */
  public void leave(int slot) {
    stayed.clear(slot);
    held -= table.blocks[slot];
    blocks.release(slot);
  }

  @Override
  public void release(int slot) {
    if (table.length[slot] >= table.finalLength[slot]) {
      held += table.blocks[slot];
      stayed.set(slot);
    } else {
      blocks.release(slot);
    }
  }

  @Override
  public int capacity() {
    return blocks.capacity() - held;
  }

  @Override
  public int free() {
    return blocks.free();
  }

  @Override
  public int blockTokens() {
    return blocks.blockTokens();
  }

  @Override
  public void take(int slot, int count) {
    blocks.take(slot, count);
  }

  @Override
  public boolean alike() {
    return blocks.alike();
  }

  @Override
  public void takeAhead(int count) {
    blocks.takeAhead(count);
  }

  @Override
  public int findPrefix(int slot, long mostTokens) {
    return blocks.findPrefix(slot, mostTokens);
  }

  @Override
  public int freeHits() {
    return blocks.freeHits();
  }

  @Override
  public void takePrefix(int slot) {
    blocks.takePrefix(slot);
  }

  @Override
  public void publish(int slot, long tokens) {
    blocks.publish(slot, tokens);
  }

  @Override
  public int takeMoved() {
    return blocks.takeMoved();
  }

  @Override
  public int onHost() {
    return blocks.onHost();
  }
}
