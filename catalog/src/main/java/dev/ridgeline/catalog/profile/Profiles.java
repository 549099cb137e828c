package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.Crossing;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds the constants for a chip. One that was never measured borrows them: from another chip of
 * its architecture, from a near architecture, from a fit to several chips; each step widens the
 * band and shows in the source. Safe for use by several threads.
 */
public final class Profiles {
  private static final String LADDER = "ladder";
  private static final String PRODUCTS = "gemm";
  private static final String SEPARATOR = "--";

  /**
   * How far down the list of near architectures board power is borrowed: from the nearest alone,
   * which is as far as readings of boards under served models bear it out.
   */
  private static final int POWER_STEPS = 1;

  private final Function<String, Chip> chips;
  private final List<Profile> own;
  private final Set<String> places;
  private final Ladder ladder;
  private final Offers offers;
  private final Map<String, Profile> read = new ConcurrentHashMap<>();

  private Profiles(Function<String, Chip> chips, List<Profile> own, Set<String> places) {
    this.chips = chips;
    this.own = List.copyOf(own);
    this.places = Set.copyOf(places);
    this.ladder = Ladder.read(shipped(LADDER));
    this.offers = new Offers(this, ladder);
  }

  /**
   * The shipped profiles.
   *
   * @param chips finds a chip by its name
   */
  public static Profiles shipped(Function<String, Chip> chips) {
    return new Profiles(chips, List.of(), Set.of());
  }

  /**
   * These and the profiles of a folder ({@code *.yaml}), or of one file, which come before shipped
   * ones. Sources of what they say name the file.
   */
  public Profiles with(Path place) {
    List<Profile> all = new ArrayList<>(read(place));
    Set<String> files = new HashSet<>(places);
    all.forEach(profile -> files.add(profile.file()));
    all.addAll(own);
    return new Profiles(chips, all, files);
  }

  /** These and another profile, which comes before all others. */
  public Profiles with(Profile profile) {
    List<Profile> all = new ArrayList<>(List.of(profile));
    all.addAll(own);
    return new Profiles(chips, all, places);
  }

  /** The profile in a file. */
  public static Profile read(String name, InputStream in) {
    return ProfileReader.read(Documents.read(name, in));
  }

  /** The profiles of an operator, own ones first. */
  public List<Profile> of(String operator) {
    List<Profile> found = new ArrayList<>();
    own.stream().filter(profile -> profile.operator().equals(operator)).forEach(found::add);
    Shelf.PROFILES.all().stream()
        .filter(name -> name.startsWith(operator + SEPARATOR))
        .map(name -> read.computeIfAbsent(name, key -> ProfileReader.read(shipped(key))))
        .forEach(found::add);
    return found;
  }

  /** Whether a profile was read from a place of somebody's own. */
  boolean isOwn(Profile profile) {
    return places.contains(profile.file());
  }

  /** Those that come before the shipped ones. */
  public List<Profile> own() {
    return own;
  }

  /** The latest release of an engine that one of {@link #own()} was fitted to. */
  public Optional<String> ownRelease(EngineName engine) {
    return own.stream()
        .filter(profile -> engine.isEngine(profile.engine()))
        .map(Profile::version)
        .filter(release -> engine.version().map(release::equals).orElse(true))
        .max(Comparator.comparing(Release::parse));
  }

  /** Whether matrix products were fitted on the chip or on another of its architecture. */
  public boolean coversArchitectureOf(Chip chip) {
    return of(PRODUCTS).stream()
        .map(Profile::chip)
        .filter(name -> !name.equals(Profile.ANY))
        .anyMatch(name ->
            name.equals(chip.name())
                || known(name)
                    .filter(lender -> lender.architecture().equals(chip.architecture()))
                    .isPresent());
  }

  /**
   * Whether matrix products were fitted on a chip of its architecture or of a near one, so that
   * kernels are known as such and not by the datasheet.
   */
  public boolean knowsKernelsOf(Chip chip) {
    return of(PRODUCTS).stream()
        .map(Profile::chip)
        .filter(name -> !name.equals(Profile.ANY))
        .anyMatch(name ->
            name.equals(chip.name())
                || known(name)
                    .map(Chip::architecture)
                    .filter(lender ->
                        lender.equals(chip.architecture())
                            || ladder.steps(chip.architecture(), lender) > 0)
                    .isPresent());
  }

  /**
   * Whether borrowed constants are an answer for a chip: those of its architecture or a near one,
   * or of no chip in particular where whole runs tell how far they are off.
   */
  public boolean answersFor(Chip chip) {
    return knowsKernelsOf(chip) || ladder.heldAgainstRuns().contains(chip.architecture());
  }

  /** The chip of a name; empty for somebody's own, which only its file knows. */
  Optional<Chip> known(String name) {
    try {
      return Optional.of(chips.apply(name));
    } catch (InputException none) {
      if (own.stream().anyMatch(profile -> profile.chip().equals(name))) {
        return Optional.empty();
      }
      throw none;
    }
  }

  /** What borrowing from another chip of the architecture costs. */
  Ladder.Spread ofSibling(String operator) {
    return ladder.sibling().of(operator);
  }

  /** What borrowing from a near architecture costs. */
  Ladder.Spread ofGeneration(String operator) {
    return ladder.generation().of(operator);
  }

  /** How much longer kernels take on a chip of a kind that was measured nowhere. */
  double unmeasuredStretch() {
    return ladder.unmeasuredStretch();
  }

