package dev.ridgeline.cli;

import dev.ridgeline.calibration.OperatorTable;
import dev.ridgeline.calibration.OperatorTables;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options of commands that work on tables of one operator. */
final class TableOption {
  static final String OPERATOR = "OP";
  static final String ON = "--on";
  static final String ENGINE = "--engine";
  static final String IN = "--in";
  static final String OUT = "--out";
  static final String PROFILES = "--profiles";
  static final String WARMTH = "--warmth";
  static final String TOPOLOGY = "--topology";

  private static final String DEFAULT_ENGINE = "trtllm";

  private TableOption() {}

  static void declare(CommandSpec command, String engine, String in, String out) {
    command.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel(OPERATOR)
            .type(String.class)
            .description(String.join(", ", OperatorTables.operators()) + ".")
            .build());
    command.addOption(SubjectOption.option(ON, "CHIP", "Name of a chip, or its YAML file."));
    command.addOption(SubjectOption.option(ENGINE, "NAME[@VERSION]", engine));
    command.addOption(SubjectOption.option(IN, "FILE", in));
    command.addOption(SubjectOption.option(OUT, "FILE", out));
    command.addOption(
        SubjectOption.option(
            WARMTH,
            "STATE",
            "What caches hold: warm (default), as in a benchmark that repeats a call, or cold."));
    command.addOption(
        SubjectOption.option(
            TOPOLOGY,
            "PLATFORM",
            "What collectives run on (default: the box in which the chip's were measured, else its"
                + " standard node)."));
    command.addOption(
        SubjectOption.option(
            PROFILES,
            "DIR|FILE",
            "Profiles that calibrate wrote, which come before those of the catalog."));
  }

  static OperatorTable<?> table(ParseResult parsed) {
    return named(OPERATOR, () -> OperatorTables.named(parsed.matchedPositionalValue(0, "")));
  }

  static Chip chip(ParseResult parsed) {
    String name = required(parsed, ON, "name a chip, such as --on h100-sxm");
    return named(ON, () -> Catalog.shipped().chip(name).chip());
  }

  /** The engine that is named, whatever its release. */
  static EngineName engine(ParseResult parsed) {
    String text = parsed.matchedOptionValue(ENGINE, DEFAULT_ENGINE);
    return named(ENGINE, () -> EngineName.parse(text));
  }

  /** The engine that is named, also one that the catalog does not know. */
  static EngineName ownEngine(ParseResult parsed) {
    String text = parsed.matchedOptionValue(ENGINE, DEFAULT_ENGINE);
    return named(ENGINE, () -> EngineName.own(text));
  }

  /**
   * The engine that is named, which must run on the chip, in a release that the catalog knows;
   * profiles of somebody's own bring releases of their own.
   */
  static EngineName knownEngine(ParseResult parsed, Chip chip) {
    EngineName asked = ownEngine(parsed);
    if (!asked.isKnown() && profiles(parsed).ownRelease(asked).isPresent()) {
      return asked;
    }
    if (parsed.hasMatchedOption(ENGINE)) {
      Catalog catalog = Catalog.shipped();
      named(
          ENGINE,
          () -> {
            String known =
                parsed.hasMatchedOption(PROFILES)
                    ? asked.name()
                    : parsed.matchedOptionValue(ENGINE, "");
            catalog.requireRuns(catalog.engine(known), chip);
            return asked;
          });
    }
    return asked;
  }

  /** What the operator runs on: for collectives the network around the chip counts. */
  static Platform platform(ParseResult parsed, Chip chip) {
    return platform(parsed, chip, Optional.empty());
  }

  /**
   * The same where a table of the chip tells what it ran on.
   *
   * @param measured that platform
   */
  static Platform platform(ParseResult parsed, Chip chip, Optional<String> measured) {
    String standard =
        chip.nodeChips() > 1
            ? chip.nodeChips() + "x" + parsed.matchedOptionValue(ON, "")
            : parsed.matchedOptionValue(ON, "");
    String name = parsed.matchedOptionValue(TOPOLOGY, measured.orElse(standard));
    Platform platform = named(TOPOLOGY, () -> Catalog.shipped().platform(name));
    if (!platform.chip().name().equals(chip.name())) {
      throw Problem.of("joins %s, not %s".formatted(platform.chip().name(), chip.name()))
          .withField(TOPOLOGY)
          .withValue(name)
          .exception();
    }
    return platform;
  }

  static Warmth warmth(ParseResult parsed) {
    String text = parsed.matchedOptionValue(WARMTH, "warm");
    for (Warmth warmth : Warmth.values()) {
      if (warmth.name().toLowerCase(Locale.ROOT).equals(text)) {
        return warmth;
      }
    }
    throw Problem.of("unknown value")
        .withField(WARMTH)
        .withValue(text)
        .withNearest(text, List.of("warm", "cold"))
        .exception();
  }

  static Profiles profiles(ParseResult parsed) {
    return parsed.hasMatchedOption(PROFILES)
        ? profiles(parsed.matchedOptionValue(PROFILES, ""))
        : Catalog.shipped().profiles();
  }

  /** Those of a folder or a file before those of the catalog. */
  static Profiles profiles(String place) {
    return Catalog.shipped().profiles().with(SubjectOption.path(PROFILES, place));
  }

  static Path file(ParseResult parsed, String option, String advice) {
    return SubjectOption.path(option, required(parsed, option, advice));
  }

  static String required(ParseResult parsed, String option, String advice) {
    if (!parsed.hasMatchedOption(option)) {
      throw Problem.of(advice).withField(option).exception();
    }
    return parsed.matchedOptionValue(option, "");
  }

  /** A whole number from {@code min} to {@code max}. */
  static long whole(ParseResult parsed, String option, long usual, long min, long max) {
    if (!parsed.hasMatchedOption(option)) {
      return usual;
    }
    String text = parsed.matchedOptionValue(option, "").strip();
    Function<String, Problem> refusal =
        value ->
            Problem.of("must be a whole number from %d to %d".formatted(min, max))
                .withField(option)
                .withValue(value);
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notOne) {
      throw new InputException(refusal.apply(text), notOne);
    }
    throw refusal.apply(text).exception();
  }

  private static <T> T named(String field, Supplier<T> lookup) {
    try {
      return lookup.get();
    } catch (InputException refused) {
      Problem problem = refused.problem();
      throw problem.file().isPresent()
          ? refused
          : new InputException(problem.withField(field), refused);
    }
  }
}
