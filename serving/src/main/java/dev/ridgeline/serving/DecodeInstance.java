package dev.ridgeline.serving;

import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.schedule.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;

/** An instance that decodes what others have prefilled. */
final class DecodeInstance {
  final int index;
  final ServingInstance kind;
  final Replica replica;

  /** Those that wait for blocks here, first come first served. */
  final Deque<Journey> pending = new ArrayDeque<>();

  /** Prompt tokens of those. */
  long pendingTokens;

  private final Scheduler empty;

  DecodeInstance(
      int index, int number, ServingInstance kind, RequestTable table, IterationSink iterations) {
    this.index = index;
    this.kind = kind;
    this.empty = kind.policy().create(table, kind.options());
    this.replica =
        new Replica(
            number,
            kind.policy().create(table, kind.options()),
            kind.cost(),
            kind.options().pipelineStages(),
            iterations);
  }

  boolean admits(int slot) {
    return empty.admits(slot);
  }

  int waiting() {
    return pending.size() + replica.scheduler.waiting();
  }

  /** Tokens of cache here or to come. */
  long tokens() {
    return pendingTokens + (long) replica.scheduler.usedBlocks() * kind.options().blockTokens();
  }
}
