package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.kernel.KernelFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where fits set out from: the typical values, and what was found for the same variant on any chip.
 *
 * @param profiles what was found before
 */
public record Starts(Profiles profiles) {

  /** Constants in the order of the family's parameters, the typical ones first. */
  public List<double[]> of(KernelFamily<?> family, String variant) {
    List<double[]> starts = new ArrayList<>(List.of(Fitter.typical(family)));
    for (Profile profile : profiles.of(family.name())) {
      Optional.ofNullable(profile.variants().get(variant))
          .map(found -> found.constants())
          .ifPresent(constants -> starts.add(ordered(family, constants)));
    }
    return starts;
  }

  /** The typical value where a profile does not name a constant. */
  private static double[] ordered(KernelFamily<?> family, Map<String, Double> constants) {
    return family.parameters().stream()
        .mapToDouble(parameter -> constants.getOrDefault(parameter.name(), parameter.typical()))
        .toArray();
  }
}
