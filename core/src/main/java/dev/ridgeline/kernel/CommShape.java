package dev.ridgeline.kernel;

import java.util.Locale;

/**
 * One collective.
 *
 * @param library who runs it
 * @param operation what is exchanged
 * @param type elements
 * @param ranks chips taking part, at least 2
 * @param elements of the message, at least 1: of the buffer that is reduced, of the gathered
 *     result, of what is scattered, of what one rank sends and keeps in an all-to-all
 */
public record CommShape(
    Library library, Operation operation, ElementType type, long ranks, long elements) {

  /** Who runs a collective. */
  public enum Library {
    NCCL,
    /** TensorRT-LLM's kernels: each rank reads its peers' memory; large messages go to NCCL. */
    TRTLLM_CUSTOM,
    /** vLLM's, launched from a captured graph. */
    VLLM_GRAPH,
    /** vLLM's, each launched by the host. */
    VLLM_EAGER;

    /** The name in tables and profiles. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is exchanged. */
  public enum Operation {
    ALL_REDUCE("all_reduce"),
    ALL_GATHER("all_gather"),
    REDUCE_SCATTER("reduce_scatter"),
    ALL_TO_ALL("alltoall");

    private final String key;

    Operation(String key) {
      this.key = key;
    }

    /** The name in tables and profiles. */
    public String key() {
      return key;
    }
  }

  /** What a message's elements are. */
  public enum ElementType {
    HALF(2, true),
    BFLOAT16(2, true),
    FLOAT(4, true),
    FP8(1, false),
    INT8(1, false);

    private final int bytes;
    private final boolean summedBySwitch;

    ElementType(int bytes, boolean summedBySwitch) {
      this.bytes = bytes;
      this.summedBySwitch = summedBySwitch;
    }

    /** Bytes of one. */
    public int bytes() {
      return bytes;
    }

    /** Whether a switch that reduces can add it. */
    public boolean summedBySwitch() {
      return summedBySwitch;
    }

    /** The name in tables. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CommShape {
    if (ranks < 2) {
      throw new IllegalArgumentException("num_gpus %d is below 2".formatted(ranks));
    }
    Shapes.atLeastOne("message_elems", elements);
    if (library != Library.NCCL && operation != Operation.ALL_REDUCE) {
      throw new IllegalArgumentException(
          "%s runs all_reduce, not %s".formatted(library.key(), operation.key()));
    }
  }

  /**
   * The shape a table's row means.
   *
   * @throws IllegalArgumentException where a name is unknown, naming those there are
   */
  public static CommShape of(String library, String operation, String type, long ranks, long n) {
    return new CommShape(
        Shapes.named("impl", library, Library.values(), Library::key),
        Shapes.named("op", operation, Operation.values(), Operation::key),
        Shapes.format(type, ElementType.values(), ElementType::key),
        ranks,
        n);
  }

  /** Bytes of the message. */
  public double bytes() {
    return (double) elements * type.bytes();
  }
}
