package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Band;
import java.math.BigDecimal;
import java.math.MathContext;

/** Writes profiles in the form that the catalog reads. */
public final class ProfileText {
  private static final MathContext CONSTANT_DIGITS = new MathContext(6);
  private static final MathContext ERROR_DIGITS = new MathContext(4);

  private ProfileText() {}

  /** The profile as YAML; reading it again gives the same profile, rounded to six digits. */
  public static String yaml(Profile profile) {
    var text = new StringBuilder();
    text.append("schema_version: ").append(ProfileReader.SCHEMA_VERSION).append('\n');
    text.append("operator: ").append(quoted(profile.operator())).append('\n');
    text.append("chip: ").append(quoted(profile.chip())).append('\n');
    text.append("engine: ").append(quoted(profile.engine())).append('\n');
    text.append("engine_version: ").append(quoted(profile.version())).append('\n');
    profile
        .releases()
        .ifPresent(range ->
            text.append(
                "releases: {first: %s, last: %s%s}\n"
                    .formatted(
                        quoted(range.first().toString()),
                        quoted(range.last().toString()),
                        range
                            .stepsAheadSince()
                            .map(since -> ", steps_ahead_since: " + quoted(since.toString()))
                            .orElse(""))));
    profile.box().ifPresent(box -> text.append("box: ").append(quoted(box)).append('\n'));
    text.append("variants:\n");
    profile.variants().forEach((name, variant) -> append(text, name, variant));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Profile.Variant variant) {
    text.append("  ").append(quoted(name)).append(":\n");
    variant
        .library()
        .ifPresent(library -> text.append("    library: ").append(quoted(library)).append('\n'));
    text.append("    constants:\n");
    variant
        .constants()
        .forEach((constant, value) ->
            text.append("      ")
                .append(quoted(constant))
                .append(": ")
                .append(number(value, CONSTANT_DIGITS))
                .append('\n'));
    text.append(
        "    fit: {data: %s, date: %s, rows: %d}\n"
            .formatted(
                quoted(variant.fit().data()), quoted(variant.fit().date()), variant.fit().rows()));
    variant
        .fit()
        .search()
        .ifPresent(search ->
            text.append(
                "    search: {seed: %d, evaluations: %d, rows: %d, warmth: %s, platform: %s}\n"
                    .formatted(
                        search.seed(),
                        search.evaluations(),
                        search.rows(),
                        quoted(search.warmth()),
                        quoted(search.platform()))));
    variant
        .heldOut()
        .ifPresent(error ->
            text.append(
                "    held_out: {rows: %d, geo: %s, median: %s, p90: %s, bias: %s}\n"
                    .formatted(
                        error.rows(),
                        number(error.geo(), ERROR_DIGITS),
                        number(error.median(), ERROR_DIGITS),
                        number(error.p90(), ERROR_DIGITS),
                        number(error.bias(), ERROR_DIGITS))));
    text.append("    band: ").append(band(variant.band())).append('\n');
    if (!variant.regimes().isEmpty()) {
      text.append("    regimes:\n");
      variant
          .regimes()
          .forEach((regime, band) ->
              text.append("      %s: %s\n".formatted(quoted(regime), band(band))));
    }
    variant
        .bandFrom()
        .ifPresent(rows -> text.append("    band_from: ").append(quoted(rows)).append('\n'));
  }

  private static String band(Band band) {
    return "{low: %s, high: %s}"
        .formatted(number(band.low(), ERROR_DIGITS), number(band.high(), ERROR_DIGITS));
  }

  /** A number as the file has it. */
  static double rounded(double value) {
    return new BigDecimal(value).round(CONSTANT_DIGITS).doubleValue();
  }

  private static String number(double value, MathContext digits) {
    return Double.toString(new BigDecimal(value).round(digits).doubleValue());
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
