package dev.ridgeline.serving;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.batch.BatchCost;
import dev.ridgeline.serving.memory.HostTier;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.schedule.Scheduler;
import dev.ridgeline.serving.schedule.TokenSink;
import java.util.Optional;

/** One copy of the model: its scheduler, and the batches in its pipeline. */
final class Replica {
  final int number;
  final Scheduler scheduler;

  /** Prompt tokens of the requests it has. */
  long promptTokens;

  /** Whether it is about to look for work. */
  boolean called;

  private final IterationSink iterationSink;

  private final BatchCost cost;
  private final Batch[] batches;
  private final boolean[] inFlight;
  private final long[] stageFreeNanos;
  private final double[] stageSeconds;
  private int flying;

  private long iterations;
  private long busyNanos;
  private long busyUntilNanos;
  private double joules;
  private long movedBlocks;
  private final double secondsPerMovedBlock;
  private final double joulesPerMovedBlock;

  /** Without host memory. */
  Replica(
      int number, Scheduler scheduler, BatchCost cost, int stages, IterationSink iterationSink) {
    this(number, scheduler, cost, stages, Optional.empty(), iterationSink);
  }

  Replica(
      int number,
      Scheduler scheduler,
      BatchCost cost,
      int stages,
      Optional<HostTier> host,
      IterationSink iterationSink) {
    secondsPerMovedBlock = host.map(HostTier::secondsPerBlock).orElse(0.0);
    joulesPerMovedBlock = host.map(HostTier::joulesPerBlock).orElse(0.0);
    this.iterationSink = iterationSink;
    this.number = number;
    this.scheduler = scheduler;
    this.cost = cost;
    batches = new Batch[stages];
    for (int index = 0; index < stages; index++) {
      batches[index] = new Batch();
    }
    inFlight = new boolean[stages];
    stageFreeNanos = new long[stages];
    stageSeconds = new double[stages];
  }

  boolean hasRoom() {
    return flying < batches.length;
  }

  boolean idle() {
    return flying == 0;
  }

  Batch batch(int index) {
    return batches[index];
  }

  /** Schedules a batch; its index, or -1 if there is nothing to run. */
  int start(long nowNanos) {
    int index = 0;
    while (inFlight[index]) {
      index++;
    }
    Batch batch = batches[index];
    batch.clear();
    scheduler.schedule(batch, nowNanos);
    if (batch.size() == 0) {
      return -1;
    }
    batch.setMovedBlocks(scheduler.takeMovedBlocks());
    inFlight[index] = true;
    flying++;
    launch(batch, nowNanos);
    return index;
  }

  /** Stages are passed in order, so the end is known at the start. */
  private void launch(Batch batch, long nowNanos) {
    joules += cost.price(batch, stageSeconds);
    if (batch.movedBlocks() > 0) {
      move(batch.movedBlocks());
    }
    long start = Math.max(nowNanos, stageFreeNanos[0]);
    long at = start;
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      at = Math.max(at, stageFreeNanos[stage]) + Nanos.of(stageSeconds[stage]);
      stageFreeNanos[stage] = at;
    }
    // Vidur's records start a batch when it is formed, even if its first stage is busy then.
    batch.setTimes(nowNanos, at);
    iterations++;
    busyNanos += at - Math.max(start, busyUntilNanos);
    busyUntilNanos = at;
  }

  /** Every stage moves its own layers' part of the blocks before it computes. */
  private void move(int blocks) {
    movedBlocks += blocks;
    joules += blocks * joulesPerMovedBlock;
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] += blocks * secondsPerMovedBlock;
    }
  }

  /**
   * Runs the batch just started again and again while nothing can change: the clock adds each step
   * as it would one by one, only the scheduler is spared.
   *
   * @param horizonNanos no step starts at this time or later
   */
  void coalesce(int index, long horizonNanos, TokenSink tokens) {
    Batch batch = batches[index];
    if (batches.length > 1 || batch.endNanos() >= horizonNanos) {
      return;
    }
    int most = scheduler.repeats(batch);
    for (int times = 0; times < most && batch.endNanos() < horizonNanos; times++) {
      long ended = batch.endNanos();
      report(batch);
      scheduler.repeat(ended, tokens);
      batch.advance();
      launch(batch, ended);
    }
  }

  /** Tells of a batch that ends. */
  void report(Batch batch) {
    iterationSink.ended(
        number,
        batch.startNanos(),
        batch.endNanos(),
        batch.size(),
        batch.prefillTokens(),
        batch.decodeTokens());
  }

  void complete(int index) {
    inFlight[index] = false;
    flying--;
  }

  long iterations() {
    return iterations;
  }

  long movedBlocks() {
    return movedBlocks;
  }

  long busyNanos() {
    return busyNanos;
  }

  double joules() {
    return joules;
  }
}
