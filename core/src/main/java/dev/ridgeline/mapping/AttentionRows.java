package dev.ridgeline.mapping;

import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.Pointwise;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Attention;
import dev.ridgeline.workload.Indexer;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.Weight;
import java.util.List;
import java.util.Map;

/** Rows of grouped-query attention, and the parts it shares with latent attention. */
final class AttentionRows {
  private AttentionRows() {}

  static void emit(Lowering into, Attention attention) {
    int tensor = into.tensor;
    long heads = attention.heads() / tensor;
    long kvHeads = Math.max(1, attention.kvHeads() / tensor);
    double kvCopies = (double) kvHeads * tensor / attention.kvHeads();
    int keyDim = attention.headDim();
    int valueDim = attention.valueDim();
    Weight query = attention.weight("q_proj");

    into.norms(attention.weights());
    boolean elementGate = attention.gate() == Attention.Gate.ELEMENT;
    long queryRows = heads * keyDim * (elementGate ? 2L : 1L);
    long keyRows = kvHeads * keyDim;
    long valueRows = kvHeads * valueDim;
    long gateRows = attention.gate() == Attention.Gate.HEAD ? heads : 0;
    double weightBytes =
        into.bytesOf(query, (double) queryRows * into.hidden)
            + into.bytesOf(attention.weight("k_proj"), (double) keyRows * into.hidden)
            + into.bytesOf(attention.weight("v_proj"), (double) valueRows * into.hidden)
            + (gateRows == 0
                ? 0
                : into.bytesOf(attention.weight("g_proj"), (double) gateRows * into.hidden));
    long outputs = queryRows + keyRows + valueRows + gateRows;
    double whole =
        query.outputs()
            + attention.weight("k_proj").outputs()
            + attention.weight("v_proj").outputs()
            + (gateRows == 0 ? 0.0 : attention.heads());
    into.matmul(
        "qkv_proj",
        into.tokens,
        outputs,
        into.hidden,
        query,
        weightBytes,
        into.repeated(outputs * tensor / whole));

    long storedKey = into.compression.storedWidth(keyDim);
    long storedValue = into.compression.storedWidth(valueDim);
    long cached = kvHeads * (storedKey + storedValue);
    long rotated = heads * keyDim + keyRows;
    rotateAndStore(
        into,
        attention.rotary() ? rotated : 0,
        cached,
        into.repeated(
            attention.rotary() ? rotated * (double) tensor / wholeRotated(attention) : kvCopies));
    attention.indexer().ifPresent(indexer -> index(into, indexer, attention.weights()));
    lowRank(into, "low_rank_in", attention, storedKey, keyDim);

    for (Phase phase : Phase.values()) {
      into.add(
          AttentionCore.of(
              "attention_" + key(phase),
              phase,
              attention.span(),
              heads,
              kvHeads,
              storedKey,
              storedValue,
              cached,
              into.newTokens(phase),
              into.touched(phase, attention.span()),
              into.fetched(phase, attention.span()),
              into.pairs(phase, attention.span()),
              Stream.KV_CACHE,
              into.kv,
              into.residual,
              into.attentionArithmetic),
          new Replication(1, 1, 1));
    }
    exchangeOverContextRanks(into, attention.span(), cached, heads * (storedValue + 1));
    lowRank(into, "low_rank_out", attention, valueDim, storedValue);
    if (attention.gate() != Attention.Gate.NONE) {
      into.pointwise("output_gate", into.tokens.times(heads * valueDim), 5, 2, 1, into.sharded());
    }
    into.project(
        "o_proj",
        into.tokens,
        into.hidden,
        heads * valueDim,
        attention.weight("o_proj"),
        into.sharded());
    into.reduceOverTensorRanks("all_reduce", into.tokens, into.hidden);
    into.cache(attention.span(), cached);
  }

