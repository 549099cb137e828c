package dev.ridgeline.mapping;

import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The scratch pad of one compilation: the forms that all emitters share, the rows so far, and the
 * cache of the block at hand.
 */
final class Lowering {
  /** Vectors of heads or columns that tensor ranks split; all others are whole on every rank. */
  private static final Set<String> SPLIT_VECTORS =
      Set.of(
          "q_proj.bias",
          "k_proj.bias",
          "v_proj.bias",
          "sinks",
          "gate_proj.bias",
          "up_proj.bias",
          "in_proj.bias",
          "dt_proj.bias",
          "dt_bias",
          "conv1d",
          "A_log",
          "D",
          "lm_head.bias");

  final Model model;
  final Parallelism parallelism;
  final Precision precision;
  final KvCompression compression;
  final FeatureSpace space;
  final int tensor;
  final int hidden;

  /** New tokens of a phase on this device's attention rank. */
  final LinearForm prefillTokens;

  final LinearForm decodeTokens;
  final LinearForm tokens;

  final NumberFormat residual;
  final NumberFormat activations;
  final NumberFormat kv;
  final NumberFormat exchanged;
  final Arithmetic attentionArithmetic;

  final List<Row> rows = new ArrayList<>();
  final List<CacheFootprint.Entry> cacheEntries = new ArrayList<>();
  double stateBytes;
  double vectorBytes;
  double widestElements;

  /** Whether the partial sums of the block at hand are added to those of a later one first. */
  private boolean leavesPartialSums;

  private String block = "";
  private List<Integer> repeats = List.of();

  Lowering(Model model, Deployment deployment, FeatureSpace space) {
    this.model = model;
    this.parallelism = deployment.parallelism();
    this.precision = deployment.precision();
    this.compression = deployment.kvCompression();
    this.space = space;
    this.tensor = parallelism.tensor();
    this.hidden = model.hidden();
    this.prefillTokens = LinearForm.of(space.newTokens(Phase.PREFILL), 1.0 / parallelism.context());
    this.decodeTokens = LinearForm.of(space.newTokens(Phase.DECODE), 1);
    this.tokens = prefillTokens.plus(decodeTokens);
    this.residual = model.nativeFormat();
    this.activations = precision.activationFormat(model);
    this.kv = precision.kvFormat(model);
    this.exchanged = precision.communicationFormat(model);
    this.attentionArithmetic = precision.attentionArithmetic(model);
  }

  /** Starts the rows of a block that each stage runs so many times. */
  void begin(String newBlock, List<Integer> newRepeats) {
    block = newBlock;
    repeats = newRepeats;
    leavesPartialSums = false;
    cacheEntries.clear();
    stateBytes = 0;
    vectorBytes = 0;
  }

  /** The block at hand runs beside a later one, whose all-reduce serves both. */
  void leavePartialSums() {
    leavesPartialSums = true;
  }

  void add(Operator operator, Replication replication) {
    int index = rows.size();
    rows.add(
        new Row(
            index,
            block,
            operator,
            repeats,
            replication,
            index == 0 ? List.of() : List.of(index - 1)));
  }

  /** Work split over tensor ranks, repeated {@code factor} times among them. */
  Replication repeated(double factor) {
    int context = parallelism.context();
    return new Replication(
        factor, factor * context, factor * context * parallelism.attentionData());
  }

  Replication sharded() {
    return repeated(1);
  }

  Replication everyRank() {
    return repeated(tensor);
  }

  LinearForm pairs(Phase phase, Span span) {
    double share = 1.0 / parallelism.context();
    return attended(
        phase,
        span,
        LinearForm.of(space.pairs(phase, space.spans().indexOf(span)), share),
        LinearForm.of(space.newTokens(phase), share));
  }

  /** Prompts' keys and values reach every context rank; decoding ranks each read their part. */
  LinearForm touched(Phase phase, Span span) {
    return attended(phase, span, allTouched(phase, span), fresh(phase));
  }

  /** Of the tokens touched, those that an earlier step has cached. */
  LinearForm fetched(Phase phase, Span span) {
    return touched(phase, span).plus(fresh(phase).times(-1));
  }

  private LinearForm allTouched(Phase phase, Span span) {
    return LinearForm.of(space.touched(phase, space.spans().indexOf(span)), rankShare(phase));
  }

  /** Tokens touched that the step itself makes. */
  private LinearForm fresh(Phase phase) {
    return LinearForm.of(space.newTokens(phase), rankShare(phase));
  }

  private double rankShare(Phase phase) {
    return phase == Phase.DECODE ? 1.0 / parallelism.context() : 1.0;
  }

