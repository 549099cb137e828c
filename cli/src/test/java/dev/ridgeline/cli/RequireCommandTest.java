package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RequireCommandTest {
  private static final String[] USUAL = {"require", "llama-3.1-70b", "--use-case", "chat"};

  @TempDir Path folder;

  private static String[] usual(String... more) {
    return Stream.concat(Stream.of(USUAL), Stream.of(more)).toArray(String[]::new);
  }

  private static double number(JsonNode json, String... path) {
    JsonNode at = json;
    for (String name : path) {
      at = at.get(name);
    }
    return at.asDouble();
  }

  @Test
  void jsonHasTheKeysOfTheContract() {
    Run run = Run.of(usual("--devices", "8", "--json"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.json().propertyNames())
        .contains(
            "schema_version",
            "model",
            "devices",
            "mapping",
            "targets",
            "efficiency",
            "compute_flops_per_s",
            "memory_bandwidth_bytes_per_s",
            "memory_capacity_bytes",
            "link_bandwidth_bytes_per_s",
            "link_latency_s",
            "binding",
            "together",
            "source",
            "assumptions");
    assertThat(run.json().get("binding").propertyNames())
        .containsExactly(
            "compute", "memory_bandwidth", "memory_capacity", "link_bandwidth", "link_latency");
    assertThat(run.json().get("together").propertyNames())
        .containsExactly(
            "compute_flops_per_s",
            "memory_bandwidth_bytes_per_s",
            "memory_capacity_bytes",
            "link_bandwidth_bytes_per_s",
            "link_latency_s",
            "common_factor",
            "ttft_s",
            "tpot_s");
    assertThat(run.json().get("binding").get("compute").asString()).isEqualTo("ttft");
    assertThat(run.json().get("binding").get("memory_bandwidth").asString()).isEqualTo("tpot");
    assertThat(run.json().get("mapping").get("tp").asInt()).isEqualTo(8);
    assertThat(number(run.json(), "devices")).isEqualTo(8);
  }

  /** Decoding reads the weights once: 70.55 billion in bf16 less the input table, in 10 ms. */
  @Test
  void theBandwidthIsThatOfTheWeightsAndTheCache() {
    JsonNode json = Run.of(usual("--json")).json();

    double weights = (70_553_706_496.0 - 128_256.0 * 8192) * 2;
    double cache = 3500 * 2.0 * 80 * 8 * 128 * 2;
    assertThat(number(json, "memory_bandwidth_bytes_per_s"))
        .isCloseTo((weights + cache) / 0.01, within(0.002 * weights / 0.01));
  }

  @Test
  void oneDeviceHasNoLinks() {
    JsonNode json = Run.of(usual("--json")).json();

    assertThat(json.get("link_bandwidth_bytes_per_s").isNull()).isTrue();
    assertThat(json.get("link_latency_s").isNull()).isTrue();
    assertThat(json.get("binding").get("link_bandwidth").isNull()).isTrue();
    assertThat(json.get("together").get("link_bandwidth_bytes_per_s").isNull()).isTrue();
    assertThat(number(json, "devices")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--devices 8",
        "--tp 4 --pp 2",
        "--devices 2 --precision fp8 --batch 4",
        "--tier floor --tp 8",
        "--concurrency 16 --tp 8",
        "--beams 4"
      })
  void thePlatformPrintedMeetsTheTargetsAndALittleLessDoesNot(String options) throws IOException {
    String[] words = options.split(" ");
    Run solved =
        Run.of(
            usual(
                Stream.concat(Stream.of(words), Stream.of("--print-platform"))
                    .toArray(String[]::new)));
    assertThat(solved.exitCode()).as(solved.err()).isZero();
    JsonNode json =
        Run.of(usual(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new)))
            .json();
    JsonNode mapping = json.get("mapping");
    List<String> again =
        Stream.of(words)
            .filter(word -> !word.equals("--devices"))
            .filter(word -> !options.startsWith("--devices " + word))
            .toList();

    assertThat(met(solved.out(), mapping, again)).isTrue();
    String key =
        json.get("together").get("ttft_s").asDouble() > 0.2 * (1 - 1e-6) ? "bf16: " : "bandwidth: ";
    assertThat(met(lessened(solved.out(), key), mapping, again)).isFalse();
  }

  /** The file with every figure under a key 0.1 % smaller. */
  private static String lessened(String yaml, String key) {
    StringBuilder text = new StringBuilder();
    for (String line : yaml.lines().toList()) {
      if (line.contains("matrix:") || line.contains("vector:")) {
        text.append(key.equals("bf16: ") ? scaled(line) : line);
      } else if (line.contains("capacity: ") && key.equals("bandwidth: ")) {
        int at = line.indexOf("bandwidth: ");
        text.append(line, 0, at).append(scaled(line.substring(at)));
      } else {
        text.append(line);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String scaled(String line) {
    return java.util.regex.Pattern.compile(": ([0-9.]+) ")
        .matcher(line)
        .replaceAll(found -> ": " + 0.999 * Double.parseDouble(found.group(1)) + " ");
  }

  private boolean met(String yaml, JsonNode mapping, List<String> options) throws IOException {
    Path file = folder.resolve("sufficient.yaml");
    Files.writeString(file, yaml);
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "estimate",
                    "llama-3.1-70b",
                    "--use-case",
                    "chat",
                    "--on",
                    file.toString(),
                    "--json"),
                Stream.concat(
                    options.stream(),
                    options.contains("--tp")
                        ? Stream.of()
                        : Stream.of("--tp", mapping.get("tp").asString())))
            .toArray(String[]::new);
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().get("objectives").get("met").asBoolean();
  }

  @Test
  void efficiencyIsBoughtBackAndEchoed() {
    JsonNode full = Run.of(usual("--json")).json();
    JsonNode half = Run.of(usual("--efficiency", "0.5", "--json")).json();

    assertThat(number(half, "efficiency")).isEqualTo(0.5);
    assertThat(number(half, "compute_flops_per_s"))
        .isCloseTo(2 * number(full, "compute_flops_per_s"), within(1.0));
    assertThat(number(half, "memory_capacity_bytes"))
        .isEqualTo(number(full, "memory_capacity_bytes"));
    assertThat(full.get("assumptions").toString()).contains("no loss assumed");
    assertThat(half.get("assumptions").toString()).contains("0.5 of compute");
  }

  @Test
  void aNamedPlatformIsHeldAgainstIt() {
    Run run = Run.of(usual("--on", "8xh100-sxm", "--tier", "ideal", "--json"));
    JsonNode json = run.json();

    assertThat(json.get("platform").asString()).isEqualTo("8xh100-sxm");
    JsonNode offered = json.get("offered");
    assertThat(offered.get("meets").asBoolean()).isTrue();
    assertThat(number(offered, "ratio", "compute"))
        .isCloseTo(989.4e12 / number(json, "compute_flops_per_s"), within(1e-9));
    double estimated =
        Run.of(
                "estimate",
                "llama-3.1-70b",
                "--use-case",
                "chat",
                "--on",
                "8xh100-sxm",
                "--tier",
                "ideal",
                "--json")
            .json()
            .get("ttft_s")
            .asDouble();
    assertThat(number(offered, "ttft_s")).isEqualTo(estimated);
    JsonNode small = Run.of(usual("--on", "h100-sxm", "--tier", "ideal", "--json")).json();
    assertThat(small.get("offered").get("meets").asBoolean()).isFalse();
    assertThat(small.get("offered").get("fits").asBoolean()).isFalse();
    assertThat(number(small, "offered", "ratio", "memory_bandwidth")).isLessThan(1);
  }

  @Test
  void aNamedPlatformIsAskedUnderTheModelThatEstimateUses() {
    JsonNode required = Run.of(usual("--on", "8xh100-sxm", "--json")).json();
    JsonNode estimated =
        Run.of("estimate", "llama-3.1-70b", "--use-case", "chat", "--on", "8xh100-sxm", "--json")
            .json();

    assertThat(required.get("source").asString()).isEqualTo("kernel");
    assertThat(number(required, "offered", "ttft_s")).isEqualTo(number(estimated, "ttft_s"));
    assertThat(number(required, "offered", "tpot_s")).isEqualTo(number(estimated, "tpot_s"));
    assertThat(required.get("offered").get("meets").asBoolean())
        .isEqualTo(estimated.get("objectives").get("met").asBoolean());
    assertThat(required.get("assumptions").toString()).contains("cost model kernel");
  }

  @Test
  void theModelIsIdealWhereNoKernelsAreKnownOrLossesAreGiven() {
    JsonNode unnamed = Run.of(usual("--devices", "8", "--json")).json();
    JsonNode derated = Run.of(usual("--on", "8xh100-sxm", "--efficiency", "0.7", "--json")).json();

    assertThat(unnamed.get("source").asString()).isEqualTo("ideal");
    assertThat(derated.get("source").asString()).isEqualTo("ideal");
    assertThat(derated.get("assumptions").toString()).contains("cost model ideal: --efficiency");
    assertThat(
            Run.of(usual("--on", "8xh100-sxm", "--tier", "floor", "--json"))
                .json()
                .get("source")
                .asString())
        .isEqualTo("floor");
  }

  @Test
  void thePageSaysWhatMatters() {
    Run run = Run.of(usual("--on", "8xh100-sxm", "--tier", "ideal"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("least alone", "set by", "least together", "offered", "over alone")
        .contains("Cost model: ideal")
        .contains("TTFT", "TPOT", "contents", "targets met", "Assumptions");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    Run small = Run.of(usual("--on", "l4", "--ttft", "1 ms", "--tier", "ideal"));
    assertThat(small.out().replaceAll("\\s+", " "))
        .contains("x, low", "too small", "targets missed");
    assertThat(small.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(Run.of(usual("--plain")).out()).matches("\\p{ASCII}+");
  }

  @Test
  void csvHasOneRow() {
    List<String> lines = Run.of(usual("--csv")).out().lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("compute_flops_per_s", "together.common_factor");
  }

  @Test
  void saysWhatStaysWhenAFigureIsLookedAtAlone() {
    Run kernel = Run.of("require llama-3.1-70b --on 8xh100-sxm --use-case chat".split(" "));
    assertThat(kernel.out().replaceAll("\\s+", " "))
        .contains("launches and losses of kernels and waits at links, which no figure shortens");
    Run ideal = Run.of("require llama-3.1-8b --use-case chat --tier ideal".split(" "));
    assertThat(ideal.out()).contains("nothing else takes time");
  }
}
