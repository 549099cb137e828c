package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
  @TempDir Path folder;

  private static Run refused(String... args) {
    Run run = Run.of(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ridgeline: ").doesNotContain("Exception", "\tat ");
    return run;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--output        | 0          | 1 and",
        "--output        | -3         | 1 and",
        "--output        | NaN        | finite",
        "--output        | 1.5        | whole number",
        "--output        | many       | whole number",
        "--output        | 1e99       | 1 and",
        "--input         | 0          | 1 and",
        "--input         | ''         | whole number",
        "--batch         | 0          | 1 and",
        "--batch         | 1e12       | 1 and",
        "--beams         | -1         | 1 and",
        "--concurrency   | 0          | 1 and",
        "--tp            | 0          | 1 and",
        "--pp            | 1000       | 80 layers",
        "--tp            | 7          | 1, 2, 4, 8, 16, 32, 64",
        "--ep            | 3          | divisors of 8",
        "--tp            | 16         | 8",
        "--routing-skew  | 4          | 0.0 and 3.0",
        "--routing-skew  | Infinity   | finite",
        "--precision     | fp7        | fp8",
        "--weights       | float16    | fp16",
        "--kv            | BF16       | bf16",
        "--weights-tier  | flash      | hbm",
        "--offload-weights | 1.5      | between 0 and 1",
        "--offload-weights | half     | 0.5@host",
        "--offload-weights | 0.5@disk | host, nvme",
        "--offload-weights | 0.5@hbm  | host, nvme",
        "--offload-kv    | NaN        | between 0 and 1",
        "--offload-kv    | 0.5@       | no memory",
        "--kv-keep       | 0          | above 0",
        "--kv-read       | 2          | 0.0 and 1.0",
        "--kv-rank       | -1         | 0.0 and 1.0",
        "--tier          | measured   | tables",
        "--tier          | idael      | ideal",
        "--price         | -1         | negative",
        "--price         | 3 EUR/h    | USD/h",
        "--ttft          | 200        | 200 ms",
        "--ttft          | 0 ms       | more than zero",
        "--tpot          | NaN        | number",
        "--engine        | vlm        | vllm",
        "--engine        | vllm@99    | 0.12 to 0.19",
        "--engine        | vllm@best  | not a release of vllm",
        "--engine        | optimum-habana | does not run on h100-sxm",
        "--color         | sometimes  | always",
      })
  void namesTheOptionAndWhatIsAllowed(String option, String value, String allowed) {
    Run run =
        refused(
            "estimate", "llama-3.1-70b", "--on", "8xh100-sxm", "--use-case", "chat", option, value);

    assertThat(run.err()).contains(option, allowed);
  }

  @Test
  void suggestsNearNames() {
    assertThat(
            refused("estimate", "llama-3.1-70b", "--on", "8xh10-sxm", "--use-case", "chat").err())
        .contains("--on", "8xh100-sxm");
    assertThat(
            refused("estimate", "lama-3.1-70b", "--on", "8xh100-sxm", "--use-case", "chat").err())
        .contains("MODEL", "Maybe you meant", "llama-3.1-70b");
    assertThat(refused("estimate", "llama-3.1-70b", "--on", "h100-sxm", "--use-case", "chta").err())
        .contains("--use-case", "chat");
    assertThat(refused("estimate", "llama-3.1-70b", "--on", "h100-sxm", "--ouput", "4").err())
        .contains("--ouput", "--output");
    assertThat(refused("estmate").err()).contains("estimate");
    assertThat(refused("show", "modle").err()).contains("model");
    assertThat(refused("help", "estmate").err()).contains("estimate");
  }

  @Test
  void asksForWhatIsMissing() {
    assertThat(refused("estimate", "--on", "h100-sxm", "--use-case", "chat").err())
        .contains("MODEL");
    assertThat(refused("estimate", "llama-3.1-8b", "--use-case", "chat").err()).contains("--on");
    assertThat(refused("estimate", "llama-3.1-8b", "--on", "h100-sxm").err())
        .contains("--use-case", "--input", "--output");
    assertThat(refused("estimate", "llama-3.1-8b", "--on", "h100-sxm", "--input", "5").err())
        .contains("--output");
    assertThat(refused("estimate", "llama-3.1-8b", "--on", "h100-sxm,", "--use-case", "chat").err())
        .contains("--on");
  }

  @Test
  void refusesContradictions() {
    assertThat(
            refused(
                    "estimate",
                    "llama-3.1-8b",
                    "--on",
                    "h100-sxm",
                    "--use-case",
                    "chat",
                    "--batch",
                    "4",
                    "--concurrency",
                    "4")
                .err())
        .contains("--concurrency");
    assertThat(
            refused(
                    "estimate",
                    "llama-3.1-8b",
                    "--on",
                    "h100-sxm",
                    "--use-case",
                    "chat",
                    "--json",
                    "--csv")
                .err())
        .contains("--json", "--csv");
  }

  @Test
  void refusesParallelismWithoutALink() throws IOException {
    Path chip =
        Files.writeString(
            folder.resolve("lonely.yaml"),
            """
            schema_version: 1
            name: lonely
            title: A chip without links
            vendor: nobody
            architecture: none
            source: made up
            sources: {made up: made up for a test}
            compute: {matrix: {bf16: 1 PFLOP/s}, vector: {fp32: 50 TFLOP/s}}
            memory: {hbm: {kind: hbm3, capacity: 200 GB, bandwidth: 4 TB/s}}
            """);

    Run run =
        refused(
            "estimate", "llama-3.1-70b", "--on", "8x" + chip, "--use-case", "chat", "--tp", "8");

    assertThat(run.err()).contains("--tp 8", "link");
  }

  @Test
  void refusesFilesThatAreNoModels() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path binary = Files.write(folder.resolve("weights.json"), new byte[] {0, 1, 2, (byte) 0xff});
    for (Path path : List.of(empty, binary, folder.resolve("nowhere.json"))) {
      Run run = refused("estimate", path.toString(), "--on", "h100-sxm", "--use-case", "chat");
      assertThat(run.err()).contains(path.getFileName().toString());
    }
  }

  @Test
  void saysWhatWouldFit() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-70b",
            "--on",
            "8xh100-sxm",
            "--use-case",
            "chat",
            "--batch",
            "5000");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("does not fit", "too much", "weights", "--batch ");
  }

  @Test
  void aFaultIsShortUnlessTraced() {
    assertThat(fault(Map.of())).contains("internal fault", "no paper").doesNotContain("\tat ");
    assertThat(fault(Map.of("RIDGELINE_TRACE", "1"))).contains("internal fault", "\tat ");
  }

  private static String fault(Map<String, String> environment) {
    PrintStream jammed =
        new PrintStream(OutputStream.nullOutputStream()) {
          @Override
          public void print(String text) {
            throw new IllegalStateException("no paper");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            jammed, new PrintStream(err, true, StandardCharsets.UTF_8), false, true, environment);
    assertThat(Ridgeline.run(surroundings, "version")).isEqualTo(3);
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpIsAnAnswer() {
    for (List<String> args :
        List.of(
            List.of("--help"),
            List.of("help"),
            List.of("help", "estimate"),
            List.of("estimate", "--help"),
            List.of("show", "-h"))) {
      Run run = Run.of(args.toArray(String[]::new));
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("Usage: ridgeline");
    }
    assertThat(Run.of("--version").out()).isEqualTo(Run.of("version").out());
    assertThat(Run.of().exitCode()).isEqualTo(2);
    assertThat(Run.of().out()).isEmpty();
    assertThat(Run.of().err()).contains("Usage: ridgeline");
  }
}
