package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.util.HashMap;
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
  private final Map<String, Fitted<S>> kernels = new HashMap<>();

  /** A kernel and what it was bound with. */
  record Fitted<S>(Kernel<S> kernel, FittedConstants constants) {}

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
    String variant = family.variant(shape);
    Fitted<S> fitted = kernels.get(variant);
    if (fitted == null) {
      fitted = bind(variant, row);
      kernels.put(variant, fitted);
    }
    FittedConstants constants = fitted.constants();
    Band band = constants.band(family.regime(shape));
    try {
      return new Answer(
          fitted.kernel().seconds(shape), band.low(), band.high(), constants.source());
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    }
  }

  private Fitted<S> bind(String variant, TableRow row) {
    return bind(variant, warmth, row)
        .orElseThrow(() ->
            row.problem(
                    "nothing was fitted for %s of %s, on %s or on anything near it"
                        .formatted(variant, family.name(), platform.chip().name()))
                .exception());
  }

  /** The kernel of a variant; empty where no constants are known. */
  Optional<Fitted<S>> bind(String variant, Warmth state, TableRow row) {
    try {
      return profiles
          .find(family, variant, platform.chip())
          .map(constants ->
              new Fitted<>(family.on(platform, variant, state, constants.values()), constants));
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    }
  }
}
