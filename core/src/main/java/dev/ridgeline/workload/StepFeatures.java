package dev.ridgeline.workload;

import java.util.Arrays;

/**
 * What one forward pass processes, summed up: a multiset of sequences, each with new and cached
 * tokens, kept as the sums that costs are linear in. Adding, removing or advancing a sequence is a
 * handful of additions, so a step costs the same to describe at batch 1 and at batch 1,000.
 *
 * <p>Counts are those of the busiest attention rank; {@code group} sums run over all ranks. Mutable
 * and not thread-safe: a kernel's scratch pad, not a value.
 */
public final class StepFeatures {
  private final FeatureSpace space;
  private final Span[] spans;
  private final DistinctExperts[] distinct;
  private final double[] values;

  /** An empty step. */
  public StepFeatures(FeatureSpace space) {
    this.space = space;
    this.spans = space.spans().toArray(Span[]::new);
    this.distinct =
        space.routings().stream().map(Routing::distinct).toArray(DistinctExperts[]::new);
    this.values = new double[space.size()];
    clear();
  }

  /** The layout of {@link #values()}. */
  public FeatureSpace space() {
    return space;
  }

  /** Forgets all sequences. */
  public void clear() {
    Arrays.fill(values, 0.0);
    values[FeatureSpace.CONSTANT] = 1.0;
  }

  /**
   * Adds {@code count} equal sequences (negative to remove them).
   *
   * @param count sequences, may be fractional for a mean step
   * @param newTokens tokens to process, at least 1
   * @param cachedTokens tokens already in the cache, at least 0
   * @param logitRows rows of each sequence that need logits: 1 when the prompt ends in this step
   */
  public void add(Phase phase, double count, long newTokens, long cachedTokens, double logitRows) {
    addTokens(phase, count, newTokens, logitRows);
    for (int span = 0; span < spans.length; span++) {
      double touched = spans[span].touched(newTokens, cachedTokens);
      values[space.touched(phase, span)] += count * touched;
      values[space.pairs(phase, span)] += count * spans[span].pairs(newTokens, cachedTokens);
    }
  }

  /**
   * Adds many sequences by their sums; only where {@linkplain FeatureSpace#attendsToAll every layer
   * attends to all tokens before}.
   *
   * @param sequences how many
   * @param newTokens their new tokens
   * @param touched their cached and new tokens
   * @param pairs their query-key pairs
   * @param logitRows their rows that need logits
   */
  public void addTotals(
      Phase phase,
      double sequences,
      double newTokens,
      double touched,
      double pairs,
      double logitRows) {
    values[space.sequences(phase)] += sequences;
    values[space.newTokens(phase)] += newTokens;
    values[space.logitRows(phase)] += logitRows;
    int split = phase == Phase.PREFILL ? space.contextRanks() : 1;
    values[FeatureSpace.GROUP_TOKENS] += newTokens * space.attentionRanks() / split;
    for (int span = 0; span < spans.length; span++) {
      values[space.touched(phase, span)] += touched;
      values[space.pairs(phase, span)] += pairs;
    }
  }

  /**
   * Adds decoding requests whose {@code beams} candidates share the prompt's cache.
   *
   * @param count requests
   * @param beams candidates of a request, each with one new token
   * @param promptTokens cached tokens that all candidates share
   * @param ownTokens cached tokens each candidate has of its own
   */
  public void addBeams(double count, int beams, long promptTokens, long ownTokens) {
    addTokens(Phase.DECODE, count * beams, 1, 1);
    long context = promptTokens + ownTokens;
    for (int span = 0; span < spans.length; span++) {
      double reach = spans[span].touched(1, context);
      double own = Math.min(reach, ownTokens + 1.0);
      double touched = reach - own + beams * own;
      values[space.touched(Phase.DECODE, span)] += count * touched;
      values[space.pairs(Phase.DECODE, span)] += count * beams * spans[span].pairs(1, context);
    }
  }

  private void addTokens(Phase phase, double count, long newTokens, double logitRows) {
    values[space.sequences(phase)] += count;
    values[space.newTokens(phase)] += count * newTokens;
    values[space.logitRows(phase)] += count * logitRows;
    int split = phase == Phase.PREFILL ? space.contextRanks() : 1;
    values[FeatureSpace.GROUP_TOKENS] += count * newTokens * space.attentionRanks() / split;
  }

  /** Adds {@code weight} times another step of the same space: the way to a mean step. */
  public void addScaled(StepFeatures other, double weight) {
    for (int index = 1; index < values.length; index++) {
      values[index] += weight * other.values[index];
    }
  }

  /** Scales every count: a micro-batch is a step scaled by its share. */
  public void scale(double factor) {
    for (int index = 1; index < values.length; index++) {
      values[index] *= factor;
    }
  }

  /** Sets the tokens of all attention ranks where they are not the busiest rank's times ranks. */
  public void setGroupTokens(double tokens) {
    values[FeatureSpace.GROUP_TOKENS] = tokens;
  }

  /** New tokens of the busiest attention rank. */
  public double newTokens() {
    return values[space.newTokens(Phase.PREFILL)] + values[space.newTokens(Phase.DECODE)];
  }

  /**
   * The vector, with the distinct experts brought up to date. The array is the step's own: read it,
   * do not keep it.
   */
  public double[] values() {
    double tokens = values[FeatureSpace.GROUP_TOKENS];
    for (int routing = 0; routing < distinct.length; routing++) {
      values[space.distinctExperts(routing)] = distinct[routing].at(tokens);
    }
    return values;
  }
}
