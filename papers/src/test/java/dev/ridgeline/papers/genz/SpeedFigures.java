package dev.ridgeline.papers.genz;

import static dev.ridgeline.papers.genz.MarkdownText.number;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a question takes.
 *
 * @param stepSeconds Ridgeline prices a step of a bound program
 * @param bindSeconds binds a program to a platform
 * @param compileSeconds compiles a model and a mapping
 */
record SpeedFigures(double stepSeconds, double bindSeconds, double compileSeconds) {
  private static final Pattern STEP =
      Pattern.compile("\\| one step of Llama 3\\.1 70B at TP 8 priced .*\\| ([0-9.]+) µs,.*");
  private static final Pattern COMPILE =
      Pattern.compile("\\| binding a compiled program .*\\| ([0-9.]+) µs; ([0-9.]+) µs \\|");
  private static final double MICRO = 1e-6;
  private static final double MILLI = 1e-3;

  /**
   * A call of GenZ on a 70B model, TP 8, batch 8, 2048 tokens in and 256 out: commit 091bdd0,
   * Python 3.11.7, numpy 2.4.6, pandas 3.0.6, one thread, processor time, median of 9 runs of 20
   * calls.
   */
  private record Call(String what, double milliseconds) {}

  private static final List<Call> GENZ =
      List.of(
          new Call("prefill, `prefill_moddeling`", 86),
          new Call("decode, `decode_moddeling`", 82),
          new Call("chunked, 64 decodes as one group", 93),
          new Call("chunked, 64 decodes listed", 883),
          new Call("decode, memory only", 6.5),
          new Call("decode, operators and rooflines alone, no tables", 1.16));

  /** Reads Ridgeline's from the table of the README. */
  static SpeedFigures read(Path readme) {
    try {
      String text = Files.readString(readme);
      Matcher step = found(STEP, text);
      Matcher compile = found(COMPILE, text);
      return new SpeedFigures(
          MICRO * Double.parseDouble(step.group(1)),
          MICRO * Double.parseDouble(compile.group(1)),
          MICRO * Double.parseDouble(compile.group(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("README.md has no line like " + pattern);
    }
    return matcher;
  }

  private double allSeconds() {
    return stepSeconds + bindSeconds + compileSeconds;
  }

  void write(MarkdownText page) {
    page.heading("Speed");
    page.paragraph(
        "One step of a 70B model at TP 8. GenZ builds its operators anew for each call; a search"
            + " with Ridgeline compiles a model and a mapping once, binds a platform once and then"
            + " prices steps. So both ratios are given: against all three, and against a step alone.");
    page.tableHead(
        1,
        List.of(
            "GenZ's call",
            "ms",
            "over compiling, binding and a step, %s µs".formatted(number(allSeconds() / MICRO)),
            "over a step, %s µs".formatted(number(stepSeconds / MICRO))));
    for (Call call : GENZ) {
      double seconds = call.milliseconds() * MILLI;
      page.row(
          call.what(),
          number(call.milliseconds()),
          rounded(seconds / allSeconds()),
          rounded(seconds / stepSeconds));
    }
    page.line("");
    page.paragraph(
        "GenZ: 70B model, batch 8, 2048 tokens in and 256 out; commit `091bdd0`, Python 3.11.7,"
            + " numpy 2.4.6, pandas 3.0.6; one thread, processor time, median of 9 runs of 20 calls"
            + " on a shared machine; the last line by a profile of the call. Ridgeline: the figures"
            + " of the [README](../README.md#accuracy-and-speed), JMH on one core of a shared"
            + " machine (`bench/run`). The two were not run at the same time.");
  }

  /** Two digits: neither side was measured more sharply. */
  private static String rounded(double ratio) {
    return new BigDecimal(ratio).round(new MathContext(2)).toPlainString();
  }
}
