package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * What most schedulers share: a queue of those that wait, a list of those in progress that are in
 * no batch, and what a completed batch does to both.
 */
abstract class QueueScheduler implements Scheduler {
  final RequestTable table;
  final SchedulerOptions options;
  final KvBlocks kv;
  final SlotQueue queue = new SlotQueue();
  final SlotQueue running = new SlotQueue();
  final int watermarkBlocks;

  /** Requests that hold blocks, in a batch or not. */
  int admitted;

  /** Whether the head of the queue was refused for a reason that decoding cannot lift. */
  boolean headBlocked;

  private final Speculator speculator;

  /** An engine that does not speculate. */
  QueueScheduler(RequestTable table, SchedulerOptions options, KvBlocks kv) {
    this(table, options, kv, Speculator.NONE);
  }

  QueueScheduler(RequestTable table, SchedulerOptions options, KvBlocks kv, Speculator speculator) {
    this.table = table;
    this.options = options;
    this.kv = kv;
    this.speculator = speculator;
    this.watermarkBlocks = options.watermarkBlocks();
  }

  @Override
  public void add(int slot) {
    queue.addLast(slot);
  }

  @Override
  public boolean admits(int slot) {
    long longest = table.finalLength[slot] - 1L + options.slotsAhead();
    return table.finalLength[slot] <= options.maxTokens().orElse(Integer.MAX_VALUE)
        && kv.blocksFor(longest) <= kv.capacity()
        && kv.blocksFor(table.input[slot]) <= kv.capacity() - watermarkBlocks;
  }

  /** Puts a request's next token into a batch, and its drafts. */
  final void addDecode(Batch batch, int slot) {
    int tokens = speculator.verifiedTokens();
    if (tokens > 1) {
      batch.addDrafted(slot, tokens, table.computed[slot]);
    } else {
      batch.addDecode(slot, table.computed[slot]);
    }
    table.computed[slot] += tokens;
  }

  /** Tokens that a decoding request needs room for: those known, and those drafted. */
  final long reach(int slot) {
    return (long) table.length[slot] + options.slotsAhead();
  }

  /** Puts prompt tokens of a request into a batch. */
  final void addChunk(Batch batch, int slot, int tokens, long nowNanos) {
    int before = table.computed[slot];
    batch.addChunk(slot, tokens, before, before + tokens == table.target[slot]);
    table.computed[slot] = before + tokens;
    table.scheduled(slot, nowNanos);
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      if (!batch.yields(index)) {
        running.addLast(slot);
        continue;
      }
      speculator.comeOut(table, batch, index, nowNanos, sink);
      if (table.length[slot] >= table.finalLength[slot]) {
        kv.release(slot);
        admitted--;
        ended(slot);
        sink.finished(slot, nowNanos);
      } else {
        running.addLast(slot);
      }
    }
  }

  /** A request has its last token; it holds nothing any more. */
  void ended(int slot) {}

  /** Takes the cache of a request away and puts it before all others that wait. */
  void preempt(int slot) {
    kv.release(slot);
    admitted--;
    table.restart(slot);
    queue.addFirst(slot);
    headBlocked = false; // Another head now, which may fit.
  }

  @Override
  public int repeats(Batch batch) {
    if (!batch.onlyDecodes() || running.size() > 0 || speculator.drafts() || !steady(batch)) {
      return 0;
    }
    int most = Integer.MAX_VALUE;
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      most = Math.min(most, table.finalLength[slot] - table.length[slot] - 1);
    }
    return fitting(batch, most);
  }

  /** Whether the same decoding requests would be scheduled again, memory permitting. */
  abstract boolean steady(Batch batch);

  /** Blocks that must stay free for decoding to go on; vLLM V0's descendants ask for one. */
  int spareBlocks() {
    return 0;
  }

  final int fitting(Batch batch, int most) {
    int times = most;
    while (times > 0 && blocksFor(batch, times) > kv.free() - spareBlocks()) {
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
  public boolean unmovedByArrivals() {
    return headBlocked && !queue.isEmpty();
  }

  @Override
  public void repeat(Batch batch, int times, long lastTokenNanos) {
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      table.computed[slot] += times;
      table.length[slot] += times;
      table.lastTokenNanos[slot] = lastTokenNanos;
      kv.growTo(slot, (long) table.computed[slot] + options.lookaheadTokens(), table);
    }
  }

  @Override
  public void resume(int slot) {
    running.addLast(slot);
    kv.publish(slot, table.computed[slot]);
  }

  @Override
  public int dropHead() {
    return queue.isEmpty() ? -1 : queue.pollFirst();
  }

  @Override
  public int waiting() {
    return queue.size();
  }

  @Override
  public int running() {
    return admitted;
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
