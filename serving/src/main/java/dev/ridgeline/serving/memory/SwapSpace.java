package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.RequestTable;
import java.util.Arrays;

/** Blocks of preempted requests in host memory. */
public final class SwapSpace {
  private final RequestTable table;
  private final KvBlocks device;
  private final int capacity;
  private int free;
  private int moved;
  private int[] held = new int[256];

  /**
   * All blocks free.
   *
   * @param capacity blocks of host memory, at least 0
   */
  public SwapSpace(RequestTable table, KvBlocks device, int capacity) {
    this.table = table;
    this.device = device;
    this.capacity = capacity;
    this.free = capacity;
  }

  /** Blocks in all. */
  public int capacity() {
    return capacity;
  }

  /** Blocks that nobody holds. */
  public int free() {
    return free;
  }

  /** Blocks of a request that are here. */
  public int held(int slot) {
    return slot < held.length ? held[slot] : 0;
  }

  /** Takes the blocks of a request off the device; false, and nothing, if they do not fit. */
  public boolean take(int slot) {
    int blocks = table.blocks[slot];
    if (blocks > free) {
      return false;
    }
    if (slot >= held.length) {
      held = Arrays.copyOf(held, Math.max(slot + 1, 2 * held.length));
    }
    device.release(slot);
    held[slot] = blocks;
    free -= blocks;
    moved += blocks;
    return true;
  }

  /** Gives a request its blocks back; the device must have as many free. */
  public void giveBack(int slot) {
    int blocks = held[slot];
    device.take(slot, blocks);
    held[slot] = 0;
    free += blocks;
    moved += blocks;
  }

  /** Blocks moved either way since last asked. */
  public int takeMoved() {
    int since = moved;
    moved = 0;
    return since;
  }
}
