package dev.ridgeline.serving;

import dev.ridgeline.serving.memory.HeldBlocks;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;

/** An instance that prefills, and keeps caches until they have left. */
final class PrefillInstance implements PoolInstance {
  private final ServingInstance kind;
  private final Replica replica;

  /** Of each attention rank. */
  private final List<HeldBlocks> blocks = new ArrayList<>();

  /** Says whether a request could ever run here; it has no requests itself. */
  private final Scheduler empty;

  private final RequestTable table;

  PrefillInstance(int number, ServingInstance kind, RequestTable table, IterationSink iterations) {
    this.kind = kind;
    this.table = table;
    Scheduler scheduler = kind.policy().create(table, kind.options(), this::held, false);
    this.empty = kind.policy().create(table, kind.options());
    this.replica =
        new Replica(number, scheduler, kind.cost(), kind.options().pipelineStages(), iterations);
  }

  private HeldBlocks held(KvBlocks ofRank) {
    var kept = new HeldBlocks(ofRank, table);
    blocks.add(kept);
    return kept;
  }

  /** The cache of a request that has ended here has left. */
  void leave(int prefillSlot) {
    for (HeldBlocks ofRank : blocks) {
      if (ofRank.holds(prefillSlot)) {
        ofRank.leave(prefillSlot);
        return;
      }
    }
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
    return replica.scheduler.usedBlocks() + blocks.stream().mapToInt(HeldBlocks::held).sum();
  }
}
