package dev.ridgeline.kernel.measured;

import dev.ridgeline.kernel.AllToAllShape;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.MlaBmmShape;
import dev.ridgeline.kernel.MlaShape;
import dev.ridgeline.kernel.MoeShape;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.NumberFormat;

/**
 * The roofline of a chip's datasheet (Williams, Waterman, Patterson 2009, DOI
 * 10.1145/1498765.1498785): products at the dense peak or every operand once through main memory,
 * whichever takes longer. Of exchanges it knows what a chip reads and writes of its own memory.
 */
public final class DatasheetFloor {
  private static final double HALF_BYTES = 2;
  private static final double LATENT = 512;
  private static final double ROTARY = 64;
  private static final double HEAD = 128;

  private final Chip chip;
  private final double secondsPerByte;

  private DatasheetFloor(Chip chip) {
    this.chip = chip;
    this.secondsPerByte =
        1
            / chip.mainMemory()
                .bandwidth()
                .orElseThrow(() -> new MissingFigureException(chip.name(), "memory.bandwidth"))
                .value();
  }

  /**
   * Least seconds of a shape of any operator.
   *
   * @throws MissingFigureException at once or when asked, where the chip states too little
   */
  public static <S> Kernel<S> of(Chip chip) {
    var floor = new DatasheetFloor(chip);
    return floor::seconds;
  }

  private <S> double seconds(S shape) {
    return switch (shape) {
      case GemmShape s ->
          roof(
              s.flops(),
              s.format().arithmetic(),
              s.m() * (double) s.k() * HALF_BYTES
                  + s.n() * (double) s.k() * s.format().weightBytes()
                  + s.m() * (double) s.n() * HALF_BYTES);
      case ContextAttentionShape s -> context(s);
      case GenerationAttentionShape s -> generation(s);
      case MlaShape s -> latent(s);
      case MlaBmmShape s -> {
        double matrix = (double) s.product().inputs() * s.product().outputs();
        double rows = (double) s.heads() * s.tokens();
        yield roof(
            2 * rows * matrix,
            arithmetic(s.format()),
            s.heads() * matrix * s.format().bytesPerElement()
                + rows * (s.product().inputs() + s.product().outputs()) * HALF_BYTES);
      }
      case MoeShape s -> experts(s);
      case CommShape s -> 2 * s.bytes() / s.ranks() * secondsPerByte;
      case AllToAllShape s -> 2.0 * s.tokens() * s.hidden() * s.tokenBytes() * secondsPerByte;
      default -> throw new IllegalArgumentException("no floor for " + shape);
    };
  }

  private double roof(double flops, Arithmetic arithmetic, double trafficBytes) {
    double flopsPerSecond =
        chip.peak(arithmetic)
            .orElseThrow(
                () -> new MissingFigureException(chip.name(), "compute.matrix." + arithmetic.key()))
            .value();
    return Math.max(flops / flopsPerSecond, trafficBytes * secondsPerByte);
  }

  private static Arithmetic arithmetic(NumberFormat format) {
    return format.elementBits() <= Byte.SIZE ? Arithmetic.FP8 : Arithmetic.BF16;
  }

  private double context(ContextAttentionShape s) {
    double seen = s.newTokens() + (double) s.cachedTokens();
    double window = s.window() == 0 ? seen : Math.min(s.window(), seen);
    double pairs = pairs(s.newTokens(), s.cachedTokens(), window);
    double tokens = (double) s.batch() * s.newTokens();
    double kvElements = 2.0 * s.kvHeads() * s.headDim();
    return roof(
        4.0 * s.batch() * s.heads() * s.headDim() * pairs,
        arithmetic(s.attention()),
        tokens * (2.0 * s.heads() * s.headDim() + kvElements) * HALF_BYTES
            + s.batch() * seen * kvElements * s.kv().bytesPerElement());
  }

  /** Pairs of a new token and one it sees: all before it and itself, at most a window. */
  private static double pairs(double fresh, double cached, double window) {
    double growing = Math.clamp(window - cached, 0, fresh);
    return growing * cached + growing * (growing + 1) / 2 + (fresh - growing) * window;
  }

  private double generation(GenerationAttentionShape s) {
    double seen = s.window() == 0 ? s.kvTokens() : Math.min(s.window(), s.kvTokens());
    return roof(
        4.0 * s.batch() * s.heads() * s.headDim() * seen,
        Arithmetic.BF16,
        s.batch()
            * (2.0 * s.kvHeads() * s.headDim() * seen * s.kv().bytesPerElement()
                + 2.0 * s.heads() * s.headDim() * HALF_BYTES));
  }

  /** Head sizes of DeepSeek-V2, arXiv:2405.04434, section 3.1.2. */
  private double latent(MlaShape s) {
    double seen = s.pastTokens() + (double) s.queryTokens();
    double pairs = pairs(s.queryTokens(), s.pastTokens(), seen);
    boolean context = s.phase() == MlaShape.Phase.CONTEXT;
    double key = context ? HEAD + ROTARY : LATENT + ROTARY;
    double value = context ? HEAD : LATENT;
    double rows = (double) s.batch() * s.heads() * s.queryTokens();
    double stored =
        s.batch()
            * seen
            * (context
                ? s.heads() * (key + value) * HALF_BYTES
                : (LATENT + ROTARY) * s.kv().bytesPerElement());
    return roof(
        2 * s.batch() * s.heads() * pairs * (key + value),
        Arithmetic.BF16,
        rows * (key + value) * HALF_BYTES + stored);
  }

  /** Of a rank with its even share of the experts, as many touched as tokens can touch. */
  private double experts(MoeShape s) {
    double rows = Math.max(1, (double) s.tokens() * s.topk() / s.ep());
    double touched = Math.min(rows, (double) s.experts() / s.ep());
    double matrix = (double) s.hidden() * s.inter() / s.tp();
    int matrices = s.kernel().matrices();
    return roof(
        2 * matrices * rows * matrix,
        s.format().arithmetic(),
        matrices * touched * matrix * s.format().weightBytes()
            + 2.0 * s.tokens() * s.hidden() * HALF_BYTES);
  }
}