  /** What borrowing from another release of the engine costs. */
  Ladder.Spread ofOtherRelease(String operator) {
    return ladder.version().of(operator);
  }

  /** What engines add to their kernels. */
  public EngineProfiles engines() {
    return new EngineProfiles(this);
  }

  /** Finds constants as they hold for an engine. */
  public KernelProfiles under(EngineName engine) {
    var crossings = new CrossingConstants(this, offers, ladder);
    return new KernelProfiles() {
      @Override
      public Optional<FittedConstants> find(KernelFamily<?> family, String variant, Chip chip) {
        return Profiles.this.find(family, variant, chip, engine);
      }

      @Override
      public Optional<FittedConstants> find(
          KernelFamily<?> family, String variant, Platform platform, Optional<Crossing> crossing) {
        return crossing.isEmpty()
            ? find(family, variant, platform.chip())
            : crossings.find(family, variant, platform, crossing.get(), engine);
      }

      @Override
      public Optional<FittedConstants> power(String variant, Chip chip) {
        return Profiles.this.power(variant, chip, engine);
      }
    };
  }

  /** The constants for a chip under an engine, or the nearest thing to them. */
  public Optional<FittedConstants> find(
      KernelFamily<?> family, String variant, Chip chip, EngineName engine) {
    Optional<Offer> own = offers.of(family.name(), variant, chip, engine).min(Offer.NEAREST);
    boolean near = own.map(offer -> offer.chipRung() <= Offer.SIBLING).orElse(false);
    if (near || own.isPresent() && !ladder.formatsFirst(family.name(), variant)) {
      return own.map(offer -> constants(offer, family, variant));
    }
    return standIn(family, variant, chip, engine)
        .filter(other -> own.isEmpty() || other.offer().chipRung() <= Offer.SIBLING)
        .map(other -> standingIn(other, family, variant))
        .or(() -> own.map(offer -> constants(offer, family, variant)));
  }

  /** What another variant has to offer. */
  private record StandIn(String variant, Offer offer) {}

  /** Of the variants that may stand in for another, the one fitted nearest to the chip. */
  private Optional<StandIn> standIn(
      KernelFamily<?> family, String asked, Chip chip, EngineName engine) {
    return family.standIns(asked).stream()
        .flatMap(variant ->
            offers
                .of(family.name(), variant, chip, engine)
                .min(Offer.NEAREST)
                .map(offer -> new StandIn(variant, offer))
                .stream())
        .min(Comparator.comparingInt(other -> other.offer().chipRung()));
  }

  private FittedConstants standingIn(StandIn other, KernelFamily<?> family, String asked) {
    FittedConstants found = constants(other.offer(), family, other.variant());
    Ladder.Spread spread = ladder.format().of(family.name());
    Band wider = spread.widen(new Band(found.low(), found.high()));
    return new FittedConstants(
        found.values(),
        wider.low(),
        wider.high(),
        found.regimes().stream().map(spread::widen).toList(),
        "%s (%s for %s)".formatted(found.source(), other.variant(), asked));
  }

  private static FittedConstants constants(Offer offer, KernelFamily<?> family, String variant) {
    FittedConstants found = offer.constants(family.parameters(), family.regimes(), variant);
    return offer.chipRung() == 0 ? found : found.with(family.lent(found.values()));
  }

  /** The platform on which an operator was measured between chips of a kind. */
  public Optional<String> boxOf(String operator, Chip chip) {
    return of(operator).stream()
        .filter(profile -> profile.chip().equals(chip.name()))
        .findFirst()
        .flatMap(Profile::box);
  }

  /**
   * The shares of board power of the chip, of another of its architecture, or of the architecture
   * nearest to its own, the last carried over to the chip's peaks and limit.
   */
  private Optional<FittedConstants> power(String variant, Chip chip, EngineName engine) {
    return offers
        .of(BoardPower.OPERATOR, variant, chip, engine)
        .filter(offer -> offer.steps() <= POWER_STEPS)
        .min(Offer.NEAREST)
        .flatMap(offer -> power(offer, variant, chip));
  }

  private Optional<FittedConstants> power(Offer offer, String variant, Chip chip) {
    FittedConstants found = offer.constants(BoardPower.parameters(), List.of(), variant);
    if (offer.steps() == 0) {
      return Optional.of(found);
    }
    return BoardPower.of(found.values())
        .onto(chips.apply(offer.profile().chip()), chip)
        .map(power ->
            new FittedConstants(
                power.constants(),
                found.low(),
                found.high(),
                "as fitted on %s, borrowed from a near architecture"
                    .formatted(offer.profile().chip())));
  }

  private static MappingNode shipped(String name) {
    try (InputStream in = Shelf.PROFILES.open(name)) {
      return Documents.read(Shelf.PROFILES.fileOf(name), in);
    } catch (IOException e) {
      throw new UncheckedIOException(Shelf.PROFILES.fileOf(name), e);
    }
  }

  private static List<Profile> read(Path folder) {
    if (Files.isRegularFile(folder)) {
      return List.of(ProfileReader.read(Documents.read(folder)));
    }
    if (!Files.isDirectory(folder)) {
      throw Problem.of("no such folder or file").in(folder.toString()).exception();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Profile> found =
          files
              .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".yaml"))
              .sorted()
              .map(file -> ProfileReader.read(Documents.read(file)))
              .toList();
      if (found.isEmpty()) {
        throw Problem.of("no profile lies in it: files that calibrate wrote, called *.yaml")
            .in(folder.toString())
            .exception();
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(folder.toString(), e);
    }
  }
}
