package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * What schedulers over blocks of cache share: a queue of those that wait, a list of those in
 * progress, and how often a batch that only decodes can be run again.
 */
abstract class BlockScheduler implements Scheduler {
  final RequestTable table;
  final SchedulerOptions options;
  final KvBlocks kv;
  final Speculator speculator;
  final SlotQueue queue = new SlotQueue();
  final SlotQueue running = new SlotQueue();

  /** Whether the head of the queue was refused for a reason that decoding cannot lift. */
  boolean headBlocked;

  BlockScheduler(RequestTable table, SchedulerOptions options, KvBlocks kv, Speculator speculator) {
    this.table = table;
    this.options = options;
    this.kv = kv;
    this.speculator = speculator;
  }

  /**
   * How often a batch can be run again before a request ends, or blocks do; it may be too few.
   *
   * @param spareBlocks that must stay free
   */
  final int repeats(Batch batch, int spareBlocks) {
    int times = Integer.MAX_VALUE;
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      times = Math.min(times, table.finalLength[slot] - table.length[slot] - 1);
    }
    while (times > 0 && blocksFor(batch, times) > kv.free() - spareBlocks) {
      times /= 2;
    }
    return times;
  }

  private long blocksFor(Batch batch, int times) {
    long blocks = 0;
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      long needed = kv.blocksFor((long) table.computed[slot] + times + options.lookaheadTokens());
      blocks += Math.max(0, needed - table.blocks[slot]);
    }
    return blocks;
  }

  @Override
  public void repeat(Batch batch, int times, long lastTokenNanos) {
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      table.computed[slot] += times;
      table.length[slot] += times;
      table.lastTokenNanos[slot] = lastTokenNanos;
      kv.growTo(slot, (long) table.computed[slot] + options.lookaheadTokens(), table);
      decoded(slot);
    }
  }

  /** A request has decoded several tokens at once, and has blocks for them. */
  void decoded(int slot) {}

  @Override
  public int dropHead() {
    return queue.isEmpty() ? -1 : queue.pollFirst();
  }

  @Override
  public int waiting() {
    return queue.size();
  }

  @Override
  public int usedBlocks() {
    return kv.capacity() - kv.free();
  }

  @Override
  public int capacityBlocks() {
    return kv.capacity();
  }

  @Override
  public int takeMovedBlocks() {
    return kv.takeMoved();
  }

  @Override
  public int hostBlocks() {
    return kv.onHost();
  }
}
