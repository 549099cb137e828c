package dev.ridgeline.serving.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Writes each batch as a row of CSV, in order of their ends; times to the nanosecond. */
public final class IterationCsv implements IterationSink {
  private static final String HEADER =
      "replica,start_s,end_s,batch_size,prefill_tokens,decode_tokens\n";

  private final Writer writer;
  private final CsvText row = new CsvText();

  /** Writes the header. */
  public IterationCsv(Writer writer) {
    this.writer = writer;
    try {
      writer.write(HEADER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void ended(
      int replica,
      long startNanos,
      long endNanos,
      int batchSize,
      long prefillTokens,
      long decodeTokens) {
    row.start()
        .whole(replica)
        .time(startNanos)
        .time(endNanos)
        .whole(batchSize)
        .whole(prefillTokens)
        .whole(decodeTokens)
        .writeTo(writer);
  }
}
