package dev.ridgeline.catalog.profile;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Medium;
import dev.ridgeline.platform.NetworkLevel;
import java.util.Optional;
import java.util.stream.Stream;

/** What profiles have to offer to a chip under an engine: how near each is, and what it costs. */
final class Offers {
  private final Profiles profiles;
  private final Ladder ladder;

  Offers(Profiles profiles, Ladder ladder) {
    this.profiles = profiles;
    this.ladder = ladder;
  }

  /** What all profiles of an operator have to offer, in no order. */
  Stream<Offer> of(String operator, String variant, Chip chip, EngineName engine) {
    return profiles.of(operator).stream()
        .filter(profile -> profile.variants().containsKey(variant))
        .flatMap(profile -> offer(profile, variant, chip, engine).stream());
  }

  /** The medium that a profile's links are made of; empty for constants of no chip. */
  Optional<Medium> mediumOf(Profile profile) {
    return profile.chip().equals(Profile.ANY)
        ? Optional.empty()
        : profiles
            .known(profile.chip())
            .flatMap(Chip::scaleUp)
            .map(link -> Medium.of(NetworkLevel.of(link, 1)));
  }

  /** What a chip of a far architecture has to offer, which has the links in common. */
  Offer stranger(Profile profile, String variant, EngineName engine) {
    int engineRung = engineRung(profile, variant, engine);
    return new Offer(
        profile,
        Offer.DEFAULT_AFTER,
        0,
        engineRung,
        0,
        engineSpread(profile, engineRung).and(ladder.generation().of(profile.operator())),
        "kernel:" + profile.chip() + asked(engineRung, engine) + place(profile));
  }

  /** What one profile has to offer; empty where its chip is neither near nor known. */
  Optional<Offer> offer(Profile profile, String variant, Chip chip, EngineName engine) {
    int engineRung = engineRung(profile, variant, engine);
    Ladder.Spread spread = engineSpread(profile, engineRung);
    String asked = asked(engineRung, engine) + place(profile);
    if (profile.chip().equals(chip.name())) {
      String source = "kernel:%s/%s".formatted(chip.name(), owner(profile, variant)) + asked;
      return Optional.of(new Offer(profile, 0, 0, engineRung, 0, spread, source));
    }
    if (profile.chip().equals(Profile.ANY)) {
      String source = "kernel:default" + asked;
      Ladder.Spread wider = spread.and(ladder.any().of(profile.operator()));
      int rung =
          ladder.defaultsFirst(profile.operator(), variant)
              ? Offer.DEFAULT_BEFORE
              : Offer.DEFAULT_AFTER;
      return Optional.of(new Offer(profile, rung, 0, engineRung, 0, wider, source));
    }
    Optional<Chip> known = profiles.known(profile.chip());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Chip lender = known.get();
    int steps = ladder.steps(chip.architecture(), lender.architecture());
    double unlikeness = unlikeness(chip, lender);
    if (chip.architecture().equals(lender.architecture())) {
      String source = "kernel:sibling " + lender.name() + asked;
      Ladder.Spread wider = spread.and(ladder.sibling().of(profile.operator()));
      return Optional.of(
          new Offer(profile, Offer.SIBLING, 0, engineRung, unlikeness, wider, source));
    }
    if (steps <= 0) {
      return Optional.empty();
    }
    String source = "kernel:generation " + lender.architecture() + asked;
    Ladder.Spread wider = spread.and(ladder.generation().of(profile.operator()));
    return Optional.of(
        new Offer(profile, Offer.GENERATION, steps, engineRung, unlikeness, wider, source));
  }

  private Ladder.Spread engineSpread(Profile profile, int engineRung) {
    return switch (engineRung) {
      case 0 -> Ladder.Spread.NONE;
      case 1 -> ladder.version().of(profile.operator());
      default -> ladder.engine().of(profile.operator());
    };
  }

  private static String asked(int engineRung, EngineName engine) {
    return engineRung == 0 || engine.isAny() ? "" : " for " + engine;
  }

  /** Where a profile of somebody's own lies. */
  private String place(Profile profile) {
    return profiles.isOwn(profile) ? " in " + profile.file() : "";
  }

  private static String owner(Profile profile, String variant) {
    return Optional.ofNullable(profile.variants().get(variant))
        .flatMap(Profile.Variant::library)
        .map(library -> library.replace(' ', '-'))
        .orElse(profile.engine() + "-" + profile.version());
  }

  private static int engineRung(Profile profile, String variant, EngineName engine) {
    boolean library =
        Optional.ofNullable(profile.variants().get(variant))
            .flatMap(Profile.Variant::library)
            .isPresent();
    if (library) {
      return 0;
    }
    if (engine.isAny()) {
      return 1;
    }
    if (!engine.isEngine(profile.engine())) {
      return 2;
    }
    return engine.version().isEmpty() || engine.version().get().equals(profile.version()) ? 0 : 1;
  }

  /** Of chips of one architecture the one with the nearest memory and number of processors. */
  private static double unlikeness(Chip one, Chip other) {
    double bandwidth =
        Math.log(
            one.mainMemory().bandwidth().orElseThrow().value()
                / other.mainMemory().bandwidth().orElseThrow().value());
    double units = Math.log((double) Math.max(1, one.units()) / Math.max(1, other.units()));
    return Math.abs(bandwidth) + Math.abs(units);
  }
}
