package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Crossing;
import dev.ridgeline.kernel.Doubt;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Medium;
import dev.ridgeline.platform.Platform;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds constants of kernels that cross links, where what links are made of counts before the chip.
 */
final class CrossingConstants {
  private final Profiles profiles;
  private final Offers offers;
  private final Ladder ladder;

  CrossingConstants(Profiles profiles, Offers offers, Ladder ladder) {
    this.profiles = profiles;
    this.offers = offers;
    this.ladder = ladder;
  }

  /**
   * The constants for what crosses a platform's links. Those fitted on another medium come last,
   * whatever the chip, and constants of a box are not taken for those of another.
   */
  Optional<FittedConstants> find(
      KernelFamily<?> family,
      String variant,
      Platform platform,
      Crossing crossing,
      EngineName engine) {
    Chip chip = platform.chip();
    Comparator<Offer> sameMediumFirst =
        Comparator.comparing(
            offer -> !offers.mediumOf(offer.profile()).equals(Optional.of(crossing.medium())));
    return Stream.concat(
            offers.of(family.name(), variant, chip, engine),
            profiles.of(family.name()).stream()
                .filter(profile -> profile.variants().containsKey(variant))
                .filter(profile -> offers.offer(profile, variant, chip, engine).isEmpty())
                .filter(profile -> offers.mediumOf(profile).equals(Optional.of(crossing.medium())))
                .map(profile -> offers.stranger(profile, variant, engine)))
        .min(sameMediumFirst.thenComparing(Offer.NEAREST))
        .map(offer -> {
          String source = offer.source() + loan(offer, crossing);
          FittedConstants found =
              offer.constants(family.parameters(), family.regimes(), variant, source);
          FittedConstants lent =
              offer.chipRung() == 0 ? found : found.with(family.lent(found.values()));
          boolean measured =
              offer.chipRung() == 0
                  && offer.profile().box().filter(platform.name()::equals).isPresent();
          return crossing.throughHost() && !measured && !family.ofTheBox().isEmpty()
              ? inSomeBox(family, lent)
              : lent;
        });
  }

  /** Whose links constants are of, where that is not the chip's own or goes without saying. */
  private String loan(Offer offer, Crossing crossing) {
    Optional<Medium> medium = offers.mediumOf(offer.profile());
    if (medium.isEmpty()) {
      return " over " + crossing.medium().key();
    }
    if (!medium.get().equals(crossing.medium())) {
      return " over %s for %s".formatted(medium.get().key(), crossing.medium().key());
    }
    return offer.chipRung() == 0 ? "" : " over " + crossing.medium().key();
  }

  private FittedConstants inSomeBox(KernelFamily<?> family, FittedConstants found) {
    double[] typical = found.values().clone();
    double[] best = found.values().clone();
    double[] worst = found.values().clone();
    List<String> names = family.parameters().stream().map(Parameter::name).toList();
    for (String name : family.ofTheBox()) {
      Ladder.Range range = Optional.ofNullable(ladder.boxes().get(name)).orElseThrow();
      int place = names.indexOf(name);
      typical[place] = range.typical();
      best[place] = range.best();
      worst[place] = range.worst();
    }
    return found.inDoubt(
        typical, new Doubt(best, worst), found.source() + " in a box that was not measured");
  }
}
