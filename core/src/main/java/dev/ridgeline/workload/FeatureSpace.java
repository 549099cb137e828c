package dev.ridgeline.workload;

import java.util.List;

/**
 * Where each feature of a step sits in its vector. Every operator size is a linear form of these.
 *
 * <p>Layout: a constant 1; the tokens of all attention ranks together; for each {@link Phase} the
 * sequences, new tokens and rows that need logits, then for each span the tokens touched and the
 * query-key pairs; last, for each routing the distinct experts touched on a rank.
 *
 * @param spans distinct attention spans of the program
 * @param routings distinct routings of the program
 * @param attentionRanks ranks that split the sequences among themselves
 * @param contextRanks ranks that split the tokens of a prompt
 */
public record FeatureSpace(
    List<Span> spans, List<Routing> routings, int attentionRanks, int contextRanks) {

  /** Index of the constant 1. */
  public static final int CONSTANT = 0;

  /** Index of the new tokens of all attention ranks together, a prompt's on one context rank. */
  public static final int GROUP_TOKENS = 1;

  private static final int FIRST_PHASE = 2;
  private static final int PER_PHASE = 3;
  private static final int PER_SPAN = 2;

  public FeatureSpace {
    spans = List.copyOf(spans);
    routings = List.copyOf(routings);
  }

  /** Whether every span is the whole context, so that sums over sequences are enough. */
  public boolean attendsToAll() {
    return spans.stream().allMatch(Span.FULL::equals);
  }

  /** Length of the vector. */
  public int size() {
    return firstRouting() + routings.size();
  }

  /** Index of the number of sequences of a phase. */
  public int sequences(Phase phase) {
    return FIRST_PHASE + phase.ordinal() * phaseStride();
  }

  /** Index of the new tokens of a phase. */
  public int newTokens(Phase phase) {
    return sequences(phase) + 1;
  }

  /** Index of the rows of a phase that need logits. */
  public int logitRows(Phase phase) {
    return sequences(phase) + 2;
  }

  /** Index of the tokens touched under a span. */
  public int touched(Phase phase, int span) {
    return sequences(phase) + PER_PHASE + span * PER_SPAN;
  }

  /** Index of the query-key pairs under a span. */
  public int pairs(Phase phase, int span) {
    return touched(phase, span) + 1;
  }

  /** Index of the distinct experts touched on a rank. */
  public int distinctExperts(int routing) {
    return firstRouting() + routing;
  }

  int firstRouting() {
    return FIRST_PHASE + Phase.values().length * phaseStride();
  }

  /** Name of the feature at an index, for explanations. */
  public String name(int index) {
    if (index == CONSTANT) {
      return "1";
    }
    if (index == GROUP_TOKENS) {
      return "group_tokens";
    }
    if (index >= firstRouting()) {
      Routing routing = routings.get(index - firstRouting());
      return "distinct_experts[%d of %d]".formatted(routing.perToken(), routing.experts());
    }
    int inPhase = (index - FIRST_PHASE) % phaseStride();
    String phase = index - FIRST_PHASE < phaseStride() ? "prefill" : "decode";
    return phase
        + switch (inPhase) {
          case 0 -> "_sequences";
          case 1 -> "_tokens";
          case 2 -> "_logit_rows";
          default -> {
            Span span = spans.get((inPhase - PER_PHASE) / PER_SPAN);
            String sum = (inPhase - PER_PHASE) % PER_SPAN == 0 ? "_kv_tokens" : "_pairs";
            yield sum + "[" + span.label() + "]";
          }
        };
  }

  private int phaseStride() {
    return PER_PHASE + PER_SPAN * spans.size();
  }
}
