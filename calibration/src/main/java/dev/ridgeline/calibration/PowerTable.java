package dev.ridgeline.calibration;

import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.ExpertFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.MoeShape;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Span;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How the tables of one operator's board power are read: columns of the shape and the time as in
 * {@link OperatorTable}, with {@value #WATTS} and {@value #LIMIT}.
 *
 * @param table how the shape is read
 * @param familyKey of shapes that are held out together: those of the table, and of experts, which
 *     were measured of one layer only, the way it is cut into ranks as well
 * @param format of a shape, as variants of {@link BoardPower} end in
 * @param arithmetic of the products
 * @param flops of the products
 * @param trafficBytes of all operands once
 * @param <S> the shape of one call
 */
record PowerTable<S>(
    OperatorTable<S> table,
    Function<S, String> familyKey,
    Function<S, String> format,
    Function<S, Arithmetic> arithmetic,
    ToDoubleFunction<S> flops,
    ToDoubleFunction<S> trafficBytes) {
  static final String WATTS = "power_w";
  static final String LIMIT = "power_limit_w";

  private static final double HALF_BYTES = 2;

  static final PowerTable<GemmShape> GEMM =
      new PowerTable<>(
          ProductTables.GEMM,
          ProductTables.GEMM.familyKey(),
          shape -> shape.format().key(),
          shape -> shape.format().arithmetic(),
          GemmShape::flops,
          shape ->
              shape.m() * (double) shape.k() * shape.format().inputBytes()
                  + shape.n() * (double) shape.k() * shape.format().weightBytes()
                  + shape.m() * (double) shape.n() * HALF_BYTES);

  static final PowerTable<ContextAttentionShape> CONTEXT =
      new PowerTable<>(
          AttentionTables.CONTEXT,
          AttentionTables.CONTEXT.familyKey(),
          shape -> shape.attention().name() + "-kv-" + shape.kv().name(),
          shape -> shape.attention().arithmetic(),
          shape ->
              4.0
                  * shape.batch()
                  * shape.heads()
                  * shape.headDim()
                  * span(shape.window()).pairs(shape.newTokens(), shape.cachedTokens()),
          shape ->
              (double) shape.batch()
                  * shape.newTokens()
                  * shape.headDim()
                  * (2 * HALF_BYTES * shape.heads()
                      + 2 * shape.kv().bytesPerElement() * shape.kvHeads()));

  static final PowerTable<GenerationAttentionShape> GENERATION =
      new PowerTable<>(
          AttentionTables.GENERATION,
          AttentionTables.GENERATION.familyKey(),
          shape -> shape.kv().name(),
          _ -> Arithmetic.BF16,
          shape -> 4.0 * shape.batch() * shape.heads() * shape.headDim() * seen(shape),
          shape ->
              (double) shape.batch()
                  * shape.headDim()
                  * (seen(shape) * 2 * shape.kvHeads() * shape.kv().bytesPerElement()
                      + 2 * HALF_BYTES * shape.heads()));

  static final PowerTable<MoeShape> MOE =
      new PowerTable<>(
          ProductTables.MOE,
          shape -> ProductTables.MOE.familyKey().apply(shape) + "," + shape.tp() + "," + shape.ep(),
          shape ->
              shape.format() == ExpertFormat.BFLOAT16
                  ? NumberFormat.BF16.name()
                  : shape.format().key(),
          shape -> shape.format().arithmetic(),
          shape -> 2 * visits(shape) * expertElements(shape),
          shape ->
              Experts.expectedDistinct(shape.experts(), shape.topk(), shape.tokens())
                      / shape.ep()
                      * expertElements(shape)
                      * shape.format().weightBytes()
                  + visits(shape) * shape.hidden() * 2 * HALF_BYTES);

  private static final List<PowerTable<?>> ALL = List.of(GEMM, CONTEXT, GENERATION, MOE);

  /** Those there are. */
  static List<PowerTable<?>> all() {
    return ALL;
  }

  /** The table of an operator, where its power is known. */
  static Optional<PowerTable<?>> of(String operator) {
    return ALL.stream().filter(each -> each.table.operator().equals(operator)).findFirst();
  }

  /** The variant of a shape. */
  String variant(S shape) {
    return table.operator() + "-" + format.apply(shape);
  }

  private static Span span(long window) {
    return window == 0 ? Span.FULL : new Span.Window(window);
  }

  private static double seen(GenerationAttentionShape shape) {
    return shape.window() == 0 ? shape.kvTokens() : Math.min(shape.window(), shape.kvTokens());
  }

  private static double visits(MoeShape shape) {
    return (double) shape.tokens() * shape.topk() / shape.ep();
  }

  private static double expertElements(MoeShape shape) {
    return (double) shape.kernel().matrices() * shape.hidden() * shape.inter() / shape.tp();
  }
}
