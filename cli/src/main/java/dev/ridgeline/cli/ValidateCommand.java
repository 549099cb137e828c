package dev.ridgeline.cli;

import dev.ridgeline.calibration.Ceilings;
import dev.ridgeline.calibration.LeftOutValidation;
import dev.ridgeline.calibration.OperatorTable;
import dev.ridgeline.calibration.OperatorTables;
import dev.ridgeline.calibration.PowerValidation;
import dev.ridgeline.calibration.SiliconValidation;
import dev.ridgeline.calibration.batch.BatchValidation;
import dev.ridgeline.calibration.served.ServedFit;
import dev.ridgeline.calibration.served.ServedValidation;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.catalog.profile.ProfileText;
import dev.ridgeline.cli.chart.ScatterSvg;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.ValidationData;
import dev.ridgeline.cli.page.ServedPage;
import dev.ridgeline.cli.page.ValidationPage;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline validate}: predictions against measurements. */
final class ValidateCommand implements Command {
  private static final String REFERENCE = "RIDGELINE_REFERENCE";
  private static final String DEFAULT_REFERENCE = "../shared/reference";
  private static final int LEFT_OUT = 2000;
  private static final String SERVED = "served";
  private static final String CHIPS = "--chips";
  private static final String MARKDOWN = "--markdown";
  private static final String SVG = "--svg";
  private static final String CEILINGS = "--ceilings";
  private static final String LOWER = "--lower-ceilings";
  private static final String FIT_ENGINES = "--fit-engines";

  /** Stands for the releases that the published runs were measured with. */
  private static final String RELEASES = "2024";

