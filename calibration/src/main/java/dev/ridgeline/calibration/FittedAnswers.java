package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Crossing;
import dev.ridgeline.kernel.Doubt;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernels with fitted constants.
 *
 * @param <S> the shape of one call
 */
public final class FittedAnswers<S> implements Answers<S> {
  private final KernelFamily<S> family;
  private final Platform platform;
  private final KernelProfiles profiles;
  private final Warmth warmth;
  private final Map<Asked, Fitted<S>> kernels = new HashMap<>();

  /** What constants are looked for by. */
  private record Asked(String variant, Optional<Crossing> crossing) {}

  /** A kernel and what it was bound with, and the same in good and bad surroundings. */
  record Fitted<S>(Kernel<S> kernel, FittedConstants constants, List<Kernel<S>> bestAndWorst) {

    Band band(S shape, int regime, double seconds) {
      Band known = constants.band(regime);
      if (bestAndWorst.isEmpty()) {
        return known;
      }
      Band box =
          Doubt.of(
              seconds,
              bestAndWorst.getFirst().seconds(shape),
              bestAndWorst.getLast().seconds(shape));
      // Independent errors add as squares of logarithms.
      return new Band(
          Math.exp(-Math.hypot(Math.log(known.low()), Math.log(box.low()))),
          Math.exp(Math.hypot(Math.log(known.high()), Math.log(box.high()))));
    }
  }

  /**
   * Answers on one platform.
   *
   * @param platform what calls run on
   * @param profiles where constants are found
   * @param warmth what the caches hold
   */
  public FittedAnswers(
      KernelFamily<S> family, Platform platform, KernelProfiles profiles, Warmth warmth) {
    this.family = family;
    this.platform = platform;
    this.profiles = profiles;
    this.warmth = warmth;
  }

  @Override
  public Answer to(S shape, TableRow row) {
    try {
      String variant = family.variant(shape);
      Asked asked = new Asked(variant, family.crossing(platform, shape));
      Fitted<S> fitted = kernels.get(asked);
      if (fitted == null) {
        fitted = bind(asked, row);
        kernels.put(asked, fitted);
      }
      double seconds = fitted.kernel().seconds(shape);
      Band band = fitted.band(shape, family.regime(shape), seconds);
      return new Answer(seconds, band.low(), band.high(), fitted.constants().source());
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    }
  }

  private Fitted<S> bind(Asked asked, TableRow row) {
    return bind(asked.variant(), asked.crossing(), warmth, row)
        .orElseThrow(() ->
            row.problem(
                    "nothing was fitted for %s of %s, on %s or on anything near it"
                        .formatted(asked.variant(), family.name(), platform.chip().name()))
                .exception());
  }

  /** The kernel of a variant; empty where no constants are known. */
  Optional<Fitted<S>> bind(
      String variant, Optional<Crossing> crossing, Warmth state, TableRow row) {
    try {
      return profiles
          .find(family, variant, platform, crossing)
          .map(found ->
              new Fitted<>(
                  on(variant, state, found.values()),
                  found,
                  found
                      .doubt()
                      .map(doubt ->
                          List.of(
                              on(variant, state, doubt.best()), on(variant, state, doubt.worst())))
                      .orElse(List.of())));
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    }
  }

  private Kernel<S> on(String variant, Warmth state, double[] constants) {
    return family.on(platform, variant, state, constants);
  }
}
