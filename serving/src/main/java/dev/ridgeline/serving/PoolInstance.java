package dev.ridgeline.serving;

/** An instance of a pool, as its router and its figures see it. */
sealed interface PoolInstance permits PrefillInstance, DecodeInstance {
  ServingInstance kind();

  Replica replica();

  /** Whether a request could ever run here. */
  boolean admits(int slot);

  /** Requests that wait for a batch, or for blocks. */
  int waiting();

  /** Tokens here or to come, of prompts or of cache. */
  long tokens();

  /** Blocks taken. */
  int usedBlocks();
}
