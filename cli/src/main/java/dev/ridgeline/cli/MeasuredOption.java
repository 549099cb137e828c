package dev.ridgeline.cli;

import dev.ridgeline.calibration.ColumnNames;
import dev.ridgeline.calibration.MeasuredLibrary;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options about measured tables. */
final class MeasuredOption {
  static final String TIER = "--tier";
  static final String TABLES = "--tables";
  static final String COLUMNS = "--columns";
  static final String EXTRAPOLATE = "--extrapolate";

  private static final String KERNEL = "kernel";
  private static final String MEASURED = "measured";

  private MeasuredOption() {}

  /** A resolver that reads the tables a scenario names, when they are first asked for. */
  static ScenarioResolver resolver() {
    return new ScenarioResolver(Catalog.shipped())
        .reading(place -> library(place, ColumnNames.OURS).ofOneOfManyOperators())
        .calibrated(TableOption::profiles);
  }

  static void declare(CommandSpec command) {
    command.addOption(
        SubjectOption.option(
            TIER, "TIER", "Who predicts: kernel (default) or measured, from your own tables."));
    command.addOption(
        SubjectOption.option(
            TABLES,
            "DIR|FILE",
            "Measured tables, CSV or Parquet: a file, or a folder to look in for CHIP_OP.csv[.gz]"
                + " or OP_perf.parquet."));
    command.addOption(
        SubjectOption.option(
            COLUMNS,
            "OURS=THEIRS,...",
            "What the tables call our columns; latency_ms stands for times in milliseconds."));
    command.addOption(
        OutputOption.flag(
            EXTRAPOLATE, "Answer outside what was measured at the utilisation of its boundary."));
  }

  /** Whether measured tables predict. */
  static boolean isTierMeasured(ParseResult parsed) {
    String tier = parsed.matchedOptionValue(TIER, KERNEL);
    if (!List.of(KERNEL, MEASURED).contains(tier)) {
      throw Problem.of("unknown value")
          .withField(TIER)
          .withValue(tier)
          .withNearest(tier, List.of(KERNEL, MEASURED))
          .exception();
    }
    return tier.equals(MEASURED);
  }

  /** As {@link #isTierMeasured}; options that only they have are refused without. */
  static boolean isMeasured(ParseResult parsed) {
    if (isTierMeasured(parsed)) {
      return true;
    }
    for (String option : List.of(TABLES, COLUMNS, EXTRAPOLATE)) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("only goes with --tier measured").withField(option).exception();
      }
    }
    return false;
  }

  static MeasuredLibrary library(ParseResult parsed) {
    return library(
        TableOption.required(parsed, TABLES, "name the measured tables, or their folder"),
        parsed.hasMatchedOption(COLUMNS)
            ? ColumnNames.parse(COLUMNS, parsed.matchedOptionValue(COLUMNS, ""))
            : ColumnNames.OURS);
  }

  private static MeasuredLibrary library(String place, ColumnNames names) {
    return new MeasuredLibrary(SubjectOption.path(TABLES, place), names, MeasuredOption::namesChip);
  }

  private static boolean namesChip(String text, String chip) {
    try {
      return Catalog.shipped().chip(text).chip().name().equals(chip);
    } catch (InputException none) {
      return false;
    }
  }
}
