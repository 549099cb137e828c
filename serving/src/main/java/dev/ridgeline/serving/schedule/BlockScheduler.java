package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.request.SlotQueue;

/**
 * What schedulers over blocks of cache share: a queue of those that wait, those in progress, and
 * how often a batch that only decodes can be run again. Where one batch is in flight at a time and
 * nothing is drafted, decoding requests go on together in a {@link Cohort}; a step in which the
 * order of requests matters, as where memory runs out, lets them out and walks over all.
 */
abstract class BlockScheduler implements Scheduler {
  final RequestTable table;
  final SchedulerOptions options;
  final KvBlocks kv;
  final Speculator speculator;
  final SlotQueue queue = new SlotQueue();

  /** Those in progress that do not decode with the others, in order. */
  final SlotQueue running = new SlotQueue();

  /** Decoding requests that go on together. */
  final Cohort cohort;

  /** Those of them that have ended with the batch just completed, in order. */
  final SlotQueue over = new SlotQueue();

  /** Whether decoding requests may go on together. */
  final boolean together;

  /** Whether the head of the queue was refused for a reason that decoding cannot lift. */
  boolean headBlocked;

  /**
   * Nothing to do.
   *
   * @param grows whether requests take blocks as they decode
   * @param ahead slots that a step of a decoding request reserves beyond the token it is at
   */
  BlockScheduler(Setting setting, boolean grows, int ahead) {
    this.table = setting.table();
    this.options = setting.options();
    this.kv = setting.kv();
    this.speculator = setting.speculator();
    this.cohort = new Cohort(table, kv, ahead, grows);
    this.together = setting.together() && options.pipelineStages() == 1 && !speculator.drafts();
  }

  /**
   * How often a batch of decoding requests that go on together can be run again before one of them
   * ends, or blocks do; it may be too few.
   *
   * @param spareBlocks that must stay free
   */
  final int repeats(Batch batch, int spareBlocks) {
    return batch.listed() > 0 || cohort.size() == 0
        ? 0
        : cohort.quietSteps(kv.free() - spareBlocks);
  }

  @Override
  public void repeat(long endNanos, TokenSink sink) {
    cohort.advance(endNanos, sink, over);
    cohort.grow();
    cohort.publish();
  }

  /** A request in progress, behind all others, goes on by itself for now. */
  final void goOn(int slot) {
    cohort.orderLast(slot);
    running.addLast(slot);
  }

  /**
   * Lets those that can go on with the decoding ones do so; between batches only, for who is among
   * them has a token coming with the batch in flight.
   */
  final void gather() {
    for (int left = together ? running.size() : 0; left > 0; left--) {
      int slot = running.pollFirst();
      if (cohort.suits(slot)) {
        cohort.join(slot);
      } else {
        running.addLast(slot);
      }
    }
  }

  /** Whether any of those that go on by themselves decodes. */
  final boolean anyDecodesAlone() {
    for (int index = 0; index < running.size(); index++) {
      if (table.prefilled(running.get(index))) {
        return true;
      }
    }
    return false;
  }

  /** Puts all that decode together into a batch, for which blocks are free. */
  final void putTogether(Batch batch) {
    batch.addTogether(cohort);
    cohort.grow();
    cohort.publish();
  }

  @Override
  public int dropHead() {
    return queue.isEmpty() ? -1 : queue.pollFirst();
  }

  @Override
  public int waiting() {
    return queue.size();
  }

  @Override
  public int usedBlocks() {
    return kv.capacity() - kv.free();
  }

  @Override
  public int capacityBlocks() {
    return kv.capacity();
  }

  @Override
  public int takeMovedBlocks() {
    return kv.takeMoved();
  }

  @Override
  public int hostBlocks() {
    return kv.onHost();
  }
}
