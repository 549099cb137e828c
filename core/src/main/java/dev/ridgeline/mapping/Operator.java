package dev.ridgeline.mapping;

import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import java.util.Map;

/**
 * One operator of a program: one device's share. An operator knows its shape and its formats, from
 * which flops and bytes follow; it knows no chip.
 */
public sealed interface Operator {

  /** Name inside its block, such as {@code qkv_proj}. */
  String name();

  /** The family. */
  OperatorKind kind();

  /** Flops and bytes; cost models with a finer eye look at the shape itself. */
  Demand demand();

  /** Bytes of weights that stay resident for this operator on one device. */
  default double residentWeightBytes() {
    return 0;
  }

  /**
   * {@code y[rows, outputs] = x[rows, inputs] W}.
   *
   * @param rows tokens on this device
   * @param outputs columns of the result on this device
   * @param inputs contracted extent on this device
   * @param arithmetic what the products run as
   * @param weightFormat how the matrix is stored
   * @param inputFormat how the activations are read
   * @param outputFormat how the result is written
   * @param weightBytes stored bytes of the matrix on this device
   * @param residentWeightBytes the same, or 0 where the tensor is held under another operator
   * @param demand derived
   */
  record Matmul(
      String name,
      LinearForm rows,
      long outputs,
      long inputs,
      Arithmetic arithmetic,
      NumberFormat weightFormat,
      NumberFormat inputFormat,
      NumberFormat outputFormat,
      double weightBytes,
      double residentWeightBytes,
      Demand demand)
      implements Operator {

    static Matmul of(
        String name,
        LinearForm rows,
        long outputs,
        long inputs,
        Arithmetic arithmetic,
        NumberFormat weightFormat,
        NumberFormat inputFormat,
        NumberFormat outputFormat,
        double weightBytes,
        double residentWeightBytes) {
      double activationBytes =
          inputs * inputFormat.bytesPerElement() + outputs * outputFormat.bytesPerElement();
      Demand demand =
          Demand.of(
              rows,
              rows.times(2.0 * outputs * inputs),
              arithmetic,
              LinearForm.ZERO,
              Map.of(
                  Stream.WEIGHTS,
                  LinearForm.constant(weightBytes),
                  Stream.ACTIVATIONS,
                  rows.times(activationBytes)));
      return new Matmul(
          name,
          rows,
          outputs,
          inputs,
          arithmetic,
          weightFormat,
          inputFormat,
          outputFormat,
          weightBytes,
          residentWeightBytes,
          demand);
    }

    /**
     * A projection of cached vectors: its input of {@code cachedElements} a row comes from the
     * cache in place of activations.
     *
     * @param fetched rows whose input was cached by an earlier step
     */
    static Matmul ofCached(
        String name,
        LinearForm rows,
        long outputs,
        long inputs,
        Arithmetic arithmetic,
        NumberFormat weightFormat,
        LinearForm fetched,
        long cachedElements,
        NumberFormat kvFormat,
        NumberFormat outputFormat,
        double weightBytes) {
      double cachedBytes = cachedElements * kvFormat.bytesPerElement();
      Demand demand =
          Demand.of(
                  rows,
                  rows.times(2.0 * outputs * inputs),
                  arithmetic,
                  LinearForm.ZERO,
                  Map.of(
                      Stream.WEIGHTS,
                      LinearForm.constant(weightBytes),
                      Stream.KV_CACHE,
                      rows.times(cachedBytes),
                      Stream.ACTIVATIONS,
                      rows.times(outputs * outputFormat.bytesPerElement())))
              .withCache(fetched.times(cachedBytes), LinearForm.ZERO);
      return new Matmul(
          name,
          rows,
          outputs,
          inputs,
          arithmetic,
          weightFormat,
          kvFormat,
          outputFormat,
          weightBytes,
          weightBytes,
          demand);
    }

    @Override
    public OperatorKind kind() {
      return OperatorKind.MATMUL;
    }
  }

