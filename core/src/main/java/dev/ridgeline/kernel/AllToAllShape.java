package dev.ridgeline.kernel;

/**
 * One exchange of tokens between the ranks that share a layer's experts.
 *
 * @param library who runs it
 * @param operation which half of the exchange
 * @param tokenBytes bytes of one element of a token on its way, with its share of scales, above 0
 * @param nodes hosts the ranks are in as the library counts them, at least 1
 * @param ep ranks, at least 1
 * @param hidden width of a token, at least 1
 * @param topk experts a token visits, 1 to {@code experts}
 * @param experts routed experts, at least {@code ep}
 * @param multiprocessors given to the kernel; 0 for all
 * @param tokens of one rank, at least 1
 */
public record AllToAllShape(
    Library library,
    Operation operation,
    double tokenBytes,
    long nodes,
    long ep,
    long hidden,
    long topk,
    long experts,
    long multiprocessors,
    long tokens) {

  /** Who runs an exchange. */
  public enum Library {
    /** One message for each expert a token visits. */
    DEEPEP_LOW_LATENCY("deepep_low_latency"),
    /** One message for each rank a token visits. */
    DEEPEP_NORMAL("deepep_normal"),
    TRTLLM_ONE_SIDED("trtllm_NVLinkOneSided"),
    TRTLLM_TWO_SIDED("trtllm_NVLinkTwoSided");

    private final String key;

    Library(String key) {
      this.key = key;
    }

    /** The name in tables and profiles. */
    public String key() {
      return key;
    }
  }

  /** Which part of an exchange. */
  public enum Operation {
    DISPATCH("dispatch"),
    COMBINE("combine"),
    /** Combine with the outputs rounded to a narrow format. */
    COMBINE_LOW_PRECISION("combine_low_precision"),
    /** Counting what goes where. */
    PREPARE("prepare");

    private final String key;

    Operation(String key) {
      this.key = key;
    }

    /** The name in profiles; tables may put {@code alltoall_} before it. */
    public String key() {
      return key;
    }
  }

  public AllToAllShape {
    if (!(tokenBytes > 0 && tokenBytes < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("element of %s bytes".formatted(tokenBytes));
    }
    Shapes.atLeastOne("nodes", nodes);
    Shapes.atLeastOne("ep", ep);
    Shapes.atLeastOne("hidden", hidden);
    Shapes.atLeastOne("topk", topk);
    Shapes.atLeastOne("experts", experts);
    Shapes.atLeastOne("tokens_per_rank", tokens);
    if (multiprocessors < 0) {
      throw new IllegalArgumentException("sms %d is below 0".formatted(multiprocessors));
    }
    if (topk > experts || ep > experts) {
      throw new IllegalArgumentException(
          "topk %d, ep %d for %d experts".formatted(topk, ep, experts));
    }
    if (nodes > ep) {
      throw new IllegalArgumentException("%d nodes for ep %d".formatted(nodes, ep));
    }
  }

  /**
   * The shape a table's row means.
   *
   * <p>An empty {@code dtype} is what the library sends by itself: DeepEP's low-latency dispatch
   * 8-bit floats with a scale for each 128, all else bf16. Combines send bf16 whatever the dtype,
   * unless of low precision.
   *
   * @throws IllegalArgumentException where a name is unknown, naming those there are
   */
  public static AllToAllShape of(
      String library,
      String operation,
      String dtype,
      long nodes,
      long ep,
      long hidden,
      long topk,
      long experts,
      long multiprocessors,
      long tokens) {
    Library known = Shapes.named("impl", library, Library.values(), Library::key);
    String half = operation.startsWith("alltoall_") ? operation.substring(9) : operation;
    Operation part = Shapes.named("op", half, Operation.values(), Operation::key);
    return new AllToAllShape(
        known,
        part,
        elementBytes(known, part, dtype),
        nodes,
        ep,
        hidden,
        topk,
        experts,
        multiprocessors,
        tokens);
  }

  private static double elementBytes(Library library, Operation operation, String dtype) {
    return switch (operation) {
      case COMBINE -> 2;
      case DISPATCH, COMBINE_LOW_PRECISION, PREPARE ->
          dtype.isEmpty()
              ? library == Library.DEEPEP_LOW_LATENCY ? ExpertFormat.FP8_BLOCK.inputBytes() : 2
              : ExpertFormat.of(dtype).inputBytes();
    };
  }
}
