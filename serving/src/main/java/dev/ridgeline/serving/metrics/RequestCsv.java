package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes each request as a row of CSV, in order of arrival; times to the nanosecond. Rows wait for
 * those of earlier requests. Refused requests have no row.
 */
public final class RequestCsv implements RequestSink {
  private static final String HEADER =
      "id,arrived_s,input_tokens,output_tokens,first_scheduled_s,first_token_s,completed_s,"
          + "preemptions,prefix_hit_tokens,replica\n";

  private final Writer writer;
  private final CsvText row = new CsvText();
  private final Map<Long, String> waiting = new HashMap<>();
  private long next;

  /** Writes the header. */
  public RequestCsv(Writer writer) {
    this.writer = writer;
    write(HEADER);
  }

  @Override
  public void ended(RequestTable table, int slot) {
    put(
        table.id[slot],
        row.start()
            .whole(table.id[slot])
            .time(table.arrivalNanos[slot])
            .whole(table.input[slot])
            .whole(table.output[slot])
            .time(table.firstScheduledNanos[slot])
            .time(table.firstTokenNanos[slot])
            .time(table.lastTokenNanos[slot])
            .whole(table.preemptions[slot])
            .whole(table.prefixHits[slot])
            .whole(table.replica[slot])
            .text());
  }

  @Override
  public void rejected(RequestTable table, int slot) {
    put(table.id[slot], "");
  }

  private void put(long id, String text) {
    waiting.put(id, text);
    String ready = waiting.remove(next);
    while (ready != null) {
      write(ready);
      ready = waiting.remove(++next);
    }
  }

  private void write(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
