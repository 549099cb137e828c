package dev.ridgeline.cli.page;

import java.util.List;

/**
 * What the reader's terminal can show.
 *
 * @param colour whether to colour
 * @param plain whether to keep to ASCII
 */
public record Style(boolean colour, boolean plain) {
  /** Columns of a page. */
  public static final int WIDTH = 100;

  private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";
  private static final char FULL = '\u2588';
  private static final List<String> SHADES =
      List.of("\u2588", "\u2593", "\u2592", "\u2591", "\u2573", "\u00b7", "\u25e6");
  private static final List<String> LETTERS = List.of("C", "M", "N", "O", "P", ".", "H");
  private static final List<String> SHADE_COLOURS =
      List.of("34", "35", "36", "33", "31", "90", "32");

  /** A heading. */
  String bold(String text) {
    return coloured("1", text);
  }

  /** What matters less. */
  String dim(String text) {
    return coloured("2", text);
  }

  /** What is as wished. */
  String good(String text) {
    return coloured("32", text);
  }

  /** What is not as wished. */
  String bad(String text) {
    return coloured("31", text);
  }

  /** What needs attention. */
  String warning(String text) {
    return coloured("33", text);
  }

  private String coloured(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** Stands between facts on one line. */
  String separator() {
    return plain ? " | " : " \u00b7 ";
  }

  /** A bar whose length is {@code share} (0 to 1) of {@code width} columns, padded to it. */
  String bar(double share, int width) {
    double columns = Math.clamp(share, 0, 1) * width;
    StringBuilder bar = new StringBuilder(width);
    if (plain) {
      bar.repeat('#', (int) Math.round(columns));
    } else {
      int eighths = (int) Math.round(columns * 8);
      bar.repeat(FULL, eighths / 8);
      if (eighths % 8 > 0) {
        bar.append(EIGHTHS.charAt(eighths % 8));
      } else if (eighths == 0 && share > 0) {
        bar.append(EIGHTHS.charAt(1));
      }
    }
    int length = bar.length();
    return coloured("34", bar.toString()) + " ".repeat(Math.max(0, width - length));
  }

  /** A bar of {@code width} columns cut into parts; each part has its own mark. */
  String splitBar(double[] parts, int width) {
    double total = 0;
    for (double part : parts) {
      total += part;
    }
    StringBuilder bar = new StringBuilder();
    double sum = 0;
    int drawn = 0;
    for (int index = 0; index < parts.length && total > 0; index++) {
      sum += parts[index];
      int end = (int) Math.round(sum / total * width);
      if (end > drawn) {
        bar.append(coloured(SHADE_COLOURS.get(index), mark(index).repeat(end - drawn)));
        drawn = end;
      }
    }
    return bar + " ".repeat(width - drawn);
  }

  /** The mark of a part of a {@link #splitBar}. */
  String mark(int part) {
    return (plain ? LETTERS : SHADES).get(part);
  }

  /** The mark in its colour. */
  String legend(int part) {
    return coloured(SHADE_COLOURS.get(part), mark(part));
  }

  /** A horizontal rule. */
  String rule(int width) {
    return dim((plain ? "-" : "\u2500").repeat(width));
  }

  /** A finished page as the terminal can show it. */
  public String finish(String page) {
    return plain ? ascii(page) : page;
  }

  /** The text in ASCII; what has no near letter becomes a question mark. */
  public static String ascii(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c < 128) {
            ascii.appendCodePoint(c);
          } else {
            ascii.append(
                switch (c) {
                  case 0xb5, 0x3bc -> "u";
                  case 0xb1 -> "+-";
                  case 0xd7 -> "x";
                  case 0xb7, 0x2022 -> "*";
                  case 0xa0, 0x2009, 0x202f -> " ";
                  case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212 -> "-";
                  case 0x2018, 0x2019 -> "'";
                  case 0x201c, 0x201d -> "\"";
                  case 0x2026 -> "...";
                  case 0x2192 -> "->";
                  case 0x2264 -> "<=";
                  case 0x2265 -> ">=";
                  default -> "?";
                });
          }
        });
    return ascii.toString();
  }
}
