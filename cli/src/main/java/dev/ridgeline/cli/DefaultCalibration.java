package dev.ridgeline.cli;

import dev.ridgeline.calibration.Calibration;
import dev.ridgeline.calibration.DefaultFit;
import dev.ridgeline.calibration.Fitter;
import dev.ridgeline.calibration.Measurements;
import dev.ridgeline.calibration.OperatorTable;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.cli.data.CalibrationData;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.page.CalibrationPage;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline calibrate --default}: constants for chips that nobody measured. */
final class DefaultCalibration {
  private DefaultCalibration() {}

  static int run(ParseResult parsed, Surroundings surroundings) {
    for (String option : List.of(CalibrateCommand.RESUME, TableOption.TOPOLOGY)) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("cannot be combined with " + CalibrateCommand.DEFAULT)
            .withField(option)
            .exception();
      }
    }
    if (parsed.matchedPositionalValue(0, "").equals(BoardPower.OPERATOR)) {
      throw Problem.of("shares of board power are fitted to one chip")
          .withField(CalibrateCommand.DEFAULT)
          .exception();
    }
    return fit(TableOption.table(parsed), parsed, surroundings);
  }

  private static <S> int fit(
      OperatorTable<S> table, ParseResult parsed, Surroundings surroundings) {
    List<String> names =
        split(TableOption.required(parsed, TableOption.ON, "name chips, such as h100-sxm,l40s"));
    List<Path> files =
        split(TableOption.required(parsed, TableOption.IN, "name a table of each chip")).stream()
            .map(name -> SubjectOption.path(TableOption.IN, name))
            .toList();
    if (names.size() < 2) {
      throw Problem.of("needs two chips or more")
          .withField(TableOption.ON)
          .withValue(String.join(",", names))
          .exception();
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw Problem.of("names a chip twice")
          .withField(TableOption.ON)
          .withValue(String.join(",", names))
          .exception();
    }
    if (names.size() != files.size()) {
      throw Problem.of("names %d tables for %d chips".formatted(files.size(), names.size()))
          .withField(TableOption.IN)
          .exception();
    }
    EngineName engine = TableOption.engine(parsed);
    String version =
        engine
            .version()
            .orElseThrow(() ->
                Problem.of("name the release that was measured, such as trtllm@1.3.0rc20")
                    .withField(TableOption.ENGINE)
                    .withValue(engine.name())
                    .exception());
    Path out = TableOption.file(parsed, TableOption.OUT, "name the profile to write");
    CalibrateCommand.makeFolder(out);
    List<DefaultFit.Measured<S>> chips = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      chips.add(measured(table, names.get(i), files.get(i)));
    }
    var fit =
        new DefaultFit<>(
            table,
            chips,
            TableOption.warmth(parsed),
            CalibrateCommand.settings(parsed).withPull(DefaultFit.PULL),
            files.stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining(", ")),
            CalibrateCommand.date(parsed),
            CalibrateCommand.libraries(parsed));
    if (fit.variants().isEmpty()) {
      throw Problem.of("no format was measured on two chips or more")
          .withField(TableOption.IN)
          .exception();
    }
    SequencedMap<String, Calibration.Outcome> outcomes = new LinkedHashMap<>();
    SequencedMap<String, Profile.Variant> variants = new LinkedHashMap<>();
    for (String variant : fit.variants()) {
      Fitter.Progress progress =
          (evaluations, loss) ->
              CalibrateCommand.report(
                  surroundings.err(), fit.settings(), variant, evaluations, loss);
      Calibration.Outcome outcome = fit.fit(variant, progress);
      outcomes.put(variant, outcome);
      variants.put(variant, outcome.variant());
    }
    var profile =
        new Profile(
            table.operator(), Profile.ANY, engine.name(), version, variants, out.toString());
    CalibrateCommand.write(out, profile);
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(CalibrationData.of(profile, outcomes))
                : CalibrationPage.of(OutputOption.style(parsed, surroundings), profile, outcomes));
    return ExitCode.DONE;
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  /** A chip on its standard node, and its table. */
  private static <S> DefaultFit.Measured<S> measured(
      OperatorTable<S> table, String name, Path file) {
    try {
      Chip chip = Catalog.shipped().chip(name).chip();
      String node = chip.nodeChips() > 1 ? chip.nodeChips() + "x" + name : name;
      return new DefaultFit.Measured<>(
          Catalog.shipped().platform(node), Measurements.read(table, file));
    } catch (InputException refused) {
      throw refused.problem().file().isPresent()
          ? refused
          : new InputException(refused.problem().withField(TableOption.ON), refused);
    }
  }
}
