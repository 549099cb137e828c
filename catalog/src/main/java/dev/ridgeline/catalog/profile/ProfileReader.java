package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.kernel.Band;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** Reads profiles. */
final class ProfileReader {
  static final int SCHEMA_VERSION = 1;

  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final double LARGEST = 1e12;
  private static final double SMALLEST = 1e-18;
  private static final double WIDEST = 1e3;

  private ProfileReader() {}

  static Profile read(MappingNode document) {
    MappingReader fields = MappingReader.of(document);
    fields.integer("schema_version", SCHEMA_VERSION, SCHEMA_VERSION);
    SequencedMap<String, Profile.Variant> variants = new LinkedHashMap<>();
    fields.mappingTable("variants").forEach((name, entry) -> variants.put(name, variant(entry)));
    if (variants.isEmpty()) {
      throw fields.invalid("variants", "must not be empty");
    }
    var profile =
        new Profile(
            fields.text("operator"),
            fields.text("chip"),
            fields.text("engine"),
            fields.text("engine_version"),
            fields.optionalMapping("releases").map(ProfileReader::releases),
            fields.optionalText("box"),
            variants,
            document.location().file());
    fields.finish();
    return profile;
  }

  private static Profile.Variant variant(MappingReader entry) {
    SequencedMap<String, Double> constants =
        entry.table("constants", node -> Scalars.number(node, SMALLEST, LARGEST));
    MappingReader fit = entry.mapping("fit");
    String date = fit.text("date");
    if (!DAY.matcher(date).matches()) {
      throw fit.invalid("date", "must be a day such as 2026-11-23");
    }
    SequencedMap<String, Band> regimes = new LinkedHashMap<>();
    entry.optionalMappingTable("regimes").forEach((name, band) -> regimes.put(name, band(band)));
    return new Profile.Variant(
        constants,
        entry.optionalText("library"),
        new Profile.Fit(
            fit.text("data"),
            date,
            fit.integer("rows", 1, Long.MAX_VALUE),
            entry.optionalMapping("search").map(ProfileReader::search)),
        entry.optionalMapping("held_out").map(ProfileReader::accuracy),
        band(entry.mapping("band")),
        regimes,
        entry.optionalText("band_from"),
        entry.mapping().location().line());
  }

  private static Releases releases(MappingReader fields) {
    return new Releases(
        Release.parse(fields.text("first")),
        Release.parse(fields.text("last")),
        fields.optionalText("steps_ahead_since").map(Release::parse));
  }

  private static Band band(MappingReader fields) {
    return new Band(fields.number("low", 1 / WIDEST, 1), fields.number("high", 1, WIDEST));
  }

  private static Profile.Search search(MappingReader fields) {
    return new Profile.Search(
        fields.integer("seed", 0, Long.MAX_VALUE),
        fields.integer("evaluations", 1, Long.MAX_VALUE),
        fields.integer("rows", 1, Long.MAX_VALUE),
        fields.text("warmth"),
        fields.text("platform"));
  }

  private static Profile.Accuracy accuracy(MappingReader fields) {
    return new Profile.Accuracy(
        fields.integer("rows", 1, Long.MAX_VALUE),
        fields.number("geo", 0, LARGEST),
        fields.number("median", 0, LARGEST),
        fields.number("p90", 0, LARGEST),
        fields.number("bias", -1, LARGEST));
  }
}