  /**
   * A matrix for each group of rows: the experts of a layer, or the heads of an absorbed
   * projection.
   *
   * @param rows rows over all groups on this device
   * @param groups matrices held on this device
   * @param touchedGroups matrices that a step reads
   * @param outputs columns of one group's result
   * @param inputs contracted extent
   * @param weightFormat how the matrices are stored
   * @param inputFormat how activations are read
   * @param outputFormat how results are written
   * @param groupBytes stored bytes of one matrix
   * @param kind experts, or matmul for absorbed projections
   * @param demand derived
   */
  record GroupedMatmul(
      String name,
      LinearForm rows,
      double groups,
      LinearForm touchedGroups,
      long outputs,
      long inputs,
      Arithmetic arithmetic,
      NumberFormat weightFormat,
      NumberFormat inputFormat,
      NumberFormat outputFormat,
      double groupBytes,
      double residentWeightBytes,
      OperatorKind kind,
      Demand demand)
      implements Operator {

    static GroupedMatmul of(
        String name,
        LinearForm rows,
        double groups,
        LinearForm touchedGroups,
        long outputs,
        long inputs,
        Arithmetic arithmetic,
        NumberFormat weightFormat,
        NumberFormat inputFormat,
        NumberFormat outputFormat,
        double groupBytes,
        double residentWeightBytes,
        OperatorKind kind) {
      double activationBytes =
          inputs * inputFormat.bytesPerElement() + outputs * outputFormat.bytesPerElement();
      Demand demand =
          Demand.of(
              rows,
              rows.times(2.0 * outputs * inputs),
              arithmetic,
              LinearForm.ZERO,
              Map.of(
                  Stream.WEIGHTS,
                  touchedGroups.times(groupBytes),
                  Stream.ACTIVATIONS,
                  rows.times(activationBytes)));
      return new GroupedMatmul(
          name,
          rows,
          groups,
          touchedGroups,
          outputs,
          inputs,
          arithmetic,
          weightFormat,
          inputFormat,
          outputFormat,
          groupBytes,
          residentWeightBytes,
          kind,
          demand);
    }
  }

  /**
   * The core of softmax attention, scores kept on chip.
   *
   * @param phase which sequences it serves
   * @param span which earlier tokens a token attends to
   * @param heads query heads on this device
   * @param kvHeads key/value heads on this device; 1 for an absorbed latent
   * @param keyDim width of the query-key product
   * @param valueDim width of the value
   * @param tokens new tokens
   * @param touched cached-or-new tokens whose keys and values are read
   * @param pairs query-key pairs
   * @param kvSource where keys and values come from: the cache, or activations where they were just
   *     expanded
   * @param kvFormat how keys and values are stored
   * @param demand derived
   */
  record AttentionCore(
      String name,
      Phase phase,
      Span span,
      long heads,
      long kvHeads,
      long keyDim,
      long valueDim,
      LinearForm tokens,
      LinearForm touched,
      LinearForm pairs,
      Stream kvSource,
      NumberFormat kvFormat,
      Arithmetic arithmetic,
      Demand demand)
      implements Operator {

    /** Vector flops of one score: scale, maximum, subtract, exponential, sum. */
    static final double SOFTMAX_FLOPS_PER_SCORE = 5;

    static AttentionCore of(
        String name,
        Phase phase,
        Span span,
        long heads,
        long kvHeads,
        long keyDim,
        long valueDim,
        long cachedElements,
        LinearForm tokens,
        LinearForm touched,
        LinearForm fetched,
        LinearForm pairs,
        Stream kvSource,
        NumberFormat kvFormat,
        NumberFormat activationFormat,
        Arithmetic arithmetic) {
      double queryAndOutputBytes = heads * (keyDim + valueDim) * activationFormat.bytesPerElement();
      double cachedBytes = cachedElements * kvFormat.bytesPerElement();
      LinearForm read = touched.times(cachedBytes);
      LinearForm activations = tokens.times(queryAndOutputBytes);
      boolean cached = kvSource != Stream.ACTIVATIONS;
      Demand demand =
          Demand.of(
                  tokens,
                  pairs.times(2.0 * heads * (keyDim + valueDim)),
                  arithmetic,
                  pairs.times(SOFTMAX_FLOPS_PER_SCORE * heads),
                  cached
                      ? Map.of(kvSource, read, Stream.ACTIVATIONS, activations)
                      : Map.of(Stream.ACTIVATIONS, read.plus(activations)))
              .withCache(cached ? fetched.times(cachedBytes) : LinearForm.ZERO, LinearForm.ZERO);
      return new AttentionCore(
          name,
          phase,
          span,
          heads,
          kvHeads,
          keyDim,
          valueDim,
          tokens,
          touched,
          pairs,
          kvSource,
          kvFormat,
          arithmetic,
          demand);
    }

    @Override
    public OperatorKind kind() {
      return OperatorKind.ATTENTION;
    }
  }

