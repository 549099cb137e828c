package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.memory.SwapSpace;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * vLLM before V1 (Kwon et al., SOSP 2023) as Vidur has it: a batch of whole prompts while any fits,
 * else one token of every request in progress. Prompts of a batch count as if padded to the
 * longest. Blocks for new prompts leave a watermark free; decoding needs one free block, or the
 * last in progress starts over.
 *
 * <p>With swap space (vllm/core/scheduler.py, preemption mode swap) the last in progress moves its
 * blocks to the host instead, as long as they fit there. Nothing new starts while anybody is
 * swapped out; they return in order of arrival, in a step in which nobody had to leave, when their
 * blocks and the watermark are free.
 */
final class PrefillFirstScheduler extends QueueScheduler {
  /** Vidur's default. */
  static final int USUAL_BUDGET = 4096;

  private final int budget;
  private final SwapSpace swap;
  private final SlotQueue swapped = new SlotQueue();
  private boolean preempted;
  private boolean swapRefused;

  PrefillFirstScheduler(Setting setting) {
    super(setting, true, setting.options().slotsAhead());
    this.budget = options.tokenBudget().orElse(USUAL_BUDGET);
    int space = options.host().filter(HostTier::swaps).map(HostTier::blocks).orElse(0);
    this.swap = new SwapSpace(table, kv, space);
  }

  @Override
  public boolean admits(int slot) {
    return super.admits(slot) && table.input[slot] <= budget;
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    headBlocked = false;
    preempted = false;
    swapRefused = false;
    if (swapped.isEmpty()) {
      prefill(batch, nowNanos);
    }
    if (batch.size() > 0) {
      return;
    }
    decodeTogether(batch);
    running.sortByArrival(table);
    while (!running.isEmpty() && batch.size() < options.sequencesOfBatch()) {
      decode(batch, running.pollFirst());
    }
    if (!preempted) {
      swapIn(batch);
    }
  }

  private void prefill(Batch batch, long nowNanos) {
    int longest = 0;
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
        return;
      }
      queue.pollFirst();
      kv.take(slot, blocks);
      admitted++;
      addChunk(batch, slot, tokens, nowNanos);
    }
  }

  private int lacking(int slot) {
    return Math.max(0, kv.blocksFor(reach(slot)) - table.blocks[slot]);
  }

  private void decode(Batch batch, int slot) {
    int lacking = lacking(slot);
    while (kv.free() < Math.max(1, lacking)) {
      if (!othersGiveWay(slot)) {
        return;
      }
    }
    if (lacking > 0) {
      kv.take(slot, lacking);
    }
    addDecode(batch, slot);
  }

  /** Batches that decode are in order of arrival. */
  @Override
  void sortOver() {
    super.sortOver();
    over.sortByArrival(table);
  }

  @Override
  void preempt(int slot) {
    preempted = true;
    if (!swap.take(slot)) {
      super.preempt(slot);
      return;
    }
    admitted--;
    table.preemptions[slot]++;
    swapped.addLast(slot);
    swapped.sortByArrival(table);
  }

  private void swapIn(Batch batch) {
    while (!swapped.isEmpty()) {
      int slot = swapped.get(0);
      int blocks = Math.max(swap.held(slot), kv.blocksFor(reach(slot)));
      // With nobody in progress the watermark would keep it out for ever.
      int reserve = admitted > 0 ? watermarkBlocks : 0;
      if (kv.free() - blocks < reserve
          || admitted >= options.maxSequences()
          || batch.size() >= options.sequencesOfBatch()) {
        swapRefused = true;
        return;
      }
      swapped.pollFirst();
      swap.giveBack(slot);
      kv.take(slot, lacking(slot));
      admitted++;
      addDecode(batch, slot);
    }
  }

  @Override
  boolean steady(Batch batch) {
    return swapped.isEmpty() ? queue.isEmpty() || headBlocked : swapRefused;
  }

  @Override
  public boolean unmovedByArrivals() {
    return swapped.isEmpty() ? super.unmovedByArrivals() : swapRefused;
  }

  @Override
  int spareBlocks() {
    return 1;
  }

  @Override
  public int waiting() {
    return super.waiting() + swapped.size();
  }

  @Override
  public int takeMovedBlocks() {
    return swap.takeMoved();
  }

  @Override
  public int hostBlocks() {
    return swap.capacity() - swap.free();
  }
}
