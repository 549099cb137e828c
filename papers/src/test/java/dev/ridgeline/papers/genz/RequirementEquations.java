package dev.ridgeline.papers.genz;

import java.util.Set;
import java.util.stream.IntStream;

/**
 * Least compute and memory bandwidth of one device, in closed form, with any of the authors'
 * conventions in the place of Ridgeline's. Eight-bit weights and cache, one request, no efficiency
 * factor. Written from {@code docs/model-of-computation.md}, section 2, and from the authors'
 * notebook "Sec 7. Platform Requirements" (May 2024), not from the core.
 *
 * @param model its shape
 * @param input tokens of the prompt
 * @param output tokens of the answer, 2 or more
 * @param beams candidates that are decoded together
 * @param ttftSeconds target
 * @param tpotSeconds target
 * @param theirs conventions of the authors that are switched on
 */
record RequirementEquations(
    ModelShape model,
    int input,
    int output,
    int beams,
    double ttftSeconds,
    double tpotSeconds,
    Set<RequirementConvention> theirs) {

  /** Bytes of an element of matrices inside layers, of the cache, and of their inputs. */
  private static final double NARROW = 1;

  /** Bytes of an element of everything else. */
  private static final double WIDE = 2;

  private static final int GPT3_ENTRIES = 50_257;

  /** GenZ gives GPT-3 the token table of OPT. */
  private static final int GPT3_PADDED_ENTRIES = 50_272;

  /** One of the authors' TB/s: 10^6 MiB/s. */
  private static final double BINARY_TERABYTE = 1e6 * (1 << 20);

  private static final double TERABYTE = 1e12;

  RequirementEquations {
    theirs = Set.copyOf(theirs);
  }

  /** A figure in its unit. */
  double value(RequirementFigure figure) {
    return switch (figure) {
      case DECODE_BANDWIDTH, LATER_DECODE_BANDWIDTH ->
          inTerabytes(overTheAnswer(true) / tpotSeconds);
      case DECODE_COMPUTE, LATER_DECODE_COMPUTE ->
          2 * overTheAnswer(false) / tpotSeconds / figure.worth();
      case PREFILL_BANDWIDTH -> inTerabytes(promptBytes() / ttftSeconds);
      case PREFILL_COMPUTE, LATER_PREFILL_COMPUTE ->
          2 * promptProducts() / ttftSeconds / figure.worth();
    };
  }

  private boolean on(RequirementConvention convention) {
    return theirs.contains(convention);
  }

  private double inTerabytes(double bytesPerSecond) {
    return bytesPerSecond / (on(RequirementConvention.UNITS) ? BINARY_TERABYTE : TERABYTE);
  }

  /** Bytes of an element of what the products of a layer put out. */
  private double outputWidth() {
    return on(RequirementConvention.ONE_FORMAT) ? NARROW : WIDE;
  }

  private double vocabulary() {
    boolean padded = on(RequirementConvention.VOCABULARY) && model.vocabulary() == GPT3_ENTRIES;
    return padded ? GPT3_PADDED_ENTRIES : model.vocabulary();
  }

  /** Steps after the first token, which comes with the prompt. */
  private double overTheAnswer(boolean bytes) {
    return on(RequirementConvention.LAST_TOKEN)
        ? step(output, bytes)
        : IntStream.range(1, output).mapToDouble(own -> step(own, bytes)).average().orElseThrow();
  }

  private double step(int own, boolean bytes) {
    return bytes ? stepBytes(own) : stepProducts(own);
  }

  /** Multiply-adds of a step whose beams attend to {@code own} tokens of theirs. */
  private double stepProducts(int own) {
    boolean grouped = model.kvHeads() < model.heads();
    boolean oneAttends =
        on(RequirementConvention.ONE_BEAM) || on(RequirementConvention.BEAM_SCORES) && !grouped;
    double pairs = (oneAttends ? 1.0 : beams) * input + (double) beams * own;
    return products(beams, pairs, beams);
  }

  private double stepBytes(int own) {
    boolean grouped = model.kvHeads() < model.heads();
    boolean ownPrompts = on(RequirementConvention.BEAM_CACHE) && grouped;
    double cached = (ownPrompts ? (double) beams : 1) * input + (double) beams * own;
    double layer = weightBytes(beams) + cached * model.cachedElements(1) * NARROW;
    if (!on(RequirementConvention.ACTIVATIONS)) {
      layer += activationBytes(beams) + pointwiseBytes(beams);
    }
    return model.layers() * layer + endsBytes(beams, beams);
  }

  private double promptProducts() {
    double pairs =
        on(RequirementConvention.SQUARE) ? (double) input * input : input * (input + 1.0) / 2;
    return products(input, pairs, on(RequirementConvention.EVERY_ROW) ? 2.0 * input : 1);
  }

  private double promptBytes() {
    double cached = input * model.cachedElements(1) * NARROW;
    double layer = weightBytes(input) + cached + activationBytes(input) + pointwiseBytes(input);
    return model.layers() * layer + endsBytes(input, 1);
  }

  /**
   * Multiply-adds of tokens that attend to others in so many pairs.
   *
   * @param tableRows rows that meet the output head; a token table as a product adds as many
   */
  private double products(double tokens, double pairs, double tableRows) {
    double layer = tokens * (attentionWeights() + visited() * networkWeights());
    if (routed()) {
      layer += tokens * routerWeights();
    }
    layer += pairs * model.heads() * 2 * model.headDim();
    boolean head = !on(RequirementConvention.ENDS);
    return model.layers() * layer + (head ? tableRows * model.hidden() * vocabulary() : 0);
  }

  /** Of query, key, value and output projections. */
  private double attentionWeights() {
    double heads = 2.0 * model.heads() + 2.0 * model.kvHeads();
    return heads * model.headDim() * model.hidden();
  }

  /** Of the network or of one expert. */
  private double networkWeights() {
    return (model.firstMatrices() + 1.0) * model.width() * model.hidden();
  }

  private double routerWeights() {
    return (double) model.hidden() * model.experts();
  }

  private double routerWidth() {
    return on(RequirementConvention.ROUTER_FORMAT) ? NARROW : WIDE;
  }

  private boolean routed() {
    return model.sparse() && !on(RequirementConvention.ROUTER);
  }

  /** Experts of a token; 1 for a dense network. */
  private int visited() {
    return model.sparse() ? model.perToken() : 1;
  }

  /** Weights of a layer that tokens read, each once. */
  private double weightBytes(double tokens) {
    double touched = visited();
    if (model.sparse() && !on(RequirementConvention.EXPERTS)) {
      double share = (double) model.perToken() / model.experts();
      touched = model.experts() * (1 - Math.pow(1 - share, tokens));
    }
    return (attentionWeights() + touched * networkWeights()) * NARROW
        + (routed() ? routerWeights() * routerWidth() : 0);
  }

  /** Inputs and outputs of a layer's products; scores stay on chip. */
  private double activationBytes(double tokens) {
    double hidden = model.hidden();
    double queries = (double) model.heads() * model.headDim();
    double projected = queries + model.cachedElements(1);
    double attention =
        hidden * NARROW
            + projected * outputWidth()
            + 2 * queries * outputWidth()
            + queries * NARROW
            + hidden * outputWidth();
    double router = routed() ? (hidden + model.experts()) * WIDE : 0;
    double fed = visited();
    if (model.sparse() && on(RequirementConvention.ONE_EXPERT)) {
      fed /= model.experts();
    }
    int reads = on(RequirementConvention.TWO_PRODUCTS) ? model.firstMatrices() : 1;
    double network =
        fed * hidden * (reads * NARROW + outputWidth())
            + visited() * model.width() * (model.firstMatrices() * outputWidth() + NARROW);
    return tokens * (attention + router + network);
  }

  /** Norms, rotations, writes to the cache, activation functions, sorting of routed tokens. */
  private double pointwiseBytes(double tokens) {
    if (on(RequirementConvention.POINTWISE)) {
      return 0;
    }
    double cached = model.cachedElements(1);
    double rotated =
        model.rotary() ? (model.heads() + model.kvHeads()) * (double) model.headDim() : 0;
    double norms = model.norms() * 4 * model.hidden() * WIDE;
    double written = (2 * rotated + cached) * WIDE + cached * NARROW;
    double activation = (model.firstMatrices() + 1.0) * visited() * model.width() * WIDE;
    double sorted = model.sparse() ? 2 * (visited() + 1.0) * model.hidden() * WIDE : 0;
    return tokens * (norms + written + activation + sorted);
  }

  /** Look-up of tokens and, where there are no rotations, positions; final norm; output head. */
  private double endsBytes(double tokens, double logitRows) {
    if (on(RequirementConvention.ENDS)) {
      return 0;
    }
    double hidden = model.hidden();
    double matrix = hidden * vocabulary();
    if (on(RequirementConvention.HEAD_ALONE)) {
      return matrix * NARROW;
    }
    double lookUps = (model.rotary() ? 2 : 4) * tokens * hidden;
    double norm = 4 * logitRows * hidden;
    double head = logitRows * (hidden + vocabulary()) + matrix;
    return (lookUps + norm + head) * WIDE;
  }
}
