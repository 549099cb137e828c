package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * Writes the run in the Trace Event Format (Google, "Trace Event Format", 2016), which Perfetto and
 * Chrome show: a process for each replica with its batches, one with the requests, each from queue
 * over prefill to decode, and counters of what batches hold. Times are microseconds.
 */
public final class ChromeTrace implements RequestSink, IterationSink, AutoCloseable {
  private static final long NANOS = 1000;
  private static final String REQUESTS = "requests";

  private final Writer writer;
  private final int stages;
  private final StringBuilder text = new StringBuilder(256);
  private final long[][] laneEnds;
  private boolean first = true;

  /**
   * Starts the file.
   *
   * @param stages batches that a replica has in flight at once
   */
  public ChromeTrace(Writer writer, int replicas, int stages) {
    this.writer = writer;
    this.stages = stages;
    this.laneEnds = new long[replicas][stages];
    text.append("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
    name("process_name", 0, 0, REQUESTS);
    for (int replica = 0; replica < replicas; replica++) {
      name("process_name", replica + 1, 0, "replica " + replica);
      for (int lane = 0; lane < stages; lane++) {
        name("thread_name", replica + 1, lane + 1, stages == 1 ? "batches" : "batches " + lane);
      }
    }
    flush();
  }

  private void name(String what, int process, int thread, String name) {
    separate();
    text.append("{\"name\":\"").append(what).append("\",\"ph\":\"M\"");
    place(process, thread);
    text.append(",\"args\":{\"name\":\"").append(name).append("\"}}");
  }

  private void separate() {
    text.append(first ? "\n" : ",\n");
    first = false;
  }

  private void place(int process, int thread) {
    text.append(",\"pid\":").append(process).append(",\"tid\":").append(thread);
  }

  private void micros(String key, long nanos) {
    text.append(",\"").append(key).append("\":").append(nanos / NANOS).append('.');
    long rest = nanos % NANOS;
    text.append(rest / 100).append(rest / 10 % 10).append(rest % 10);
  }

  @Override
  public void ended(
      int replica,
      long startNanos,
      long endNanos,
      int batchSize,
      long prefillTokens,
      long decodeTokens) {
    String kind =
        prefillTokens == 0 ? "decode" : decodeTokens == 0 ? "prefill" : "prefill + decode";
    separate();
    text.append("{\"name\":\"").append(kind).append("\",\"ph\":\"X\"");
    place(replica + 1, lane(replica, startNanos, endNanos) + 1);
    micros("ts", startNanos);
    micros("dur", endNanos - startNanos);
    text.append(",\"args\":{\"requests\":").append(batchSize);
    text.append(",\"prefill_tokens\":").append(prefillTokens);
    text.append(",\"decode_tokens\":").append(decodeTokens).append("}}");
    separate();
    text.append("{\"name\":\"batch\",\"ph\":\"C\"");
    place(replica + 1, 0);
    micros("ts", startNanos);
    text.append(",\"args\":{\"requests\":").append(batchSize).append("}}");
    flush();
  }

  /** Batches that overlap in a pipeline lie in lanes of their own. */
  private int lane(int replica, long startNanos, long endNanos) {
    long[] ends = laneEnds[replica];
    int lane = 0;
    while (lane < stages - 1 && ends[lane] > startNanos) {
      lane++;
    }
    ends[lane] = endNanos;
    return lane;
  }

  @Override
  public void ended(RequestTable table, int slot) {
    long id = table.id[slot];
    part(id, "queue", table.arrivalNanos[slot], table.firstScheduledNanos[slot], table, slot);
    part(id, "prefill", table.firstScheduledNanos[slot], table.firstTokenNanos[slot], table, slot);
    if (table.lastTokenNanos[slot] > table.firstTokenNanos[slot]) {
      part(id, "decode", table.firstTokenNanos[slot], table.lastTokenNanos[slot], table, slot);
    }
    flush();
  }

  private void part(long id, String name, long start, long end, RequestTable table, int slot) {
    edge(id, name, 'b', start);
    text.append(",\"args\":{\"input_tokens\":").append(table.input[slot]);
    text.append(",\"output_tokens\":").append(table.output[slot]);
    text.append(",\"preemptions\":").append(table.preemptions[slot]);
    text.append(",\"replica\":").append(table.replica[slot]).append("}}");
    edge(id, name, 'e', end);
    text.append('}');
  }

  private void edge(long id, String name, char phase, long nanos) {
    separate();
    text.append("{\"name\":\"").append(name);
    text.append("\",\"cat\":\"request\",\"ph\":\"").append(phase).append("\",\"id\":").append(id);
    place(0, 0);
    micros("ts", nanos);
  }

  private void flush() {
    try {
      writer.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.setLength(0);
  }

  /** Ends the file; the writer stays open. */
  @Override
  public void close() {
    text.append("\n]}\n");
    flush();
  }
}
