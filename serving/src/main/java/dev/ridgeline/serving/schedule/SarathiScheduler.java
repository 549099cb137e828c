package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * Sarathi-Serve (Agrawal et al., OSDI 2024) as its authors' simulator Vidur has it: every decoding
 * request, then prompts under way, then new ones, until the batch holds a chunk of tokens. A new
 * request gets blocks for its whole prompt at once. A decoding request needs one free block even
 * where it does not take it; while there is none, the last of those in progress starts over.
 *
 * <p>With {@code exactFill} it is Dynamic SplitFuse (DeepSpeed-FastGen, arXiv:2401.08671, section
 * 3): the target holds for decoding tokens too, so that a step never exceeds it.
 */
final class SarathiScheduler extends QueueScheduler {
  /** Vidur's default. */
  static final int USUAL_CHUNK = 512;

  private final int chunk;
  private final boolean exactFill;
  private final SlotQueue partial = new SlotQueue();
  private final SlotQueue skipped = new SlotQueue();

  SarathiScheduler(Setting setting, boolean exactFill) {
    super(setting, true, 0);
    this.chunk = options.tokenBudget().orElse(USUAL_CHUNK);
    this.exactFill = exactFill;
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    int most = options.sequencesOfBatch();
    partial.clear();
    skipped.clear();
    decodeTogether(batch);
    while (!running.isEmpty() && batch.size() < most) {
      int slot = running.pollFirst();
      if (!table.prefilled(slot)) {
        partial.addLast(slot);
      } else if (exactFill && batch.newTokens() >= chunk) {
        skipped.addLast(slot);
      } else {
        decode(batch, slot);
      }
    }
    while (!partial.isEmpty()) {
      int slot = partial.pollFirst();
      int tokens = nextTokens(batch, slot);
      if (tokens <= 0) {
        skipped.addLast(slot);
      } else {
        addChunk(batch, slot, tokens, nowNanos);
      }
    }
    while (!skipped.isEmpty()) {
      running.addFirst(skipped.pollLast());
    }
    running.sortByArrival(table);
    cohort.orderFirst(running);
    admit(batch, nowNanos);
  }

  @Override
  boolean mayDecodeTogether() {
    return !anyDecodesAlone() && (!exactFill || cohort.size() <= chunk);
  }

  private void decode(Batch batch, int slot) {
    while (kv.free() < 1) {
      if (!othersGiveWay(slot)) {
        return;
      }
    }
    if (kv.blocksFor(table.length[slot]) > table.blocks[slot]) {
      kv.take(slot, 1);
    }
    addDecode(batch, slot);
  }

  @Override
  void preempt(int slot) {
    if (!exactFill && !table.prefilled(slot) && table.computed[slot] > 0) {
      // Vidur's rule: the prompt becomes what was processed, and the rest comes out as if decoded.
      table.length[slot] = table.computed[slot];
    }
    super.preempt(slot);
  }

  private int nextTokens(Batch batch, int slot) {
    int rest = table.target[slot] - table.computed[slot];
    int size =
        options.dynamicChunk().isPresent()
            ? options.dynamicChunk().get().at(table.computed[slot])
            : chunk;
    return (int) Math.min(rest, size - batch.newTokens());
  }

  private void admit(Batch batch, long nowNanos) {
    headBlocked = false;
    while (!queue.isEmpty()) {
      int slot = queue.get(0);
      int blocks = kv.blocksFor(table.target[slot]);
      if (admitted >= options.maxSequences()
          || batch.size() >= options.sequencesOfBatch()
          || kv.free() - blocks < watermarkBlocks) {
        headBlocked = true;
        return;
      }
      int tokens = nextTokens(batch, slot);
      if (tokens <= 0) {
        headBlocked = true;
        return;
      }
      queue.pollFirst();
      kv.take(slot, blocks);
      admitted++;
      addChunk(batch, slot, tokens, nowNanos);
    }
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
