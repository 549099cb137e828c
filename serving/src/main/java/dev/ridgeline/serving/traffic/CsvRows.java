package dev.ridgeline.serving.traffic;

import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.units.Problem;
import java.util.Arrays;

/** Rows of comma-separated values under a header. */
final class CsvRows implements TraceRows {
  private static final int MOST_IDS = 1 << 24;

  private final TracePlace place;
  private final TraceColumns columns;
  private final int[] starts;
  private final int[] ends;
  private final TraceClock clock;
  private double seconds;
  private String timeText = "";

  CsvRows(TracePlace place, TraceColumns columns) {
    this.place = place;
    this.columns = columns;
    this.starts = new int[columns.count()];
    this.ends = new int[columns.count()];
    this.clock = new TraceClock(place);
  }

  @Override
  public boolean read(String row, Arrival into) {
    split(row);
    if (columns.arrival() >= 0) {
      timeText = text(row, columns.arrival());
      seconds = clock.seconds(timeText);
    }
    into.inputTokens = place.tokens(text(row, columns.input()), "input_tokens", 1);
    into.outputTokens =
        place.tokens(text(row, columns.output()), "output_tokens", columns.failures() ? 0 : 1);
    into.priority = columns.priority() < 0 ? 0 : priority(row);
    into.session = columns.session() < 0 ? -1 : session(row);
    into.content = columns.hashIds() < 0 ? PromptContent.UNKNOWN : content(row, into.inputTokens);
    return into.outputTokens > 0;
  }

  @Override
  public double seconds() {
    return seconds;
  }

  @Override
  public String timeText() {
    return timeText;
  }

  private void split(String row) {
    int field = 0;
    int start = 0;
    for (int at = 0; at <= row.length(); at++) {
      if (at == row.length() || row.charAt(at) == ',') {
        if (field < starts.length) {
          starts[field] = start;
          ends[field] = at;
        }
        field++;
        start = at + 1;
      }
    }
    if (field != columns.count()) {
      throw Problem.of("has %d fields, the header %d".formatted(field, columns.count()))
          .at(place.file, place.line)
          .withValue(row)
          .exception();
    }
  }

  private String text(String row, int column) {
    return row.substring(starts[column], ends[column]).strip();
  }

  private int priority(String row) {
    String text = text(row, columns.priority());
    double value = place.number(text, "priority");
    if (value != Math.rint(value) || Math.abs(value) > TracePlace.MOST_TOKENS) {
      throw place.broken("priority", text, "must be a whole number");
    }
    return (int) value;
  }

  private long session(String row) {
    String text = text(row, columns.session());
    if (text.isEmpty()) {
      return -1;
    }
    double value = place.number(text, "session");
    if (value != Math.rint(value) || value < -1 || value > Long.MAX_VALUE / 2.0) {
      throw place.broken("session", text, "must be a whole number");
    }
    return (long) value;
  }

  private PromptContent content(String row, int inputTokens) {
    String text = text(row, columns.hashIds());
    if (text.isEmpty()) {
      return PromptContent.UNKNOWN;
    }
    long[] ids = new long[Math.ceilDiv(inputTokens, TraceFile.HASH_TOKENS)];
    int count = 0;
    for (String item : text.split(" +", -1)) {
      int dash = item.indexOf('-', 1);
      long first = id(dash < 0 ? item : item.substring(0, dash), text);
      long last = dash < 0 ? first : id(item.substring(dash + 1), text);
      if (last < first || last - first > MOST_IDS) {
        throw place.broken("hash_ids", item, "is no run of ids");
      }
      for (long id = first; id <= last; id++) {
        if (count == ids.length) {
          throw place.blocks(text, inputTokens);
        }
        ids[count++] = id;
      }
    }
    if (count < ids.length) {
      throw place.blocks(text, inputTokens);
    }
    return new PromptContent(Arrays.copyOf(ids, count), TraceFile.HASH_TOKENS);
  }

  private long id(String text, String all) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw place.broken("hash_ids", all, "must be whole numbers or runs such as 46-57");
    }
  }
}
