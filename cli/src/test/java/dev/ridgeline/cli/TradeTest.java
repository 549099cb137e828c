package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** Trades, several inputs, and their drawings. */
class TradeTest {
  private static final String[] USUAL = {
    "require", "llama-3.1-8b", "--use-case", "chat", "--devices", "4"
  };

  @TempDir Path folder;

  private static String[] usual(String... more) {
    return Stream.concat(Stream.of(USUAL), Stream.of(more)).toArray(String[]::new);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void theTradeFallsAndEndsAtTheLeastBandwidth() {
    JsonNode json = Run.of(usual("--frontier", "--json")).json();
    JsonNode points = json.get("frontier").get("points");

    assertThat(json.get("frontier").get("rest").asString()).isEqualTo("together");
    double last = Double.POSITIVE_INFINITY;
    for (JsonNode point : points) {
      double now = point.get("memory_bandwidth_bytes_per_s").asDouble();
      assertThat(now).isLessThanOrEqualTo(last);
      assertThat(point.get("compute_flops_per_s").asDouble())
          .isCloseTo(
              point.get("compute_multiple").asDouble() * json.get("compute_flops_per_s").asDouble(),
              within(1.0));
      last = now;
    }
    double least = json.get("memory_bandwidth_bytes_per_s").asDouble();
    assertThat(last).isBetween(least, 1.2 * least);
  }

  @Test
  void linksAreTradedToo() {
    Run run = Run.of(usual("--frontier", "--trade", "link-bandwidth", "--csv"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().findFirst())
        .contains("compute_multiple,compute_flops_per_s,link_bandwidth_bytes_per_s");
    assertThat(run.out().lines()).hasSizeGreaterThan(10);
  }

  @Test
  void theRestMayBeThatOfAPlatform() {
    Run run =
        Run.of("require", "llama-3.1-8b", "--use-case", "chat", "--on", "2xh100-sxm", "--frontier");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("2xh100-sxm", "of least");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    Run slow =
        Run.of(
            "require",
            "llama-3.1-70b",
            "--use-case",
            "chat",
            "--on",
            "8xl4",
            "--tier",
            "ideal",
            "--frontier");
    assertThat(slow.exitCode()).isEqualTo(1);
    assertThat(slow.err()).contains("8xl4", "memory bandwidth");
  }

  @Test
  void drawingsAreWellFormedAndAlwaysTheSame() throws Exception {
    Path file = folder.resolve("trade.svg");
    String[] arguments =
        usual("--frontier", "--svg", file.toString(), "--guide", "eight <fast> stacks=9.6 TB/s");
    assertThat(Run.of(arguments).exitCode()).isZero();
    String first = Files.readString(file);
    assertThat(Run.of(arguments).exitCode()).isZero();

    assertThat(Files.readString(file)).isEqualTo(first);
    assertThat(first)
        .contains("eight &lt;fast&gt; stacks", "TB/s", "FLOP/s", "compute, dense bf16");
    Document document = parsed(first);
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("circle").getLength()).isGreaterThan(10);
  }

  @Test
  void severalInputsAreAnsweredInARowEach() throws Exception {
    Path file = folder.resolve("inputs.svg");
    Run page =
        Run.of(
            usual("--input", "1000,10000,100000", "--svg", file.toString(), "--guide", "a=1 TB"));
    Run csv = Run.of(usual("--input", "1000,10000,100000", "--csv"));
    Run json = Run.of(usual("--input", "1000,10000,100000", "--json"));

    assertThat(page.exitCode()).as(page.err()).isZero();
    assertThat(page.out()).contains("tokens in", "100,000", "Assumptions");
    assertThat(page.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(csv.out().lines()).hasSize(4);
    assertThat(json.json().size()).isEqualTo(3);
    double capacity = 0;
    for (JsonNode each : json.json()) {
      assertThat(each.get("memory_capacity_bytes").asDouble()).isGreaterThan(capacity);
      capacity = each.get("memory_capacity_bytes").asDouble();
    }
    assertThat(json.json().get(1).get("input_tokens").asLong()).isEqualTo(10_000);
    assertThat(parsed(Files.readString(file)).getElementsByTagName("polyline").getLength())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--trade link-bandwidth",
        "--frontier --trade links",
        "--frontier --input 10,20",
        "--svg x.svg",
        "--guide a=1TB",
        "--input 10,,20",
        "--input 10,ten --csv",
        "--input 10,20 --print-platform",
        "--frontier --svg /no/such/folder/x.svg",
        "--frontier --svg x.svg --guide stacks",
        "--frontier --svg x.svg --guide stacks=many",
        "--frontier --svg x.svg --guide stacks=0TB/s",
      })
  void contradictionsEndWithTwo(String options) {
    Run run = Run.of(usual(options.split(" ")));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("ridgeline: ").doesNotContain("fault");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void oneDeviceHasNoLinksToTrade() {
    Run run =
        Run.of(
            "require",
            "llama-3.1-8b",
            "--use-case",
            "chat",
            "--frontier",
            "--trade",
            "link-bandwidth");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("exchange nothing");
  }

  @Test
  void sensitivitiesStandBelowTheEstimate() throws IOException {
    String[] question = {
      "estimate",
      "llama-3.1-8b",
      "--use-case",
      "chat",
      "--on",
      "2xh100-sxm",
      "--tier",
      "ideal",
      "--sensitivity"
    };
    Run page = Run.of(question);
    JsonNode json =
        Run.of(Stream.concat(Stream.of(question), Stream.of("--json")).toArray(String[]::new))
            .json();

    assertThat(page.exitCode()).as(page.err()).isZero();
    assertThat(page.out()).contains("Sensitivity", "memory bandwidth", "Where the bound flips");
    assertThat(page.out().lines()).allMatch(line -> line.length() <= 100);
    JsonNode changes = json.get("sensitivity").get("changes");
    assertThat(changes.propertyNames())
        .containsExactly(
            "compute",
            "memory_bandwidth",
            "memory_capacity",
            "link_bandwidth",
            "link_latency",
            "price",
            "power_limit");
    assertThat(changes.get("price").get("cost_change").asDouble()).isCloseTo(0.1, within(1e-9));
    assertThat(changes.get("memory_bandwidth").get("tpot_change").asDouble())
        .isBetween(-0.1, -0.07);
    assertThat(json.get("sensitivity").get("flips").size()).isPositive();
    List<String> two = List.of("estimate", "llama-3.1-8b", "--use-case", "chat", "--sensitivity");
    Run several =
        Run.of(
            Stream.concat(two.stream(), Stream.of("--on", "l40s,h100-sxm")).toArray(String[]::new));
    assertThat(several.exitCode()).isEqualTo(2);
  }
}
