package dev.ridgeline.kernel;

/**
 * One layer of routed experts on one rank: rows are gathered by expert, go through two grouped
 * products with an activation between them, and are added up per token. The router is not part of
 * it.
 *
 * @param format what weights and activations are stored and multiplied in
 * @param kernel which kernels run it
 * @param hidden width of a token, at least 1
 * @param inter inner width of an expert before tensor parallelism, at least 1
 * @param topk experts a token visits, 1 to {@code experts}
 * @param experts routed experts of the layer
 * @param tp ranks that share one expert, at least 1
 * @param ep ranks the experts are dealt to, 1 to {@code experts}; the busiest one is timed
 * @param skew exponent of the power law of expert loads, 0 for equal loads, at most 3
 * @param tokens of all ranks together, at least 1
 */
public record MoeShape(
    ExpertFormat format,
    ExpertKernel kernel,
    long hidden,
    long inter,
    long topk,
    long experts,
    long tp,
    long ep,
    double skew,
    long tokens) {

  public MoeShape {
    Shapes.atLeastOne("hidden", hidden);
    Shapes.atLeastOne("inter", inter);
    Shapes.atLeastOne("topk", topk);
    Shapes.atLeastOne("experts", experts);
    Shapes.atLeastOne("tp", tp);
    Shapes.atLeastOne("ep", ep);
    Shapes.atLeastOne("tokens", tokens);
    if (topk > experts) {
      throw new IllegalArgumentException("topk %d of %d experts".formatted(topk, experts));
    }
    if (ep > experts) {
      throw new IllegalArgumentException("ep %d for %d experts".formatted(ep, experts));
    }
    if (!(skew >= 0 && skew <= 3)) {
      throw new IllegalArgumentException("skew " + skew + " is outside 0 to 3");
    }
  }
}
