package dev.ridgeline.cli.page;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.served.ServedValidation.Group;
import dev.ridgeline.calibration.served.ServedValidation.Point;
import dev.ridgeline.calibration.served.ServedValidation.Report;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;

/** Errors of simulated engines against measured ones. */
public final class ServedPage {
  private ServedPage() {}

  /** The page of the documentation. */
  public static String markdown(Report report) {
    var text =
        new StringBuilder(
            """
            # Accuracy under load

            Simulated mean TPOT and TTFT of served models against measured ones: 10 requests for each one in flight
            (at least 3 where there are many, the opening burst then weighed as the tenth that it is), a closed loop
            without warm-up, the engine's scheduler with 8,192 tokens a step, fitted kernels, and the engine's shipped
            overheads. Ranks of data-parallel attention step together, each with requests of its own. Lengths are uniform
            between 0.8 and 1 of the row's where the row says its day. Rows without a day come from another driver: their
            lengths are fixed, and a step takes two prompts and all who decode, which of 1, 2 and 4 prompts and 2,048,
            4,096 and 8,192 tokens is nearest to vLLM's time to the first token, and for the others not fitted. Median
            and p90 are of exp|ln(predicted/measured)| - 1, so half and double count alike; geo is of the mean of the
            same logarithm. `ridgeline validate served --markdown docs/accuracy-serving.md` writes this page,
            `ridgeline validate served --fit-engines DIR` the engines' overheads and hand-over.

            Rows with a measured TPOT below a decode step of one request at the datasheet's roofline must emit several
            tokens a step (speculative decoding, which the rows do not record); they are counted apart, not in the errors.
            """);
    long below = report.points().stream().filter(Point::belowFloor).count();
    text.append(
        String.format(
            Locale.ROOT,
            "%nSimulated: %d rows, %d of them below the floor.%n",
            report.points().size(),
            below));
    apart(text, report.of(true));
    together(text, report.of(false));
    text.append("\n## Not simulated\n\n");
    new TreeMap<>(report.refused())
        .forEach((reason, rows) ->
            text.append(String.format(Locale.ROOT, "- %d rows: %s%n", rows, reason)));
    return text.toString();
  }

  private static void together(StringBuilder text, Report report) {
    section(text, "Prompts and decoding on the same devices", report, _ -> "all");
    section(text, "By engine", report, point -> point.row().backend());
    section(text, "By system", report, point -> point.row().system());
    section(
        text,
        "By whether the engine's overheads were fitted to rows of the model",
        report,
        point -> point.row().backend() + (point.ofFit() ? ", of the fit" : ", held out"));
    section(
        text,
        "By configuration",
        report,
        point ->
            "%s, %s, %s %s"
                .formatted(
                    point.row().backend(),
                    point.row().system(),
                    point.row().model(),
                    point.row().precision()));
  }

  private static void apart(StringBuilder text, Report report) {
    section(text, "Prompts and decoding on devices of their own", report, _ -> "all");
    text.append(
        """

        Workers, their mapping and concurrency are the row's. The router deals requests out in turn, and the time to
        the first token ends when the decode worker has the cache, since that worker answers. A request's hand-over
        between workers takes a constant time of each engine, fitted to the rows named below. The limit of sequences
        of a TensorRT-LLM decode worker is not recorded: it is taken as the power of two (beyond 256 a multiple of 256)
        at or below what the largest concurrency of the deployment leaves to a worker's rank. Decode workers prepare a
        step beside the one before, SGLang's with attention data parallelism excepted.
        """);
    section(
        text,
        "Apart, by engine and system",
        report,
        point -> point.row().backend() + ", " + point.row().system());
    section(
        text,
        "Apart, by whether the hand-over was fitted to the row",
        report,
        point -> point.row().backend() + (point.ofFit() ? ", of the fit" : ", held out"));
    section(
        text,
        "Apart, by configuration",
        report,
        point ->
            "%s, %s, %s %s, attention of %s"
                .formatted(
                    point.row().backend(),
                    point.row().system(),
                    point.row().model(),
                    point.row().precision(),
                    point.row().both().attentionData() > 1 ? "whole layers" : "split heads"));
  }

  private static void section(
      StringBuilder text, String title, Report report, Function<Point, String> property) {
    List<Group> groups = report.by(property);
    text.append("\n## ")
        .append(title)
        .append(
            "\n\n| | rows | TPOT median | geo | p90 | bias | TTFT median | geo | p90 | bias |\n")
        .append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (Group group : groups) {
      text.append("| ")
          .append(group.group())
          .append(" | ")
          .append(group.tpot().rows())
          .append(figures(group.tpot()))
          .append(figures(group.ttft()))
          .append(" |\n");
    }
  }

  private static String figures(ErrorFigures errors) {
    return String.format(
        Locale.ROOT,
        " | %.1f %% | %.1f %% | %.0f %% | %+.1f %%",
        100 * errors.median(),
        100 * errors.geo(),
        100 * errors.p90(),
        100 * errors.bias());
  }
}
