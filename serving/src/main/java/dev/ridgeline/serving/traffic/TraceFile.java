package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A trace in CSV, read line by line: {@code arrival_s, input_tokens, output_tokens} and maybe
 * {@code hash_ids}, or the columns of Vidur, splitwise-sim and BurstGPT, which are known by name.
 * Arrivals are seconds and never earlier than the one before; lengths are whole tokens, at least 1.
 * {@code hash_ids} are the ids of the prompt's blocks of 512 tokens, separated by spaces, {@code
 * 46-57} for a run of them.
 */
public final class TraceFile implements ArrivalSource {
  /** Mooncake's traces name blocks of so many tokens (Qin et al., FAST 2025). */
  public static final int HASH_TOKENS = 512;

  private static final int MOST_TOKENS = 1 << 29;
  private static final int MOST_IDS = 1 << 24;

  private final String name;
  private final BufferedReader reader;
  private final TraceColumns columns;
  private final double timeScale;
  private final long limit;
  private final int[] starts;
  private final int[] ends;
  private int line = 1;
  private long read;
  private double lastSeconds;

  private TraceFile(
      String name, BufferedReader reader, TraceColumns columns, double timeScale, long limit) {
    this.name = name;
    this.reader = reader;
    this.columns = columns;
    this.timeScale = timeScale;
    this.limit = limit;
    this.starts = new int[columns.count()];
    this.ends = new int[columns.count()];
  }

  /**
   * Opens a trace.
   *
   * @param timeScale arrivals are multiplied by this, above 0
   * @param limit at most so many requests
   * @throws InputException where it cannot be read; broken rows are refused when they are reached
   */
  public static TraceFile open(Path file, double timeScale, long limit) {
    String name = file.toString();
    BufferedReader reader;
    try {
      reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    try {
      String header = reader.readLine();
      if (header == null || header.isBlank()) {
        throw Problem.of("is empty; a trace starts with its column names").in(name).exception();
      }
      return new TraceFile(name, reader, TraceColumns.of(header, name), timeScale, limit);
    } catch (IOException e) {
      closeQuietly(reader);
      throw unreadable(name, e);
    } catch (InputException refused) {
      closeQuietly(reader);
      throw refused;
    }
  }

  private static void closeQuietly(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException ignored) {
      // The refusal under way says more.
    }
  }

  private static InputException unreadable(String name, IOException cause) {
    String reason =
        cause instanceof CharacterCodingException
            ? "is not UTF-8 text"
            : "cannot be read (%s)".formatted(cause.getClass().getSimpleName());
    return new InputException(Problem.of(reason).in(name), cause);
  }

  @Override
  public boolean next(Arrival into) {
    if (read >= limit) {
      return false;
    }
    String row = nextRow();
    if (row.isEmpty()) {
      return false;
    }
    split(row);
    double seconds = arrival(row);
    into.timeNanos = scaled(seconds, row);
    into.inputTokens = tokens(row, columns.input(), "input_tokens");
    into.outputTokens = tokens(row, columns.output(), "output_tokens");
    into.priority = columns.priority() < 0 ? 0 : priority(row);
    into.content = columns.hashIds() < 0 ? PromptContent.UNKNOWN : content(row, into.inputTokens);
    read++;
    return true;
  }

  /** The next line that is not blank; an empty text at the end. */
  private String nextRow() {
    try {
      while (true) {
        String row = reader.readLine();
        if (row == null) {
          return "";
        }
        line++;
        if (!row.isBlank()) {
          return row;
        }
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
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
          .at(name, line)
          .withValue(row)
          .exception();
    }
  }

  private String text(String row, int column) {
    return row.substring(starts[column], ends[column]).strip();
  }

  private double arrival(String row) {
    String text = text(row, columns.arrival());
    double seconds = number(text, "arrival_s");
    if (seconds < 0) {
      throw broken("arrival_s", text, "must not be negative");
    }
    if (seconds < lastSeconds) {
      throw broken("arrival_s", text, "is before the row above; sort the trace by arrival");
    }
    lastSeconds = seconds;
    return seconds;
  }

  private long scaled(double seconds, String row) {
    double time = seconds * timeScale;
    if (!(time < Nanos.NEVER / (4 * Nanos.PER_SECOND))) {
      throw broken("arrival_s", text(row, columns.arrival()), "is too far in the future");
    }
    return Nanos.of(time);
  }

  private int tokens(String row, int column, String field) {
    String text = text(row, column);
    double tokens = number(text, field);
    if (tokens != Math.rint(tokens) || tokens < 1 || tokens > MOST_TOKENS) {
      throw broken(field, text, "must be a whole number from 1 to " + MOST_TOKENS);
    }
    return (int) tokens;
  }

  private int priority(String row) {
    String text = text(row, columns.priority());
    double value = number(text, "priority");
    if (value != Math.rint(value) || Math.abs(value) > MOST_TOKENS) {
      throw broken("priority", text, "must be a whole number");
    }
    return (int) value;
  }

  private double number(String text, String field) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw broken(field, text, "must be a number");
  }

  private PromptContent content(String row, int inputTokens) {
    String text = text(row, columns.hashIds());
    if (text.isEmpty()) {
      return PromptContent.UNKNOWN;
    }
    long[] ids = new long[Math.ceilDiv(inputTokens, HASH_TOKENS)];
    int count = 0;
    for (String item : text.split(" +", -1)) {
      int dash = item.indexOf('-', 1);
      long first = id(dash < 0 ? item : item.substring(0, dash), text);
      long last = dash < 0 ? first : id(item.substring(dash + 1), text);
      if (last < first || last - first > MOST_IDS) {
        throw broken("hash_ids", item, "is no run of ids");
      }
      for (long id = first; id <= last; id++) {
        if (count == ids.length) {
          throw broken("hash_ids", text, tooMany(inputTokens));
        }
        ids[count++] = id;
      }
    }
    if (count < ids.length) {
      throw broken("hash_ids", text, tooMany(inputTokens));
    }
    return new PromptContent(Arrays.copyOf(ids, count), HASH_TOKENS);
  }

  private static String tooMany(int inputTokens) {
    return "%d tokens have %d blocks of %d"
        .formatted(inputTokens, Math.ceilDiv(inputTokens, HASH_TOKENS), HASH_TOKENS);
  }

  private long id(String text, String all) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw broken("hash_ids", all, "must be whole numbers or runs such as 46-57");
    }
  }

  private InputException broken(String field, String value, String reason) {
    return Problem.of(reason).at(name, line).withField(field).withValue(value).exception();
  }

  @Override
  public void close() {
    closeQuietly(reader);
  }
}
