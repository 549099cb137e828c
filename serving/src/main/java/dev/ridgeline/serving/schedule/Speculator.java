package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Draws how many tokens of a step come out, where tokens are speculated; else it is one. */
final class Speculator {
  /** An engine that does not speculate. */
  static final Speculator NONE = new Speculator(Optional.empty(), () -> 0);

  private final Optional<Drafts> drafts;
  private final RandomGenerator random;
  private final int verifiedTokens;

  Speculator(Optional<Drafts> drafts, RandomGenerator random) {
    this.drafts = drafts;
    this.random = random;
    this.verifiedTokens = drafts.map(Drafts::verifiedTokens).orElse(1);
  }

  /** Whether it speculates. */
  boolean drafts() {
    return verifiedTokens > 1;
  }

  /** Tokens a step takes in for a decoding request. */
  int verifiedTokens() {
    return verifiedTokens;
  }

  /**
   * Lets the tokens of a request in a batch come out, as many as it still may have. What was
   * computed for drafts that are rejected does not count, but its blocks stay. A request that lost
   * its cache in flight has to compute the tokens all the same.
   */
  void comeOut(RequestTable table, Batch batch, int index, long nowNanos, TokenSink sink) {
    int slot = batch.slot(index);
    if (!drafts() || !batch.decodes(index) || batch.tokens(index) == 1) {
      table.length[slot]++;
      sink.token(slot, nowNanos);
      return;
    }
    int tokens = batch.tokens(index);
    int most = table.finalLength[slot] - table.length[slot];
    int emitted = Math.min(most, drafts.orElseThrow().emitted(tokens, random));
    table.length[slot] += emitted;
    if (table.computed[slot] == batch.cachedTokens(index) + tokens) {
      table.computed[slot] = table.length[slot] - 1;
    }
    for (int token = 0; token < emitted; token++) {
      sink.token(slot, nowNanos);
    }
  }
}
