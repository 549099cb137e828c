package dev.ridgeline.cost;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.JoulesPerByte;
import dev.ridgeline.units.JoulesPerFlop;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Energy of a flop and a byte on a chip.
 *
 * <p>Where the chip's file states no energies they are derived by sharing out the board's limit: a
 * device that works draws {@link #STATIC_RATIO} of it whatever it does; main memory at full
 * bandwidth draws its kind's energy per byte plus {@link #ON_CHIP_JOULES_PER_BYTE}; the matrix
 * engine at its dense peak spends the rest. So a chip that runs compute and memory flat out draws
 * exactly its limit. This is a model, not a measurement; the answer names it.
 *
 * @param chip the chip
 * @param staticWatts what is always drawn: by a working device beside its flops and bytes or, where
 *     readings of the board say more of a working one, by an idle device
 * @param limitWatts what the device may draw; infinite where unknown
 * @param memoryRatio factor on the energy of a main-memory byte that leaves compute its share
 * @param dynamicComputeWatts draw of the matrix engine at its peak
 * @param known whether the chip states a limit, without which no energy is reported
 * @param derived whether the energies were derived rather than stated
 */
public record EnergyRates(
    Chip chip,
    double staticWatts,
    double limitWatts,
    double memoryRatio,
    double dynamicComputeWatts,
    boolean known,
    boolean derived) {

  /**
   * Clocks, leakage, fans and voltage conversion of a device that works, over its limit. Fitted to
   * board power of matrix products on a B200: 326 W of 1,000 W remain at zero flops and bytes.
   */
  public static final double STATIC_RATIO = 0.3;

  /**
   * Energy of carrying a byte between the memory controller and the arithmetic: caches, network on
   * chip, register file. With it a memory-bound H100 draws 0.6 of its limit, the median that
   * ML.ENERGY's measurements show for decoding at small batches.
   */
  public static final double ON_CHIP_JOULES_PER_BYTE = 40e-12;

  /**
   * Energy of a byte over a serial chip-to-chip link: 1.3 pJ/bit for the newest NVLink PHYs to 5
   * pJ/bit for PCIe-class ones (Wei et al., ISSCC 2023, and the PCIe 5.0 PHYs it compares with).
   */
  public static final double DEFAULT_LINK_JOULES_PER_BYTE = 24e-12;

  /** Vector work costs more for each flop than matrix work: operands are not reused. */
  private static final double VECTOR_FLOP_RATIO = 4.0;

  /** Least share of the limit left to compute, should memory seem to take it all. */
  private static final double LEAST_COMPUTE_RATIO = 0.3;

  /** Rates of a chip. */
  public static EnergyRates of(Chip chip) {
    Optional<Watts> tdp = chip.power().tdp();
    if (tdp.isEmpty()) {
      return new EnergyRates(chip, 0, Double.POSITIVE_INFINITY, 1, 0, false, false);
    }
    double limit = tdp.get().value();
    double resting =
        Math.max(STATIC_RATIO * limit, chip.power().idle().map(Watts::value).orElse(0.0));
    MemoryTier main = chip.mainMemory();
    double memoryWatts =
        main.bandwidth().map(BytesPerSecond::value).orElse(0.0) * kindJoulesPerByte(main);
    double most = Math.max(0, limit * (1 - LEAST_COMPUTE_RATIO) - resting);
    double ratio = memoryWatts > most ? most / memoryWatts : 1;
    double compute = Math.max(0, limit - resting - ratio * memoryWatts);
    boolean derived = chip.power().compute().isEmpty() && chip.power().memory().isEmpty();
    return new EnergyRates(chip, resting, limit, ratio, compute, true, derived);
  }

  /**
   * Whether time must stretch where energy asks for more power than the limit. Derived energies
   * share the limit out, so that they cannot ask for more but by rounding.
   */
  public boolean limits() {
    return known && !derived;
  }

  /** The same for a board that draws other watts beside its work; 0 up to the limit. */
  EnergyRates resting(double watts) {
    return new EnergyRates(
        chip, watts, limitWatts, memoryRatio, dynamicComputeWatts, known, derived);
  }

  private static double kindJoulesPerByte(MemoryTier tier) {
    return tier.kind().joulesPerByte() + ON_CHIP_JOULES_PER_BYTE;
  }

  /** Energy of a byte moved between a tier and the chip, 0 where the chip states no limit. */
  public double joulesPerByte(MemoryTier tier) {
    if (!known) {
      return 0;
    }
    JoulesPerByte stated = chip.power().memory().get(tier.name());
    return stated == null ? memoryRatio * kindJoulesPerByte(tier) : stated.value();
  }

  /** Energy of a byte sent to a peer. */
  public double joulesPerLinkByte() {
    return known
        ? chip.power().link().map(JoulesPerByte::value).orElse(DEFAULT_LINK_JOULES_PER_BYTE)
        : 0;
  }

  /** Energy of a matrix flop. */
  public double joulesPerMatrixFlop(Arithmetic arithmetic) {
    if (!known) {
      return 0;
    }
    JoulesPerFlop stated = chip.power().compute().get(arithmetic);
    if (stated != null) {
      return stated.value();
    }
    return chip.peak(arithmetic)
        .map(FlopsPerSecond::value)
        .map(peak -> dynamicComputeWatts / peak)
        .orElse(0.0);
  }

  /** Energy of a vector flop. */
  public double joulesPerVectorFlop() {
    Map<Arithmetic, FlopsPerSecond> matrix = chip.matrix();
    for (Arithmetic wide : List.of(Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32)) {
      if (matrix.containsKey(wide)) {
        return VECTOR_FLOP_RATIO * joulesPerMatrixFlop(wide);
      }
    }
    return joulesPerMatrixFlop(Arithmetic.FP32);
  }
}
