package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SimulateCommandTest {
  private static final String COST = "10 ms + 0.1 ms * N";

  @TempDir private Path folder;

  private Path trace(String rows) throws IOException {
    return Files.writeString(
        folder.resolve("trace.csv"), "arrival_s,input_tokens,output_tokens\n" + rows);
  }

  private Run simulate(Path trace, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("simulate", "--trace", trace.toString(), "--step-cost", COST, "--json"));
    command.addAll(Arrays.asList(more));
    return Run.of(command.toArray(String[]::new));
  }

  /** By hand: 100 tokens take 20 ms, each further token 10.1 ms. */
  @Test
  void oneRequestTakesWhatItsStepsTake() throws IOException {
    Run run = simulate(trace("2,100,5\n"), "--kv-blocks", "100");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode answer = run.json();
    assertThat(answer.propertyNames())
        .startsWith(
            "requests",
            "iterations",
            "preemptions",
            "makespan_s",
            "requests_per_s",
            "output_tokens_per_s",
            "ttft_s",
            "tpot_s",
            "tbt_s",
            "e2e_s",
            "energy_j",
            "usd",
            "rejected",
            "wall_s");
    assertThat(answer.get("requests").asInt()).isEqualTo(1);
    assertThat(answer.get("iterations").asInt()).isEqualTo(5);
    assertThat(answer.get("ttft_s").get("mean").asDouble()).isCloseTo(0.02, within(1e-12));
    assertThat(answer.get("tpot_s").get("p99").asDouble()).isCloseTo(0.0101, within(1e-12));
    assertThat(answer.get("e2e_s").get("p50").asDouble()).isCloseTo(0.0604, within(1e-12));
    assertThat(answer.get("makespan_s").asDouble()).isCloseTo(0.0604, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vllm-v1",
        "vllm-v0",
        "sarathi",
        "splitfuse",
        "lightllm",
        "sglang",
        "trtllm",
        "orca",
        "static"
      })
  void aRequestThatNeverFitsIsCountedAndTheRestGoOn(String scheduler) throws IOException {
    int blockTokens =
        switch (scheduler) {
          case "lightllm", "sglang" -> 1;
          case "trtllm" -> 32;
          default -> 16;
        };
    Run run =
        simulate(
            trace("0,100,5\n0.1,9000,5\n0.2,100,5\n"),
            "--scheduler",
            scheduler,
            "--kv-blocks",
            Integer.toString(6400 / blockTokens));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().get("rejected").asInt()).isEqualTo(1);
    assertThat(run.json().get("requests").asInt()).isEqualTo(2);
  }

  @Test
  void theClosedLoopKeepsItsNumberInFlight() throws IOException {
    Run run = simulate(trace("5,100,3\n".repeat(10)), "--kv-blocks", "1000", "--concurrency", "2");
    assertThat(run.exitCode()).as(run.err()).isZero();
    // Two prompts together, two steps of two tokens: 30 + 2 x 10.2 ms, five times.
    assertThat(run.json().get("makespan_s").asDouble()).isCloseTo(5 * 0.0504, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --scheduler vllm-v2                                | Maybe you meant
          --scheduler orca --token-budget 5 --kv-blocks 9    | no such option
          --scheduler sarathi --prefix-caching --kv-blocks 9 | no such option
          --scheduler lightllm --pipeline-stages 2 --kv-blocks 9 | one stage
          --kv-blocks 0                                      | --kv-blocks
          --kv-blocks 9 --watermark 1                        | --watermark
          --kv-blocks 9 --time-scale -1                      | --time-scale
          --kv-blocks 9 --router nearest                     | unknown router
          --kv-blocks 9 --requests-out /no/such/folder/x     | cannot be written
          --machine-model x                                  | --pools
          --block-size 16                                    | KV blocks
          """)
  void badOptionsAreRefused(String options, String reason) throws IOException {
    Run run = simulate(trace("0,1,1\n"), options.strip().split(" +"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(reason);
  }

  @Test
  void brokenRowsAreRefusedWithTheirPlace() throws IOException {
    Run run = simulate(trace("0,1,1\n1,0,1\n"), "--kv-blocks", "9");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("trace.csv:3").contains("input_tokens");
  }

  @Test
  void aModelOnAPlatformHasItsOwnCostBlocksEnergyAndPrice() throws IOException {
    Path trace = trace("0,1000,50\n0.5,500,100\n");
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--price",
            "3",
            "--trace",
            trace.toString(),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode answer = run.json();
    double makespan = answer.get("makespan_s").asDouble();
    assertThat(answer.get("usd").asDouble()).isCloseTo(3 * makespan / 3600, within(1e-12));
    assertThat(answer.get("energy_j").asDouble()).isPositive();

    // Alone and without overheads of an engine, the first prompt takes as long as estimate says.
    Run estimate =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--input",
            "1000",
            "--output",
            "50",
            "--json");
    Path requests = folder.resolve("requests.csv");
    Run again =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--engine",
            "generic",
            "--trace",
            trace.toString(),
            "--requests-out",
            requests.toString());
    assertThat(again.exitCode()).isZero();
    String[] first = Files.readAllLines(requests).get(1).split(",");
    double ttft = estimate.json().get("ttft_s").asDouble();
    double tpot = estimate.json().get("tpot_s").asDouble();
    assertThat(Double.parseDouble(first[5])).isCloseTo(ttft, within(2e-9));
    assertThat(Double.parseDouble(first[6])).isCloseTo(ttft + 49 * tpot, within(1e-7));
  }

  private static String served(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("simulate", "llama-3.1-8b", "--rate", "2", "--requests", "20"));
    arguments.addAll(List.of("--input", "200", "--output", "20"));
    arguments.addAll(List.of(options));
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void theEngineChoosesItsSchedulerAndBlocks() {
    assertThat(served("--on", "h100-sxm", "--engine", "sglang"))
        .contains("sglang", "blocks of 1 tokens", "at most 128 requests in progress");
    assertThat(served("--on", "h100-sxm", "--engine", "tensorrt-llm"))
        .contains("trtllm", "blocks of 32 tokens");
    assertThat(served("--on", "h100-sxm", "--engine", "vllm"))
        .contains("vllm-v1", "blocks of 16 tokens", "2,048 tokens a step");
    assertThat(served("--on", "h100-sxm", "--engine", "sglang", "--scheduler", "orca"))
        .contains("orca", "SGLang adds");
  }

  /** One name means one thing, whichever command is asked, also on a chip of unknown kernels. */
  @ParameterizedTest
  @ValueSource(strings = {"h100-sxm", "mi300x", "b200-sxm"})
  void aNameOfAnEngineMeansTheSameAsForEstimate(String chip) {
    for (String engine : List.of("vllm", "vllm@2024", "vllm@0.10.2", "sglang")) {
      Run estimate =
          Run.of(
              "estimate",
              "llama-3.1-8b",
              "--on",
              chip,
              "--engine",
              engine,
              "--input",
              "200",
              "--output",
              "20",
              "--json");
      String source = estimate.json().get("source").asText();
      Run simulated =
          Run.of(
              "simulate",
              "llama-3.1-8b",
              "--on",
              chip,
              "--engine",
              engine,
              "--rate",
              "2",
              "--requests",
              "20",
              "--input",
              "200",
              "--output",
              "20",
              "--json");

      assertThat(source).contains("+engine:");
      assertThat(simulated.out()).as(engine).contains(source);
    }
  }

  @Test
  void theSchedulerOfV0MeansReleasesThatHadIt() {
    assertThat(served("--on", "h100-sxm", "--scheduler", "vllm-v0")).contains("vllm-2024");
    assertThat(served("--on", "h100-sxm", "--scheduler", "vllm-v0", "--engine", "vllm"))
        .contains("vllm-2024");
    assertThat(served("--on", "h100-sxm", "--engine", "vllm@0.5.4"))
        .contains("vllm-v0", "vllm-2024");
    assertThat(served("--on", "h100-sxm", "--engine", "vllm@0.8.1")).contains("vllm-v1");
  }

  @Test
  void refusesAnEngineThatTheChipDoesNotRun() {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "mi300x",
            "--scheduler",
            "trtllm",
            "--rate",
            "2",
            "--requests",
            "20",
            "--input",
            "200",
            "--output",
            "20");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("tensorrt-llm does not run on mi300x", "sglang, vllm");
  }

  @Test
  void devicesThatStandIdleAreSaid() {
    assertThat(served("--on", "8xh100-sxm", "--tp", "1"))
        .contains("1 device in use", "7 of the platform's 8 idle", "--replicas 8");
    assertThat(served("--on", "8xh100-sxm", "--tp", "2", "--replicas", "4"))
        .contains("8 devices in use, 2 for each of 4 replicas")
        .doesNotContain("idle");
  }

  @Test
  void aRefusedRequestIsNoThroughput() throws IOException {
    Path trace =
        Files.writeString(
            folder.resolve("big.csv"), "arrival_s,input_tokens,output_tokens\n0,100000000,10\n");
    assertThat(
            Run.of("simulate", "llama-3.1-8b", "--on", "h100-sxm", "--trace", trace.toString())
                .out())
        .contains("no request ended", "could never run")
        .doesNotContain("unlimited");
  }

  @Test
  void aBatchThatTakesNoTimeIsRefused() throws IOException {
    for (String cost : List.of("0 ms", "0 ms * N")) {
      Run run =
          Run.of(
              "simulate",
              "--trace",
              trace("0,100,5\n").toString(),
              "--kv-blocks",
              "100",
              "--step-cost",
              cost);
      assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.err()).contains("--step-cost", "must take some");
    }
  }
}
