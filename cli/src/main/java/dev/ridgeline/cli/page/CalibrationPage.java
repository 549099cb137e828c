package dev.ridgeline.cli.page;

import dev.ridgeline.calibration.Calibration;
import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.Identifiability;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.Band;
import java.util.Locale;
import java.util.Map;

/** What a calibration found. */
public final class CalibrationPage {
  private static final int NAME = 22;
  private static final int FIGURE = 11;

  private CalibrationPage() {}

  /** Constants, how well the data tell them, and errors by part of the shapes. */
  public static String of(Style style, Profile profile, Map<String, Calibration.Outcome> outcomes) {
    Page page = new Page(style);
    page.heading(
        "%s on %s under %s %s"
            .formatted(profile.operator(), profile.chip(), profile.engine(), profile.version()));
    outcomes.forEach((variant, outcome) -> variant(page, variant, outcome));
    return page.gap().line(style.dim("written to " + profile.file())).finish();
  }

  private static void variant(Page page, String variant, Calibration.Outcome outcome) {
    String judged = outcome.variant().heldOut().isPresent() ? "held out" : "of the fit itself";
    page.gap()
        .heading(
            "%s: %d rows fitted, errors of rows %s"
                .formatted(variant, outcome.variant().fit().rows(), judged));
    page.line(
        "  "
            + Page.left("shapes", 2 * NAME)
            + Page.right("rows", FIGURE)
            + Page.right("geo", FIGURE)
            + Page.right("median", FIGURE)
            + Page.right("p90", FIGURE)
            + Page.right("bias", FIGURE));
    outcome.regions().forEach((region, error) -> page.line(errors(region, error)));
    page.line(
        "  eight measurements in ten within %s of a prediction, told by %s"
            .formatted(band(outcome.variant().band()), outcome.variant().bandFrom().orElse("")));
    outcome
        .variant()
        .regimes()
        .forEach((name, band) -> page.line("    of %s: %s".formatted(name, band(band))));
    if (!outcome.identifiability().isEmpty()) {
      page.line(
          "  "
              + Page.left("constant", NAME)
              + Page.right("value", FIGURE)
              + Page.right("+/-", FIGURE)
              + "  the data");
    }
    outcome.identifiability().forEach(verdict -> page.line(constant(verdict)));
  }

  private static String errors(String region, ErrorFigures error) {
    return "  "
        + Page.left(region, 2 * NAME)
        + Page.right(Integer.toString(error.rows()), FIGURE)
        + Page.right(percent(error.geo()), FIGURE)
        + Page.right(percent(error.median()), FIGURE)
        + Page.right(percent(error.p90()), FIGURE)
        + Page.right(percent(error.bias()), FIGURE);
  }

  private static String constant(Identifiability.Verdict verdict) {
    String says =
        (verdict.told() ? "tell it" : "do not tell it")
            + (verdict.entangledWith().isEmpty()
                ? ""
                : ", nor apart from " + verdict.entangledWith());
    return "  "
        + Page.left(verdict.parameter().name(), NAME)
        + Page.right(String.format(Locale.ROOT, "%.4g", verdict.value()), FIGURE)
        + Page.right(percent(Math.expm1(verdict.spreadRatio())), FIGURE)
        + "  "
        + says;
  }

  private static String band(Band band) {
    return String.format(Locale.ROOT, "%.2f to %.2f", band.low(), band.high());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
