package dev.ridgeline.cli;

import dev.ridgeline.calibration.Answers;
import dev.ridgeline.calibration.FittedAnswers;
import dev.ridgeline.calibration.MeasuredAnswers;
import dev.ridgeline.calibration.OperatorTable;
import dev.ridgeline.calibration.OperatorTables;
import dev.ridgeline.calibration.Prediction;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline predict}: how long each operator call of a table takes. */
final class PredictCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("predict");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Adds predicted times to a table of operator calls: predicted_us, an 80 %% band from"
                + " low_us to high_us, and the source of the constants. Other columns, the rows"
                + " and their order are kept.")
        .footer(footer());
    TableOption.declare(
        command,
        "Software whose kernels run (default trtllm). Without a version, each operator is that of"
            + " the release measured on the chip.",
        "Table of calls: CSV with a header, plain or compressed by gzip.",
        "Where the table goes; compressed if the name ends in .gz.");
    MeasuredOption.declare(command);
    OutputOption.declare(command);
    return command;
  }

  /** The columns of each operator, and an example. */
  private static String[] footer() {
    List<String> lines = new ArrayList<>(List.of("", "Columns that make a call:"));
    for (OperatorTable<?> table : OperatorTables.all()) {
      lines.add("  %s: %s".formatted(table.operator(), String.join(", ", table.columns())));
    }
    lines.add("");
    lines.add("Examples:");
    lines.add(
        "  ridgeline predict gemm --on h100-sxm --engine trtllm --in shapes.csv --out times.csv");
    lines.add(
        "  ridgeline predict gemm --on h100-sxm --tier measured --tables mine/ --in shapes.csv"
            + " --out times.csv");
    return lines.toArray(String[]::new);
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    return run(TableOption.table(parsed), parsed, surroundings);
  }

  private static <S> int run(
      OperatorTable<S> table, ParseResult parsed, Surroundings surroundings) {
    Chip chip = TableOption.chip(parsed);
    Profiles known = TableOption.profiles(parsed);
    Platform platform = TableOption.platform(parsed, chip, known.boxOf(table.operator(), chip));
    KernelProfiles profiles = known.under(TableOption.knownEngine(parsed, chip));
    Warmth warmth = TableOption.warmth(parsed);
    Path in = TableOption.file(parsed, TableOption.IN, "name the table of calls");
    Path out = TableOption.file(parsed, TableOption.OUT, "name the file to write");
    Answers<S> answers =
        MeasuredOption.isMeasured(parsed)
            ? new MeasuredAnswers<>(
                table.family(),
                platform,
                profiles,
                MeasuredOption.library(parsed),
                warmth,
                OutputOption.has(parsed, MeasuredOption.EXTRAPOLATE))
            : new FittedAnswers<>(table.family(), platform, profiles, warmth);
    long rows = new Prediction<>(table, answers).run(in, out);
    surroundings
        .err()
        .print(String.format(Locale.ROOT, "%,d %s predicted%n", rows, rows == 1 ? "row" : "rows"));
    return ExitCode.DONE;
  }
}
