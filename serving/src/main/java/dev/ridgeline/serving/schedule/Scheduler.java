package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * The policy of one replica: which requests the next batch holds, with how many tokens each. It
 * owns the replica's queues and KV blocks. A batch that {@link #schedule} filled is in flight until
 * {@link #complete} gets it back; requests in flight are in no other batch, but for the chunks of
 * one prompt.
 */
public interface Scheduler {
  /** Whether a request could ever run here alone; others are refused on arrival. */
  boolean admits(int slot);

  /** A request has come. */
  void add(int slot);

  /** Fills an empty batch; leaves it empty where nothing can run now. */
  void schedule(Batch batch, long nowNanos);

  /** A batch has ended: tokens come out, requests end, blocks are freed. */
  void complete(Batch batch, long nowNanos, TokenSink sink);

  /**
   * How many more times the batch just scheduled would be scheduled unchanged, each decoding
   * request one token further, whatever arrives. At least 0; the last may end requests.
   */
  int repeats(Batch batch);

  /** Whether {@link #repeats} still holds when requests arrive meanwhile. */
  default boolean unmovedByArrivals() {
    return false;
  }

  /**
   * The batch just scheduled has ended, and is scheduled once more; at most as often as it {@link
   * #repeats}.
   */
  void repeat(long endNanos, TokenSink sink);

  /** Takes out the request that nothing but itself keeps from running; -1 if none waits. */
  int dropHead();

  /** Requests that wait. */
  int waiting();

  /** Requests that are in progress, those with reserved blocks included. */
  int running();

  /** Blocks in use, or tokens where the engine counts these. */
  int usedBlocks();

  /** All blocks. */
  int capacityBlocks();

  /** Blocks that the batch just scheduled has to wait for, to and from the host on one link. */
  default int takeMovedBlocks() {
    return 0;
  }

  /** Blocks in host memory. */
  default int hostBlocks() {
    return 0;
  }
}
