package dev.ridgeline.catalog.profile;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The releases of an engine that the catalog knows, and which of them a name means: no release
 * means the newest that was measured; one that lies between known ones, or shortly after the
 * newest, is answered by the nearest; any other is refused.
 */
public final class EngineReleases {
  /**
   * How many minor releases after the newest are answered: a choice. Engines bring out about one a
   * month, and between the measured ones what they add changed by less than the wider band says.
   */
  private static final int MINORS_AFTER = 3;

  private final String engine;
  private final String described;
  private final Map<String, Releases> measured;

  /**
   * Collects what is known.
   *
   * @param engine catalog name
   * @param described release whose memory the catalog describes
   * @param profiles of the engine, on any chip
   */
  EngineReleases(String engine, String described, List<Profile> profiles) {
    this.engine = engine;
    this.described = described;
    Map<String, Releases> byVersion = new LinkedHashMap<>();
    profiles.stream()
        .sorted(
            Comparator.<Profile, Release>comparing(each -> of(each).last())
                .reversed()
                .thenComparing(Profile::version))
        .forEach(each -> byVersion.putIfAbsent(each.version(), of(each)));
    this.measured = Collections.unmodifiableMap(byVersion);
  }

  /** The releases that a profile stands for. */
  static Releases of(Profile profile) {
    return profile.releases().orElseGet(() -> Release.alone(profile.version()));
  }

  /** The newest release that was measured, or else the one whose memory is described. */
  public String newest() {
    return measured.keySet().stream().findFirst().orElse(described);
  }

  /** Fits to choose from by the version that names each, newest first. */
  public List<String> measured() {
    return List.copyOf(measured.keySet());
  }

  /** All that is known, for people, oldest first. */
  public List<String> known() {
    List<String> all = new ArrayList<>();
    measured.forEach((version, releases) -> {
      String range = releases.toString();
      boolean named = version.equals(releases.last().text());
      all.addFirst(named ? range : "%s (all of them %s)".formatted(range, version));
    });
    if (measured.values().stream().noneMatch(each -> each.covers(Release.parse(described)))) {
      all.add("%s (its memory only)".formatted(described));
    }
    return all;
  }

  /** Whether a release was measured itself, rather than one near it. */
  public boolean isMeasured(String release) {
    return measured.containsKey(release)
        || measured.values().stream().anyMatch(each -> each.covers(Release.parse(release)));
  }

  /**
   * The release that is meant.
   *
   * @param asked empty where none is named
   * @throws InputException for one that is unknown and near none that is known
   */
  public String meant(Optional<String> asked) {
    if (asked.isEmpty()) {
      return newest();
    }
    String release = asked.get();
    if (measured.containsKey(release) || release.equals(described)) {
      return release;
    }
    if (!Release.isRelease(release)) {
      throw refusal("not a release of %s".formatted(engine), release);
    }
    if (!isNear(Release.parse(release))) {
      throw refusal(
          "the catalog knows no such release of %s, and none near it".formatted(engine), release);
    }
    return release;
  }

  private boolean isNear(Release release) {
    Release basis = Release.parse(described);
    Release first =
        measured.values().stream().map(Releases::first).reduce(basis, EngineReleases::earlier);
    Release last =
        measured.values().stream().map(Releases::last).reduce(basis, EngineReleases::later);
    return release.isSince(first)
        && (release.isUntil(last) || release.isShortlyAfter(last, MINORS_AFTER));
  }

  private static Release earlier(Release one, Release other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Release later(Release one, Release other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private InputException refusal(String description, String release) {
    return Problem.of(description)
        .withValue(engine + "@" + release)
        .withAllowed(known())
        .withSuggestions(measured().stream().map(version -> engine + "@" + version).toList())
        .exception();
  }
}
