package dev.ridgeline.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.papers.run.ClaimResult;
import dev.ridgeline.papers.run.Verdict;
import dev.ridgeline.units.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServedRunTest {
  /** Steps of 10 ms, 0.1 ms a token: an empty server's figures follow by hand. */
  private static final String RUN =
      """
      serving:
        busy:
          traffic: {input: {mean: 100, deviation: 0}, output: {mean: 11, deviation: 0}, requests: 40, %s, seed: 1}
          replicas: {scheduler: vllm-v1, max_sequences: 64, kv_blocks: 10000, step_time: 10 ms + 0.1 ms * N}
          %s
      """;

  private static ClaimResult run(String traffic, String more, String published, String ours) {
    String text =
        TinyPack.START
            + RUN.formatted(traffic, more)
            + "claims:\n"
            + TinyPack.claim(
                "one", published, "simulated", "single", "experiment: {ours: %s}".formatted(ours));
    return TinyPack.run(text).getFirst();
  }

  @Test
  void oneClientWaitsForEachStep() {
    // A prompt of 100 tokens takes 20 ms, each of ten further tokens 10.1 ms.
    List<String> figures =
        List.of("busy.ttft.p50_s", "busy.tpot.p99_s", "busy.e2e.mean_s", "busy.makespan_s");
    List<String> published =
        List.of(
            "{value: 20, unit: ms}",
            "{value: 10.1, unit: ms}",
            "{value: 121, unit: ms}",
            "{value: 4.84, unit: s}");
    for (int index = 0; index < figures.size(); index++) {
      ClaimResult result = run("clients: 1", "", published.get(index), figures.get(index));
      assertThat(result.comparisons().getFirst().ratio()).isBetween(0.999999, 1.000001);
    }
  }

  @Test
  void highestRateIsTheLastThatKeepsToTheLimits() {
    String more = "limits: {ttft: {p50: 0.04}}\n    search: {near: 5, step: 1, most: 500}";
    ClaimResult highest =
        run("rate: 5", more, "{value: 1, unit: request/s}", "busy.highest_rate_per_s");
    double rate = highest.comparisons().getFirst().ours();
    assertThat(rate).isEqualTo(Math.rint(rate)).isGreaterThan(5);
    ClaimResult at =
        run("rate: " + (int) rate, more, "{value: 1, unit: ratio}", "busy.within_limits");
    assertThat(at.verdict()).isEqualTo(Verdict.REPRODUCED);
    ClaimResult above =
        run("rate: " + (int) (rate + 1), more, "{value: 1, unit: ratio}", "busy.within_limits");
    assertThat(above.verdict()).isEqualTo(Verdict.MISSED);
  }

  @Test
  void paceIsKeptWhereTheMovingAverageIs() {
    // 11 tokens/s ask for gaps below 91 ms and get 10.1; 100/s ask for gaps below 10.
    for (var expected : List.of(List.of(11, 1.0), List.of(100, 0.0))) {
      String pace =
          "replicas.pace: {prompt_tokens_per_s: 512, tokens_per_s: %s, span: 16}"
              .formatted(expected.getFirst());
      String text =
          TinyPack.START
              + RUN.formatted("clients: 1", "")
              + "  paced: {like: busy, %s}\nclaims:\n".formatted(pace)
              + TinyPack.claim(
                  "one",
                  "{value: 1, unit: ratio}",
                  "simulated",
                  "single",
                  "experiment: {ours: paced.attainment}");
      assertThat(TinyPack.run(text).getFirst().comparisons().getFirst().ours())
          .isEqualTo(expected.getLast());
    }
  }

  @Test
  void unknownFieldsAndFiguresAreRefused() {
    assertThatThrownBy(
            () -> run("clients: 1", "limit: {}", "{value: 1, unit: s}", "busy.ttft.p50_s"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("limits");
    assertThatThrownBy(() -> run("clients: 1", "", "{value: 1, unit: s}", "busy.ttft.p98_s"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("p98");
    assertThatThrownBy(
            () -> run("clients: 1, rate: 3", "", "{value: 1, unit: s}", "busy.ttft.p50_s"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("clients");
  }

  @Test
  void absentFilesLeaveAClaimOpen() {
    String text =
        TinyPack.START
            + """
            serving:
              pools:
                traffic: {trace: traces/none.csv, apart: false, seconds: 60, rate: 1, seed: 1}
                replicas: {scheduler: vllm-v1, max_sequences: 4, kv_blocks: 10, step_time: 1 ms}
            claims:
            """
            + TinyPack.two("experiment: {ours: pools.ttft.p50_s / 1 s}");
    ClaimResult result = TinyPack.run(text).getFirst();
    assertThat(result.verdict()).isEqualTo(Verdict.NOT_RUN);
    assertThat(result.reason()).contains("traces/none.csv");
  }
}
