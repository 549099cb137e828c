package dev.ridgeline.serving.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Rows of whole numbers and times, written without an object for each. */
final class CsvText {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final StringBuilder row = new StringBuilder(128);

  CsvText start() {
    row.setLength(0);
    return this;
  }

  CsvText whole(long value) {
    separate();
    row.append(value);
    return this;
  }

  /** In seconds, to the nanosecond. */
  CsvText time(long nanos) {
    separate();
    row.append(nanos / NANOS_PER_SECOND).append('.');
    long rest = nanos % NANOS_PER_SECOND;
    for (long unit = NANOS_PER_SECOND / 10; unit > rest && unit > 1; unit /= 10) {
      row.append('0');
    }
    row.append(rest);
    return this;
  }

  private void separate() {
    if (!row.isEmpty()) {
      row.append(',');
    }
  }

  String text() {
    return row.append('\n').toString();
  }

  void writeTo(Writer writer) {
    try {
      writer.append(row).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
