package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what an engine adds on a chip: as fitted there, on another chip of its architecture, on
 * several chips under this engine, or under several engines. Each step widens the band and shows in
 * the source. A release that is named goes before the chip, as releases differ more than chips do:
 * the fit of the nearest release is taken. Where none is named the chip decides, then the latest
 * release.
 */
public final class EngineProfiles {
  private static final String NO_ENGINE = "generic";
  private static final Comparator<Offer> LATEST =
      Comparator.<Offer, Release>comparing(offer -> offer.releases().last()).reversed();

  private final Profiles profiles;

  /** Finds engines among these profiles. */
  public EngineProfiles(Profiles profiles) {
    this.profiles = profiles;
  }

  /**
   * What a profile has to offer.
   *
   * @param strangeness 0 for the engine itself, 1 for no engine in particular
   * @param rung 0 for the chip itself, 1 sibling, 2 any chip
   * @param distance from the release that is named; 0 where none is
   */
  private record Offer(
      Profile profile,
      int strangeness,
      int rung,
      double distance,
      Releases releases,
      String source,
      Ladder.Spread loan) {
    static final Comparator<Offer> NEAREST =
        Comparator.comparingInt(Offer::strangeness)
            .thenComparingDouble(Offer::distance)
            .thenComparingInt(Offer::rung)
            .thenComparing(LATEST);
  }

  /** The overheads of an engine on a chip; empty where nothing was fitted at all. */
  public Optional<EngineOverheads> find(EngineName engine, Chip chip) {
    boolean known = profiles.knowsKernelsOf(chip);
    return profiles.of(EngineConstants.OPERATOR).stream()
        .filter(profile -> variant(profile, known).isPresent())
        .flatMap(profile -> offer(profile, engine, chip).stream())
        .min(Offer.NEAREST)
        .map(offer -> overheads(offer, engine, variant(offer.profile(), known).orElseThrow()));
  }

  /**
   * As {@link #find}, with a release to take where none is named and none was fitted on the chip or
   * another of its architecture.
   */
  public Optional<EngineOverheads> findOrUsual(EngineName engine, String usual, Chip chip) {
    boolean near =
        engine.version().isPresent()
            || profiles.of(EngineConstants.OPERATOR).stream()
                .filter(profile -> engine.isEngine(profile.engine()))
                .map(Profile::chip)
                .anyMatch(name ->
                    name.equals(chip.name()) || !name.equals(Profile.ANY) && sibling(name, chip));
    return find(near ? engine : new EngineName(engine.name(), Optional.of(usual)), chip);
  }

  /**
   * The releases of an engine that fits stand for, by the version that names each; latest first.
   */
  public List<String> releases(EngineName engine) {
    return profiles.of(EngineConstants.OPERATOR).stream()
        .filter(profile -> engine.isEngine(profile.engine()))
        .sorted(Comparator.<Profile, Release>comparing(each -> releases(each).last()).reversed())
        .map(Profile::version)
        .distinct()
        .toList();
  }

  private static Releases releases(Profile profile) {
    return profile.releases().orElseGet(() -> Release.alone(profile.version()));
  }

  private static Optional<String> variant(Profile profile, boolean known) {
    List<String> wanted =
        known
            ? List.of(EngineConstants.ASYNCHRONOUS, EngineConstants.SYNCHRONOUS)
            : List.of(EngineConstants.DATASHEET);
    return wanted.stream().filter(profile.variants()::containsKey).findFirst();
  }

  private Optional<Offer> offer(Profile profile, EngineName engine, Chip chip) {
    boolean same = engine.isEngine(profile.engine());
    boolean any = profile.chip().equals(Profile.ANY);
    Releases releases = releases(profile);
    double distance =
        engine
            .version()
            .filter(release -> !release.equals(profile.version()))
            .map(release -> releases.distance(Release.parse(release)))
            .orElse(0.0);
    Ladder.Spread loan =
        distance > 0 ? profiles.ofOtherRelease(EngineConstants.OPERATOR) : Ladder.Spread.NONE;
    String owner =
        profile.engine()
            + "-"
            + profile.version()
            + (distance > 0 ? engine.version().map(asked -> " for " + asked).orElse("") : "");
    if (same && profile.chip().equals(chip.name())) {
      String source = "engine:%s/%s".formatted(chip.name(), owner);
      return Optional.of(new Offer(profile, 0, 0, distance, releases, source, loan));
    }
    if (same && !any && sibling(profile.chip(), chip)) {
      String source = "engine:sibling %s/%s".formatted(profile.chip(), owner);
      Ladder.Spread further = loan.and(profiles.ofSibling(EngineConstants.OPERATOR));
      return Optional.of(new Offer(profile, 0, 1, distance, releases, source, further));
    }
    if (same && any) {
      String source = "engine:" + owner;
      return Optional.of(new Offer(profile, 0, 2, distance, releases, source, loan));
    }
    if (any && profile.engine().equals(NO_ENGINE)) {
      String source = "engine:default for " + engine;
      return Optional.of(new Offer(profile, 1, 2, 0, releases, source, Ladder.Spread.NONE));
    }
    return Optional.empty();
  }

  private boolean sibling(String name, Chip chip) {
    return profiles.chip(name).architecture().equals(chip.architecture());
  }

  private static EngineOverheads overheads(Offer offer, EngineName engine, String name) {
    Profile.Variant fit = Optional.ofNullable(offer.profile().variants().get(name)).orElseThrow();
    List<Parameter> parameters = EngineConstants.parameters(name);
    double[] constants = new double[parameters.size()];
    for (int i = 0; i < constants.length; i++) {
      String constant = parameters.get(i).name();
      Double value = fit.constants().get(constant);
      if (value == null || !(value > 0)) {
        throw Problem.of("missing constant, or not above zero")
            .at(offer.profile().file(), Math.max(1, fit.line()))
            .withField("variants.%s.constants.%s".formatted(name, constant))
            .exception();
      }
      constants[i] = value;
    }
    Band band = offer.loan().widen(fit.band());
    EngineOverheads found =
        EngineConstants.overheads(
            constants, name, new EngineOverheads.Origin(offer.source(), band.low(), band.high()));
    boolean waits =
        offer.strangeness() == 0
            && engine.version().map(Release::parse).filter(offer.releases()::waitsIn).isPresent();
    return waits ? found.serial() : found;
  }
}
