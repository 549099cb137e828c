package dev.ridgeline.cli.page;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.SiliconValidation;
import dev.ridgeline.calibration.batch.BatchValidation;
import java.util.List;
import java.util.Locale;

/** Errors of predictions against measurements. */
public final class ValidationPage {
  private static final int FIGURE = 9;
  private static final int NAME = 58;

  private static final String WHOLE_RUNS =
      "Published runs of whole batches (LLM-Inference-Bench; TensorRT-LLM documentation up to 0.9) by"
          + " chip and engine.\nOverheads are fitted anew without the model they are scored on"
          + " (*models left out one by one*), or without the\nchip and of any engine (*default"
          + " overheads*); *kernels alone* adds none. Bands are those of the group's own\nresiduals."
          + " *Offline, largest batch* are runs of MLPerf's offline scenario, which state neither batch nor"
          + "\nmapping, *full queue, mapping stated* the throughput tables of TensorRT-LLM since release 0.10:"
          + " as many requests\nin flight as the memory holds, and what is not stated as it gives most"
          + " tokens (docs/engines.md); nothing is fitted\nto them but one"
          + " factor for kernels of AMD's chips. *Under load* are servers that kept so many requests in"
          + " flight (ML.ENERGY's\nleaderboard, version 3, prompts of text), their median time between"
          + " tokens and their energy for a token;\nnothing is fitted to them either."
          + "\n\n";

  private ValidationPage() {}

  /** For a terminal. */
  public static String of(
      Style style, List<SiliconValidation.Result> results, List<String> unpriced) {
    Page page = new Page(style);
    String operator = "";
    for (SiliconValidation.Result result : results) {
      String heading = result.operator() + " on " + result.chip();
      if (!heading.equals(operator)) {
        if (!operator.isEmpty()) {
          page.gap();
        }
        page.heading(
            Page.left(heading, NAME)
                + Page.right("rows", FIGURE)
                + Page.right("geo", FIGURE)
                + Page.right("p90", FIGURE)
                + Page.right("bias", FIGURE)
                + Page.right("in band", FIGURE));
        operator = heading;
      }
      page.line(
          Page.left("  " + result.variant() + ", " + result.region(), NAME)
              + Page.right(Integer.toString(result.errors().rows()), FIGURE)
              + Page.right(percent(result.errors().geo()), FIGURE)
              + Page.right(percent(result.errors().p90()), FIGURE)
              + Page.right(percent(result.errors().bias()), FIGURE)
              + Page.right(percent(result.insideBand()), FIGURE));
    }
    return page.list("Not predicted", unpriced).finish();
  }

  /** The page of the documentation. */
  public static String markdown(List<SiliconValidation.Result> results, List<String> unpriced) {
    var text = new StringBuilder();
    text.append("# Accuracy\n\n")
        .append("Predicted operator times against measured ones, on families of shapes that no fit")
        .append(
            " has seen (where a\nvariant has no such family, on the rows of the fit, marked *).")
        .append(" geo = exp(mean\\|ln(predicted/measured)\\|) - 1;\nmedian and p90 are of")
        .append(" exp\\|ln(predicted/measured)\\| - 1, so half and double count alike; in band =")
        .append(" share of rows\ninside the 80 % band; band = its upper end over its lower.")
        .append(" Of board power the watts\nare compared at the measured times: as metered, with")
        .append(" the gap between calls that the meter of a\ntable saw, and for long calls the")
        .append(" running draw that energies are made of.")
        .append(" `ridgeline validate --markdown docs/accuracy.md` writes\nthis page.\n");
    String operator = "";
    for (SiliconValidation.Result result : results) {
      if (!result.operator().equals(operator)) {
        operator = result.operator();
        text.append("\n## ")
            .append(operator)
            .append("\n\n")
            .append(operator.equals(BatchValidation.OPERATOR) ? WHOLE_RUNS : "")
            .append("| chip | variant | shapes | rows | geo | median | p90 | bias | in band | band")
            .append(" | constants |\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n");
      }
      ErrorFigures errors = result.errors();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s%s | %d | %s | %s | %s | %s | %s | %.2f | %s |\n",
              result.chip(),
              result.variant(),
              result.region(),
              result.heldOut() ? "" : " *",
              errors.rows(),
              percent(errors.geo()),
              percent(errors.median()),
              percent(errors.p90()),
              percent(errors.bias()),
              percent(result.insideBand()),
              result.bandRatio(),
              result.source()));
    }
    if (!unpriced.isEmpty()) {
      text.append("\n## Not predicted\n\n");
      unpriced.forEach(reason -> text.append("- ").append(reason).append('\n'));
    }
    return text.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
