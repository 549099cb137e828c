package dev.ridgeline.serving.pool;

/** A request in a cluster of pools. */
final class Job {
  /** Where a request stands. */
  enum State {
    /** Its prompt waits or runs. */
    PROMPT,
    /** Its tokens wait for memory or their turn. */
    READY,
    /** It is in the batch. */
    RUNNING,
    /** A prompt took its place; it keeps its memory. */
    PREEMPTED,
    /** Over. */
    DONE
  }

  final int slot;
  final int input;
  final int output;
  final Machine prefill;
  final Machine decode;
  int generated;
  int preemptions;
  long heldTokens;
  boolean keptOut;
  State state = State.PROMPT;

  Job(int slot, int input, int output, Machine prefill, Machine decode) {
    this.slot = slot;
    this.input = input;
    this.output = output;
    this.prefill = prefill;
    this.decode = decode;
  }

  boolean moves() {
    return !prefill.equals(decode);
  }

  /** Tokens of cache its prompt takes. */
  long promptTokens() {
    return input + 1L;
  }

  /** Tokens of cache it takes from its second token on: all of them from the start. */
  long allTokens() {
    return (long) input + output;
  }
}