  private static final String DEFAULT_CHIPS = "a100-sxm,h100-sxm,l40s,gb200";

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("validate");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Holds predicted operator times against measured ones: errors by operator, chip and"
                + " format on shapes that no fit has seen, and how many rows fall inside the band.")
        .footer(
            "",
            "Tables are looked for in the folder silicon of the one that RIDGELINE_REFERENCE names,"
                + " as CHIP_OPERATOR.csv.gz, and those of board power as"
                + " CHIP_OPERATOR_power.csv.gz; end-to-end reads published runs of whole batches"
                + " in the folder measured, leaving out one model at a time.",
            "",
            "Example:",
            "  ridgeline validate gemm --chips h100-sxm");
    command.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .paramLabel(TableOption.OPERATOR)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(
                "Operators (default all): %s, %s; or %s: simulated engines against measured ones."
                    .formatted(
                        String.join(", ", OperatorTables.operators()),
                        BatchValidation.OPERATOR,
                        SERVED))
            .build());
    command.addOption(
        SubjectOption.option(
            CHIPS, "NAME,...", "Chips (default \"%s\").".formatted(DEFAULT_CHIPS)));
    command.addOption(
        SubjectOption.option(
            TableOption.PROFILES, "DIR", "Profiles that come before those of the catalog."));
    command.addOption(
        SubjectOption.option(
            MeasuredOption.TIER,
            "TIER",
            "kernel (default), or measured: each table against itself, rows and whole curves left"
                + " out one at a time."));
    command.addOption(
        SubjectOption.option(MARKDOWN, "FILE", "Write the page of docs/accuracy.md to FILE."));
    command.addOption(
        SubjectOption.option(SVG, "FILE", "Draw predicted against measured times to FILE."));
    command.addOption(
        SubjectOption.option(
            CEILINGS, "FILE", "Fail with exit code 1 where an error is above its ceiling."));
    command.addOption(
        OutputOption.flag(LOWER, "Bring the ceilings down to today's errors, and add new ones."));
    command.addOption(
        SubjectOption.option(
            FIT_ENGINES,
            "DIR",
            "With %s or %s: fit what engines add to the runs, and write the profiles into DIR."
                .formatted(BatchValidation.OPERATOR, SERVED)));
    OutputOption.declare(command);
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    String place = surroundings.environment().getOrDefault(REFERENCE, "");
    Path root = Path.of(place.isBlank() ? DEFAULT_REFERENCE : place);
    Path folder = root.resolve("silicon");
    if (!Files.isDirectory(root)) {
      throw Problem.of(
              "there is no folder of measured tables here; name one with the environment variable "
                  + REFERENCE)
          .in(folder.toString())
          .exception();
    }
    List<String> named = parsed.matchedPositionalValue(0, List.of());
    if (named.equals(List.of(SERVED))) {
      return served(parsed, surroundings, root);
    }
    List<OperatorTable<?>> tables = new ArrayList<>();
    named.stream()
        .filter(name -> !name.equals(BatchValidation.OPERATOR))
        .forEach(name -> tables.add(OperatorTables.named(name)));
    List<SiliconValidation.Result> results = new ArrayList<>();
    Map<String, List<SiliconValidation.Point>> points = new LinkedHashMap<>();
    List<SiliconValidation.Result> readings = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    for (OperatorTable<?> table : named.isEmpty() ? OperatorTables.all() : tables) {
      for (String chip : parsed.matchedOptionValue(CHIPS, DEFAULT_CHIPS).split(",", -1)) {
        Path file =
            folder.resolve(
                "%s_%s.csv.gz"
                    .formatted(chip.strip().replace('-', '_'), table.operator().replace('-', '_')));
        if (Files.exists(file)) {
          SiliconValidation.Report report = run(table, chip.strip(), file, parsed);
          results.addAll(report.results());
          points.computeIfAbsent(table.operator(), _ -> new ArrayList<>()).addAll(report.points());
          report.unpriced().forEach(reason -> unpriced.add(chip.strip() + " " + reason));
        }
        Path power = Path.of(file.toString().replace(".csv.gz", "_power.csv.gz"));
        if (Files.exists(power) && !MeasuredOption.isTierMeasured(parsed)) {
          readings.addAll(power(table, chip.strip(), power, parsed));
        }
      }
    }
    results.addAll(readings);
    Path measured = root.resolve("measured");
    boolean wholeRuns =
        named.isEmpty()
            ? !parsed.hasMatchedOption(CHIPS)
            : named.contains(BatchValidation.OPERATOR);
    Optional<Path> engines = folderOfEngines(parsed, wholeRuns);
    if (wholeRuns && Files.isDirectory(measured)) {
      BatchValidation runs = BatchValidation.of(measured, Catalog.shipped());
      SiliconValidation.Report report = runs.report();
      engines.ifPresent(into -> writeEngines(runs, into));
      results.addAll(report.results());
      points.put(BatchValidation.OPERATOR, report.points());
      unpriced.addAll(report.unpriced());
    }
    if (results.isEmpty()) {
      throw Problem.of("no measured tables of these operators and chips, or no constants for them")
          .in(folder.toString())
          .exception();
    }
    write(parsed, MARKDOWN, ValidationPage.markdown(results, unpriced));
    write(parsed, SVG, ScatterSvg.of(points));
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(ValidationData.of(results, unpriced))
                : ValidationPage.of(OutputOption.style(parsed, surroundings), results, unpriced));
    return ceilings(parsed, results, surroundings);
  }

  /** Known before anything is fitted. */
  private static Optional<Path> folderOfEngines(ParseResult parsed, boolean wholeRuns) {
    Optional<Path> folder =
        Optional.<String>ofNullable(parsed.matchedOptionValue(FIT_ENGINES, null))
            .map(text -> SubjectOption.path(FIT_ENGINES, text));
    folder.ifPresent(into -> {
      if (!wholeRuns) {
        throw Problem.of("belongs to %s and %s".formatted(BatchValidation.OPERATOR, SERVED))
            .withField(FIT_ENGINES)
            .exception();
      }
      if (!Files.isDirectory(into)) {
        throw Problem.of("is no folder").in(into.toString()).withField(FIT_ENGINES).exception();
      }
    });
    return folder;
  }

  private static void writeEngines(BatchValidation runs, Path into) {
    writeEngines(runs.profiles(CalibrateCommand.today(), RELEASES), into);
  }

  private static void writeEngines(List<Profile> profiles, Path into) {
    for (Profile profile : profiles) {
      write(FIT_ENGINES, into.resolve(profile.name() + ".yaml"), ProfileText.yaml(profile));
    }
  }

  private static int fitServed(Path into, Surroundings surroundings, Path reference) {
    List<Profile> profiles =
        ServedFit.profiles(Catalog.shipped(), reference, CalibrateCommand.today());
    writeEngines(profiles, into);
    profiles.forEach(profile -> surroundings.out().println(into.resolve(profile.name() + ".yaml")));
    return ExitCode.DONE;
  }

  private static int served(ParseResult parsed, Surroundings surroundings, Path reference) {
    if (!Files.exists(reference.resolve(ServedValidation.TABLE))) {
      throw Problem.of("no table of served models")
          .in(reference.resolve(ServedValidation.TABLE).toString())
          .exception();
    }
    Optional<Path> engines = folderOfEngines(parsed, true);
    if (engines.isPresent()) {
      return fitServed(engines.get(), surroundings, reference);
    }
    String page = ServedPage.markdown(ServedValidation.run(Catalog.shipped(), reference, 1));
    write(parsed, MARKDOWN, page);
    surroundings.out().print(page);
    return ExitCode.DONE;
  }

  private static <S> SiliconValidation.Report run(
      OperatorTable<S> table, String chipName, Path file, ParseResult parsed) {
    Catalog catalog = Catalog.shipped();
    Chip chip = catalog.chip(chipName).chip();
    Platform platform =
        catalog.platform(chip.nodeChips() > 1 ? chip.nodeChips() + "x" + chipName : chipName);
    KernelProfiles profiles = TableOption.profiles(parsed).under(EngineName.parse("trtllm"));
    return MeasuredOption.isTierMeasured(parsed)
        ? LeftOutValidation.run(
            table, platform, profiles, LeftOutValidation.Reference.KERNEL, file, LEFT_OUT)
        : SiliconValidation.run(table, platform, profiles, file);
  }

  private static List<SiliconValidation.Result> power(
      OperatorTable<?> table, String chipName, Path file, ParseResult parsed) {
    KernelProfiles profiles = TableOption.profiles(parsed).under(EngineName.parse("trtllm"));
    Chip chip = Catalog.shipped().chip(chipName).chip();
    return PowerValidation.run(table.operator(), chip, profiles, file);
  }

  private static int ceilings(
      ParseResult parsed, List<SiliconValidation.Result> results, Surroundings surroundings) {
    if (!parsed.hasMatchedOption(CEILINGS)) {
      return ExitCode.DONE;
    }
    Path file = SubjectOption.path(CEILINGS, parsed.matchedOptionValue(CEILINGS, ""));
    Ceilings known = Files.exists(file) ? Ceilings.read(file) : new Ceilings(Map.of());
    List<String> exceeded = known.exceeded(results);
    if (OutputOption.has(parsed, LOWER)) {
      write(parsed, CEILINGS, known.lowered(results));
    }
    exceeded.forEach(problem -> surroundings.err().println("above its ceiling: " + problem));
    return exceeded.isEmpty() ? ExitCode.DONE : ExitCode.INFEASIBLE;
  }

  private static void write(ParseResult parsed, String option, String content) {
    if (!parsed.hasMatchedOption(option)) {
      return;
    }
    write(option, SubjectOption.path(option, parsed.matchedOptionValue(option, "")), content);
  }

  private static void write(String option, Path file, String content) {
    try {
      Files.writeString(file, content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be written (%s)".formatted(e.getClass().getSimpleName()))
              .in(file.toString())
              .withField(option),
          e);
    }
  }
}
