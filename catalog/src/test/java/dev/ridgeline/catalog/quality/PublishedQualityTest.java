package dev.ridgeline.catalog.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.Documents;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.NumberFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishedQualityTest {
  private static final Catalog CATALOG = Catalog.shipped();

  private static List<String> methods(String model, Precision precision) {
    return CATALOG.quality().of(CATALOG.model(model), precision).stream()
        .map(QualityFigure::method)
        .toList();
  }

  private static Precision weights(NumberFormat format) {
    return new Precision(Optional.of(format), Optional.empty(), Optional.empty());
  }

  @Test
  void everyFigureIsOfAModelThatShips() {
    assertThat(CATALOG.modelNames())
        .containsAll(
            CATALOG.quality().all().stream().map(QualityFigure::model).distinct().toList());
  }

  @Test
  void quantisedFiguresAreNearTheirBaseline() {
    // A slip of a row or a column of a table would show as a leap.
    for (QualityFigure figure : CATALOG.quality().all()) {
      assertThat(figure.value() / figure.baseline()).as(figure.toString()).isBetween(0.9, 1.1);
    }
  }

  @Test
  void weightsAloneMatchOnlyWideActivations() {
    assertThat(methods("llama-2-7b", weights(NumberFormat.INT4)))
        .containsExactly("AWQ", "rounding to nearest");
    assertThat(methods("llama-2-7b", Precision.all(NumberFormat.INT4))).containsExactly("KIVI-4");
    assertThat(methods("llama-2-7b", Precision.CHECKPOINT)).isEmpty();
    assertThat(methods("llama-3.1-8b", weights(NumberFormat.INT4))).isEmpty();
  }

  @Test
  void figuresOfSeveralFormatsNeedAllOfThem() {
    assertThat(methods("opt-175b", Precision.all(NumberFormat.INT8)))
        .containsExactly("SmoothQuant-O3");
    assertThat(methods("opt-175b", weights(NumberFormat.INT8))).isEmpty();
  }

  @Test
  void aFigureWithoutAFormatOrWithAnUnknownSourceIsRefused() {
    String file =
        """
        schema_version: 1
        sources: {a: Paper}
        figures:
          - {model: opt-13b, method: M, %s metric: P, better: lower, baseline: 1, value: 1,
             source: %s, where: table 1, recalled: false}
        """;
    assertThatThrownBy(
            () -> PublishedQuality.read(Documents.read("test.yaml", file.formatted("", "a"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("names no format");
    assertThatThrownBy(() ->
            PublishedQuality.read(Documents.read("test.yaml", file.formatted("kv: int4,", "b"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("source");
  }
}
