package dev.ridgeline.kernel;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryKind;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.Comparator;

/**
 * What kernels look at on a chip: figures of the datasheet, in SI units.
 *
 * @param multiprocessors streaming multiprocessors or compute units
 * @param matrixFlopsPerSecond dense peak of the arithmetic asked for
 * @param vectorFlopsPerSecond float32 peak of the vector units
 * @param memoryBytesPerSecond bandwidth of main memory
 * @param cacheBytes capacity of the last-level cache
 * @param clockHertz clock the peaks are stated at; 0 where unknown
 * @param limitWatts board power limit; infinite where unknown
 * @param halvedCache whether the last-level cache is two halves, each near half of the
 *     multiprocessors, so that lines which both sides read are kept twice (NVIDIA A100 whitepaper,
 *     2020, "A100 L2 cache"); taken to be so where main memory is stacked
 */
public record Silicon(
    int multiprocessors,
    double matrixFlopsPerSecond,
    double vectorFlopsPerSecond,
    double memoryBytesPerSecond,
    double cacheBytes,
    double clockHertz,
    double limitWatts,
    boolean halvedCache) {

  /**
   * The figures of a platform's chip.
   *
   * @throws MissingFigureException where the chip's file lacks one
   */
  public static Silicon of(Platform platform, Arithmetic arithmetic) {
    Chip chip = platform.chip();
    if (chip.units() < 1) {
      throw new MissingFigureException(chip.name(), "compute.units");
    }
    MemoryTier cache =
        chip.memory().stream()
            .filter(tier -> tier.kind() == MemoryKind.SRAM && !tier.addressable())
            .max(Comparator.comparingDouble(tier -> tier.capacity().value()))
            .orElseThrow(() -> new MissingFigureException(chip.name(), "memory.l2.capacity"));
    return new Silicon(
        chip.units(),
        chip.peak(arithmetic)
            .orElseThrow(
                () -> new MissingFigureException(chip.name(), "compute.matrix." + arithmetic.key()))
            .value(),
        chip.vectorPeak()
            .orElseThrow(() -> new MissingFigureException(chip.name(), "compute.vector.fp32"))
            .value(),
        chip.mainMemory().bandwidth().orElseThrow().value(),
        cache.capacity().value(),
        chip.clock().map(clock -> clock.value()).orElse(0.0),
        chip.power().tdp().map(Watts::value).orElse(Double.POSITIVE_INFINITY),
        chip.mainMemory().kind().name().startsWith("HBM"));
  }

  /**
   * The same for kernels whose constants count cycles.
   *
   * @throws MissingFigureException where the chip's file lacks a figure, the clock included
   */
  public static Silicon clocked(Platform platform, Arithmetic arithmetic) {
    Silicon silicon = of(platform, arithmetic);
    if (silicon.clockHertz <= 0) {
      throw new MissingFigureException(platform.chip().name(), "compute.clock");
    }
    return silicon;
  }

  /**
   * The same for kernels of 16-bit operands, which run in either format at one rate: the peak of
   * fp16 where a chip states none of bf16, as chips before Ampere do.
   *
   * @throws MissingFigureException where the chip's file lacks a figure, the clock included
   */
  static Silicon halfWidth(Platform platform) {
    Chip chip = platform.chip();
    boolean older = chip.peak(Arithmetic.BF16).isEmpty() && chip.peak(Arithmetic.FP16).isPresent();
    return clocked(platform, older ? Arithmetic.FP16 : Arithmetic.BF16);
  }
}
