package dev.ridgeline.cli.data;

import dev.ridgeline.calibration.SiliconValidation;
import java.util.ArrayList;
import java.util.List;

/** The keys of errors against measurements. */
public final class ValidationData {
  private ValidationData() {}

  /** Errors by operator, chip, variant and part of the shapes. */
  public static Data of(List<SiliconValidation.Result> results, List<String> unpriced) {
    List<Data> items = new ArrayList<>();
    for (SiliconValidation.Result result : results) {
      items.add(
          Data.fields()
              .put("operator", result.operator())
              .put("chip", result.chip())
              .put("variant", result.variant())
              .put("shapes", result.region())
              .put("held_out", result.heldOut())
              .put("source", result.source())
              .put("rows", result.errors().rows())
              .put("geo", result.errors().geo())
              .put("median", result.errors().median())
              .put("p90", result.errors().p90())
              .put("bias", result.errors().bias())
              .put("inside_band", result.insideBand())
              .put("band_ratio", result.bandRatio())
              .build());
    }
    return Data.fields()
        .put("schema_version", 1)
        .put("results", new Data.Items(items))
        .put("not_predicted", Data.texts(unpriced))
        .build();
  }
}
