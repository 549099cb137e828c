package dev.ridgeline.cli;

import dev.ridgeline.calibration.Calibration;
import dev.ridgeline.calibration.Measurements;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;

/**
 * What a calibration that was broken off has left behind. It is gone on with only where the rest
 * would be fitted as the beginning was.
 *
 * @param file where it was left
 * @param begun the variants that were done
 */
record Resumption(String file, Profile begun) {

  /**
   * Refuses a run that differs, naming in what.
   *
   * @throws InputException naming the file, the setting and both values
   */
  <S> void check(
      Calibration<S> calibration,
      Measurements<S> measurements,
      String chip,
      String engine,
      String version) {
    same("the operator", begun.operator(), calibration.table().operator());
    same("--on", begun.chip(), chip);
    same("--engine", begun.engine() + "@" + begun.version(), engine + "@" + version);
    begun
        .variants()
        .forEach((name, variant) -> {
          Profile.Search now = calibration.search();
          Profile.Search then =
              variant
                  .fit()
                  .search()
                  .orElseThrow(() ->
                      Problem.of(
                              "does not say how %s was fitted, so nothing can go on from it"
                                  .formatted(name))
                          .in(file)
                          .exception());
          same("--seed", then.seed(), now.seed());
          same("--evaluations", then.evaluations(), now.evaluations());
          same("--rows", then.rows(), now.rows());
          same("--warmth", then.warmth(), now.warmth());
          same("--topology", then.platform(), now.platform());
          same("the name of --in", variant.fit().data(), calibration.data());
          long rows =
              measurements
                  .fitted(name, calibration.platform(), calibration.warmth())
                  .map(sample -> (long) sample.size())
                  .orElse(0L);
          same("the number of rows to fit of " + name, variant.fit().rows(), rows);
        });
  }

  private void same(String what, Object then, Object now) {
    if (!then.equals(now)) {
      throw Problem.of(
              "the run that was broken off had %s %s, this one has %s; give the same, or leave out"
                      .formatted(what, then, now)
                  + " --resume to begin anew")
          .in(file)
          .exception();
    }
  }
}
