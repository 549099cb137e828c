package dev.ridgeline.cost;

import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.kernel.measured.MeasuredUse;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the kernels of one chip with their constants.
 *
 * @param profiles where constants are found
 * @param measured times to ask before the kernels
 * @param site what they run on
 * @param draw energy of what they do
 */
record KernelBinder(
    KernelProfiles profiles, Optional<MeasuredKernels> measured, Site site, Draw draw) {

  /** A kernel with the constants it runs with. */
  record Bound<S>(
      Kernel<S> kernel,
      double launchSeconds,
      Supplier<Provenance> provenance,
      Optional<Extremes<S>> extremes) {

    /** A kernel in surroundings that are known. */
    Bound(Kernel<S> kernel, double launchSeconds, Supplier<Provenance> provenance) {
      this(kernel, launchSeconds, provenance, Optional.empty());
    }
  }

  /** The same kernel in a good and in a bad box, where nobody measured the one it runs in. */
  record Extremes<S>(Kernel<S> best, Kernel<S> worst) {}

  /** The kernel of a shape's variant; empty where nothing was fitted or a figure is missing. */
  <S> Optional<Bound<S>> bind(KernelFamily<S> family, S shape) {
    String variant = family.variant(shape);
    Platform platform = site.platform();
    return constants(family, variant, shape)
        .flatMap(found -> {
          try {
            Kernel<S> kernel = family.on(platform, variant, Warmth.COLD, found.values());
            double launchSeconds = family.launchSeconds(platform, found.values());
            return Optional.of(
                measured(family, shape, found, kernel, launchSeconds)
                    .orElseGet(() -> {
                      Provenance provenance = provenance(found);
                      return new Bound<>(
                          kernel,
                          launchSeconds,
                          () -> provenance,
                          extremes(family, variant, found));
                    }));
          } catch (MissingFigureException missing) {
            site.note(
                "%s: %s is priced by its datasheet".formatted(missing.getMessage(), family.name()));
            return Optional.empty();
          }
        });
  }

  /** Measured times in front of a kernel, for shapes of a group that was measured. */
  private <S> Optional<Bound<S>> measured(
      KernelFamily<S> family,
      S shape,
      FittedConstants found,
      Kernel<S> kernel,
      double launchSeconds) {
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    String variant = family.variant(shape);
    Kernel<S> warm = family.on(site.platform(), variant, Warmth.WARM, found.values());
    return measured
        .get()
        .find(family, variant, site.platform(), warm)
        .filter(tables -> tables.times().hasGroupOf(shape))
        .map(tables -> {
          MeasuredUse use = new MeasuredUse();
          return new Bound<>(
              tables.over(warm, kernel, use), launchSeconds, () -> provenance(tables, found, use));
        });
  }

  /** Of measured rows as far as they were used, and of the kernel where they were left. */
  private static Provenance provenance(
      MeasuredKernels.Measured<?> tables, FittedConstants found, MeasuredUse use) {
    if (use.outside() && !use.inside()) {
      return new Provenance(
          "%s, as all lies outside %s".formatted(found.source(), tables.source()),
          found.low(),
          found.high());
    }
    if (use.inside() && !use.outside()) {
      return new Provenance(tables.source(), tables.curve().low(), tables.curve().high());
    }
    return new Provenance(
        "%s, outside it %s".formatted(tables.source(), found.source()),
        Math.min(tables.curve().low(), found.low()),
        Math.max(tables.curve().high(), found.high()));
  }

  private <S> Optional<Extremes<S>> extremes(
      KernelFamily<S> family, String variant, FittedConstants found) {
    return found
        .doubt()
        .map(doubt ->
            new Extremes<>(
                family.on(site.platform(), variant, Warmth.COLD, doubt.best()),
                family.on(site.platform(), variant, Warmth.COLD, doubt.worst())));
  }

  Optional<FittedConstants> constants(KernelFamily<?> family, String variant) {
    return profiles.find(family, variant, site.platform().chip());
  }

  /** For what may cross links, those of their medium. */
  private <S> Optional<FittedConstants> constants(KernelFamily<S> family, String variant, S shape) {
    try {
      return profiles.find(
          family, variant, site.platform(), family.crossing(site.platform(), shape));
    } catch (MissingFigureException missing) {
      return constants(family, variant);
    }
  }

  static Provenance provenance(FittedConstants found) {
    return new Provenance(found.source(), found.low(), found.high());
  }

  /** A constant by its name; 0 where the family has none of that name. */
  static double value(KernelFamily<?> family, FittedConstants found, String name) {
    List<Parameter> parameters = family.parameters();
    for (int index = 0; index < parameters.size(); index++) {
      if (parameters.get(index).name().equals(name)) {
        return found.values()[index];
      }
    }
    return 0;
  }

  /**
   * A price by a kernel's time.
   *
   * @param guard above 0 where there is work
   * @param fusedSecondsPerGuard least time of other rows whose work the kernel does too
   */
  <S> KernelPrice priced(
      OperatorPrice base,
      LinearForm guard,
      double fusedSecondsPerGuard,
      KernelPrice.Timing timing,
      Bound<S> bound) {
    return new KernelPrice(
        base, guard, fusedSecondsPerGuard, timing, bound.launchSeconds(), bound.provenance(), draw);
  }

  <S> KernelPrice priced(
      OperatorPrice base, LinearForm guard, KernelPrice.Timing timing, Bound<S> bound) {
    return priced(base, guard, 0, timing, bound);
  }
}
