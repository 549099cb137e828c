package dev.ridgeline.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.serving.request.RequestTable;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunFilesTest {
  private static final long SECOND = 1_000_000_000L;

  /** A request that comes at 0.5 s, starts at 1 s, speaks at 1.25 s and ends at 2.5 s. */
  private static int request(RequestTable table) {
    int slot = table.add(0, SECOND / 2, 100, 6);
    table.firstScheduledNanos[slot] = SECOND;
    table.firstTokenNanos[slot] = 5 * SECOND / 4;
    table.lastTokenNanos[slot] = 5 * SECOND / 2;
    return slot;
  }

  @Test
  void seriesCountWhatHappensInEachStretch() {
    TimeSeries series = new TimeSeries(SECOND, 100, 1);
    RequestTable table = new RequestTable();
    series.ended(table, request(table));
    series.ended(0, SECOND, 5 * SECOND / 4, 1, 100, 0);
    series.ended(0, 5 * SECOND / 4, 5 * SECOND / 2, 1, 0, 1);
    StringWriter text = new StringWriter();
    series.write(text);
    assertThat(text.toString())
        .isEqualTo(
            """
            start_s,arrived,completed,rejected,waiting,running,prefill_tokens,decode_tokens,iterations,mean_batch,busy,ttft_mean_s
            0.000000,1,0,0,1,0,0,0,0,,0.000000,
            1.000000,0,0,0,0,1,100,0,1,1.000000,1.000000,0.750000
            2.000000,0,1,0,0,0,0,1,1,1.000000,0.500000,
            """);
  }

  @Test
  void seriesOfAnyLengthStaySmall() {
    TimeSeries series = new TimeSeries(1000, 64, 1);
    for (int step = 0; step < 10_000; step++) {
      series.ended(0, step * SECOND, (step + 1) * SECOND, 2, 3, 1);
    }
    assertThat(series.size()).isLessThanOrEqualTo(64);
    double prefill = 0;
    for (double rate : series.prefillRate()) {
      prefill += rate * series.stepSeconds();
    }
    assertThat(prefill).isEqualTo(30_000);
  }

  @Test
  void tracesForPerfettoHoldBatchesAndRequests() {
    StringWriter text = new StringWriter();
    ChromeTrace trace = new ChromeTrace(text, 1, 2);
    trace.ended(0, SECOND, 2 * SECOND, 3, 100, 0);
    trace.ended(0, 3 * SECOND / 2, 5 * SECOND / 2, 3, 0, 3);
    RequestTable table = new RequestTable();
    trace.ended(table, request(table));
    trace.close();
    String json = text.toString();
    assertThat(json)
        .startsWith("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")
        .endsWith("}\n]}\n")
        .contains(
            "{\"name\":\"prefill\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1000000.000,\"dur\":1000000.000,")
        .as("overlapping batches lie in lanes")
        .contains("{\"name\":\"decode\",\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":1500000.000,")
        .contains(
            "{\"name\":\"queue\",\"cat\":\"request\",\"ph\":\"b\",\"id\":0,\"pid\":0,\"tid\":0,\"ts\":500000.000,");
    for (String phase : List.of("\"b\"", "\"e\"")) {
      assertThat(json.split("\"ph\":" + phase, -1)).hasSize(4);
    }
  }

  @Test
  void severalSinksAreAllTold() {
    int[] told = {0, 0};
    RequestTable table = new RequestTable();
    RequestSink all = Sinks.requests(List.of((_, _) -> told[0]++, (_, _) -> told[1]++));
    all.ended(table, request(table));
    assertThat(told).containsExactly(1, 1);
    assertThat(Sinks.requests(List.of())).isSameAs(RequestSink.NONE);
    assertThat(Sinks.iterations(List.of())).isSameAs(IterationSink.NONE);
  }
}
