package dev.ridgeline.catalog.quality;

import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The published figures that ship. */
public final class PublishedQuality {
  private static final String FILE = "catalog:quality/published.yaml";
  private static final String RESOURCE = "/dev/ridgeline/catalog/quality/published.yaml";
  private static final double LARGEST = 1e9;

  private final List<QualityFigure> figures;

  private PublishedQuality(List<QualityFigure> figures) {
    this.figures = List.copyOf(figures);
  }

  /** Reads what ships. */
  public static PublishedQuality shipped() {
    try (InputStream in = PublishedQuality.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the catalog lacks " + FILE);
      }
      return read(Documents.read(FILE, in));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    }
  }

  /** Reads a description. */
  static PublishedQuality read(MappingNode document) {
    MappingReader top = MappingReader.of(document);
    top.integer("schema_version", 1, 1);
    Map<String, String> sources = top.table("sources", Scalars::text);
    List<QualityFigure> figures = new ArrayList<>();
    for (MappingReader fields : top.mappings("figures")) {
      figures.add(figure(fields, sources));
    }
    top.finish();
    return new PublishedQuality(figures);
  }

  private static QualityFigure figure(MappingReader fields, Map<String, String> sources) {
    Map<String, NumberFormat> formats = new LinkedHashMap<>();
    for (NumberFormat format : NumberFormat.ALL) {
      formats.put(format.name(), format);
    }
    QualityFigure figure =
        new QualityFigure(
            fields.text("model"),
            fields.text("method"),
            fields.optionalChoice("weights", formats),
            fields.optionalChoice("activations", formats),
            fields.optionalChoice("kv", formats),
            fields.text("metric"),
            fields.choice("better", Map.of("lower", true, "higher", false)),
            fields.number("baseline", 0, LARGEST),
            fields.number("value", 0, LARGEST),
            fields.choice("source", sources),
            fields.text("where"),
            fields.flag("recalled"));
    if (figure.formats().isEmpty()) {
      throw fields.invalid("method", "the figure names no format of weights, activations or kv");
    }
    return figure;
  }

  /** All figures. */
  public List<QualityFigure> all() {
    return figures;
  }

  /** Those of a model in some formats, in the order of the file. */
  public List<QualityFigure> of(Model model, Precision precision) {
    return figures.stream().filter(figure -> figure.matches(model, precision)).toList();
  }

  /** Those of a model in any format. */
  public List<QualityFigure> of(String model) {
    return figures.stream().filter(figure -> figure.model().equals(model)).toList();
  }
}
