package dev.ridgeline.kernel;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Dense matrix products, one constant set for each {@link GemmFormat}.
 *
 * <p>What a multiprocessor can take from the cache is counted for each 16-bit flop it could do:
 * makers widen both together, and fits to an A100, an H100, an L40S and a GB200 agree on 0.015 to
 * 0.019 bytes. The other constants are efficiencies against the datasheet and cycles of the stated
 * clock, so that a sibling with other figures can borrow them; only what a host or a launch costs
 * is in seconds. {@link GemmKernel} says how they make up a time.
 *
 * <p>Efficiency and energy of a flop have a value each for operands that pass through registers
 * (before Hopper, and Blackwell's workstation parts) and for operands that stay in shared or tensor
 * memory; a chip's own fit tells one of the two, a joint fit both.
 */
public final class GemmFamily implements KernelFamily<GemmShape> {
  static final int LAUNCH = 0;
  static final int MATRIX_EFFICIENCY = 1;
  static final int MEMORY_EFFICIENCY = 2;
  static final int OVERLAP = 3;
  static final int UNIT_MEMORY_RATE = 4;
  static final int UNIT_CACHE_RATE = 5;
  static final int TILE_FILL = 6;
  static final int VECTOR_FILL = 7;
  static final int STEP_LATENCY = 8;
  static final int WAVE_TAIL = 9;
  static final int SPLIT_COST = 10;
  static final int WEIGHT_CACHE_SHARE = 11;
  static final int ACTIVATION_CACHE_SHARE = 12;
  static final int FLOP_ENERGY = 13;
  static final int THROTTLE_ONSET = 14;
  static final int CONVERT_TRAFFIC = 15;
  static final int WIDEN_COST = 16;
  static final int RAGGED_COST = 17;
  static final int LOAD_LATENCY = 18;
  static final int REGISTER_EFFICIENCY = 19;
  static final int REGISTER_ENERGY = 20;
  static final int PROMOTE_COST = 21;
  static final int VECTOR_SHARE = 22;

  /** Outputs and inputs of a layer of a large model; narrower products lean on their launch. */
  private static final long WIDE = 1024;

  /** Makers cap to a half or less; other differences are roundings of clocks. */
  private static final double CAPPED = 0.75;

  private static final List<String> REGIMES = List.of("narrow", "wide");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "start of all kernels of one call", 0.5e-6, 2.2e-6, 20e-6),
          new Parameter(
              "matrix_efficiency", "1", "share of the peak that full tiles reach", 0.3, 0.8, 1),
          new Parameter(
              "memory_efficiency", "1", "share of main memory's bandwidth reached", 0.4, 0.8, 1),
          new Parameter(
              "overlap", "1", "order of the norm that joins multiplying and loading", 1, 2.5, 8),
          new Parameter(
              "unit_memory_rate", "B/cycle", "main memory to one multiprocessor", 5, 40, 400),
          new Parameter(
              "unit_cache_rate",
              "B/flop",
              "cache to one multiprocessor, for each 16-bit flop it could do",
              0.003,
              0.017,
              0.1),
          new Parameter("tile_fill", "cycle", "fill and drain of a tile's pipeline", 30, 600, 1e4),
          new Parameter(
              "vector_fill", "cycle", "the same of the kernel for a single row", 30, 600, 1e4),
          new Parameter(
              "step_latency", "cycle", "least time for one step along k in a tile", 0.02, 2, 20),
          new Parameter(
              "wave_tail", "1", "share of the last wave's empty slots lost", 0.05, 0.5, 1),
          new Parameter(
              "split_cost", "s", "adding up of the parts where k is split", 1e-7, 2.5e-6, 2e-4),
          new Parameter(
              "weight_cache_share", "1", "share of the cache that keeps weights", 0.1, 1, 1.5),
          new Parameter(
              "activation_cache_share", "1", "share that keeps inputs and outputs", 0.05, 0.3, 1.5),
          new Parameter(
              "flop_energy",
              "pJ/GHz^2",
              "energy of a 16-bit flop over the square of the clock, which the power limit meets",
              0.15,
              0.37,
              4),
          new Parameter(
              "throttle_onset",
              "s",
              "time at full clock after which half of the limit shows",
              1e-6,
              1e-4,
              3e-2),
          new Parameter(
              "convert_traffic", "B", "moved for each input that is converted", 1, 4.5, 12),
          new Parameter(
              "widen_cost", "cycle", "widening one weight for one row of tiles", 1e-4, 5e-3, 0.2),
          new Parameter(
              "ragged_cost",
              "cycle",
              "each empty row of an edge tile and step along k",
              1e-5,
              3e-3,
              0.3),
          new Parameter(
              "load_latency", "s", "until weights from main memory stream", 1e-8, 8e-7, 5e-6),
          new Parameter(
              "register_efficiency",
              "1",
              "matrix_efficiency where operands pass through registers (before Hopper)",
              0.3,
              0.8,
              1),
          new Parameter(
              "register_energy",
              "pJ/GHz^2",
              "flop_energy where operands pass through registers",
              0.15,
              0.5,
              4),
          new Parameter(
              "promote_cost",
              "1",
              "float32 multiply-adds for each output and block of scales that k crosses",
              0.1,
              1,
              10),
          new Parameter(
              "vector_share",
              "1",
              "share of the float32 peak that the kernel for a few rows multiplies at",
              0.02,
              0.25,
              1));

  private final OptionalDouble storedBytes;

  /** The family, its weights stored as {@link GemmFormat#weightBytes} says. */
  public GemmFamily() {
    this.storedBytes = OptionalDouble.empty();
  }

  private GemmFamily(double storedBytes) {
    this.storedBytes = OptionalDouble.of(storedBytes);
  }

  /**
   * The same kernels on weights that are stored in so many bytes each, their share of the scales
   * included, and widened on the chip where that is less than they are multiplied in.
   */
  public static GemmFamily storing(double bytesOfWeight) {
    return new GemmFamily(bytesOfWeight);
  }

  /**
   * Nothing for products of 4-bit floats: runs of an RTX PRO 6000 and of MI355X, for which none
   * were fitted, lie nearer to the datasheet than to what constants of fp8 make of it.
   */
  @Override
  public List<String> standIns(String variant) {
    return switch (GemmFormat.of(variant)) {
      case BF16, NVFP4 -> List.of();
      case FP8, INT8_WO -> List.of(GemmFormat.BF16.key());
      case FP8_BLOCK, MXFP6, NARROW_FP8 -> List.of(GemmFormat.FP8.key());
      case INT4_WO -> List.of(GemmFormat.INT8_WO.key(), GemmFormat.BF16.key());
      case SQ -> List.of(GemmFormat.FP8.key());
      case NARROW_INT8, INT4 -> List.of(GemmFormat.SQ.key(), GemmFormat.FP8.key());
    };
  }

  @Override
  public String name() {
    return "gemm";
  }

  @Override
  public String variant(GemmShape shape) {
    return shape.format().key();
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(GemmShape shape) {
    return shape.n() >= WIDE && shape.k() >= WIDE ? 1 : 0;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public Kernel<GemmShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    GemmFormat format = GemmFormat.of(variant);
    Silicon silicon = Silicon.clocked(platform, format.arithmetic());
    if (constants.length != PARAMETERS.size()) {
      throw new IllegalArgumentException(
          "gemm has %d constants, got %d".formatted(PARAMETERS.size(), constants.length));
    }
    Arithmetic wide = Arithmetic.BF16;
    double wideFlopsPerSecond =
        platform
            .chip()
            .peak(wide)
            .map(FlopsPerSecond::value)
            .orElseGet(() ->
                silicon.matrixFlopsPerSecond()
                    * Math.min(1, (double) format.arithmetic().bits() / wide.bits()));
    return new GemmKernel(
        silicon,
        wideFlopsPerSecond,
        uncapped(
            platform.chip(), wideFlopsPerSecond / silicon.multiprocessors() / silicon.clockHertz()),
        cacheParts(platform.chip()),
        format,
        storedBytes.orElse(format.weightBytes()),
        GemmTiles.of(platform.chip().architecture(), format),
        warmth,
        constants.clone());
  }

  /**
   * How much faster the matrix engine would be at the rate of its architecture; 1 where it runs at
   * that rate. Boards that makers cap (GeForce with float32 sums, L40, A10G, H20) have the feeds of
   * the full engine, so a capped engine is busy all the time and reaches its peak.
   */
  private static double uncapped(Chip chip, double flopsPerCycle) {
    double share = flopsPerCycle / architectureFlopsPerCycle(chip, flopsPerCycle);
    return share < CAPPED ? 1 / share : 1;
  }

  /**
   * Dense 16-bit flops of one multiprocessor in a cycle with float32 sums (NVIDIA whitepapers:
   * A100, 2020; GA102, 2021; H100, 2022; Ada, 2023; tuning guide of Blackwell, 2025).
   */
  private static double architectureFlopsPerCycle(Chip chip, double otherwise) {
    return switch (chip.architecture()) {
      case "ampere" -> cacheParts(chip) > 1 ? 2048 : 1024;
      case "ada", "blackwell-rtx" -> 1024;
      case "hopper" -> 4096;
      case "blackwell" -> 8192;
      default -> otherwise;
    };
  }

  /**
   * Caches of large dies come in two halves, each of which keeps what its multiprocessors read, so
   * that shared data take twice the room (NVIDIA A100 whitepaper, 2020, "A100 L2 cache"). The dies
   * with stacked memory are the large ones.
   */
  private static int cacheParts(Chip chip) {
    return switch (chip.mainMemory().kind()) {
      case HBM2, HBM2E, HBM3, HBM3E, HBM4 -> 2;
      default -> 1;
    };
  }
}
