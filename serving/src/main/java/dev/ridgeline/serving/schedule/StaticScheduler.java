package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * Static batching (FasterTransformer): a batch is fixed when it forms, and the next forms when all
 * its requests have ended. Each reserves room for the longest sequence until then. With several
 * pipeline stages as many batches are under way.
 */
final class StaticScheduler extends QueueScheduler {
  private final int reserved;

  /** Requests of batches under way, those of one batch together; each knows its batch. */
  private final SlotQueue[] cohorts;

  private final SlotQueue[] ended;
  private int[] cohortOf = new int[256];
  private final int[] live;
  private final SlotQueue ready = new SlotQueue();

  StaticScheduler(RequestTable table, SchedulerOptions options, KvBlocks kv) {
    super(table, options, kv);
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    this.reserved = longest / options.blockTokens();
    int stages = options.pipelineStages();
    cohorts = new SlotQueue[stages];
    ended = new SlotQueue[stages];
    live = new int[stages];
    for (int cohort = 0; cohort < stages; cohort++) {
      cohorts[cohort] = new SlotQueue();
      ended[cohort] = new SlotQueue();
    }
  }

  @Override
  public boolean admits(int slot) {
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    return table.finalLength[slot] <= longest && reserved <= kv.capacity();
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    if (!ready.isEmpty()) {
      SlotQueue cohort = cohorts[ready.pollFirst()];
      while (!cohort.isEmpty()) {
        addDecode(batch, cohort.pollFirst());
      }
      return;
    }
    int cohort = 0;
    while (cohort < live.length && (live[cohort] > 0 || !ended[cohort].isEmpty())) {
      cohort++;
    }
    if (cohort == live.length) {
      return;
    }
    while (!queue.isEmpty() && batch.size() < options.maxSequences() && kv.free() >= reserved) {
      int slot = queue.pollFirst();
      kv.take(slot, reserved);
      admitted++;
      live[cohort]++;
      if (slot >= cohortOf.length) {
        cohortOf = java.util.Arrays.copyOf(cohortOf, Math.max(slot + 1, 2 * cohortOf.length));
      }
      cohortOf[slot] = cohort;
      addChunk(batch, slot, table.target[slot], nowNanos);
    }
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    int cohort = cohortOf[batch.slot(0)];
    for (int index = 0; index < batch.size(); index++) {
      int slot = batch.slot(index);
      table.length[slot]++;
      sink.token(slot, nowNanos);
      if (table.length[slot] >= table.finalLength[slot]) {
        ended[cohort].addLast(slot);
        live[cohort]--;
      } else {
        cohorts[cohort].addLast(slot);
      }
    }
    if (live[cohort] > 0) {
      // Its answer is complete, its room is not free before the batch's last.
      ready.addLast(cohort);
    }
    release(cohort, nowNanos, sink);
  }

  private void release(int cohort, long nowNanos, TokenSink sink) {
    SlotQueue over = ended[cohort];
    if (live[cohort] > 0) {
      return;
    }
    while (!over.isEmpty()) {
      int slot = over.pollFirst();
      kv.release(slot);
      admitted--;
      sink.finished(slot, nowNanos);
    }
  }

  @Override
  boolean steady(Batch batch) {
    return true;
  }

  @Override
  public boolean unmovedByArrivals() {
    return options.pipelineStages() == 1;
  }
}
