package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A trace, read row by row, so that its length does not matter. The form is told by the first line:
 *
 * <ul>
 *   <li>CSV with {@code arrival_s, input_tokens, output_tokens} and maybe {@code hash_ids}, {@code
 *       priority}, {@code session}. {@code hash_ids} are the ids of the prompt's blocks of 512
 *       tokens, separated by spaces, {@code 46-57} for a run of them;
 *   <li>CSV with the columns of the Azure LLM inference traces, of BurstGPT, of Vidur or of
 *       splitwise-sim;
 *   <li>Mooncake's JSON lines.
 * </ul>
 *
 * <p>Arrivals are never earlier than the one before; dates count from the first one. Lengths are
 * whole tokens, at least 1; BurstGPT marks failed requests by 0 output tokens, and these are left
 * out. A name that ends in {@code .gz} is uncompressed on the way.
 */
public final class TraceFile implements ArrivalSource {
  /** Mooncake's traces name blocks of so many tokens (Qin et al., FAST 2025). */
  public static final int HASH_TOKENS = 512;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final TracePlace place;
  private final BufferedReader reader;
  private final TraceRows rows;
  private final double timeScale;
  private final long limit;
  private final boolean timed;
  private String ahead;
  private long read;
  private double lastSeconds;

  private TraceFile(
      TracePlace place,
      BufferedReader reader,
      String firstLine,
      double timeScale,
      long limit,
      boolean timed) {
    this.place = place;
    this.reader = reader;
    this.timeScale = timeScale;
    this.limit = limit;
    this.timed = timed;
    boolean json = firstLine.startsWith("{");
    this.rows =
        json
            ? new JsonRows(place)
            : new CsvRows(place, TraceColumns.of(firstLine, place.file, timed));
    this.ahead = json ? firstLine : "";
  }

  /**
   * Opens a trace.
   *
   * @param timeScale arrivals are multiplied by this, above 0
   * @param limit at most so many requests
   * @throws InputException where it cannot be read; broken rows are refused when they are reached
   */
  public static TraceFile open(Path file, double timeScale, long limit) {
    return open(file, timeScale, limit, true);
  }

  /**
   * Opens a trace of which the lengths alone count; it may have no arrivals, and what it has of
   * them is neither read nor checked.
   *
   * @param limit at most so many requests
   * @throws InputException where it cannot be read; broken rows are refused when they are reached
   */
  public static TraceFile openLengths(Path file, long limit) {
    return open(file, 1, limit, false);
  }

  private static TraceFile open(Path file, double timeScale, long limit, boolean timed) {
    TracePlace place = new TracePlace(file.toString());
    BufferedReader reader;
    try {
      reader = reader(file);
    } catch (IOException e) {
      throw unreadable(place.file, e);
    }
    try {
      String header = reader.readLine();
      place.line = 1;
      if (header == null || header.isBlank()) {
        throw Problem.of("is empty; a trace starts with its column names")
            .in(place.file)
            .exception();
      }
      String first = header.startsWith(BYTE_ORDER_MARK) ? header.substring(1) : header;
      return new TraceFile(place, reader, first.strip(), timeScale, limit, timed);
    } catch (IOException e) {
      closeQuietly(reader);
      throw unreadable(place.file, e);
    } catch (InputException refused) {
      closeQuietly(reader);
      throw refused;
    }
  }

  private static BufferedReader reader(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }
    InputStream raw = Files.newInputStream(file);
    try {
      return new BufferedReader(
          new InputStreamReader(new GZIPInputStream(raw), StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      raw.close();
      throw e;
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
    while (read < limit) {
      String row = nextRow();
      if (row.isEmpty()) {
        return false;
      }
      boolean request = rows.read(row, into);
      if (timed) {
        into.timeNanos = time();
      }
      if (request) {
        read++;
        return true;
      }
    }
    return false;
  }

  /** The next line that is not blank; an empty text at the end. */
  private String nextRow() {
    if (!ahead.isEmpty()) {
      String first = ahead;
      ahead = "";
      return first;
    }
    try {
      while (true) {
        String row = reader.readLine();
        if (row == null) {
          return "";
        }
        place.line++;
        if (!row.isBlank()) {
          return row;
        }
      }
    } catch (IOException e) {
      throw unreadable(place.file, e);
    }
  }

  private long time() {
    double seconds = rows.seconds();
    if (seconds < 0) {
      throw place.broken("arrival_s", rows.timeText(), "must not be negative");
    }
    if (seconds < lastSeconds) {
      throw place.broken(
          "arrival_s", rows.timeText(), "is before the row above; sort the trace by arrival");
    }
    lastSeconds = seconds;
    double time = seconds * timeScale;
    if (!(time < Nanos.NEVER / (4 * Nanos.PER_SECOND))) {
      throw place.broken("arrival_s", rows.timeText(), "is too far in the future");
    }
    return Nanos.of(time);
  }

  @Override
  public void close() {
    closeQuietly(reader);
  }
}
