package dev.ridgeline.papers.genz;

/**
 * Where GenZ's conventions differ from those of {@code docs/model-of-computation.md}, in the order
 * in which they are switched. A cause is charged with what its switch moves after those before it;
 * another order would share out differently what causes have in common.
 */
public enum Cause {
  EFFICIENCY("efficiency", "a constant efficiency of compute and memory", "datasheet peaks"),
  BINARY_UNITS("binary units", "bandwidths in units of 2^30 bytes", "decimal units"),
  HEAD_ROWS("head on every token", "logits of every token", "logits of tokens that need them"),
  TOKEN_LOOKUP(
      "token table", "token table a matrix product, left out in decoding", "token table a look-up"),
  FUSED_ATTENTION(
      "fused attention", "scores and values two operators, scores on chip", "one fused operator"),
  CAUSAL("causal", "prompts attend to the full square", "to earlier tokens only"),
  BEAMS("beams", "shared prompt attended to by one beam", "by each beam"),
  ON_CHIP_ACTIVATIONS("activations", "activations of decoding stay on chip", "cross main memory"),
  ROUTER("router", "router split over tensor ranks", "router repeated"),
  EXPERT_CHOICE(
      "distinct experts", "each token visits the same experts", "expected distinct experts"),
  EXPERT_EXCHANGE(
      "expert exchange", "tokens sent to experts though each rank has them", "one all-reduce"),
  ONE_FORMAT(
      "formats", "one number format", "head, tables, activations stay wide, scores at eight bits"),
  EXCHANGE_FORMAT(
      "formats on links", "the same format on links", "exchanged activations stay wide"),
  POINTWISE(
      "pointwise", "no norms, rotations, cache writes, activation functions", "priced by traffic"),
  EXCHANGE_START("collective start", "5 us for each collective", "no constant"),
  EXCHANGE_ALGORITHM("collective algorithm", "ring collectives", "the cheapest algorithm"),
  STAGE_HANDOVER(
      "stage handover", "each rank sends whole activations on", "its share, then a gather"),
  PIPELINE("pipeline", "one micro-batch alone in the pipeline", "waits for the others"),
  MEAN_CONTEXT("mean context", "the last token of an answer", "mean over the answer");

  private final String title;
  private final String theirs;
  private final String ours;

  Cause(String title, String theirs, String ours) {
    this.title = title;
    this.theirs = theirs;
    this.ours = ours;
  }

  /** A word or two for tables. */
  public String title() {
    return title;
  }

  /** GenZ's convention. */
  public String theirs() {
    return theirs;
  }

  /** Ridgeline's convention. */
  public String ours() {
    return ours;
  }
}
