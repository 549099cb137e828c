package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Parameter;
import java.util.Comparator;
import java.util.List;

/**
 * What a profile has to offer.
 *
 * @param chipRung 0 for the chip itself, 1 sibling, 3 generation, 2 or 4 default
 * @param steps between the architectures
 * @param engineRung 0 for the engine and its release, 1 another release, 2 another engine
 * @param unlikeness of the two chips' figures
 */
record Offer(
    Profile profile,
    int chipRung,
    int steps,
    int engineRung,
    double unlikeness,
    Ladder.Spread spread,
    String source) {
  static final int SIBLING = 1;
  static final int DEFAULT_BEFORE = 2;
  static final int GENERATION = 3;
  static final int DEFAULT_AFTER = 4;
  static final Comparator<Offer> NEAREST =
      Comparator.comparingInt(Offer::chipRung)
          .thenComparingInt(Offer::steps)
          .thenComparingInt(Offer::engineRung)
          .thenComparingDouble(Offer::unlikeness);

  /** Its constants of a variant, with the band that borrowing widens. */
  FittedConstants constants(List<Parameter> parameters, List<String> regimes, String variant) {
    return constants(parameters, regimes, variant, source);
  }

  /** The same under another source. */
  FittedConstants constants(
      List<Parameter> parameters, List<String> regimes, String variant, String named) {
    return profile.constants(parameters, regimes, variant, spread::widen, named);
  }
}
