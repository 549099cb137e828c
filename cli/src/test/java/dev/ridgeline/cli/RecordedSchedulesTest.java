package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every batch and every request as Vidur (7d47513) and LLMServingSim's port of vLLM 0.19's
 * scheduler (5daddb2) had them, all with the same closed form for the time of a batch. Recorded
 * times have six decimals, so a start or end may be off by one in the last.
 */
class RecordedSchedulesTest {
  private static final double LAST_DECIMAL = 1.01e-6;
  private static final double REQUEST_SECONDS = 1e-5;

  @TempDir private Path folder;

  static Stream<String> vidur() {
    return RecordedSchedules.names("vidur").stream();
  }

  static Stream<String> conversations() {
    return RecordedSchedules.names("vllm-v1").stream().filter(name -> name.startsWith("conv_qps"));
  }

  @ParameterizedTest
  @MethodSource("vidur")
  void batchesAreVidurs(String name) {
    Run run = simulate(RecordedSchedules.vidur(name));
    compareBatches("vidur", name, 0);
    compareRequests("vidur", name, new int[] {1, 4, 5, 6, 7});
    comparePercentiles("vidur", name, run.json());
    assertThat(run.json().get("preemptions").asInt())
        .isEqualTo(RecordedSchedules.parameters("vidur", name).get("restarts").asInt());
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void batchesAreThoseOfVllm(String name) {
    String rate = name.replaceAll("conv_qps(\\d+)_.*", "$1");
    Path trace = RecordedSchedules.folder().resolve("vidur").resolve("conv2000_unit_poisson.csv");
    String scale =
        rate.equals("3") ? "0.3333333333" : Double.toString(1 / Double.parseDouble(rate));
    Run run = simulate(RecordedSchedules.unified(name, trace, scale));
    compareBatches("vllm-v1", name, 1);
    compareRequests("vllm-v1", name, new int[] {1, 4, 5, 6, 7, 8});
    comparePercentiles("vllm-v1", name, run.json());
  }

  @Test
  void sharedPrefixesAreFoundAsVllmFindsThem() throws IOException {
    String name = "mooncake1000_le16k_x3_prefix_b8192_blocks24000";
    Path traces = RecordedSchedules.folder().resolveSibling("traces");
    List<String> all = Files.readAllLines(traces.resolve("mooncake_conversation.csv"));
    List<String> kept = new ArrayList<>(List.of(all.getFirst()));
    all.stream()
        .skip(1)
        .filter(row -> Integer.parseInt(row.split(",")[1]) <= 16_000)
        .limit(1000)
        .forEach(kept::add);
    Path trace = Files.write(folder.resolve("mooncake.csv"), kept);
    Run run = simulate(RecordedSchedules.unified(name, trace, "3"));
    compareBatches("vllm-v1", name, 1);
    compareRequests("vllm-v1", name, new int[] {1, 4, 5, 6, 7, 8});
    comparePercentiles("vllm-v1", name, run.json());
  }

  private Run simulate(List<String> options) {
    List<String> command = new ArrayList<>(options);
    command.addAll(
        List.of(
            "--requests-out",
            folder.resolve("requests.csv").toString(),
            "--iterations-out",
            folder.resolve("iterations.csv").toString(),
            "--json"));
    Run run = Run.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private void compareBatches(String family, String name, int missingColumns) {
    List<String[]> recorded = RecordedSchedules.rows(family, name + ".iters400.csv");
    List<String[]> ours = RecordedSchedules.rows(folder.resolve("iterations.csv"));
    assertThat(recorded).isNotEmpty();
    for (int row = 0; row < recorded.size(); row++) {
      String[] theirs = recorded.get(row);
      for (int column = missingColumns; column < 6; column++) {
        double wanted = Double.parseDouble(theirs[column - missingColumns]);
        double tolerance = column == 1 || column == 2 ? LAST_DECIMAL : 0;
        assertThat(Double.parseDouble(ours.get(row)[column]))
            .as("%s, batch %d, column %d", name, row, column)
            .isCloseTo(wanted, within(tolerance));
      }
    }
  }

  /** Columns: arrival, first scheduled, first token, end, preemptions, prefix hits. */
  private void compareRequests(String family, String name, int[] columns) {
    int[] ourColumns = {1, 4, 5, 6, 7, 8};
    List<String[]> recorded = RecordedSchedules.rows(family, name + ".requests.csv");
    List<String[]> ours = RecordedSchedules.rows(folder.resolve("requests.csv"));
    assertThat(ours).hasSameSizeAs(recorded);
    for (int row = 0; row < recorded.size(); row++) {
      for (int index = 0; index < columns.length; index++) {
        double wanted = Double.parseDouble(recorded.get(row)[columns[index]]);
        assertThat(Double.parseDouble(ours.get(row)[ourColumns[index]]))
            .as("%s, request %d, column %d", name, row, ourColumns[index])
            .isCloseTo(wanted, within(index < 4 ? REQUEST_SECONDS : 0));
      }
    }
  }

  private static void comparePercentiles(String family, String name, JsonNode ours) {
    JsonNode recorded = RecordedSchedules.parameters(family, name);
    SoftAssertions softly = new SoftAssertions();
    for (String metric : List.of("ttft_s", "tpot_s", "tbt_s", "e2e_s")) {
      for (String figure : List.of("mean", "p50", "p90", "p99")) {
        softly
            .assertThat(ours.get(metric).get(figure).asDouble())
            .as("%s %s %s", name, metric, figure)
            .isCloseTo(recorded.get(metric).get(figure).asDouble(), within(REQUEST_SECONDS));
      }
    }
    softly.assertThat(ours.get("iterations").asInt()).isEqualTo(recorded.get("iterations").asInt());
    softly
        .assertThat(ours.get("requests_per_s").asDouble())
        .isCloseTo(recorded.get("throughput_rps").asDouble(), within(1e-6));
    softly.assertAll();
  }
}
