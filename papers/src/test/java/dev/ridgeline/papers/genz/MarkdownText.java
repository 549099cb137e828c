package dev.ridgeline.papers.genz;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Text of a page, and numbers as it writes them. */
final class MarkdownText {
  private static final MathContext DIGITS = new MathContext(4);
  private static final MathContext ALL_PRINTED = new MathContext(9);

  /** Below this share of a per cent nothing is to be seen. */
  private static final double LEAST_SHARE = 0.0005;

  private final StringBuilder text = new StringBuilder();

  void line(String line) {
    text.append(line).append('\n');
  }

  void paragraph(String words) {
    line(words);
    line("");
  }

  void heading(String words) {
    paragraph("## " + words);
  }

  /** The head of a table whose columns from {@code numbersFrom} on hold numbers. */
  void tableHead(int numbersFrom, List<String> titles) {
    row(titles);
    List<String> words = Collections.nCopies(numbersFrom, "---");
    List<String> numbers = Collections.nCopies(titles.size() - numbersFrom, "--:");
    row(words, numbers);
  }

  void row(String... cells) {
    row(List.of(cells));
  }

  void row(List<String> cells) {
    row(cells, List.of());
  }

  private void row(List<String> cells, List<String> more) {
    text.append('|');
    cells.forEach(this::cell);
    more.forEach(this::cell);
    text.append('\n');
  }

  private void cell(String content) {
    text.append(' ').append(content.replace("|", "\\|")).append(" |");
  }

  /** Four digits, no exponent. */
  static String number(double value) {
    return plain(value, DIGITS);
  }

  /** As many digits as a table printed. */
  static String printed(double value) {
    return plain(value, ALL_PRINTED);
  }

  private static String plain(double value, MathContext digits) {
    BigDecimal rounded = new BigDecimal(value).round(digits).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }

  /** A signed share in per cent; nothing where it is nothing. */
  static String percent(double share) {
    double percent = 100 * share;
    return Math.abs(percent) < LEAST_SHARE
        ? ""
        : String.format(Locale.ROOT, Math.abs(percent) < 0.1 ? "%+.3f" : "%+.1f", percent);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
