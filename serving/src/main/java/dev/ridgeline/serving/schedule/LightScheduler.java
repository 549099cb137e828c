package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import java.util.Arrays;

/**
 * LightLLM's router as Vidur has it: memory is counted in tokens, and a request enters only if the
 * largest number of tokens the batch would ever hold stays below the capacity. For that, requests
 * are sorted by the tokens they have to come, most first; with the i-th of them still running, i
 * requests have grown by what it has to come. A batch of whole prompts forms when nothing is in
 * progress, and else at every {@code maxWaitingIterations}-th step; the other steps decode.
 *
 * <p>The output to come is {@link RequestTable#predictedOutput}.
 */
final class LightScheduler extends QueueScheduler {
  /** Vidur's default. */
  static final int USUAL_BUDGET = 4096;

  private final int budget;
  private int decodesSinceLook;
  private long[] planned = new long[64];
  private int plannedCount;

  LightScheduler(Setting setting) {
    super(setting, true, 0);
    this.budget = options.tokenBudget().orElse(USUAL_BUDGET);
  }

  @Override
  public boolean admits(int slot) {
    return super.admits(slot)
        && table.input[slot] <= budget
        && table.input[slot] + (long) table.predictedOutput[slot] < capacityTokens();
  }

  private long capacityTokens() {
    return (long) kv.capacity() * kv.blockTokens();
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    if (running.isEmpty() && cohort.size() == 0) {
      prefill(batch, nowNanos);
      if (batch.size() > 0) {
        decodesSinceLook = 0;
      }
      return;
    }
    if (decodesSinceLook >= options.maxWaitingIterations()) {
      decodesSinceLook = 0;
      prefill(batch, nowNanos);
      if (batch.size() > 0) {
        return;
      }
    }
    decodeTogether(batch);
    while (!running.isEmpty()) {
      int slot = running.pollFirst();
      if (hasRoom(slot)) {
        addDecode(batch, slot);
      }
    }
    decodesSinceLook++;
  }

  /** Where outputs were predicted too short, the last in progress starts over. */
  private boolean hasRoom(int slot) {
    while (!kv.growTo(slot, table.length[slot], table)) {
      if (!othersGiveWay(slot)) {
        return false;
      }
    }
    return true;
  }

  private void prefill(Batch batch, long nowNanos) {
    plannedCount = 0;
    for (int index = 0; index < running.size(); index++) {
      int slot = running.get(index);
      plan(table.length[slot], toCome(slot, table.length[slot]) - 1L);
    }
    for (int index = 0; index < cohort.size(); index++) {
      int length = cohort.length(index);
      plan(length, toCome(cohort.slot(index), length) - 1L);
    }
    long tokens = 0;
    while (!queue.isEmpty()) {
      int slot = queue.get(0);
      tokens += table.target[slot];
      if (tokens > budget
          || admitted >= options.maxSequences()
          || batch.size() >= options.sequencesOfBatch()) {
        return;
      }
      plan(table.target[slot] + 1L, toCome(slot, table.length[slot]) - 1L);
      if (peak() >= capacityTokens()) {
        return;
      }
      queue.pollFirst();
      kv.growTo(slot, table.target[slot], table);
      admitted++;
      addChunk(batch, slot, table.target[slot], nowNanos);
    }
  }

  private long toCome(int slot, int length) {
    int generated = length - table.input[slot];
    return Math.max(0, table.predictedOutput[slot] - generated);
  }

  /**
   * Keeps (tokens to come, tokens there) sorted, most to come first. As in LightLLM's request
   * queue, a request counts the token of its next step as there and the rest less one as to come.
   */
  private void plan(long there, long toCome) {
    if (plannedCount == planned.length) {
      planned = Arrays.copyOf(planned, 2 * plannedCount);
    }
    long entry = (Math.max(0, toCome) << Integer.SIZE) | there;
    int at = plannedCount++;
    while (at > 0 && planned[at - 1] < entry) {
      planned[at] = planned[at - 1];
      at--;
    }
    planned[at] = entry;
  }

  private long peak() {
    long peak = 0;
    long there = 0;
    for (int index = 0; index < plannedCount; index++) {
      there += planned[index] & 0xffff_ffffL;
      long toCome = planned[index] >>> Integer.SIZE;
      peak = Math.max(peak, there + toCome * (index + 1));
    }
    return peak;
  }

  @Override
  boolean steady(Batch batch) {
    return true;
  }

  @Override
  public int repeats(Batch batch) {
    return Math.min(super.repeats(batch), options.maxWaitingIterations() - decodesSinceLook);
  }

  @Override
  public boolean unmovedByArrivals() {
    return true;
  }

  @Override
  public void repeat(long endNanos, TokenSink sink) {
    super.repeat(endNanos, sink);
    decodesSinceLook++;
  }
}