  /**
   * The bases of a cache stored at low rank, one for each key/value head: keys and queries go in,
   * values go in and outputs come out (the absorbed form of latent attention, DeepSeek-V2, arXiv
   * 2405.04434, section 2.1.2).
   */
  private static void lowRank(
      Lowering into, String name, Attention attention, long outputs, long inputs) {
    if (into.compression.rank() == 1) {
      return;
    }
    int tensor = into.tensor;
    long heads = attention.heads() / tensor;
    long kvHeads = Math.max(1, attention.kvHeads() / tensor);
    double basisBytes = (double) outputs * inputs * into.residual.bytesPerElement();
    double copies = (double) (heads + kvHeads) * tensor / (attention.heads() + attention.kvHeads());
    double kvCopies = (double) kvHeads * tensor / attention.kvHeads();
    Replication work = into.repeated(copies);
    into.add(
        Operator.GroupedMatmul.of(
            name,
            into.tokens.times(heads + kvHeads),
            kvHeads,
            LinearForm.constant(kvHeads),
            outputs,
            inputs,
            into.residual.arithmetic(),
            into.residual,
            into.residual,
            into.residual,
            basisBytes,
            kvHeads * basisBytes,
            OperatorKind.MATMUL),
        new Replication(work.prefill(), work.decode(), into.repeated(kvCopies).weights()));
  }

  private static double wholeRotated(Attention attention) {
    long keys = (long) attention.kvHeads() * attention.headDim();
    return (double) attention.heads() * attention.headDim() + keys;
  }

  static String key(Phase phase) {
    return phase == Phase.PREFILL ? "prefill" : "decode";
  }

  /** Rotates queries and keys in place and writes keys and values to the cache. */
  static void rotateAndStore(Lowering into, long rotated, long cached, Replication replication) {
    double actBytes = into.residual.bytesPerElement();
    double perToken = 2.0 * rotated * actBytes + cached * actBytes;
    LinearForm stored = into.tokens.times(cached * into.kv.bytesPerElement());
    into.add(
        new Pointwise(
            "rope_and_cache_write",
            into.tokens.times(rotated + cached),
            Demand.of(
                    into.tokens,
                    LinearForm.ZERO,
                    Arithmetic.FP32,
                    // A rotation is two multiplications and an addition for each element.
                    into.tokens.times(3.0 * rotated),
                    Map.of(
                        Stream.ACTIVATIONS, into.tokens.times(perToken), Stream.KV_CACHE, stored))
                .withCache(LinearForm.ZERO, stored),
            0),
        replication);
  }

  /** The index branch of sparse attention; every tensor rank repeats it. */
  static void index(Lowering into, Indexer indexer, List<Weight> weights) {
    for (Weight weight : weights) {
      if (weight.role() == Weight.Role.MATRIX && weight.name().startsWith("indexer.")) {
        into.project(
            weight.name(),
            into.tokens,
            weight.outputs(),
            weight.inputs(),
            weight,
            into.everyRank());
      }
    }
    double keyBytes = indexer.headDim() * into.residual.bytesPerElement();
    LinearForm stored = into.tokens.times(indexer.headDim() * into.kv.bytesPerElement());
    into.add(
        new Pointwise(
            "indexer_cache_write",
            into.tokens.times(indexer.headDim()),
            Demand.of(
                    into.tokens,
                    LinearForm.ZERO,
                    Arithmetic.FP32,
                    LinearForm.ZERO,
                    Map.of(
                        Stream.ACTIVATIONS, into.tokens.times(keyBytes), Stream.KV_CACHE, stored))
                .withCache(LinearForm.ZERO, stored),
            0),
        into.everyRank());
    for (Phase phase : Phase.values()) {
      into.add(
          AttentionCore.of(
              "indexer_scores_" + key(phase),
              phase,
              Span.FULL,
              indexer.heads(),
              1,
              indexer.headDim(),
              0,
              indexer.headDim(),
              into.newTokens(phase),
              into.touched(phase, Span.FULL),
              into.fetched(phase, Span.FULL),
              into.pairs(phase, Span.FULL),
              Stream.KV_CACHE,
              into.kv,
              into.residual,
              into.attentionArithmetic),
          new Replication(into.tensor, into.tensor, 1));
    }
    into.cache(Span.FULL, indexer.headDim());
  }

  /** Prompts exchange keys and values; decoding ranks merge their partial outputs. */
  static void exchangeOverContextRanks(
      Lowering into, Span span, long cachedElements, long outputElements) {
    if (into.parallelism.context() == 1) {
      return;
    }
    LinearForm prompt = into.touched(Phase.PREFILL, span);
    into.add(
        new Collective(
            "kv_all_gather",
            Collective.Pattern.ALL_GATHER,
            into.contextGroup(),
            prompt.times(cachedElements * into.kv.bytesPerElement())),
        into.everyRank());
    into.add(
        new Collective(
            "partial_output_all_reduce",
            Collective.Pattern.ALL_REDUCE,
            into.contextGroup(),
            into.decodeTokens.times(outputElements * into.exchanged.bytesPerElement())),
        into.everyRank());
  }
}
