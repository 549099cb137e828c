package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.DatasheetFloor;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.kernel.measured.MeasuredKernels.Band;
import dev.ridgeline.kernel.measured.MeasuredKernels.Measured;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measured rows and what lies between them, with the kernel's fitted constants as the reference, or
 * the datasheet's roofline where none were fitted. Tables are taken as measured with warm caches; a
 * time with cold ones is longer by as much as the kernel's is.
 *
 * @param <S> the shape of one call
 */
public final class MeasuredAnswers<S> implements Answers<S> {
  /** How much wider a band is taken beyond the hull, where only one side is known. */
  private static final double BEYOND = 2;

  private final KernelFamily<S> family;
  private final Platform platform;
  private final FittedAnswers<S> fitted;
  private final MeasuredKernels tables;
  private final Warmth warmth;
  private final boolean extrapolate;
  private final Map<String, Bound<S>> bound = new HashMap<>();

  private record Bound<S>(Measured<S> measured, Kernel<S> warm, Kernel<S> asked) {}

  /**
   * Answers on one platform.
   *
   * @param platform what calls run on
   * @param profiles where the reference's constants are found
   * @param tables the rows
   * @param warmth what the caches hold
   * @param extrapolate whether shapes outside the hull of the rows are answered too
   */
  public MeasuredAnswers(
      KernelFamily<S> family,
      Platform platform,
      KernelProfiles profiles,
      MeasuredKernels tables,
      Warmth warmth,
      boolean extrapolate) {
    this.family = family;
    this.platform = platform;
    this.fitted = new FittedAnswers<>(family, platform, profiles, warmth);
    this.tables = tables;
    this.warmth = warmth;
    this.extrapolate = extrapolate;
  }

  @Override
  public Answer to(S shape, TableRow row) {
    try {
      return answer(shape, row);
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    }
  }

  private Answer answer(S shape, TableRow row) {
    String variant = family.variant(shape);
    Bound<S> known = bound.get(variant);
    if (known == null) {
      known = bind(variant, shape, row);
      bound.put(variant, known);
    }
    Measured<S> measured = known.measured();
    OptionalDouble inside = measured.times().seconds(shape);
    OptionalDouble seconds =
        inside.isPresent() || !extrapolate ? inside : measured.times().extrapolated(shape);
    if (seconds.isEmpty()) {
      throw row.problem(
              extrapolate
                  ? "no measured rows are near enough to extrapolate from"
                  : "lies outside what was measured; --extrapolate holds the utilisation of the"
                      + " boundary")
          .exception();
    }
    double colder =
        warmth == Warmth.COLD
            ? Math.max(1, known.asked().seconds(shape) / known.warm().seconds(shape))
            : 1;
    Band band = measured.band(shape);
    double wider = inside.isPresent() ? 1 : BEYOND;
    return new Answer(
        seconds.getAsDouble() * colder,
        Math.pow(band.low(), wider),
        Math.pow(band.high(), wider),
        measured.source()
            + (inside.isEmpty()
                ? " extrapolated"
                : measured.times().hasRowOf(shape) ? "" : " interpolated"));
  }

  private Bound<S> bind(String variant, S shape, TableRow row) {
    var crossing = family.crossing(platform, shape);
    Optional<Kernel<S>> profiled =
        fitted.bind(variant, crossing, Warmth.WARM, row).map(FittedAnswers.Fitted::kernel);
    if (profiled.isEmpty() && warmth == Warmth.COLD) {
      throw row.problem("no kernel is known that says what cold caches cost").exception();
    }
    Kernel<S> warm = profiled.orElseGet(() -> DatasheetFloor.of(platform.chip()));
    Kernel<S> asked =
        fitted.bind(variant, crossing, warmth, row).map(FittedAnswers.Fitted::kernel).orElse(warm);
    return tables
        .find(family, variant, platform, warm)
        .map(measured -> new Bound<>(measured, warm, asked))
        .orElseThrow(() ->
            row.problem(
                    "no table has rows for %s of %s on %s"
                        .formatted(variant, family.name(), platform.chip().name()))
                .exception());
  }
}
