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

/** Host memory beside the cache, as simulate has it. */
class HostMemoryTest {
  /** Keys and values of Llama 3.1 8B: 32 layers, 8 heads of 128, two bytes each. */
  private static final double BYTES_PER_TOKEN = 2.0 * 32 * 8 * 128 * 2;

  @TempDir private Path folder;

  private JsonNode simulate(Path trace, String... more) {
    List<String> command =
        new ArrayList<>(List.of("simulate", "--trace", trace.toString(), "--json"));
    command.addAll(Arrays.asList(more));
    Run run = Run.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  /** A prompt, another that pushes it out of 64 blocks, and the first again. */
  private Path trace() throws IOException {
    return Files.writeString(
        folder.resolve("trace.csv"),
        "arrival_s,input_tokens,output_tokens,hash_ids\n"
            + "0,1024,1,1-2\n1,1024,1,3-4\n2,1024,1,1-2\n");
  }

  @Test
  void aHitOnTheHostTakesItsBytesOverTheLink() throws IOException {
    double[] last = new double[2];
    String[] links = {"1 GB/s", "4 GB/s"};
    for (int index = 0; index < 2; index++) {
      Path requests = folder.resolve("requests.csv");
      JsonNode answer =
          simulate(
              trace(),
              "llama-3.1-8b",
              "--on",
              "h100-sxm",
              "--engine",
              "generic",
              "--prefix-caching",
              "--kv-blocks",
              "64",
              "--host-kv-blocks",
              "100",
              "--host-link",
              links[index],
              "--requests-out",
              requests.toString());
      // Of 64 blocks the last is always computed.
      assertThat(answer.get("host_blocks_moved").asInt()).isEqualTo(63);
      last[index] = Double.parseDouble(Files.readAllLines(requests).get(3).split(",")[6]);
    }
    double bytes = 63 * 16 * BYTES_PER_TOKEN;
    assertThat(last[0] - last[1]).isCloseTo(bytes / 1e9 - bytes / 4e9, within(1e-8));
  }

  @Test
  void thePlatformsHostIsTakenWhereNothingIsSaid() throws IOException {
    JsonNode all =
        simulate(
            trace(),
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--prefix-caching",
            "--kv-blocks",
            "64",
            "--host-kv-blocks",
            "all");
    assertThat(all.get("host_blocks_moved").asInt()).isEqualTo(63);
    JsonNode none =
        simulate(
            trace(), "llama-3.1-8b", "--on", "h100-sxm", "--prefix-caching", "--kv-blocks", "64");
    assertThat(none.has("host_blocks_moved")).isFalse();
    assertThat(none.get("energy_j").asDouble()).isGreaterThan(all.get("energy_j").asDouble());
  }

  /** The card's file has no host: what was asked for is named, and what to say instead. */
  @Test
  void swappingToAnUnknownHostNamesWhatToSay() throws IOException {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h20",
            "--trace",
            trace().toString(),
            "--scheduler",
            "vllm-v0",
            "--preemption",
            "swap");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .startsWith("ridgeline: --preemption = \"swap\": h20")
        .contains("--host-kv-blocks N --host-link RATE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --scheduler vllm-v1 --preemption swap                         | does not swap
          --scheduler vllm-v0 --preemption swop                         | Maybe you meant
          --scheduler vllm-v0 --preemption swap                         | how many blocks
          --scheduler vllm-v0 --preemption swap --host-kv-blocks 5      | --host-block-time
          --scheduler vllm-v0 --host-kv-blocks 5 --host-block-time 1ms  | --preemption swap
          --scheduler vllm-v1 --host-kv-blocks 5 --host-block-time 1ms  | --prefix-caching
          --prefix-caching --host-kv-blocks 0 --host-block-time 1ms     | --host-kv-blocks
          --prefix-caching --host-kv-blocks 5 --host-block-time 0ms     | --host-block-time
          --prefix-caching --host-kv-blocks 5 --host-link 1GB/s         | without a model
          --host-block-time 1ms                                         | belongs to
          --scheduler orca --lookahead 3                                | no such option
          --lookahead -1                                                | --lookahead
          --speculate 4                                                 | a model is missing
          """)
  void whatCannotBeIsRefused(String options, String reason) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("simulate", "--trace", trace().toString(), "--kv-blocks", "64"));
    command.addAll(List.of("--step-cost", "10 ms"));
    command.addAll(Arrays.asList(options.strip().split(" +")));
    Run run = Run.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 s", "0 GB/s", "fast"})
  void whatIsNoLinkIsRefused(String link) throws IOException {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--trace",
            trace().toString(),
            "--prefix-caching",
            "--host-kv-blocks",
            "9",
            "--host-link",
            link);
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("--host-link");
  }
}
