package dev.ridgeline.papers.genz;

/**
 * Where the authors' requirement table counts otherwise than {@code docs/model-of-computation.md}.
 * Each can be switched on alone.
 */
enum RequirementConvention {
  UNITS("MiB as TB", "MiB/s over 10^6 printed as TB/s", "decimal units"),
  SQUARE("full square", "prompt tokens attend to the full square", "to earlier tokens only"),
  BEAM_CACHE(
      "own prompts", "grouped queries: every beam has a prompt cache of its own", "beams share it"),
  BEAM_SCORES(
      "one beam of MHA attends",
      "no grouped queries: one beam attends to the shared prompt",
      "every beam attends to it"),
  ONE_BEAM("one beam attends", "one beam attends to the shared prompt", "every beam attends to it"),
  EXPERTS("top-k only", "all beams visit the same top-k experts", "expected distinct experts"),
  ONE_EXPERT(
      "one expert fed",
      "experts are one wide matrix that reads and writes the tokens of one of them",
      "each expert reads and writes its tokens"),
  ROUTER("no router", "router left out", "router counted"),
  ROUTER_FORMAT("8-bit router", "router's weights in eight bits", "in 16 bits"),
  ENDS("no ends", "token table, final norm and output head left out", "counted, head in 16 bits"),
  EVERY_ROW(
      "head on every token",
      "token table a matrix product, output head on every token of a prompt",
      "a look-up, head on the last token"),
  HEAD_ALONE(
      "head in 8 bits",
      "of the ends the head's weights alone, in eight bits",
      "token table, final norm and head, in 16 bits"),
  VOCABULARY("padded vocabulary", "50,272 entries for GPT-3", "50,257 entries"),
  ACTIVATIONS(
      "no activations", "weights and KV cache alone cross memory", "activations cross it too"),
  TWO_PRODUCTS("gate apart", "gate and up projections each read their input", "one product"),
  POINTWISE(
      "no pointwise",
      "norms, rotations, cache writes, activation functions left out",
      "priced by traffic"),
  ONE_FORMAT("8-bit outputs", "outputs of products in the format of the weights", "in 16 bits"),
  LAST_TOKEN("last token", "the last token of an answer", "mean over the answer");

  private final String title;
  private final String theirs;
  private final String ours;

  RequirementConvention(String title, String theirs, String ours) {
    this.title = title;
    this.theirs = theirs;
    this.ours = ours;
  }

  /** A word or two for the head of a column. */
  String title() {
    return title;
  }

  /** The authors' convention. */
  String theirs() {
    return theirs;
  }

  /** Ridgeline's convention. */
  String ours() {
    return ours;
  }
}