  /**
   * A recurrence over tokens with a fixed state: state space or linear attention.
   *
   * @param phase prefill runs in chunks on the matrix engine, decode token by token
   * @param sequences sequences whose state is read and written
   * @param tokens new tokens
   * @param stateBytes state of one sequence on this device
   * @param demand given by the compiler, which knows the recurrence
   */
  record Scan(
      String name,
      Phase phase,
      LinearForm sequences,
      LinearForm tokens,
      double stateBytes,
      Demand demand)
      implements Operator {
    @Override
    public OperatorKind kind() {
      return OperatorKind.SCAN;
    }
  }

  /**
   * A depthwise causal convolution over tokens with its tail of state.
   *
   * @param tokens new tokens
   * @param channels channels on this device
   * @param taps taps of the filter
   * @param demand given by the compiler
   */
  record Convolution(String name, LinearForm tokens, long channels, int taps, Demand demand)
      implements Operator {
    @Override
    public OperatorKind kind() {
      return OperatorKind.CONVOLUTION;
    }
  }

  /**
   * Element-by-element work: norms, rotary embedding, activations, residuals, cache writes.
   *
   * @param elements elements of the result
   * @param demand given by the compiler
   */
  record Pointwise(String name, LinearForm elements, Demand demand, double residentWeightBytes)
      implements Operator {
    @Override
    public OperatorKind kind() {
      return OperatorKind.POINTWISE;
    }
  }

  /**
   * Rows looked up in a table.
   *
   * @param rows rows read
   * @param width elements of a row
   */
  record Gather(String name, LinearForm rows, long width, Demand demand, double residentWeightBytes)
      implements Operator {
    @Override
    public OperatorKind kind() {
      return OperatorKind.GATHER;
    }
  }

  /**
   * An exchange among the devices of a group.
   *
   * @param pattern which exchange
   * @param group who takes part
   * @param payloadBytes for an all-reduce the reduced tensor; for an all-gather the gathered
   *     result; for an all-to-all what one device hands out, its own part included
   */
  record Collective(String name, Pattern pattern, Group group, LinearForm payloadBytes)
      implements Operator {

    /** The exchanges. */
    public enum Pattern {
      ALL_REDUCE,
      ALL_GATHER,
      ALL_TO_ALL
    }

    @Override
    public OperatorKind kind() {
      return OperatorKind.COLLECTIVE;
    }

    @Override
    public Demand demand() {
      return Demand.none(payloadBytes);
    }
  }

  /**
   * Activations handed to the next pipeline stage.
   *
   * @param stride devices between sender and receiver
   * @param hops stage boundaries, at least 1
   * @param payloadBytes bytes sent by one device
   */
  record Transfer(String name, int stride, int hops, LinearForm payloadBytes) implements Operator {
    @Override
    public OperatorKind kind() {
      return OperatorKind.TRANSFER;
    }

    @Override
    public Demand demand() {
      return Demand.none(payloadBytes);
    }
  }

  /**
   * Devices that take part in an exchange: {@code size} of them, {@code stride} apart.
   *
   * @param axis which kind of parallelism, such as {@code tp}
   */
  record Group(String axis, int size, int stride) {}
}
