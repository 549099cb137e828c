package dev.ridgeline.cli.page;

import java.util.ArrayList;
import java.util.List;

/** Collects the lines of a page. */
final class Page {
  /** Characters that a text needs beside its lead. */
  private static final int LEAST_BESIDE = 20;

  private final StringBuilder text = new StringBuilder();
  private final Style style;

  Page(Style style) {
    this.style = style;
  }

  Style style() {
    return style;
  }

  Page line(String line) {
    text.append(line.stripTrailing()).append('\n');
    return this;
  }

  Page gap() {
    text.append('\n');
    return this;
  }

  Page heading(String heading) {
    return line(style.bold(heading));
  }

  /** A dotted list, wrapped; nothing where it is empty. */
  Page list(String heading, List<String> items) {
    if (!items.isEmpty()) {
      gap().heading(heading);
      for (String item : items) {
        hanging("  - ", item);
      }
    }
    return this;
  }

  /**
   * A text that starts with {@code lead}; further lines are indented by as much. A lead that leaves
   * little of the width has a line of its own.
   */
  Page hanging(String lead, String content) {
    if (lead.length() > Style.WIDTH - LEAST_BESIDE) {
      line(lead.stripTrailing());
      return hanging(" ".repeat(Style.WIDTH / 2), content);
    }
    String indent = " ".repeat(lead.length());
    String start = lead;
    for (String part : wrapped(content, Style.WIDTH - lead.length())) {
      line(start + part);
      start = indent;
    }
    return this;
  }

  /** The text cut at spaces into lines of at most {@code width}; a longer word is cut through. */
  static List<String> wrapped(String content, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String word : content.split(" ", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      String rest = word;
      if (!current.isEmpty() && current.length() + 1 + rest.length() > width) {
        lines.add(current.toString());
        current.setLength(0);
      }
      while (rest.length() > width) {
        lines.add(rest.substring(0, width));
        rest = rest.substring(width);
      }
      current.append(current.isEmpty() ? "" : " ").append(rest);
    }
    if (!current.isEmpty()) {
      lines.add(current.toString());
    }
    return lines;
  }

  /** {@code text} with spaces after it up to {@code width}. */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** {@code text} with spaces before it up to {@code width}. */
  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** The page as the terminal can show it. */
  String finish() {
    return style.finish(text.toString());
  }
}
