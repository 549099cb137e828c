package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * TensorRT-LLM's in-flight batching under its default capacity policy, guaranteed no evict: a
 * request enters only if the blocks that all admitted requests may come to need, itself included,
 * fit. For that each is reckoned at its prompt and the output it may have. Decoding requests come
 * first, then prompts in order of arrival, cut where the step's tokens end. Nothing is preempted.
 */
final class InFlightScheduler extends QueueScheduler implements ReceivingScheduler {
  /** TensorRT-LLM's default for max_num_tokens. */
  static final int USUAL_BUDGET = 8192;

  private final int budget;
  private long promised;

  InFlightScheduler(Setting setting) {
    super(setting, true, setting.options().slotsAhead());
    this.budget = options.tokenBudget().orElse(USUAL_BUDGET);
  }

  /** The output a request may have is its limit, so it never turns out longer. */
  private long reckoned(int slot) {
    long predicted = (long) table.input[slot] + table.predictedOutput[slot];
    return kv.blocksFor(Math.max(predicted, table.finalLength[slot]) + options.slotsAhead());
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    decodeTogether(batch);
    int waiting = running.size();
    int left = budget - batch.together();
    for (int index = 0; index < waiting; index++) {
      int slot = running.pollFirst();
      if (!table.prefilled(slot) || left <= 0) {
        running.addLast(slot);
        continue;
      }
      kv.growTo(slot, reach(slot), table);
      addDecode(batch, slot);
      left -= options.decodeTokens();
    }
    waiting = running.size();
    for (int index = 0; index < waiting; index++) {
      int slot = running.pollFirst();
      if (table.prefilled(slot) || left <= 0) {
        running.addLast(slot);
        continue;
      }
      left -= put(batch, slot, left, nowNanos);
    }
    cohort.orderFirst(running);
    admit(batch, left, nowNanos);
  }

  @Override
  boolean mayDecodeTogether() {
    return !anyDecodesAlone() && cohort.size() <= budget;
  }

  private void admit(Batch batch, int budgetLeft, long nowNanos) {
    int left = budgetLeft;
    headBlocked = false;
    while (!queue.isEmpty()) {
      int slot = queue.get(0);
      if (left <= 0
          || admitted >= options.maxSequences()
          || promised + reckoned(slot) > kv.capacity()) {
        headBlocked = true;
        return;
      }
      queue.pollFirst();
      promised += reckoned(slot);
      admitted++;
      left -= put(batch, slot, left, nowNanos);
    }
  }

  @Override
  public boolean reserve(int slot) {
    if (!queue.isEmpty()
        || admitted >= options.maxSequences()
        || promised + reckoned(slot) > kv.capacity()) {
      return false;
    }
    promised += reckoned(slot);
    admitted++;
    return kv.growTo(slot, table.length[slot], table);
  }

  private int put(Batch batch, int slot, int left, long nowNanos) {
    int tokens = Math.min(table.target[slot] - table.computed[slot], left);
    kv.growTo(slot, (long) table.computed[slot] + tokens, table);
    addChunk(batch, slot, tokens, nowNanos);
    return tokens;
  }

  @Override
  public boolean admits(int slot) {
    return super.admits(slot) && reckoned(slot) <= kv.capacity();
  }

  @Override
  void ended(int slot) {
    promised -= reckoned(slot);
  }

  @Override
  boolean steady(Batch batch) {
    return queue.isEmpty() || headBlocked;
  }
}
