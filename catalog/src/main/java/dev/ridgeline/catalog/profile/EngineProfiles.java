package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what an engine adds on a chip. The release decides first, as releases differ more than
 * chips do: the fit that covers it, or the nearest. Then comes whose fit it is: the chip's own,
 * that of another chip of its architecture, of several chips under this engine, or of several
 * engines. Where kernels of the chip's kind were measured nowhere, a fit made there goes before
 * what the release adds elsewhere, which comes on top of kernels that are themselves borrowed. Each
 * step widens the band and shows in the source.
 */
public final class EngineProfiles {
  private static final String NO_ENGINE = "generic";
  private static final String LAUNCHES = "launch_share";
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
        .map(offer -> overheads(offer, engine, chip, known));
  }

  /**
   * No engine in particular: nothing is added to kernels, and of their launches the share is left
   * that the engine leaves which hides most of them, among the newest fits to served engines. So
   * its steps are no longer than those of any such engine on the same kernels.
   */
  public EngineOverheads leastAdded() {
    double share =
        profiles.of(EngineConstants.OPERATOR).stream()
            .filter(profile -> profile.chip().equals(Profile.ANY))
            .filter(profile -> !Release.parse(profile.version()).isYear())
            .flatMap(profile -> profile.variants().values().stream())
            .flatMap(fit -> Optional.ofNullable(fit.constants().get(LAUNCHES)).stream())
            .reduce(1.0, Math::min);
    return EngineOverheads.captured(share);
  }

  /**
   * The releases of an engine that fits stand for.
   *
   * @param engine catalog name
   * @param described release whose memory the catalog describes
   */
  public EngineReleases releases(String engine, String described) {
    var name = new EngineName(engine, Optional.empty());
    return new EngineReleases(
        engine,
        described,
        profiles.of(EngineConstants.OPERATOR).stream()
            .filter(profile -> !name.isAny() && name.isEngine(profile.engine()))
            .toList());
  }

  private static Optional<String> variant(Profile profile, boolean known) {
    List<String> onKernels = List.of(EngineConstants.ASYNCHRONOUS, EngineConstants.SYNCHRONOUS);
    List<String> wanted = new ArrayList<>();
    if (!known) {
      wanted.add(EngineConstants.DATASHEET);
    }
    wanted.addAll(onKernels);
    return wanted.stream().filter(profile.variants()::containsKey).findFirst();
  }

  private Optional<Offer> offer(Profile profile, EngineName engine, Chip chip) {
    boolean same = engine.isEngine(profile.engine());
    boolean any = profile.chip().equals(Profile.ANY);
    Releases releases = EngineReleases.of(profile);
    double distance =
        engine
            .version()
            .filter(release -> !release.equals(profile.version()))
            .map(release -> releases.distance(Release.parse(release)))
            .orElse(0.0);
    boolean waits = engine.version().map(Release::parse).filter(releases::waitsIn).isPresent();
    Ladder.Spread loan =
        distance > 0 || same && waits
            ? profiles.ofOtherRelease(EngineConstants.OPERATOR)
            : Ladder.Spread.NONE;
    boolean renamed = same && (distance > 0 || !Release.parse(profile.version()).isYear());
    String owner =
        profile.engine()
            + "-"
            + profile.version()
            + (renamed
                ? engine
                    .version()
                    .filter(asked -> !asked.equals(profile.version()))
                    .map(asked -> forRelease(asked, releases))
                    .orElse("")
                : "");
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

  /** What stands in for a release that the fit does not bear the name of, and what is changed. */
  private static String forRelease(String asked, Releases fitted) {
    Release release = Release.parse(asked);
    return " for " + asked + (fitted.waitsIn(release) ? " (steps wait)" : "");
  }

  private boolean sibling(String name, Chip chip) {
    return profiles
        .known(name)
        .filter(lender -> lender.architecture().equals(chip.architecture()))
        .isPresent();
  }

  private EngineOverheads overheads(Offer offer, EngineName engine, Chip chip, boolean known) {
    String name = variant(offer.profile(), known).orElseThrow();
    boolean borrowed = !known && !name.equals(EngineConstants.DATASHEET);
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
    Band band =
        (borrowed
                ? offer.loan().and(profiles.ofGeneration(EngineConstants.OPERATOR))
                : offer.loan())
            .widen(fit.band());
    String source =
        borrowed
            ? "%s, kernels of %s not measured".formatted(offer.source(), chip.name())
            : offer.source();
    EngineOverheads fitted =
        EngineConstants.overheads(
            constants, name, new EngineOverheads.Origin(source, band.low(), band.high()));
    EngineOverheads found = borrowed ? fitted.stretched(profiles.unmeasuredStretch()) : fitted;
    boolean waits =
        offer.strangeness() == 0
            && engine.version().map(Release::parse).filter(offer.releases()::waitsIn).isPresent();
    return waits ? found.serial() : found;
  }
}
