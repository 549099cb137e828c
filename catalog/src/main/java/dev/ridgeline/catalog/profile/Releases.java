package dev.ridgeline.catalog.profile;

import java.util.Optional;

/**
 * Releases of an engine that one fit stands for.
 *
 * @param first the earliest
 * @param last the latest
 * @param stepsAheadSince the first that prepares a step while the one before runs; empty where all
 *     of them do as the fit says
 */
public record Releases(Release first, Release last, Optional<Release> stepsAheadSince) {

  /** Whether a release is one of these. */
  boolean covers(Release release) {
    return release.isSince(first) && release.isUntil(last);
  }

  /** How far a release is from these; 0 for one of them. */
  double distance(Release release) {
    if (!release.isSince(first)) {
      return release.distance(first);
    }
    return release.isUntil(last) ? 0 : release.distance(last);
  }

  /** Whether the device waits for its host in a release, although the fit's does not. */
  boolean waitsIn(Release release) {
    return stepsAheadSince.isPresent() && !release.isSince(stepsAheadSince.get());
  }

  @Override
  public String toString() {
    return first.equals(last) ? last.toString() : first + " to " + last;
  }
}
