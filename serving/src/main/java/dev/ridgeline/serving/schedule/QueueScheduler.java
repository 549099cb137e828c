package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * What most schedulers share: those in a batch are not in the list of those in progress, and what a
 * completed batch does to both.
 */
abstract class QueueScheduler extends BlockScheduler {
  final int watermarkBlocks;

  /** Requests that hold blocks, in a batch or not. */
  int admitted;

  QueueScheduler(Setting setting, boolean grows, int ahead) {
    super(setting, grows, ahead);
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

  /**
   * Puts those that decode together into a batch, if they and all others find their blocks; else
   * lets them out.
   */
  final void decodeTogether(Batch batch) {
    gather();
    if (cohort.size() == 0) {
      return;
    }
    if (!mayDecodeTogether() || cohort.blocksNeeded() > kv.free() - spareBlocks()) {
      cohort.dissolveInto(running);
      return;
    }
    putTogether(batch);
  }

  /** Whether those that decode together come first, and none of them has to wait. */
  boolean mayDecodeTogether() {
    return running.isEmpty();
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    if (batch.together() > 0) {
      cohort.advance(nowNanos, sink, over);
      sortOver();
      while (!over.isEmpty()) {
        end(over.pollFirst(), nowNanos, sink);
      }
    }
    for (int index = 0; index < batch.listed(); index++) {
      int slot = batch.slot(index);
      if (!batch.yields(index)) {
        goOn(slot);
        continue;
      }
      speculator.comeOut(table, batch, index, nowNanos, sink);
      if (table.length[slot] >= table.finalLength[slot]) {
        end(slot, nowNanos, sink);
      } else {
        goOn(slot);
      }
    }
  }

  /** Puts those that ended together into the order they had in the batch. */
  void sortOver() {
    cohort.sort(over);
  }

  private void end(int slot, long nowNanos, TokenSink sink) {
    kv.release(slot);
    admitted--;
    ended(slot);
    sink.finished(slot, nowNanos);
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

  /**
   * Makes the last in progress start over, or the request itself where there is no other.
   *
   * @return whether it may try again
   */
  final boolean othersGiveWay(int slot) {
    if (running.isEmpty()) {
      preempt(slot);
      return false;
    }
    preempt(running.pollLast());
    return true;
  }

  @Override
  public int repeats(Batch batch) {
    return running.isEmpty() && steady(batch) ? repeats(batch, spareBlocks()) : 0;
  }

  /** Whether the same decoding requests would be scheduled again, memory permitting. */
  abstract boolean steady(Batch batch);

  /** Blocks that must stay free for decoding to go on; vLLM V0's descendants ask for one. */
  int spareBlocks() {
    return 0;
  }

  @Override
  public boolean unmovedByArrivals() {
    return headBlocked && !queue.isEmpty();
  }

  /** Takes in a request with blocks, as those {@link ReceivingScheduler} do that queue. */
  public void resume(int slot) {
    goOn(slot);
    kv.publish(slot, table.computed[slot]);
  }

  @Override
  public int running() {
    return admitted;
  }
}
