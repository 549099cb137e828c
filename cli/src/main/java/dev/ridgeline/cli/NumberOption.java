package dev.ridgeline.cli;

import dev.ridgeline.units.Problem;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/** Options that are plain numbers. */
final class NumberOption {
  private NumberOption() {}

  /** A whole number within bounds, if the option is given. */
  static OptionalInt whole(ParseResult parsed, String option, int least, int most) {
    OptionalLong value = wholeLong(parsed, option, least, most);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /** A whole number within bounds, if the option is given. */
  static OptionalLong wholeLong(ParseResult parsed, String option, long least, long most) {
    if (!parsed.hasMatchedOption(option)) {
      return OptionalLong.empty();
    }
    String text = parsed.matchedOptionValue(option, "").strip();
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return OptionalLong.of(value);
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw Problem.of("must be a whole number from %d to %d".formatted(least, most))
        .withField(option)
        .withValue(text)
        .exception();
  }

  /** A number above zero, if the option is given. */
  static OptionalDouble positive(ParseResult parsed, String option) {
    OptionalDouble value = real(parsed, option, "must be a number above zero");
    if (value.isPresent() && !(value.getAsDouble() > 0)) {
      throw refused(parsed, option, "must be a number above zero");
    }
    return value;
  }

  /** A number from 0, if the option is given. */
  static OptionalDouble atLeastZero(ParseResult parsed, String option) {
    String wanted = "must be a number from 0";
    OptionalDouble value = real(parsed, option, wanted);
    if (value.isPresent() && !(value.getAsDouble() >= 0)) {
      throw refused(parsed, option, wanted);
    }
    return value;
  }

  /** A number from 0 up to but not including 1, if the option is given. */
  static OptionalDouble share(ParseResult parsed, String option) {
    String wanted = "must be a number from 0 up to, but not including, 1";
    OptionalDouble value = real(parsed, option, wanted);
    if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() < 1)) {
      throw refused(parsed, option, wanted);
    }
    return value;
  }

  private static OptionalDouble real(ParseResult parsed, String option, String wanted) {
    if (!parsed.hasMatchedOption(option)) {
      return OptionalDouble.empty();
    }
    try {
      double value = Double.parseDouble(parsed.matchedOptionValue(option, "").strip());
      if (Double.isFinite(value)) {
        return OptionalDouble.of(value);
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw refused(parsed, option, wanted);
  }

  private static RuntimeException refused(ParseResult parsed, String option, String wanted) {
    return Problem.of(wanted)
        .withField(option)
        .withValue(parsed.matchedOptionValue(option, ""))
        .exception();
  }
}
