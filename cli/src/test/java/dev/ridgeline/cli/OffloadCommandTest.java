package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Offloaded weights and cache on the command line. */
class OffloadCommandTest {
  private static final String[] LARGE = {
    "estimate", "llama-3.1-70b", "--on", "1xh100-sxm", "--input", "1000", "--output", "100"
  };

  private static Run large(String... more) {
    return Run.of(Stream.concat(Stream.of(LARGE), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void halfOfTheWeightsComeOverTheHostLinkEachToken() {
    Run run = large("--offload-weights", "0.5", "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode decode = run.json().get("phases").get("decode");
    double hostBytes = decode.get("traffic_bytes_by_tier").get("host").asDouble();
    // 70.55 billion parameters in bf16, all but a row of the token table (128,256 x 8,192).
    double weightBytes = 2 * (70.553706496e9 - 128_256.0 * 8192);
    assertThat(hostBytes / (0.5 * weightBytes)).isCloseTo(1, within(1e-4));
    // PCIe 5 x16 at 64 GB/s.
    assertThat(run.json().get("tpot_s").asDouble()).isCloseTo(hostBytes / 64e9, within(1e-9));
    assertThat(run.json().get("bound").get("decode").asString()).isEqualTo("offload");
    assertThat(decode.get("stream_s").asDouble())
        .isCloseTo(
            decode.get("hidden_stream_s").asDouble() + decode.get("offload_s").asDouble(),
            within(1e-12));
  }

  @Test
  void waitingAddsWhatPrefetchHides() {
    JsonNode hidden = large("--offload-weights", "0.5", "--json").json();
    JsonNode waiting = large("--offload-weights", "0.5", "--no-prefetch", "--json").json();

    double saved = hidden.get("phases").get("decode").get("hidden_stream_s").asDouble();
    assertThat(saved).isPositive();
    assertThat(waiting.get("tpot_s").asDouble()).isGreaterThan(hidden.get("tpot_s").asDouble());
    assertThat(waiting.get("phases").get("decode").get("hidden_stream_s").asDouble())
        .isCloseTo(0, within(1e-12));
  }

  @Test
  void thePageSaysWhatIsWhere() {
    assertThat(large("--offload-weights", "0.6@host", "--offload-kv", "0.5@nvme").out())
        .contains("in host", "in nvme", "hide behind other work", "buffers of streams");
  }

  @Test
  void aModelThatDoesNotFitIsOfferedTheHost() {
    Run run = large();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("--offload-weights 0.5");
  }

  @Test
  void aChipWhoseHostIsUnknownHasNothingToStreamFrom() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "1xh20",
            "--use-case",
            "chat",
            "--offload-weights",
            "0.5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--offload-weights", "h20 has no memory \"host\"");
  }

  @Test
  void aMemoryWithoutCapacityIsRefusedWhereItStands(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("box.yaml"),
            """
            schema_version: 1
            name: box
            title: Box
            source: mine
            sources: {mine: the box under the desk}
            chip: l40s
            chips: 1
            host: {memory: {capacity: 0 GB, bandwidth: 100 GB/s}}
            """);
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            file.toString(),
            "--use-case",
            "chat",
            "--offload-weights",
            "0.5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("box.yaml", "capacity", "more than zero");
  }

  /** One direction of PCIe: 16 GT/s by lane over 8 bits, 16 lanes (PCI-SIG, revision 4.0). */
  @Test
  void boardsOfTheCatalogStreamFromTheHostBehindTheirSlot() {
    Run run =
        Run.of(
            "estimate llama-3.1-8b --on rtx-4090 --use-case chat --offload-weights 0.5 --json"
                .split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    // Half of the 15.0 GB of a step's weights, the input table apart.
    assertThat(run.json().get("tpot_s").asDouble()).isBetween(7.5e9 / 32e9, 1.1 * 7.5e9 / 32e9);
  }
}
