package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;

/**
 * vLLM before V1 (Kwon et al., SOSP 2023) as Vidur has it: a batch of whole prompts while any fits,
 * else one token of every request in progress. Prompts of a batch count as if padded to the
 * longest. Blocks for new prompts leave a watermark free; decoding needs one free block, or the
 * last in progress starts over.
 */
final class PrefillFirstScheduler extends QueueScheduler {
  /** Vidur's default. */
  static final int USUAL_BUDGET = 4096;

  private final int budget;

  PrefillFirstScheduler(RequestTable table, SchedulerOptions options, KvBlocks kv) {
    super(table, options, kv);
    this.budget = options.tokenBudget().orElse(USUAL_BUDGET);
  }

  @Override
  public boolean admits(int slot) {
    return super.admits(slot) && table.input[slot] <= budget;
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    int longest = 0;
    headBlocked = false;
    while (!queue.isEmpty()) {
      int slot = queue.get(0);
      int tokens = table.target[slot];
      int blocks = kv.blocksFor(tokens);
      longest = Math.max(longest, tokens);
      // A restarted request may have outgrown the budget; alone it runs.
      boolean tooLong = (batch.size() + 1L) * longest > budget && batch.size() > 0;
      if (kv.free() - blocks < watermarkBlocks
          || tooLong
          || admitted >= options.maxSequences()
          || batch.size() >= options.sequencesOfBatch()) {
        headBlocked = true;
        break;
      }
      queue.pollFirst();
      kv.take(slot, blocks);
      admitted++;
      addChunk(batch, slot, tokens, nowNanos);
    }
    if (batch.size() > 0) {
      return;
    }
    running.sortByArrival(table);
    while (!running.isEmpty() && batch.size() < options.sequencesOfBatch()) {
      decode(batch, running.pollFirst());
    }
  }

  private void decode(Batch batch, int slot) {
    while (kv.free() < 1) {
      if (running.isEmpty()) {
        preempt(slot);
        return;
      }
      preempt(running.pollLast());
    }
    if (kv.blocksFor(table.length[slot]) > table.blocks[slot]) {
      kv.take(slot, 1);
    }
    addDecode(batch, slot);
  }

  @Override
  boolean steady(Batch batch) {
    return queue.isEmpty() || headBlocked;
  }

  @Override
  int spareBlocks() {
    return 1;
  }
}
