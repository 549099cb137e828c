package dev.ridgeline.catalog.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of an engine, by the numbers that lead its name.
 *
 * @param numbers such as 1, 3, 0 of {@code 1.3.0rc17}; empty where it starts with none
 * @param text as it was written
 */
public record Release(List<Integer> numbers, String text) implements Comparable<Release> {
  private static final Pattern NUMBER = Pattern.compile("\\G[v.]?(\\d{1,9})");

  /**
   * Numbers with what releases have behind them: {@code 1.3.0rc17}, {@code
   * 0.9.0.2.dev108+g71faa1880}.
   */
  private static final Pattern RELEASE =
      Pattern.compile(
          "v?\\d{1,9}(\\.\\d{1,9}){0,4}([.-]?(a|b|rc|dev|post)\\d{0,9})?([+-][\\w.]*)?");

  private static final int FIRST_YEAR = 2000;

  /** Patches are this much nearer to each other than minor releases, and so on. */
  private static final double FINER = 1e-3;

  /** Copies the numbers. */
  public Release {
    numbers = List.copyOf(numbers);
  }

  /** The release of a name; any text is one. */
  public static Release parse(String text) {
    List<Integer> numbers = new ArrayList<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      numbers.add(Integer.parseInt(matcher.group(1)));
    }
    return new Release(numbers, text);
  }

  /** Whether a text is written as releases are. */
  public static boolean isRelease(String text) {
    return RELEASE.matcher(text).matches();
  }

  /** Whether it stands for all releases of a year, as {@code 2024} does. */
  boolean isYear() {
    return numbers.size() == 1 && number(0) >= FIRST_YEAR;
  }

  @Override
  public int compareTo(Release other) {
    int longest = Math.max(numbers.size(), other.numbers.size());
    for (int place = 0; place < longest; place++) {
      int order = Integer.compare(number(place), other.number(place));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Whether it is this release or a later one; patches of a minor release are that release. */
  boolean isSince(Release first) {
    return atLengthOf(first).compareTo(first) >= 0;
  }

  /** Whether it is this release, one of its patches, or an earlier one. */
  boolean isUntil(Release last) {
    return atLengthOf(last).compareTo(last) <= 0;
  }

  /** Whether it is later by at most some minor releases of the same major one. */
  boolean isShortlyAfter(Release last, int minors) {
    return number(0) == last.number(0)
        && number(1) >= last.number(1)
        && number(1) - last.number(1) <= minors;
  }

  /** How far apart two releases are: whole numbers count major releases. */
  double distance(Release other) {
    double distance = 0;
    double weight = 1;
    int longest = Math.max(numbers.size(), other.numbers.size());
    for (int place = 0; place < longest; place++) {
      distance += weight * (number(place) - other.number(place));
      weight *= FINER;
    }
    return Math.abs(distance);
  }

  private Release atLengthOf(Release other) {
    return new Release(numbers.subList(0, Math.min(numbers.size(), other.numbers.size())), text);
  }

  private int number(int place) {
    return place < numbers.size() ? numbers.get(place) : 0;
  }

  /** Where a profile of one release covers exactly this. */
  static Releases alone(String version) {
    Release only = parse(version);
    return new Releases(only, only, Optional.empty());
  }

  @Override
  public String toString() {
    return text;
  }
}
