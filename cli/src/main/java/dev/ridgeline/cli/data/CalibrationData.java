package dev.ridgeline.cli.data;

import dev.ridgeline.calibration.Calibration;
import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.Identifiability;
import dev.ridgeline.catalog.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys of calibrations and of errors. */
public final class CalibrationData {
  private CalibrationData() {}

  /** What a calibration found. */
  public static Data of(Profile profile, Map<String, Calibration.Outcome> outcomes) {
    List<Data> variants = new ArrayList<>();
    outcomes.forEach((name, outcome) -> variants.add(variant(name, outcome)));
    return Data.fields()
        .put("schema_version", 1)
        .put("operator", profile.operator())
        .put("chip", profile.chip())
        .put("engine", profile.engine())
        .put("engine_version", profile.version())
        .put("profile", profile.file())
        .put("variants", new Data.Items(variants))
        .build();
  }

  private static Data variant(String name, Calibration.Outcome outcome) {
    List<Data> constants = new ArrayList<>();
    for (Identifiability.Verdict verdict : outcome.identifiability()) {
      constants.add(
          Data.fields()
              .put("name", verdict.parameter().name())
              .put("unit", verdict.parameter().unit())
              .put("value", verdict.value())
              .put("spread_ratio", verdict.spreadRatio())
              .put("told", verdict.told())
              .put("entangled_with", verdict.entangledWith())
              .build());
    }
    List<Data> regions = new ArrayList<>();
    outcome.regions().forEach((region, error) -> regions.add(errors(region, error)));
    return Data.fields()
        .put("variant", name)
        .put("rows_fitted", outcome.variant().fit().rows())
        .put("held_out", outcome.variant().heldOut().isPresent())
        .put("band_low", outcome.variant().band().low())
        .put("band_high", outcome.variant().band().high())
        .put("band_from", outcome.variant().bandFrom().orElse(""))
        .put("regimes", new Data.Items(regimes(outcome)))
        .put("constants", new Data.Items(constants))
        .put("errors", new Data.Items(regions))
        .build();
  }

  private static List<Data> regimes(Calibration.Outcome outcome) {
    List<Data> regimes = new ArrayList<>();
    outcome
        .variant()
        .regimes()
        .forEach((name, band) ->
            regimes.add(
                Data.fields()
                    .put("regime", name)
                    .put("band_low", band.low())
                    .put("band_high", band.high())
                    .build()));
    return regimes;
  }

  private static Data errors(String region, ErrorFigures error) {
    return Data.fields()
        .put("shapes", region)
        .put("rows", error.rows())
        .put("geo", error.geo())
        .put("median", error.median())
        .put("p90", error.p90())
        .put("bias", error.bias())
        .build();
  }
}