  /** Decoded tokens attend to a part of what came before, and to all of their own step. */
  private LinearForm attended(Phase phase, Span span, LinearForm all, LinearForm own) {
    double share = compression.attended();
    return phase == Phase.DECODE && span instanceof Span.Full && share < 1
        ? all.plus(own.times(-1)).times(share).plus(own)
        : all;
  }

  LinearForm newTokens(Phase phase) {
    return phase == Phase.PREFILL ? prefillTokens : decodeTokens;
  }

  LinearForm sequences(Phase phase) {
    return LinearForm.of(space.sequences(phase), 1);
  }

  double bytesOf(Weight weight, double elements) {
    return elements * precision.stored(weight).bytesPerElement();
  }

  /** A projection whose local matrix is {@code outputs x inputs} of one tensor. */
  void project(
      String name,
      LinearForm rowCount,
      long outputs,
      long inputs,
      Weight weight,
      Replication replication) {
    matmul(
        name,
        rowCount,
        outputs,
        inputs,
        weight,
        bytesOf(weight, (double) outputs * inputs),
        replication);
  }

  /** A projection of several tensors run as one; {@code first} decides the arithmetic. */
  void matmul(
      String name,
      LinearForm rowCount,
      long outputs,
      long inputs,
      Weight first,
      double weightBytes,
      Replication replication) {
    NumberFormat stored = precision.stored(first);
    NumberFormat input = inputFormat(first);
    add(
        Operator.Matmul.of(
            name,
            rowCount,
            outputs,
            inputs,
            precision.productArithmetic(stored, input),
            stored,
            input,
            residual,
            weightBytes,
            weightBytes),
        replication);
    widestElements = Math.max(widestElements, outputs);
  }

  /** Format in which a matrix reads its activations. */
  NumberFormat inputFormat(Weight weight) {
    return quantised(precision.stored(weight)) ? activations : residual;
  }

  /** Whether a matrix is stored below the model's own format, so that activations follow it. */
  boolean quantised(NumberFormat stored) {
    return stored.elementBits() < residual.elementBits();
  }

  /** Element-by-element work on activations. */
  void pointwise(
      String name,
      LinearForm elements,
      double flopsPerElement,
      double readsPerElement,
      double writesPerElement,
      Replication replication) {
    double bytes = (readsPerElement + writesPerElement) * residual.bytesPerElement();
    add(
        new Operator.Pointwise(
            name,
            elements,
            Demand.of(
                elements,
                LinearForm.ZERO,
                Arithmetic.FP32,
                elements.times(flopsPerElement),
                Map.of(Stream.ACTIVATIONS, elements.times(bytes))),
            0),
        replication);
  }

  /** The residual norms of a block: add, square, sum, scale, weight. */
  void norms(List<Weight> weights) {
    for (Weight weight : weights) {
      if (weight.role() == Weight.Role.NORM) {
        pointwise(weight.name(), tokens.times(hidden), 5, 2, 2, everyRank());
      }
    }
    holdVectors(weights);
  }

  /** Norms and vectors stay resident without a row of their own. */
  void holdVectors(List<Weight> weights) {
    for (Weight weight : weights) {
      if (weight.role() == Weight.Role.NORM || weight.role() == Weight.Role.VECTOR) {
        vectorBytes += weight.bytes() / ranksOfVector(weight);
      }
    }
  }

  /** Ranks that hold a vector between them. */
  private int ranksOfVector(Weight weight) {
    if (weight.name().startsWith("experts.")) {
      // Ranks that split an expert split its columns; the bias of its result is whole on each.
      boolean result = weight.name().startsWith("experts.down");
      return parallelism.expert() * (result ? 1 : parallelism.expertTensor());
    }
    return SPLIT_VECTORS.contains(weight.name()) ? tensor : 1;
  }

  /** Adds up the partial results of the tensor ranks, unless a later block does. */
  void reduceOverTensorRanks(String name, LinearForm rowCount, double width) {
    if (tensor > 1 && !leavesPartialSums) {
      add(
          new Operator.Collective(
              name,
              Operator.Collective.Pattern.ALL_REDUCE,
              tensorGroup(),
              rowCount.times(width * exchanged.bytesPerElement())),
          everyRank());
    }
  }

  Operator.Group tensorGroup() {
    return new Operator.Group("tp", tensor, 1);
  }

  Operator.Group contextGroup() {
    return new Operator.Group("cp", parallelism.context(), parallelism.expertGroup());
  }

  void cache(Span span, double elementsPerToken) {
    double kept = span instanceof Span.Full ? compression.keep() : 1;
    cacheEntries.add(
        new CacheFootprint.Entry(
            span, kept * elementsPerToken * kv.bytesPerElement() / parallelism.context()));
  }
}
