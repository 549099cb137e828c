package dev.ridgeline.cli.page;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cli.data.LayerCensus;
import dev.ridgeline.cli.data.ModelFacts;
import dev.ridgeline.cli.data.QualityText;
import dev.ridgeline.mapping.CacheFootprint;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Parameters;
import java.util.Map;

/** A model on one page. */
public final class ModelPage {
  private static final int LABEL = 26;
  private static final int VALUE = 12;

  private ModelPage() {}

  /** The page. */
  public static String of(Style style, ModelFacts facts) {
    Page page = new Page(style);
    Model model = facts.model();
    page.heading(model.name());
    page.line(
        style.dim(
            String.join(
                style.separator(),
                model.family(),
                model.layers().size() + " layers",
                "width " + Figures.count(model.hidden()),
                "vocabulary " + Figures.count(model.vocabulary()),
                "context " + Figures.count(model.maxContext()))));
    parameters(page, facts);
    storage(page, facts);
    page.gap().heading("Layers");
    for (Map.Entry<String, LayerCensus.Kind> kind : LayerCensus.of(model).entrySet()) {
      page.hanging(
          "  "
              + Page.right(kind.getValue().layers() + " x ", 7)
              + Page.left(kind.getKey(), LABEL - 3),
          LayerCensus.describe(kind.getValue().example()));
    }
    page.list("Published quality", QualityText.lines(Catalog.shipped().quality().of(model.name())));
    page.list("Notes", model.notes());
    return page.finish();
  }

  private static void parameters(Page page, ModelFacts facts) {
    Parameters parameters = facts.parameters();
    page.gap().heading("Parameters");
    count(page, "all", facts.servedParameters());
    if (parameters.active() < parameters.language()) {
      count(page, "active for a token", parameters.active());
      count(page, "  less input table", parameters.activeWithoutInputTable());
    }
    count(page, "  layers", parameters.layers());
    count(page, "  embeddings", parameters.embeddings());
    if (parameters.tiedHead()) {
      fact(page, "  head", "tied", "the token table serves as the head");
    } else {
      count(page, "  head", parameters.head());
    }
    if (parameters.vision() > 0) {
      count(page, "  vision", parameters.vision());
    }
    if (parameters.multiTokenPrediction() > 0) {
      count(page, "beside: prediction layers", parameters.multiTokenPrediction());
    }
  }

  private static void storage(Page page, ModelFacts facts) {
    CacheFootprint cache = facts.cache();
    page.gap().heading("Memory");
    StringBuilder formats = new StringBuilder();
    facts
        .bytesByFormat()
        .forEach((format, bytes) ->
            formats
                .append(formats.isEmpty() ? "" : ", ")
                .append(format)
                .append(' ')
                .append(Figures.bytes(bytes)));
    fact(page, "weights as stored", Figures.bytes(facts.weightBytes()), formats.toString());
    if (cache.bytesPerToken() > 0) {
      String format = Precision.CHECKPOINT.kvFormat(facts.model()).name();
      fact(
          page,
          "cache, each token",
          Figures.bytes(cache.bytesPerToken()),
          format + ", in layers that keep all");
    }
    if (cache.windowBytes() > 0) {
      fact(page, "cache, full windows", Figures.bytes(cache.windowBytes()), "for each sequence");
    }
    if (cache.stateBytes() > 0) {
      fact(page, "recurrent state", Figures.bytes(cache.stateBytes()), "for each sequence");
    }
  }

  private static void count(Page page, String label, long count) {
    fact(page, label, Figures.parameters(count), Figures.count(count));
  }

  private static void fact(Page page, String label, String value, String remark) {
    page.hanging("  " + Page.left(label, LABEL) + Page.right(value, VALUE) + "   ", remark);
  }
}
