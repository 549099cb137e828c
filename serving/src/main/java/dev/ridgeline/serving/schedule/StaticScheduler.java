package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * Static batching (FasterTransformer): a batch is fixed when it forms, and the next forms when all
 * its requests have ended. Each reserves room for the longest sequence until then. With several
 * pipeline stages as many batches are under way.
 */
final class StaticScheduler extends QueueScheduler {
  private final int reserved;

  /**
   * Requests of batches under way that do not decode together, those of one batch in a group; each
   * knows its group.
   */
  private final SlotQueue[] groups;

  private final SlotQueue[] ended;
  private int[] groupOf = new int[256];
  private final int[] live;
  private final SlotQueue ready = new SlotQueue();

  StaticScheduler(Setting setting) {
    super(setting, false, 0);
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    this.reserved = longest / options.blockTokens();
    int stages = options.pipelineStages();
    groups = new SlotQueue[stages];
    ended = new SlotQueue[stages];
    live = new int[stages];
    for (int group = 0; group < stages; group++) {
      groups[group] = new SlotQueue();
      ended[group] = new SlotQueue();
    }
  }

  @Override
  public boolean admits(int slot) {
    int longest = options.maxTokens().orElse(SchedulerOptions.USUAL_MAX_TOKENS);
    return table.finalLength[slot] <= longest && reserved <= kv.capacity();
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    gather();
    if (cohort.size() > 0) {
      putTogether(batch);
      return;
    }
    if (!ready.isEmpty()) {
      SlotQueue group = groups[ready.pollFirst()];
      while (!group.isEmpty()) {
        addDecode(batch, group.pollFirst());
      }
      return;
    }
    int group = 0;
    while (group < live.length && (live[group] > 0 || !ended[group].isEmpty())) {
      group++;
    }
    if (group == live.length) {
      return;
    }
    while (!queue.isEmpty() && batch.size() < options.maxSequences() && kv.free() >= reserved) {
      int slot = queue.pollFirst();
      kv.take(slot, reserved);
      admitted++;
      live[group]++;
      if (slot >= groupOf.length) {
        groupOf = java.util.Arrays.copyOf(groupOf, Math.max(slot + 1, 2 * groupOf.length));
      }
      groupOf[slot] = group;
      addChunk(batch, slot, table.target[slot], nowNanos);
    }
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    int group = batch.together() > 0 ? 0 : groupOf[batch.slot(0)];
    if (batch.together() > 0) {
      cohort.advance(nowNanos, sink, over);
      sortOver();
      while (!over.isEmpty()) {
        ended[group].addLast(over.pollFirst());
        live[group]--;
      }
    }
    for (int index = 0; index < batch.listed(); index++) {
      int slot = batch.slot(index);
      table.length[slot]++;
      sink.token(slot, nowNanos);
      if (table.length[slot] >= table.finalLength[slot]) {
        ended[group].addLast(slot);
        live[group]--;
      } else if (together) {
        goOn(slot);
      } else {
        groups[group].addLast(slot);
      }
    }
    if (!groups[group].isEmpty()) {
      // Its answer is complete, its room is not free before the batch's last.
      ready.addLast(group);
    }
    release(group, nowNanos, sink);
  }

  private void release(int group, long nowNanos, TokenSink sink) {
    SlotQueue done = ended[group];
    if (live[group] > 0) {
      return;
    }
    while (!done.isEmpty()) {
      int slot = done.pollFirst();
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
