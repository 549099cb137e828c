package dev.ridgeline.serving.traffic;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Reads times of a trace: seconds, or dates with a time such as {@code 2023-11-16 18:15:46.6805900}
 * and maybe an offset, which become seconds after the first one.
 */
final class TraceClock {
  private static final int DATE = 10;
  private static final long NANOS = 1_000_000_000L;

  private final TracePlace place;
  private long firstNanos = Long.MIN_VALUE;

  TraceClock(TracePlace place) {
    this.place = place;
  }

  double seconds(String text) {
    if (text.length() <= DATE || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return place.number(text, "arrival_s");
    }
    long nanos = sinceEpoch(text);
    if (firstNanos == Long.MIN_VALUE) {
      firstNanos = nanos;
    }
    return (nanos - firstNanos) / (double) NANOS;
  }

  private long sinceEpoch(String text) {
    int end = DATE + 1;
    while (end < text.length() && "0123456789:.".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    try {
      long days = LocalDate.parse(text.substring(0, DATE)).toEpochDay();
      long inDay = LocalTime.parse(text.substring(DATE + 1, end)).toNanoOfDay();
      long offset =
          end == text.length() ? 0 : ZoneOffset.of(text.substring(end)).getTotalSeconds() * NANOS;
      return Math.addExact(Math.multiplyExact(days, 86_400 * NANOS), inDay) - offset;
    } catch (DateTimeException | ArithmeticException notOne) {
      throw place.broken("arrival_s", text, "must be seconds or a date and time");
    }
  }
}
