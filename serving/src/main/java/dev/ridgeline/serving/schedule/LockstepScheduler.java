package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Arrays;

/**
 * Attention ranks that split the requests of a replica (data-parallel attention). Each rank has a
 * scheduler, queues and cache of its own; all step together, because the layers between are shared,
 * and a rank without work waits for the others. A request goes to the rank with the fewest tokens
 * of requests it has, and stays.
 */
class LockstepScheduler implements Scheduler {
  private final RequestTable table;
  private final Scheduler[] ranks;

  /** Prompt and known output tokens at arrival of the requests a rank has. */
  private final long[] tokens;

  private int[] rankOf = new int[256];
  private final Leaving leaving = new Leaving();

  LockstepScheduler(RequestTable table, Scheduler[] ranks) {
    this.table = table;
    this.ranks = ranks;
    this.tokens = new long[ranks.length];
  }

  /** Ranks are alike. */
  @Override
  public boolean admits(int slot) {
    return ranks[0].admits(slot);
  }

  @Override
  public final void add(int slot) {
    int fewest = fewestTokens();
    assign(slot, fewest);
    ranks[fewest].add(slot);
  }

  /** The rank whose requests have the fewest tokens, the first of equal ones. */
  final int fewestTokens() {
    int fewest = 0;
    for (int rank = 1; rank < ranks.length; rank++) {
      if (tokens[rank] < tokens[fewest]) {
        fewest = rank;
      }
    }
    return fewest;
  }

  /** From now on a request is one of a rank's. */
  final void assign(int slot, int rank) {
    if (slot >= rankOf.length) {
      rankOf = Arrays.copyOf(rankOf, Math.max(slot + 1, 2 * rankOf.length));
    }
    rankOf[slot] = rank;
    tokens[rank] += table.input[slot];
  }

  /** The rank that has a request. */
  final int rankOf(int slot) {
    return rankOf[slot];
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    for (Scheduler rank : ranks) {
      Batch part = batch.newPart();
      if (!isIdle(rank)) {
        rank.schedule(part, nowNanos);
        batch.join(part);
      }
    }
  }

  private static boolean isIdle(Scheduler rank) {
    return rank.waiting() == 0 && rank.running() == 0;
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    leaving.sink = sink;
    for (int rank = 0; rank < ranks.length; rank++) {
      if (batch.part(rank).size() > 0) {
        ranks[rank].complete(batch.part(rank), nowNanos, leaving);
      }
    }
  }

  /** Takes the tokens of requests that end off their rank. */
  private final class Leaving implements TokenSink {
    private TokenSink sink = new Nobody();

    @Override
    public void token(int slot, long nowNanos) {
      sink.token(slot, nowNanos);
    }

    @Override
    public void gap(long nanos, int requests) {
      sink.gap(nanos, requests);
    }

    @Override
    public void finished(int slot, long nowNanos) {
      tokens[rankOf[slot]] -= table.input[slot];
      sink.finished(slot, nowNanos);
    }
  }

  private static final class Nobody implements TokenSink {
    @Override
    public void token(int slot, long nowNanos) {}

    @Override
    public void gap(long nanos, int requests) {}

    @Override
    public void finished(int slot, long nowNanos) {}
  }

  @Override
  public int repeats(Batch batch) {
    int times = Integer.MAX_VALUE;
    for (int rank = 0; rank < ranks.length && times > 0; rank++) {
      Scheduler scheduler = ranks[rank];
      if (batch.part(rank).size() > 0) {
        times = Math.min(times, scheduler.repeats(batch.part(rank)));
      } else if (!isIdle(scheduler)) {
        return 0;
      }
    }
    return times;
  }

  /** An arrival may go to any rank, and an idle one starts it. */
  @Override
  public boolean unmovedByArrivals() {
    for (Scheduler rank : ranks) {
      if (isIdle(rank) || !rank.unmovedByArrivals()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void repeat(long endNanos, TokenSink sink) {
    for (Scheduler rank : ranks) {
      if (!isIdle(rank)) {
        rank.repeat(endNanos, sink);
      }
    }
  }

  @Override
  public int dropHead() {
    for (int rank = 0; rank < ranks.length; rank++) {
      int slot = ranks[rank].dropHead();
      if (slot >= 0) {
        tokens[rank] -= table.input[slot];
        return slot;
      }
    }
    return -1;
  }

  @Override
  public int waiting() {
    int waiting = 0;
    for (Scheduler rank : ranks) {
      waiting += rank.waiting();
    }
    return waiting;
  }

  @Override
  public int running() {
    int running = 0;
    for (Scheduler rank : ranks) {
      running += rank.running();
    }
    return running;
  }

  @Override
  public int usedBlocks() {
    int used = 0;
    for (Scheduler rank : ranks) {
      used += rank.usedBlocks();
    }
    return used;
  }

  @Override
  public int capacityBlocks() {
    int capacity = 0;
    for (Scheduler rank : ranks) {
      capacity += rank.capacityBlocks();
    }
    return capacity;
  }

  /** Ranks have links of their own, so the busiest counts. */
  @Override
  public int takeMovedBlocks() {
    int most = 0;
    for (Scheduler rank : ranks) {
      most = Math.max(most, rank.takeMovedBlocks());
    }
    return most;
  }

  @Override
  public int hostBlocks() {
    int blocks = 0;
    for (Scheduler rank : ranks) {
      blocks += rank.hostBlocks();
    }
    return blocks;
  }
}
