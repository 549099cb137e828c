package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A layer of routed experts on the busiest rank: launches, gathering rows by expert, two grouped
 * products, adding up per token.
 *
 * <p>A grouped product of experts with {@code m_e} rows, {@code n} outputs and {@code k} inputs is
 * cut into tiles of {@code r x 128}, {@code r} the best of 16, 32, 64, 128: {@code sum_e ceil(m_e /
 * r) x ceil(n / 128)} tiles run in waves over the multiprocessors. A wave takes the tile's
 * arithmetic at {@code compute (r / 128)^tile} of peak and {@code wave} cycles, or the time to load
 * its operands; the product takes the power mean, of exponent {@code blend}, of its waves and of
 * its traffic: weights of the experts in use, rows in and rows out. Weights and rows that fit the
 * last-level cache are there when the call is repeated; in a served model only rows are, written by
 * the kernel before. {@link BusiestRank} gives loads.
 *
 * <p>Kernels for few tokens and those of 4-bit weights with 8- or 16-bit inputs do not try tiles:
 * {@code r} is the power of two above the tokens of the call times {@code topk} over the experts of
 * the rank, 8 to 256 (128 with 16-bit inputs), whatever part of the tokens belongs to this rank.
 * With many ranks that is more than its experts get, and the tiles are mostly padding.
 *
 * <p>Constants are fitted to measured tables of A100, H100, L40S and GB200 (TensorRT-LLM 1.0 and
 * 1.3); the profile names them.
 */
public final class MoeFamily implements KernelFamily<MoeShape> {
  private static final List<String> REGIMES = List.of("balanced", "skewed");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "cycle", "all launches of the layer", 6e3, 4e4, 2e5),
          new Parameter(
              "expert", "cycle", "for each expert of the rank, in use or not", 0.1, 30, 5000),
          new Parameter("compute", "1", "share of peak a large tile reaches", 0.15, 0.7, 1),
          new Parameter("memory", "1", "share of memory bandwidth", 0.3, 0.85, 1),
          new Parameter("blend", "1", "how well tiles and traffic overlap", 1, 2, 8),
          new Parameter("wave", "cycle", "start and end of a tile", 20, 800, 20_000),
          new Parameter(
              "gather", "1", "traffic of gathering and adding up, over the least", 0.02, 1, 12),
          new Parameter(
              "rows", "1", "traffic of rows at the products, over the least", 0.02, 1, 12),
          new Parameter("tokens", "1", "traffic of all ranks' tokens, over the least", 0.02, 1, 20),
          new Parameter("cache", "1", "share of the cache a repeated call keeps", 0.02, 0.5, 1.5),
          new Parameter("load", "B/cycle", "a multiprocessor reads from the cache", 4, 64, 600),
          new Parameter("visit", "cycle", "sorting of one visit of a token", 1e-5, 0.1, 10),
          new Parameter("tile", "1", "loss of small tiles, an exponent", 0.01, 0.3, 1.2),
          new Parameter(
              "cache_rate", "B/cycle", "the cache gives each multiprocessor", 6, 30, 150));

  private final OptionalDouble storedBytes;

  /** The family, its weights stored as {@link ExpertFormat#weightBytes} says. */
  public MoeFamily() {
    this.storedBytes = OptionalDouble.empty();
  }

  private MoeFamily(double storedBytes) {
    this.storedBytes = OptionalDouble.of(storedBytes);
  }

  /**
   * The same kernels on weights that are stored in so many bytes each, their share of the scales
   * included, and widened on the chip where that is less than they are multiplied in.
   */
  public static MoeFamily storing(double bytesOfWeight) {
    return new MoeFamily(bytesOfWeight);
  }

  @Override
  public String name() {
    return "moe";
  }

  /** Nothing for products of 4-bit floats, as in {@link GemmFamily#standIns}. */
  @Override
  public List<String> standIns(String variant) {
    String suffix = variant.substring(format(variant).key().length());
    List<ExpertFormat> formats =
        switch (format(variant)) {
          case BFLOAT16, NVFP4 -> List.of();
          case FP8, INT8_WO, INT4_WO, W4A16_MXFP4 -> List.of(ExpertFormat.BFLOAT16);
          case FP8_BLOCK, MXFP6, W4A8_MXFP4_MXFP8, W4AFP8, SQ, NARROW_INT8, INT4 ->
              List.of(ExpertFormat.FP8, ExpertFormat.BFLOAT16);
        };
    return formats.stream().map(format -> format.key() + suffix).toList();
  }

  private static ExpertFormat format(String variant) {
    int suffix = variant.indexOf('-');
    return ExpertFormat.of(suffix < 0 ? variant : variant.substring(0, suffix));
  }

  @Override
  public String variant(MoeShape shape) {
    return shape.format().key() + shape.kernel().suffix();
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(MoeShape shape) {
    return shape.skew() > 0 ? 1 : 0;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public Kernel<MoeShape> on(Platform platform, String variant, Warmth warmth, double[] constants) {
    return kernel(platform, variant, warmth, constants);
  }

  private MoeKernel kernel(Platform platform, String variant, Warmth warmth, double[] constants) {
    ExpertFormat format = format(variant);
    Silicon silicon = Silicon.of(platform, format.arithmetic());
    if (!(silicon.clockHertz() > 0)) {
      throw new MissingFigureException(platform.chip().name(), "compute.clock");
    }
    return new MoeKernel(
        silicon, format, storedBytes.orElse(format.weightBytes()), warmth, constants);
  }

  /** Draws the loads of the experts, most of the work of a price, once. */
  @Override
  public Repeated over(Platform platform, String variant, Warmth warmth, List<MoeShape> shapes) {
    double[][] drawn = new double[shapes.size()][];
    for (int i = 0; i < drawn.length; i++) {
      int place = i;
      ExpertTiles.of(
          shapes.get(i),
          (_, used, rows, ruled, ofRuled, of16, of32, of64, of128) -> {
            drawn[place] = new double[] {used, rows, ruled, ofRuled, of16, of32, of64, of128};
            return 0;
          });
    }
    return (constants, into) -> {
      MoeKernel kernel = kernel(platform, variant, warmth, constants);
      for (int i = 0; i < into.length; i++) {
        double[] d = drawn[i];
        into[i] = kernel.of(shapes.get(i), d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
      }
    };
  }
}
