package dev.ridgeline.cli;

import dev.ridgeline.calibration.Calibration;
import dev.ridgeline.calibration.Fitter;
import dev.ridgeline.calibration.Measurements;
import dev.ridgeline.calibration.OperatorTable;
import dev.ridgeline.calibration.PowerFit;
import dev.ridgeline.calibration.ProfileFit;
import dev.ridgeline.calibration.Starts;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.catalog.profile.ProfileText;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.cli.data.CalibrationData;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.page.CalibrationPage;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline calibrate}: fits a profile to a table of measured operator calls. */
final class CalibrateCommand implements Command {
  private static final String SEED = "--seed";
  private static final String EVALUATIONS = "--evaluations";
  private static final String ROWS = "--rows";
  private static final String DATE = "--date";
  private static final String LIBRARY = "--library";
  static final String RESUME = "--resume";
  static final String DEFAULT = "--default";
  private static final String UNFINISHED = ".part";
  private static final int REPORTS = 10;

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("calibrate");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Fits the constants of an operator's kernels to a table of measured calls, with a fifth"
                + " of the families of shapes held out, and writes them as a profile. Says which"
                + " constants the data cannot tell, and how far off the held-out rows are. The band"
                + " around a prediction comes from refits without parts of the other rows.")
        .footer(
            "",
            "Where OP is power, FILE is a folder of tables called *_OPERATOR_power.csv with the"
                + " columns power_w and power_limit_w, and shares of board power are fitted.",
            "",
            "With --default, --on and --in name two chips or more and their tables in the same order,"
                + " separated by commas. One set of constants is fitted to all, each chip with equal"
                + " weight, for chips that nobody measured. Errors are those of each chip left out of"
                + " a fit to the others.",
            "",
            "estimate, require, simulate, predict and validate read the profile with --profiles FILE,"
                + " or with --profiles DIR all those of a folder.",
            "",
            "Example:",
            "  ridgeline calibrate gemm --on h100-sxm --engine trtllm@1.3.0rc20 --in gemm.csv.gz"
                + " --out profiles/gemm.yaml",
            "  ridgeline calibrate gemm --default --on h100-sxm,l40s --engine trtllm@1.3.0rc20"
                + " --in h100.csv,l40s.csv --out profiles/gemm-any.yaml");
    TableOption.declare(
        command,
        "Software that was measured, with its release.",
        "Table of calls with latency_us: CSV with a header, plain or compressed by gzip.",
        "Where the profile goes.");
    command.addOption(SubjectOption.option(SEED, "N", "Seed of the search (default 1)."));
    command.addOption(
        SubjectOption.option(
            EVALUATIONS,
            "N",
            "Most evaluations for each variant, those for the band included (default %d)."
                .formatted(Fitter.Settings.USUAL.evaluations())));
    command.addOption(
        SubjectOption.option(
            ROWS,
            "N",
            "Rows looked at while the search is narrowed down (default %d)."
                .formatted(Fitter.Settings.USUAL.rows())));
    command.addOption(SubjectOption.option(DATE, "DAY", "Day the profile states (default today)."));
    command.addOption(
        SubjectOption.option(
            LIBRARY,
            "PREFIX=NAME,...",
            "Variants that belong to a library and not to the engine, such as nccl=nccl 2.29.2."));
    command.addOption(
        OutputOption.flag(
            RESUME,
            "Go on with a run that was broken off: keep the variants it had finished. Its settings"
                + " must be the same."));
    command.addOption(
        OutputOption.flag(
            DEFAULT, "Fit one set of constants to several chips, for those not measured."));
    OutputOption.declare(command);
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    if (OutputOption.has(parsed, DEFAULT)) {
      return DefaultCalibration.run(parsed, surroundings);
    }
    return parsed.matchedPositionalValue(0, "").equals(BoardPower.OPERATOR)
        ? power(parsed, surroundings)
        : times(TableOption.table(parsed), parsed, surroundings);
  }

  private static <S> int times(
      OperatorTable<S> table, ParseResult parsed, Surroundings surroundings) {
    Subject any = Subject.of(parsed);
    Platform platform = TableOption.platform(parsed, any.chip());
    Subject subject = table.family().ofTheBox().isEmpty() ? any : any.in(platform);
    Path in = TableOption.file(parsed, TableOption.IN, "name the table of measured calls");
    var calibration =
        new Calibration<>(
            table,
            platform,
            TableOption.warmth(parsed),
            settings(parsed),
            String.valueOf(in.getFileName()),
            date(parsed),
            libraries(parsed));
    makeFolder(subject.out());
    refuseTable(subject.out(), in);
    return fit(
        subject, calibration, Measurements.read(table, in), _ -> Map.of(), parsed, surroundings);
  }

  private static int power(ParseResult parsed, Surroundings surroundings) {
    Subject subject = Subject.of(parsed);
    Path in =
        TableOption.file(parsed, TableOption.IN, "name the folder of tables with board power");
    makeFolder(subject.out());
    PowerFit power = PowerFit.read(in, TableOption.platform(parsed, subject.chip()));
    var calibration =
        power.calibration(
            settings(parsed),
            subject.chip().name() + "_*_power.csv.gz",
            date(parsed),
            libraries(parsed));
    return fit(
        subject,
        calibration,
        power.readings(),
        progress -> Map.of(BoardPower.RUNNING, power.common(calibration, progress)),
        parsed,
        surroundings);
  }

  /** What is fitted, and where it goes. */
  private record Subject(
      Chip chip, EngineName engine, String version, Path out, Optional<String> box) {
    static Subject of(ParseResult parsed) {
      EngineName engine = TableOption.ownEngine(parsed);
      return new Subject(
          TableOption.chip(parsed),
          engine,
          engine
              .version()
              .orElseThrow(() ->
                  Problem.of("name the release that was measured, such as trtllm@1.3.0rc20")
                      .withField(TableOption.ENGINE)
                      .withValue(engine.name())
                      .exception()),
          TableOption.file(parsed, TableOption.OUT, "name the profile to write"),
          Optional.empty());
    }

    /** The same, of calls between the chips of a platform. */
    Subject in(Platform platform) {
      return new Subject(chip, engine, version, out, Optional.of(platform.name()));
    }

    Profile profile(String operator, SequencedMap<String, Profile.Variant> variants, String file) {
      var profile = new Profile(operator, chip.name(), engine.name(), version, variants, file);
      return box.map(profile::in).orElse(profile);
    }
  }

  /** How to search. */
  static Fitter.Settings settings(ParseResult parsed) {
    Fitter.Settings usual = Fitter.Settings.USUAL;
    return usual
        .with(
            (int) TableOption.whole(parsed, EVALUATIONS, usual.evaluations(), 1, 1_000_000),
            (int) TableOption.whole(parsed, ROWS, usual.rows(), 10, 1_000_000))
        .withSeed(TableOption.whole(parsed, SEED, 1, 0, Long.MAX_VALUE));
  }

  /**
   * Fits the variants and writes the profile.
   *
   * @param more variants that stand before those of the table
   */
  private static <S> int fit(
      Subject subject,
      Calibration<S> calibration,
      Measurements<S> measurements,
      Function<Fitter.Progress, Map<String, Profile.Variant>> more,
      ParseResult parsed,
      Surroundings surroundings) {
    Path out = subject.out();
    String operator = calibration.table().operator();
    Path unfinished = out.resolveSibling(out.getFileName() + UNFINISHED);
    SequencedMap<String, Profile.Variant> known = new LinkedHashMap<>();
    if (OutputOption.has(parsed, RESUME) && Files.exists(unfinished)) {
      Profile begun = read(unfinished);
      new Resumption(unfinished.toString(), begun)
          .check(
              calibration,
              measurements,
              subject.chip().name(),
              subject.engine().name(),
              subject.version());
      known.putAll(begun.variants());
    }
    var found = new LinkedHashMap<String, Profile.Variant>(known);
    Fitter.Settings settings = calibration.settings();
    var listener =
        new ProfileFit.Listener() {
          @Override
          public void progress(String variant, int evaluations, double loss) {
            report(surroundings.err(), settings, variant, evaluations, loss);
          }

          @Override
          public void done(String variant, Profile.Variant fitted) {
            found.put(variant, fitted);
            write(unfinished, subject.profile(operator, found, ""));
          }
        };
    SequencedMap<String, Calibration.Outcome> outcomes =
        ProfileFit.run(
            calibration, measurements, new Starts(Catalog.shipped().profiles()), known, listener);
    SequencedMap<String, Profile.Variant> variants =
        new LinkedHashMap<>(
            more.apply((evaluations, loss) ->
                report(surroundings.err(), settings, "all together", evaluations, loss)));
    outcomes.forEach((name, outcome) -> variants.put(name, outcome.variant()));
    Profile profile = subject.profile(operator, variants, out.toString());
    write(out, profile);
    delete(unfinished);
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(CalibrationData.of(profile, outcomes))
                : CalibrationPage.of(OutputOption.style(parsed, surroundings), profile, outcomes));
    return ExitCode.DONE;
  }

  /** Tells how a search goes on, at each tenth. */
  static void report(
      PrintStream err, Fitter.Settings settings, String variant, int evaluations, double loss) {
    int step = Math.max(1, settings.evaluations() / REPORTS);
    // Nothing is known before the first loss of a stage.
    if (evaluations % step == 0 && loss < Double.POSITIVE_INFINITY) {
      err.print(
          String.format(
              Locale.ROOT,
              "%s: %d of at most %d evaluations, mean error %.1f %%%n",
              variant,
              evaluations,
              settings.evaluations(),
              100 * Math.expm1(loss)));
    }
  }

  /** Libraries by how their variants begin. */
  static Map<String, String> libraries(ParseResult parsed) {
    Map<String, String> libraries = new LinkedHashMap<>();
    String text = parsed.matchedOptionValue(LIBRARY, "");
    for (String item : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 1 || equals == item.length() - 1) {
        throw Problem.of("expected a prefix of variants, = and a library's name")
            .withField(LIBRARY)
            .withValue(text)
            .exception();
      }
      libraries.put(item.substring(0, equals).strip(), item.substring(equals + 1).strip());
    }
    return libraries;
  }

  /** The day that profiles state, in UTC. */
  static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  /** The day that the profile states. */
  static String date(ParseResult parsed) {
    String text = parsed.matchedOptionValue(DATE, "");
    try {
      return text.isEmpty() ? today() : LocalDate.parse(text).toString();
    } catch (DateTimeParseException bad) {
      throw new InputException(
          Problem.of("must be a day such as 2026-11-23").withField(DATE).withValue(text), bad);
    }
  }

  /** A fit takes a while; that its result has nowhere to go should be known before. */
  static void makeFolder(Path out) {
    Path folder = java.util.Optional.ofNullable(out.toAbsolutePath().getParent()).orElse(out);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot make the folder " + folder)
              .withField(TableOption.OUT)
              .withValue(out.toString()),
          e);
    }
    String wrong =
        Files.isDirectory(out)
            ? "is a directory, not a file"
            : !Files.isWritable(folder) ? "cannot write in " + folder : "";
    if (!wrong.isEmpty()) {
      throw Problem.of(wrong).withField(TableOption.OUT).withValue(out.toString()).exception();
    }
  }

  /** A profile in its place would be all that is left of the measurements. */
  private static void refuseTable(Path out, Path in) {
    if (out.toAbsolutePath().normalize().equals(in.toAbsolutePath().normalize())) {
      throw Problem.of("is the table that is read; name another file to write")
          .withField(TableOption.OUT)
          .withValue(out.toString())
          .exception();
    }
  }

  private static Profile read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Profiles.read(file.toString(), in);
    } catch (IOException e) {
      throw unusable(file, "read", e);
    }
  }

  /** A file appears under its name only when it is whole. */
  static void write(Path file, Profile profile) {
    Path folder = java.util.Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    try {
      Path partial = Files.createTempFile(folder, ".ridgeline", UNFINISHED);
      try {
        Files.writeString(partial, ProfileText.yaml(profile), StandardCharsets.UTF_8);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw unusable(file, "written", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unusable(file, "deleted", e);
    }
  }

  private static InputException unusable(Path file, String what, IOException cause) {
    return new InputException(
        Problem.of("cannot be %s (%s)".formatted(what, cause.getClass().getSimpleName()))
            .in(file.toString()),
        cause);
  }
}
