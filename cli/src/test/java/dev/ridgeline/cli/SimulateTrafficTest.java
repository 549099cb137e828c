package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Made-up traffic, studies and files of {@code simulate}. */
class SimulateTrafficTest {
  private static final List<String> SERVER =
      List.of("--kv-blocks", "4096", "--step-cost", "5 ms + 0.05 ms * N");

  @TempDir private Path folder;

  private static Run simulate(String... options) {
    List<String> arguments = new ArrayList<>(List.of("simulate"));
    arguments.addAll(SERVER);
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static Run lengths(String... options) {
    List<String> arguments = new ArrayList<>(List.of("--input", "80..120", "--output", "10"));
    arguments.addAll(List.of(options));
    return simulate(arguments.toArray(String[]::new));
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    String one = withoutWall(lengths("--rate", "5", "--requests", "200", "--json", "--seed", "3"));
    String two = withoutWall(lengths("--rate", "5", "--requests", "200", "--json", "--seed", "3"));
    String other =
        withoutWall(lengths("--rate", "5", "--requests", "200", "--json", "--seed", "4"));
    assertThat(one).isEqualTo(two).isNotEqualTo(other);
  }

  private static String withoutWall(Run run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().replaceAll("\"wall_s\" *: *[^,\\n]*", "");
  }

  @ParameterizedTest
  @CsvSource({"3000, 1096, false", "3000, 1097, true"})
  void requestsBeyondTheContextAreCounted(int input, int output, boolean tooLong) {
    Run run =
        Run.of(
            "simulate",
            "llama-2-7b",
            "--on",
            "h100-sxm",
            "--rate",
            "1",
            "--requests",
            "20",
            "--input",
            Integer.toString(input),
            "--output",
            Integer.toString(output));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().contains("20 requests exceed the model's stated context of 4,096 tokens"))
        .isEqualTo(tooLong);
  }

  @Test
  void theClosedLoopIsThatOfTheBenchmark() {
    // Ten requests for each in flight, and at least sixteen.
    assertThat(lengths("--concurrency", "8", "--json").json().get("requests").asInt())
        .isEqualTo(80);
    assertThat(lengths("--concurrency", "1", "--json").json().get("requests").asInt())
        .isEqualTo(16);
  }

  @Test
  void theFirstNoteTellsOfRequestsThatAreNotBatched() {
    JsonNode held = lengths("--concurrency", "256", "--json").json();
    assertThat(held.get("assumptions").get(0).asString())
        .isEqualTo("at most 128 of the 256 in flight are batched at once (--max-sequences)");
    String two = lengths("--concurrency", "256", "--replicas", "2").out();
    assertThat(two).contains("Notes").doesNotContain("in flight");
  }

