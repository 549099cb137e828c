package dev.ridgeline.kernel;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryKind;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Power;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chips that state every figure kernels look at. */
final class TestSilicon {
  static final double MATRIX_FLOPS_PER_SECOND = 1e15;
  static final double MEMORY_BYTES_PER_SECOND = 4e12;
  private static final double CLOCK_HERTZ = 2e9;

  private TestSilicon() {}

  /** 100 multiprocessors at 2 GHz, 1 PFLOP/s in bf16, 4 TB/s, a cache of 50 MB. */
  static Platform round() {
    return faster(1);
  }

  /** The same with every rate multiplied: clock, peaks, bandwidth; power as the clock's cube. */
  static Platform faster(double factor) {
    Chip chip =
        TestPlatforms.chip(
            factor * MATRIX_FLOPS_PER_SECOND, factor * MEMORY_BYTES_PER_SECOND, factor * 5e11);
    return TestPlatforms.nodes(
        1,
        1,
        with(
            chip,
            chip.architecture(),
            100,
            Optional.of(new Hertz(factor * CLOCK_HERTZ)),
            factor * factor * factor * chip.power().tdp().orElseThrow().value()));
  }

  /** A chip whose file states no clock. */
  static Platform withoutClock() {
    return TestPlatforms.nodes(1, 1, with(TestPlatforms.roundChip(), 100, Optional.empty()));
  }

  /** 100 multiprocessors at 2 GHz of an architecture, each with so many 16-bit flops a cycle. */
  static Platform of(String architecture, double flopsPerCycle) {
    Chip chip =
        TestPlatforms.chip(100 * CLOCK_HERTZ * flopsPerCycle, MEMORY_BYTES_PER_SECOND, 5e11);
    return TestPlatforms.nodes(
        1,
        1,
        with(
            chip,
            architecture,
            100,
            Optional.of(new Hertz(CLOCK_HERTZ)),
            chip.power().tdp().orElseThrow().value()));
  }

  private static Chip with(Chip chip, int units, Optional<Hertz> clock) {
    return with(chip, chip.architecture(), units, clock, chip.power().tdp().orElseThrow().value());
  }

  private static Chip with(
      Chip chip, String architecture, int units, Optional<Hertz> clock, double limitWatts) {
    double wide = chip.matrix().get(Arithmetic.BF16).value();
    return new Chip(
        chip.name(),
        chip.title(),
        chip.vendor(),
        architecture,
        chip.process(),
        units,
        clock,
        Map.of(
            Arithmetic.BF16,
            new FlopsPerSecond(wide),
            Arithmetic.FP8,
            new FlopsPerSecond(2 * wide)),
        chip.vector(),
        List.of(
            chip.mainMemory(),
            new MemoryTier("l2", MemoryKind.SRAM, new Bytes(5e7), Optional.empty())),
        chip.scaleUp(),
        chip.scaleOut(),
        chip.host(),
        chip.nodeChips(),
        chip.nodeName(),
        chip.hostPower(),
        new Power(
            Optional.of(new Watts(limitWatts)),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.empty()),
        chip.price());
  }
}
