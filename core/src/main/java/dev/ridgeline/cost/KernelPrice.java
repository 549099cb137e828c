package dev.ridgeline.cost;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Doubt;
import dev.ridgeline.mapping.LinearForm;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The price of an operator whose time a kernel model knows. Work, traffic and energy are those of
 * the datasheet model, which is also the least time: caches may hold what it has come from memory,
 * but a step of a served model cannot count on it. The launch counts as overhead; the rest of the
 * time is put on the resource that takes longest.
 */
final class KernelPrice implements OperatorPrice {

  /** Seconds of a kernel for a step. */
  @FunctionalInterface
  interface Timing {
    /** Seconds; asked only where there is work. */
    double seconds(double[] features);
  }

  /**
   * The same in surroundings that nobody measured.
   *
   * @param best where they are good
   * @param worst where they are bad
   */
  record Extremes(Timing best, Timing worst) {}

  private final OperatorPrice base;
  private final LinearForm guard;
  private final @Nullable Extremes extremes;
  private final double fusedSecondsPerGuard;
  private final Timing timing;
  private final double launchSeconds;
  private final Supplier<Provenance> provenance;
  private final Draw draw;

  /**
   * @param base the datasheet model's price
   * @param guard above 0 where there is work
   * @param fusedSecondsPerGuard least time of other rows whose work the kernel does too
   * @param timing seconds of the kernel
   * @param launchSeconds part of that which no resource explains
   * @param provenance where the kernel's constants come from
   * @param draw energy of what runs
   */
  KernelPrice(
      OperatorPrice base,
      LinearForm guard,
      double fusedSecondsPerGuard,
      Timing timing,
      double launchSeconds,
      Supplier<Provenance> provenance,
      Draw draw) {
    this(base, guard, fusedSecondsPerGuard, timing, launchSeconds, provenance, draw, null);
  }

  private KernelPrice(
      OperatorPrice base,
      LinearForm guard,
      double fusedSecondsPerGuard,
      Timing timing,
      double launchSeconds,
      Supplier<Provenance> provenance,
      Draw draw,
      @Nullable Extremes extremes) {
    this.extremes = extremes;
    this.base = base;
    this.guard = guard;
    this.fusedSecondsPerGuard = fusedSecondsPerGuard;
    this.timing = timing;
    this.launchSeconds = launchSeconds;
    this.provenance = provenance;
    this.draw = draw;
  }

  @Override
  public Optional<Provenance> provenance() {
    return Optional.of(provenance.get());
  }

  /** The same price, of which no more is known than between which it lies. */
  KernelPrice between(Extremes range) {
    return new KernelPrice(
        base, guard, fusedSecondsPerGuard, timing, launchSeconds, provenance, draw, range);
  }

  @Override
  public Band doubt(double[] features) {
    if (extremes == null || !(guard.at(features) > 0)) {
      return CERTAIN;
    }
    return Doubt.of(
        timing.seconds(features),
        extremes.best().seconds(features),
        extremes.worst().seconds(features));
  }

  @Override
  public void price(double[] features, OperatorCost into) {
    base.price(features, into);
    double work = guard.at(features);
    if (!(work > 0)) {
      return;
    }
    double matrixSeconds = into.matrixSeconds;
    double fusedSeconds = fusedSecondsPerGuard * work;
    double memorySeconds = into.memorySeconds + fusedSeconds;
    double leastSeconds = into.timeSeconds + fusedSeconds;
    double kernelSeconds = Math.max(timing.seconds(features), leastSeconds);
    if (kernelSeconds > into.timeSeconds) {
      stretch(kernelSeconds, leastSeconds, into);
    }
    draw.charge(into, matrixSeconds, memorySeconds);
  }

  /** Puts what the kernel takes beyond the datasheet on a launch and on the busiest resource. */
  private void stretch(double kernelSeconds, double leastSeconds, OperatorCost into) {
    double longest =
        Math.max(
            Math.max(into.matrixSeconds, into.vectorSeconds),
            Math.max(into.memorySeconds, into.networkSeconds));
    double overhead = Math.min(launchSeconds, kernelSeconds - leastSeconds);
    double busy = kernelSeconds - overhead;
    into.timeSeconds = kernelSeconds;
    into.overheadSeconds = overhead;
    if (longest <= 0) {
      into.overheadSeconds = kernelSeconds;
    } else if (longest == into.networkSeconds) {
      into.networkSeconds = busy;
    } else if (longest == into.memorySeconds) {
      into.memorySeconds = busy;
    } else if (longest == into.matrixSeconds) {
      into.matrixSeconds = busy;
    } else {
      into.vectorSeconds = busy;
    }
  }
}