  @Test
  void replicationsHaveIntervals() {
    Run run =
        lengths(
            "--rate",
            "5",
            "--requests",
            "300",
            "--replications",
            "4",
            "--slo-ttft",
            "20 ms",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode answer = run.json();
    assertThat(answer.get("replications").asInt()).isEqualTo(4);
    double mean = answer.get("mean").get("ttft_s").get("mean").asDouble();
    double half = answer.get("half_width_95").get("ttft_s").get("mean").asDouble();
    assertThat(half).isPositive().isLessThan(mean);
    assertThat(answer.get("mean").get("slo_attainment").asDouble()).isBetween(0.1, 1.0);
  }

  @Test
  void capacityIsFound() {
    Run run =
        Run.of(
            "simulate",
            "--kv-blocks",
            "100",
            "--step-cost",
            "10 ms",
            "--rate",
            "10",
            "--input",
            "1",
            "--output",
            "1",
            "--max-sequences",
            "1",
            "--requests",
            "20000",
            "--slo-ttft",
            "0.1",
            "--slo-share",
            "0.95",
            "--capacity",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode capacity = run.json().get("capacity");
    // Crommelin's formula gives 0.95 of waits within 90 ms at a load of 0.8481.
    assertThat(capacity.get("requests_per_s").asDouble())
        .isCloseTo(84.81, within(2 * capacity.get("half_width_95").asDouble() + 1));
    assertThat(capacity.get("replications").asInt()).isEqualTo(5);
  }

  @Test
  void objectivesThatCannotBeMetAreAnsweredByNo() {
    Run run = lengths("--rate", "1", "--slo-ttft", "1 us", "--capacity");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INFEASIBLE);
    // A prompt of 80 to 120 tokens alone takes 9 to 11 ms.
    assertThat(run.err())
        .contains("no rate meets the objectives", "first token takes", "1 us is asked")
        .doesNotContain("further token takes", "--trace")
        .containsPattern("takes (9|10|11)\\S* ms at the median");
  }

  private static Run longRequests(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("simulate", "--kv-blocks", "100000", "--step-cost", "5 ms + 0.05 ms * N"));
    arguments.addAll(List.of("--input", "100", "--output", "500", "--max-sequences", "1000"));
    arguments.addAll(List.of("--slo-tpot", "20 ms", "--capacity", "--capacity-tolerance", "0.03"));
    arguments.addAll(List.of("--replications", "2", "--json"));
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray(String[]::new));
  }

  /** A server begins empty: a run must last long enough for it to fill. */
  @Test
  void capacityIsSearchedForInRunsThatAreLongEnough() {
    JsonNode usual = longRequests().json().get("capacity");
    JsonNode lengthy = longRequests("--requests", "10000").json().get("capacity");
    JsonNode hasty = longRequests("--requests", "400").json().get("capacity");

    double rate = lengthy.get("requests_per_s").asDouble();
    assertThat(usual.get("requests_per_s").asDouble()).isCloseTo(rate, within(0.1 * rate));
    assertThat(usual.get("warnings")).isEmpty();
    assertThat(lengthy.get("warnings")).isEmpty();
    assertThat(hasty.get("requests_per_s").asDouble()).isGreaterThan(1.1 * rate);
    assertThat(hasty.get("warnings").get(0).asString()).contains("the runs are short");
  }

  @Test
  void filesTellOfTheFirstReplication() throws IOException {
    Path one = folder.resolve("one.csv");
    Path first = folder.resolve("first.csv");
    lengths("--rate", "5", "--requests", "50", "--requests-out", one.toString());
    Run several =
        lengths(
            "--rate",
            "5",
            "--requests",
            "50",
            "--replications",
            "3",
            "--requests-out",
            first.toString());

    assertThat(several.exitCode()).as(several.err()).isZero();
    assertThat(first).hasSameTextualContentAs(one);
    assertThat(Files.readAllLines(first)).hasSize(51);
  }

  /** Requests that the engine's front end has not handed over wait as well. */
  @Test
  void overloadOfTheFrontEndIsSeen() {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--rate",
            "3000",
            "--requests",
            "100000000",
            "--input",
            "100000",
            "--output",
            "200");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(run.out()).contains("Overloaded, given up").contains("none ended");
    assertThat(run.err()).doesNotContain(" 0 ");
  }

  @Test
  void overloadEndsAndIsSaid() {
    Run run = lengths("--rate", "5000", "--requests", "100000000");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(run.out()).contains("Overloaded, given up");
    assertThat(run.err()).contains("overload");
  }

  @Test
  void aRunThatServesNothingIsNoAnswer() {
    Run run =
        Run.of(
            "simulate",
            "--kv-blocks",
            "1",
            "--step-cost",
            "5 ms",
            "--rate",
            "5",
            "--requests",
            "20",
            "--input",
            "100",
            "--output",
            "10");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(run.out()).contains("20 requests that could never run");
    assertThat(run.err()).contains("nothing can be served: all 20 requests");
  }

  @Test
  void aFileIsWrittenOnceAndNeverOverTheTrace() throws IOException {
    Path file = folder.resolve("run.out");
    Run twice = lengths("--rate", "5", "--svg", file.toString(), "--trace-out", file.toString());
    assertThat(twice.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(twice.err()).contains("--svg = ").contains("is the file of --trace-out already");
    assertThat(file).doesNotExist();

    String text = "arrival_s,input_tokens,output_tokens\n0,10,5\n";
    Path trace = Files.writeString(folder.resolve("trace.csv"), text);
    Run over = simulate("--trace", trace.toString(), "--requests-out", trace.toString());
    assertThat(over.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(trace).hasContent(text);
  }

  /** Pools have instances; replicas cannot be asked for there. */
  @Test
  void overloadOfPoolsAsksForInstances() {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--pools",
            "prefill=1x1xh100-sxm[tp=1],decode=1x1xh100-sxm[tp=1]",
            "--rate",
            "3000",
            "--requests",
            "100000000",
            "--input",
            "1000",
            "--output",
            "20");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(run.err()).contains("give more instances").doesNotContain("replicas");
  }

  @Test
  void aTraceUnderARateKeepsItsLengthsInOrder() throws IOException {
    Path trace =
        Files.writeString(
            folder.resolve("lengths.csv"),
            "num_prefill_tokens,num_decode_tokens\n11,2\n12,3\n13,4\n");
    Path out = folder.resolve("requests.csv");
    Run run =
        simulate("--trace", trace.toString(), "--rate", "1", "--requests-out", out.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readAllLines(out)).hasSize(4);
    assertThat(Files.readAllLines(out).get(3)).contains(",13,4,");
  }

  @Test
  void warmUpAndCoolDownAreLeftOut() {
    Run run =
        lengths(
            "--rate", "10", "--requests", "500", "--warm-up", "100", "--cool-down", "50", "--json");
    assertThat(run.json().get("requests").asInt()).isEqualTo(350);
    run = lengths("--rate", "10", "--requests", "500", "--warm-up", "10 s", "--json");
    assertThat(run.json().get("requests").asInt()).isBetween(350, 450);
  }

  @Test
  void filesTellOfARun() throws Exception {
    Path series = folder.resolve("series.csv");
    Path chrome = folder.resolve("trace.json");
    Path svg = folder.resolve("run.svg");
    Run run =
        lengths(
            "--rate",
            "5",
            "--requests",
            "100",
            "--series-out",
            series.toString(),
            "--series-step",
            "2 s",
            "--trace-out",
            chrome.toString(),
            "--svg",
            svg.toString(),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    long completed = 0;
    List<String> rows = Files.readAllLines(series);
    for (String row : rows.subList(1, rows.size())) {
      completed += Long.parseLong(row.split(",")[2]);
    }
    assertThat(completed).isEqualTo(100);
    JsonNode events = new JsonMapper().readTree(chrome.toFile()).get("traceEvents");
    long batches = 0;
    for (JsonNode event : events) {
      batches += event.get("ph").asString().equals("X") ? 1 : 0;
    }
    assertThat(batches).isEqualTo(run.json().get("iterations").asLong());
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(Files.readString(svg))));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 2"})
  void nothingIsBusyForMoreThanAllTheTime(int replicas, int stages) throws IOException {
    Path series = folder.resolve("series.csv");
    Run run =
        lengths(
            "--rate",
            "1000",
            "--requests",
            "500",
            "--replicas",
            Integer.toString(replicas),
            "--pipeline-stages",
            Integer.toString(stages),
            "--series-out",
            series.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> rows = Files.readAllLines(series);
    int busy = List.of(rows.getFirst().split(",")).indexOf("busy");
    assertThat(rows.stream().skip(1).mapToDouble(row -> Double.parseDouble(row.split(",")[busy])))
        .allMatch(share -> share <= 1)
        .anyMatch(share -> share > 0.5);
  }

  @Test
  void energyAndPriceAreToldPerRequest() {
    Run run =
        Run.of(
            "simulate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--rate",
            "2",
            "--input",
            "500",
            "--output",
            "50",
            "--requests",
            "50",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode answer = run.json();
    assertThat(answer.get("energy_j_per_request").asDouble())
        .isCloseTo(answer.get("energy_j").asDouble() / 50, within(1e-9));
    assertThat(answer.get("usd_per_request").asDouble())
        .isCloseTo(answer.get("usd").asDouble() / 50, within(1e-12));
  }

  @Test
  void aBarIsShownToAPersonOnly() {
    String[] arguments = {
      "simulate",
      "--kv-blocks",
      "4096",
      "--step-cost",
      "5 ms",
      "--rate",
      "5",
      "--input",
      "10",
      "--output",
      "10",
      "--requests",
      "100000"
    };
    assertThat(Run.in(false, true, Map.of(), arguments).err()).isEmpty();
    assertThat(Run.in(true, true, Map.of(), arguments).out()).contains("100,000 requests");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --rate 0                                          | must be a number above zero
          --rate 1                                          | how long are requests
          --rate 1 --input 5                                | --output
          --rate 1 --input 0 --output 5                     | tokens from 1
          --rate 1 --input 9..5 --output 5                  | tokens from 1
          --rate 1 --input lognormal:9 --output 5           | tokens from 1
          --rate 1 --concurrency 5 --input 5 --output 5     | has no rate
          --concurrency 5 --burstiness 2 --input 5 --output 5 | belongs to --rate
          --rate 1 --burstiness -1 --input 5 --output 5     | number from 0
          --rate 1 --diurnal 2 --input 5 --output 5         | share from 0 to 1
          --rate 1 --time-scale 2 --input 5 --output 5      | belongs to --trace
          --rate 1 --think 5 --input 5 --output 5           | belongs to --turns
          --rate 1 --fit-lengths --input 5 --output 5       | belongs to --lengths-from
          --rate 1 --lengths-from /no/such --input 5        | the trace says
          --rate 1 --lengths-from /no/such                  | cannot be read
          --rate 1 --input 5 --output 5 --slo-ttft 5parsec  | --slo-ttft
          --rate 1 --input 5 --output 5 --capacity          | which objective
          --rate 1 --input 5 --output 5 --slo-ttft 1 --slo-share 2 | 1 at most
          --concurrency 2 --input 5 --output 5 --slo-ttft 1 --capacity | no rate to search
          --rate 1 --input 5 --output 5 --slo-ttft 1 --capacity --svg x | leave out --svg
          --rate 1 --input 5 --output 5 --series-step 2     | belongs to --series-out
          --rate 1 --input 5 --output 5 --warm-up 2000      | no request is left
          """)
  void badOptionsAreRefused(String options, String reason) {
    Run run = simulate(options.strip().split(" +"));
    assertThat(run.err()).contains(reason);
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
  }
}
