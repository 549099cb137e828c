package dev.ridgeline.cli;

import java.util.Locale;

/** How far a run is, in one line beside the answer; only where that goes to a terminal. */
final class ProgressBar implements AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000;
  private static final int WIDTH = 30;

  private final Surroundings surroundings;
  private final String what;
  private final long expected;
  private final long start = System.nanoTime();
  private long shown = start;
  private int length;

  /**
   * Nothing done yet.
   *
   * @param expected steps in all; 0 where unknown
   */
  ProgressBar(Surroundings surroundings, String what, long expected) {
    this.surroundings = surroundings;
    this.what = what;
    this.expected = expected;
  }

  /** So many steps are done. */
  void at(long done) {
    if (!surroundings.terminal()) {
      return;
    }
    long now = System.nanoTime();
    if (now - shown < EVERY_NANOS) {
      return;
    }
    shown = now;
    double seconds = (now - start) / 1e9;
    StringBuilder line = new StringBuilder();
    if (expected > 0) {
      double share = Math.min(1, (double) done / expected);
      int full = (int) (share * WIDTH);
      line.append('[').repeat('=', full).repeat(' ', WIDTH - full).append("] ");
      line.append(String.format(Locale.ROOT, "%3.0f %%  ", 100 * share));
    }
    line.append(String.format(Locale.ROOT, "%,d %s, %,.0f a second", done, what, done / seconds));
    show(line.toString());
  }

  private void show(String line) {
    surroundings.err().print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
    surroundings.err().flush();
    length = line.length();
  }

  /** Leaves an empty line behind. */
  @Override
  public void close() {
    if (length > 0) {
      show("");
      surroundings.err().print("\r");
      surroundings.err().flush();
    }
  }
}
