package dev.ridgeline.cli.data;

import dev.ridgeline.catalog.quality.QualityFigure;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Published quality figures, as words and as keys. */
public final class QualityText {
  private QualityText() {}

  /** One line each. */
  public static List<String> lines(List<QualityFigure> figures) {
    return figures.stream().map(QualityText::line).toList();
  }

  private static String line(QualityFigure figure) {
    return String.format(
        Locale.ROOT,
        "%s (%s): %s %s, %s as released; %s is better (%s, %s%s)",
        figure.method(),
        figure.formats(),
        figure.metric(),
        figure.value(),
        figure.baseline(),
        figure.lowerIsBetter() ? "lower" : "higher",
        figure.source(),
        figure.where(),
        figure.recalled() ? "; recalled, not looked up again" : "");
  }

  /** The keys. */
  static Data data(List<QualityFigure> figures) {
    List<Data> items = new ArrayList<>();
    for (QualityFigure figure : figures) {
      items.add(
          Data.fields()
              .put("method", figure.method())
              .put("weights", name(figure.weights()))
              .put("activations", name(figure.activations()))
              .put("kv", name(figure.kv()))
              .put("metric", figure.metric())
              .put("better", figure.lowerIsBetter() ? "lower" : "higher")
              .put("baseline", figure.baseline())
              .put("value", figure.value())
              .put("source", figure.source())
              .put("where", figure.where())
              .put("recalled", figure.recalled())
              .build());
    }
    return new Data.Items(items);
  }

  private static Data name(Optional<NumberFormat> format) {
    return format.<Data>map(known -> new Data.Text(known.name())).orElseGet(Data.Nothing::new);
  }
}
