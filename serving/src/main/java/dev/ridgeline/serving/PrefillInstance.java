package dev.ridgeline.serving;

import dev.ridgeline.serving.memory.HeldBlocks;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.schedule.Scheduler;
import java.util.concurrent.atomic.AtomicReference;

/** An instance that prefills, and keeps caches until they have left. */
final class PrefillInstance implements PoolInstance {
  private final ServingInstance kind;
  private final Replica replica;
  final HeldBlocks blocks;

  /** Says whether a request could ever run here; it has no requests itself. */
  private final Scheduler empty;

  private final RequestTable table;

  PrefillInstance(int number, ServingInstance kind, RequestTable table, IterationSink iterations) {
    this.kind = kind;
    this.table = table;
    AtomicReference<HeldBlocks> held = new AtomicReference<>();
    Scheduler scheduler =
        kind.policy()
            .create(
                table,
                kind.options(),
                blocks -> held.updateAndGet(_ -> new HeldBlocks(blocks, table)));
    this.blocks = held.get();
    this.empty = kind.policy().create(table, kind.options());
    this.replica =
        new Replica(number, scheduler, kind.cost(), kind.options().pipelineStages(), iterations);
  }

  int prompt(int prefillSlot) {
    return table.input[prefillSlot];
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
  public boolean admits(int prefillSlot) {
    return empty.admits(prefillSlot);
  }

  @Override
  public int waiting() {
    return replica.scheduler.waiting();
  }

  /** Tokens of its prompts, those included that the front end still has. */
  @Override
  public long tokens() {
    return replica.promptTokens;
  }

  /** Those of caches that have not left included. */
  @Override
  public int usedBlocks() {
    return replica.scheduler.usedBlocks() + blocks.held();
  }
}
