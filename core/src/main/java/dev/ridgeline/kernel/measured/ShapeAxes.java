package dev.ridgeline.kernel.measured;

import dev.ridgeline.kernel.AllToAllShape;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.MlaBmmShape;
import dev.ridgeline.kernel.MlaShape;
import dev.ridgeline.kernel.MoeShape;
import java.util.List;

/** The sizes of each operator's shapes. */
public final class ShapeAxes {
  /** Matrix products: curves over the tokens, told apart by outputs and inputs. */
  public static final Axes<GemmShape> GEMM =
      new Axes<>(
          s -> s.format().key(),
          s -> List.of(s.n(), s.k()),
          GemmShape::m,
          (s, m) -> new GemmShape(s.format(), m, s.n(), s.k()));

  /** Prefill: curves over new tokens. */
  public static final Axes<ContextAttentionShape> CONTEXT_ATTENTION =
      new Axes<>(
          s ->
              "%s,%s,%d,%d".formatted(s.attention().name(), s.kv().name(), s.headDim(), s.window()),
          s -> List.of(s.heads(), s.kvHeads(), s.batch(), s.cachedTokens() + 1),
          ContextAttentionShape::newTokens,
          (s, tokens) ->
              new ContextAttentionShape(
                  s.attention(),
                  s.kv(),
                  s.headDim(),
                  s.heads(),
                  s.kvHeads(),
                  s.window(),
                  s.batch(),
                  tokens,
                  s.cachedTokens()));

  /** Decode: curves over tokens in the cache. */
  public static final Axes<GenerationAttentionShape> GENERATION_ATTENTION =
      new Axes<>(
          s -> "%s,%d,%d".formatted(s.kv().name(), s.headDim(), s.window()),
          s -> List.of(s.heads(), s.kvHeads(), s.batch()),
          GenerationAttentionShape::kvTokens,
          (s, tokens) ->
              new GenerationAttentionShape(
                  s.kv(), s.headDim(), s.heads(), s.kvHeads(), s.window(), s.batch(), tokens));

  /** Latent attention: curves over new tokens of a prefill, over past tokens of a decode. */
  public static final Axes<MlaShape> MLA =
      new Axes<>(
          s -> "%s,%s".formatted(s.phase(), s.kv().name()),
          s ->
              s.phase() == MlaShape.Phase.CONTEXT
                  ? List.of(s.heads(), s.batch(), s.pastTokens() + 1)
                  : List.of(s.heads(), s.batch(), s.queryTokens()),
          s -> s.phase() == MlaShape.Phase.CONTEXT ? s.queryTokens() : s.pastTokens() + 1,
          (s, tokens) ->
              s.phase() == MlaShape.Phase.CONTEXT
                  ? new MlaShape(s.phase(), s.kv(), s.heads(), s.batch(), tokens, s.pastTokens())
                  : new MlaShape(
                      s.phase(), s.kv(), s.heads(), s.batch(), s.queryTokens(), tokens - 1));

  /** Absorbed products: curves over tokens. */
  public static final Axes<MlaBmmShape> MLA_BMM =
      new Axes<>(
          s -> "%s,%s".formatted(s.product(), s.format().name()),
          s -> List.of(s.heads()),
          MlaBmmShape::tokens,
          (s, tokens) -> new MlaBmmShape(s.product(), s.format(), s.heads(), tokens));

  /** Experts: curves over tokens. */
  public static final Axes<MoeShape> MOE =
      new Axes<>(
          s -> "%s,%s,%s".formatted(s.format(), s.kernel(), s.skew()),
          s -> List.of(s.hidden(), s.inter(), s.topk(), s.experts(), s.tp(), s.ep()),
          MoeShape::tokens,
          (s, tokens) ->
              new MoeShape(
                  s.format(),
                  s.kernel(),
                  s.hidden(),
                  s.inter(),
                  s.topk(),
                  s.experts(),
                  s.tp(),
                  s.ep(),
                  s.skew(),
                  tokens));

  /** Collectives: curves over elements. */
  public static final Axes<CommShape> COMM =
      new Axes<>(
          s -> "%s,%s,%s".formatted(s.library(), s.operation(), s.type()),
          s -> List.of(s.ranks()),
          CommShape::elements,
          (s, elements) ->
              new CommShape(s.library(), s.operation(), s.type(), s.ranks(), elements));

  /** Exchanges of tokens: curves over tokens of a rank. */
  public static final Axes<AllToAllShape> ALL_TO_ALL =
      new Axes<>(
          s -> "%s,%s,%s".formatted(s.library(), s.operation(), s.tokenBytes()),
          s ->
              List.of(
                  s.nodes(), s.ep(), s.hidden(), s.topk(), s.experts(), s.multiprocessors() + 1),
          AllToAllShape::tokens,
          (s, tokens) ->
              new AllToAllShape(
                  s.library(),
                  s.operation(),
                  s.tokenBytes(),
                  s.nodes(),
                  s.ep(),
                  s.hidden(),
                  s.topk(),
                  s.experts(),
                  s.multiprocessors(),
                  tokens));

  private ShapeAxes() {}
}
