package dev.ridgeline.mapping;

import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Operator.GroupedMatmul;
import dev.ridgeline.mapping.Operator.Matmul;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Indexer;
import dev.ridgeline.workload.LatentAttention;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.Weight;

/**
 * Rows of multi-head latent attention. Prompts expand the latent to keys and values of every head;
 * decoding absorbs the expansion into the query and the output and attends to the latent itself
 * (DeepSeek-V2, arXiv 2405.04434, section 2.1.2). Sparse variants absorb in both phases, because
 * each query picks its own tokens (DeepSeek-V3.2 report, appendix A).
 */
final class LatentAttentionRows {
  private LatentAttentionRows() {}

  static void emit(Lowering into, LatentAttention latent) {
    long heads = latent.heads() / into.tensor;
    int hidden = into.hidden;
    long queryDim = latent.nopeDim() + (long) latent.ropeDim();
    long cached = latent.cachedElementsPerToken();

    into.norms(latent.weights());
    Weight kvDown = latent.weight("kv_a_proj_with_mqa");
    if (latent.queryRank() > 0) {
      Weight queryDown = latent.weight("q_a_proj");
      into.project(
          "q_a_proj", into.tokens, latent.queryRank(), hidden, queryDown, into.everyRank());
      into.project(
          "q_b_proj",
          into.tokens,
          heads * queryDim,
          latent.queryRank(),
          latent.weight("q_b_proj"),
          into.sharded());
    } else {
      into.project(
          "q_proj", into.tokens, heads * queryDim, hidden, latent.weight("q_proj"), into.sharded());
    }
    into.project("kv_a_proj", into.tokens, cached, hidden, kvDown, into.everyRank());
    long rotated = heads * latent.ropeDim() + latent.ropeDim();
    double whole = (latent.heads() + 1.0) * latent.ropeDim();
    AttentionRows.rotateAndStore(
        into, rotated, cached, into.repeated(rotated * into.tensor / whole));
    latent.indexer().ifPresent(indexer -> AttentionRows.index(into, indexer, latent.weights()));

    boolean sparse = latent.span() instanceof Span.Selected;
    if (sparse) {
      absorbed(into, latent, heads, into.tokens, true);
      attend(into, latent, heads, Phase.PREFILL, true);
      attend(into, latent, heads, Phase.DECODE, true);
      absorbedOutput(into, latent, heads, into.tokens, true);
    } else {
      expandPrompt(into, latent, heads);
      attend(into, latent, heads, Phase.PREFILL, false);
      absorbed(into, latent, heads, into.decodeTokens, false);
      attend(into, latent, heads, Phase.DECODE, true);
      absorbedOutput(into, latent, heads, into.decodeTokens, false);
    }
    long indexKey = latent.indexer().map(Indexer::headDim).orElse(0);
    AttentionRows.exchangeOverContextRanks(
        into, latent.span(), cached + indexKey, heads * (latent.valueDim() + 1L));
    into.project(
        "o_proj",
        into.tokens,
        hidden,
        heads * latent.valueDim(),
        latent.weight("o_proj"),
        into.sharded());
    into.reduceOverTensorRanks("all_reduce", into.tokens, hidden);
    into.cache(latent.span(), cached);
  }

  /**
   * Keys and values of all heads from the cached latents of a prompt's tokens, earlier chunks
   * included. Context ranks exchange latents, so each expands them all.
   */
  private static void expandPrompt(Lowering into, LatentAttention latent, long heads) {
    Weight weight = latent.weight("kv_b_proj");
    LinearForm touched = into.touched(Phase.PREFILL, latent.span());
    long outputs = heads * (latent.nopeDim() + (long) latent.valueDim());
    double context = into.parallelism.context();
    into.add(
        Matmul.ofCached(
            "kv_b_proj",
            touched,
            outputs,
            latent.kvRank(),
            into.precision.productArithmetic(
                into.precision.stored(weight), into.inputFormat(weight)),
            into.precision.stored(weight),
            into.fetched(Phase.PREFILL, latent.span()),
            latent.cachedElementsPerToken(),
            into.kv,
            into.residual,
            into.bytesOf(weight, (double) outputs * latent.kvRank())),
        new Replication(context, context, into.sharded().weights()));
  }

  private static void absorbed(
      Lowering into, LatentAttention latent, long heads, LinearForm tokens, boolean resident) {
    headwise(into, "q_absorb", latent, heads, tokens, latent.kvRank(), latent.nopeDim(), resident);
  }

  private static void absorbedOutput(
      Lowering into, LatentAttention latent, long heads, LinearForm tokens, boolean resident) {
    headwise(into, "v_absorb", latent, heads, tokens, latent.valueDim(), latent.kvRank(), resident);
  }

  /** One matrix a head: a part of {@code kv_b_proj}, held once whichever phase uses it. */
  private static void headwise(
      Lowering into,
      String name,
      LatentAttention latent,
      long heads,
      LinearForm tokens,
      long outputs,
      long inputs,
      boolean resident) {
    Weight weight = latent.weight("kv_b_proj");
    NumberFormat stored = into.precision.stored(weight);
    Arithmetic arithmetic = into.precision.productArithmetic(stored, into.residual);
    double groupBytes = into.bytesOf(weight, (double) outputs * inputs);
    into.add(
        GroupedMatmul.of(
            name,
            tokens.times(heads),
            heads,
            LinearForm.constant(heads),
            outputs,
            inputs,
            arithmetic,
            stored,
            into.residual,
            into.residual,
            groupBytes,
            resident ? heads * groupBytes : 0,
            OperatorKind.MATMUL),
        resident
            ? into.sharded()
            : new Replication(1, into.parallelism.context(), into.sharded().weights()));
  }

  private static void attend(
      Lowering into, LatentAttention latent, long heads, Phase phase, boolean absorbed) {
    long cached = latent.cachedElementsPerToken();
    long keyDim = absorbed ? cached : latent.nopeDim() + (long) latent.ropeDim();
    long valueDim = absorbed ? latent.kvRank() : latent.valueDim();
    // An expanded prompt reads keys and values of every head, just written by the expansion.
    long readElements = absorbed ? cached : heads * (keyDim + valueDim);
    into.add(
        AttentionCore.of(
            "attention_" + AttentionRows.key(phase),
            phase,
            latent.span(),
            heads,
            absorbed ? 1 : heads,
            keyDim,
            valueDim,
            readElements,
            into.newTokens(phase),
            into.touched(phase, latent.span()),
            into.fetched(phase, latent.span()),
            into.pairs(phase, latent.span()),
            absorbed ? Stream.KV_CACHE : Stream.ACTIVATIONS,
            absorbed ? into.kv : into.residual,
            into.residual,
            into.attentionArithmetic),
        new Replication(1, 1, 1));
  }
}
