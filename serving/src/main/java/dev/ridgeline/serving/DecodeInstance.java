package dev.ridgeline.serving;

import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.schedule.ReceivingScheduler;
import dev.ridgeline.serving.schedule.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;

/** An instance that decodes what others have prefilled. */
final class DecodeInstance implements PoolInstance {
  private final ServingInstance kind;
  private final Replica replica;

  /** Those that wait for blocks here, first come first served. */
  final Deque<Journey> pending = new ArrayDeque<>();

  /** Prompt tokens of those. */
  long pendingTokens;

  /** Of the replica. */
  final ReceivingScheduler receiver;

  private final Scheduler empty;

  DecodeInstance(
      int number,
      ServingInstance kind,
      RequestTable table,
      IterationSink iterations,
      boolean together) {
    this.kind = kind;
    this.empty = kind.policy().create(table, kind.options());
    this.receiver = kind.policy().createReceiving(table, kind.options(), together);
    this.replica =
        new Replica(number, receiver, kind.cost(), kind.options().pipelineStages(), iterations);
  }

  @Override
  public ServingInstance kind() {
    return kind;
  }

  @Override
  public Replica replica() {
    return replica;
  }

  @Override
  public boolean admits(int slot) {
    return empty.admits(slot);
  }

  @Override
  public int waiting() {
    return pending.size() + replica.scheduler.waiting();
  }

  /** Tokens of cache here or to come. */
  @Override
  public long tokens() {
    return pendingTokens + (long) replica.scheduler.usedBlocks() * kind.options().blockTokens();
  }

  @Override
  public int usedBlocks() {
    return replica.scheduler.usedBlocks();
  }
}
