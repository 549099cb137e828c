package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clusters as splitwise-sim (8f99e7d) ran them, with its own times of machines. */
class RecordedPoolsTest {
  @TempDir private Path folder;

  private JsonNode simulate(String pools) {
    Path recorded = RecordedSchedules.folder().resolve("splitwise");
    Run run =
        Run.of(
            "simulate",
            "--pools",
            pools,
            "--trace",
            recorded.resolve("conv_8rps_1000.csv").toString(),
            "--machine-table",
            recorded.resolve("perf_curves_median.csv").toString(),
            "--requests-out",
            folder.resolve("requests.csv").toString(),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  /**
   * Its times are known to four decimals only, so late ties between machines may fall otherwise.
   */
  @Test
  void promptAndTokenMachinesAreSplitwises() {
    String name = "bloom_splitwise_hh_3p2t_mixed_pool";
    JsonNode ours = simulate("prefill=3xdgx-h100,decode=2xdgx-h100");
    compare(name, ours, List.of("mean", "p50", "p90", "p99"), 0.01);
    List<String[]> recorded = RecordedSchedules.rows("splitwise", name + ".requests.csv");
    List<String[]> rows = RecordedSchedules.rows(folder.resolve("requests.csv"));
    assertThat(rows).hasSameSizeAs(recorded);
    for (int row = 0; row < 600; row++) {
      assertThat(rows.get(row)[9])
          .as("token machine of request %d", row)
          .isEqualTo(recorded.get(row)[7]);
    }
  }

  /**
   * Where memory runs out, a difference of one request in one batch changes all that follows, so
   * percentiles are only near; what comes before is the same.
   */
  @Test
  void machinesThatDoBothAreNearSplitwises() {
    String name = "bloom_baseline_a100x4_token_jsq";
    JsonNode ours = simulate("both=4xdgx-a100");
    compare(name, ours, List.of("mean"), 0.01);
    compare(name, ours, List.of("p50", "p90", "p99"), 0.05);
    List<String[]> recorded = RecordedSchedules.rows("splitwise", name + ".requests.csv");
    List<String[]> rows = RecordedSchedules.rows(folder.resolve("requests.csv"));
    for (int row = 0; row < 400; row++) {
      double ttft = Double.parseDouble(rows.get(row)[5]) - Double.parseDouble(rows.get(row)[1]);
      assertThat(ttft)
          .as("request %d", row)
          .isCloseTo(Double.parseDouble(recorded.get(row)[4]), within(1e-4));
    }
  }

  private static void compare(String name, JsonNode ours, List<String> figures, double tolerance) {
    JsonNode recorded = RecordedSchedules.parameters("splitwise", name);
    SoftAssertions softly = new SoftAssertions();
    for (String metric : List.of("ttft_s", "e2e_s")) {
      for (String figure : figures) {
        double theirs = recorded.get(metric).get(figure).asDouble();
        softly
            .assertThat(ours.get(metric).get(figure).asDouble())
            .as("%s %s", metric, figure)
            .isCloseTo(theirs, within(tolerance * theirs));
      }
    }
    softly.assertAll();
  }
}
