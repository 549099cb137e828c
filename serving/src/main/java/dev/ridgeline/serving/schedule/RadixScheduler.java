package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * SGLang (Zheng et al., NeurIPS 2024) as its public scheduler and NVIDIA's port of it describe it:
 * prompts before decoding, as many as fit a budget, the last one cut into chunks; prefixes shared.
 * A request enters if the tokens it lacks, and a share of the output that all running requests may
 * still have, fit into what is free. The share starts at 0.7, falls to 0.14 of that over 600
 * decoding steps, and rises when decoding runs out of memory and requests are retracted: those with
 * the fewest tokens generated, which keep their prefix findable.
 */
final class RadixScheduler extends QueueScheduler implements ReceivingScheduler {
  /** Tokens of a prefill batch by default. */
  static final int USUAL_BUDGET = 16_384;

  /** Tokens of a chunk by default, for GPUs of 80 GB and less; a budget that is said is both. */
  static final int USUAL_CHUNK = 8192;

  private static final double FIRST_SHARE = 0.7;
  private static final double LAST_SHARE = 0.14 * FIRST_SHARE;
  private static final int DECAY_STEPS = 600;

  /** Output tokens of a request that admission reckons with at most. */
  private static final int LONGEST_RECKONED = 4096;

  /** Decoding steps that must fit before memory counts as short. */
  private static final int RETRACT_STEPS = 20;

  private final int budget;
  private final int chunk;
  private double share = FIRST_SHARE;
  private int chunked = -1;

  /** Requests whose blocks are taken and whose cache is on its way, and their output reckoned. */
  private int expected;

  private long expectedTokens;

  RadixScheduler(Setting setting) {
    super(setting, true, setting.options().slotsAhead());
    this.budget = options.tokenBudget().orElse(USUAL_BUDGET);
    this.chunk = options.tokenBudget().orElse(USUAL_CHUNK);
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    prefill(batch, nowNanos);
    if (batch.size() == 0) {
      decode(batch);
    }
  }

  private void prefill(Batch batch, long nowNanos) {
    int left = Math.min(budget, chunk);
    headBlocked = false;
    if (chunked >= 0 && running.remove(chunked)) {
      int slot = chunked;
      chunked = -1;
      left = put(batch, slot, left, nowNanos);
    }
    long reckoned = reckonedTokens() + expectedTokens;
    while (!queue.isEmpty() && left > 0 && chunked < 0) {
      int slot = queue.get(0);
      int hits = kv.findPrefix(slot, table.length[slot] - 1L);
      int blocks = kv.blocksFor(table.target[slot]) - hits;
      long wanted =
          (long) (blocks + kv.freeHits()) * kv.blockTokens() + outputReckoned(slot) + reckoned;
      boolean alone = admitted == 0;
      if (admitted >= options.maxSequences()
          || blocks + kv.freeHits() > kv.free()
          || (wanted > (long) kv.free() * kv.blockTokens() && !alone)) {
        headBlocked = true;
        return;
      }
      queue.pollFirst();
      if (hits > 0) {
        kv.takePrefix(slot);
      }
      kv.growTo(slot, table.target[slot], table);
      table.computed[slot] = hits * kv.blockTokens();
      table.prefixHits[slot] = Math.min(table.computed[slot], table.input[slot]);
      admitted++;
      reckoned += outputReckoned(slot);
      left = put(batch, slot, left, nowNanos);
    }
  }

  /** Those retracted come first. */
  @Override
  public boolean reserve(int slot) {
    int blocks = kv.blocksFor(table.length[slot]);
    long wanted =
        (long) blocks * kv.blockTokens() + outputReckoned(slot) + reckonedTokens() + expectedTokens;
    boolean alone = admitted == 0;
    if (!queue.isEmpty()
        || admitted >= options.maxSequences()
        || blocks > kv.free()
        || (wanted > (long) kv.free() * kv.blockTokens() && !alone)) {
      return false;
    }
    admitted++;
    expected++;
    expectedTokens += outputReckoned(slot);
    return kv.growTo(slot, table.length[slot], table);
  }

  @Override
  public void resume(int slot) {
    expected--;
    expectedTokens = expected == 0 ? 0 : Math.max(0, expectedTokens - outputReckoned(slot));
    super.resume(slot);
  }

  /** Returns what is left of the budget. */
  private int put(Batch batch, int slot, int left, long nowNanos) {
    int rest = table.target[slot] - table.computed[slot];
    int tokens = Math.min(rest, left);
    addChunk(batch, slot, tokens, nowNanos);
    kv.publish(slot, table.computed[slot]);
    if (tokens < rest) {
      chunked = slot;
    }
    return left - tokens;
  }

  private long outputReckoned(int slot) {
    return outputReckoned(slot, table.length[slot]);
  }

  private long outputReckoned(int slot, int length) {
    int toCome = table.input[slot] + table.predictedOutput[slot] - length;
    return (long) (share * Math.clamp(toCome, 0, LONGEST_RECKONED));
  }

  private long reckonedTokens() {
    long tokens = 0;
    for (int index = 0; index < running.size(); index++) {
      tokens += outputReckoned(running.get(index));
    }
    for (int index = 0; index < cohort.size(); index++) {
      tokens += outputReckoned(cohort.slot(index), cohort.length(index));
    }
    return tokens;
  }

  private void decode(Batch batch) {
    decodeTogether(batch);
    retractUntilFits();
    int waiting = running.size();
    for (int index = 0; index < waiting; index++) {
      int slot = running.pollFirst();
      if (table.prefilled(slot)) {
        kv.growTo(slot, reach(slot), table);
        kv.publish(slot, table.length[slot]);
        addDecode(batch, slot);
      } else {
        running.addLast(slot);
      }
    }
    lowerShare();
  }

  private void lowerShare() {
    share = Math.max(LAST_SHARE, share - (FIRST_SHARE - LAST_SHARE) / DECAY_STEPS);
  }

  private void retractUntilFits() {
    boolean retracted = false;
    while (running.size() > (expected > 0 ? 0 : 1) && lacking() > kv.free()) {
      int fewest = running.get(0);
      for (int index = 1; index < running.size(); index++) {
        int slot = running.get(index);
        if (generated(slot) <= generated(fewest)) {
          fewest = slot;
        }
      }
      running.remove(fewest);
      if (fewest == chunked) {
        chunked = -1;
      }
      preempt(fewest);
      retracted = true;
    }
    if (retracted) {
      share = Math.min(1, raisedShare());
    }
  }

  /** What those left have generated and would in some steps more, over all they may generate. */
  private double raisedShare() {
    double generated = 0;
    double most = 1;
    for (int index = 0; index < running.size(); index++) {
      int slot = running.get(index);
      generated += generated(slot) + RETRACT_STEPS;
      most += table.predictedOutput[slot];
    }
    return generated / most;
  }

  private int generated(int slot) {
    return table.length[slot] - table.input[slot];
  }

  private long lacking() {
    long blocks = 0;
    for (int index = 0; index < running.size(); index++) {
      int slot = running.get(index);
      blocks += Math.max(0, kv.blocksFor(reach(slot)) - table.blocks[slot]);
    }
    return blocks;
  }

  /** The share falls from step to step, so a blocked head may fit at the next. */
  @Override
  boolean steady(Batch batch) {
    return queue.isEmpty();
  }

  @Override
  public void repeat(long endNanos, TokenSink sink) {
    super.repeat(endNanos, sink);
    lowerShare();
  }
}
