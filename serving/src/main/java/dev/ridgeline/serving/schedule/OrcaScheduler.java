package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * Orca (Yu et al., OSDI 2022) as Vidur has it: iteration-level scheduling, first come first served.
 * Each batch holds all requests in progress and, as whole prompts, as many new ones as there is
 * room for. A request reserves room for the longest sequence until it ends, so nothing is
 * preempted.
 */
final class OrcaScheduler extends QueueScheduler {
  private final int reserved;

  OrcaScheduler(Setting setting) {
    super(setting, false, 0);
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    this.reserved = longest / options.blockTokens();
  }

  @Override
  public boolean admits(int slot) {
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    return table.finalLength[slot] <= longest && reserved <= kv.capacity();
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    int most = options.maxSequences();
    decodeTogether(batch);
    while (!running.isEmpty() && batch.size() < most) {
      addDecode(batch, running.pollFirst());
    }
    while (!queue.isEmpty() && batch.size() < most && kv.free() >= reserved) {
      int slot = queue.pollFirst();
      kv.take(slot, reserved);
      admitted++;
      addChunk(batch, slot, table.target[slot], nowNanos);
    }
    headBlocked = !queue.isEmpty();
  }

  @Override
  boolean steady(Batch batch) {
    return true;
  }
}
