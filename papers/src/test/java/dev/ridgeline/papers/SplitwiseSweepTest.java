package dev.ridgeline.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.papers.run.Reference;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.QuantileLimits;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.metrics.Slowdowns;
import dev.ridgeline.serving.pool.MachineKind;
import dev.ridgeline.serving.pool.MachineProfile;
import dev.ridgeline.serving.pool.MachineTable;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.serving.pool.PooledCluster;
import dev.ridgeline.serving.traffic.RequestList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The comparison of equal power and of equal cost at a fifth of scale, as splitwise-sim (8f99e7d)
 * ran it. Arrivals are those of {@code src/test/oracle/splitwise_draws.py}.
 */
class SplitwiseSweepTest {
  private static final double LINK_BYTES = 200.0 * (1L << 30);
  private static final double CACHE_BYTES = 4.0 * 14336 * 70;
  private static final long CACHE_TOKENS = (long) ((640.0 * (1L << 30) - 329e9) / CACHE_BYTES);

  private static final List<Map<String, String>> RECORDED = new ArrayList<>();
  private static final Map<String, Slowdowns> OURS = new LinkedHashMap<>();
  private static final Map<String, ServingResult> RESULTS = new LinkedHashMap<>();

  private static Path reference = Path.of("no-such-folder");

  @BeforeAll
  static void runAll() throws IOException {
    reference = ShippedPacksTest.REFERENCE.folder();
    Path sweep = reference.resolve("serving/splitwise/isopower_isocost_fifth_scale.csv");
    assumeTrue(Files.exists(sweep), "no recorded sweep under " + Reference.VARIABLE);
    Map<String, RequestList> traffic = traffic();
    for (Map<String, String> row : rows(Files.readAllLines(sweep, StandardCharsets.UTF_8))) {
      RequestList requests = traffic.get(rate(row));
      if (requests != null) {
        RECORDED.add(row);
        run(row, requests);
      }
    }
  }

  private static String rate(Map<String, String> row) {
    return Integer.toString((int) number(row, "rate_rps"));
  }

  private static String name(Map<String, String> row) {
    return row.get("system") + " at " + rate(row);
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(Objects.requireNonNull(row.get(column), column));
  }

  private static List<Map<String, String>> rows(List<String> lines) {
    List<String> header = List.of(lines.getFirst().split(",", -1));
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, String> row = new HashMap<>();
      for (int column = 0; column < cells.length; column++) {
        row.put(header.get(column), cells[column]);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Requests by rate, at the times they come in seconds. */
  private static Map<String, RequestList> traffic() throws IOException {
    List<Map<String, String>> trace =
        rows(
            Files.readAllLines(
                reference.resolve("traces/azure_2023_conv.csv"), StandardCharsets.UTF_8));
    Map<String, RequestList> traffic = new HashMap<>();
    try (InputStream in = SplitwiseSweepTest.class.getResourceAsStream("splitwise_draws.csv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (Map<String, String> draw : rows(text.lines().toList())) {
        traffic
            .computeIfAbsent(rate(draw), _ -> new RequestList())
            .add(
                number(draw, "arrival_s"),
                (int) number(trace.get((int) number(draw, "input_row")), "input_tokens"),
                (int) number(trace.get((int) number(draw, "output_row")), "output_tokens"));
      }
    }
    return traffic;
  }

  private static void run(Map<String, String> row, RequestList requests) {
    MachineTable table;
    table = MachineTable.read(reference.resolve("serving/splitwise/perf_curves_median.csv"));
    MachineProfile idle = table.profile("bloom-176b", "a100-80gb", 8);
    List<MachineKind> machines = new ArrayList<>();
    // Prompts go to the faster machines.
    add(machines, table, "h100-80gb", number(row, "dgx_h100"));
    add(machines, table, "h100-80gb-pcap", number(row, "dgx_h100_capped"));
    add(machines, table, "a100-80gb", number(row, "dgx_a100"));
    int prompts = (int) number(row, "prompt_machines");
    PoolSetup setup =
        prompts == 0
            ? new PoolSetup(List.of(), List.of(), machines, LINK_BYTES / CACHE_BYTES)
            : new PoolSetup(
                machines.subList(0, prompts),
                machines.subList(prompts, machines.size()),
                List.of(),
                LINK_BYTES / CACHE_BYTES);
    Slowdowns slowdowns = new Slowdowns(idle);
    ServingResult result =
        new PooledCluster(setup, slowdowns, IterationSink.NONE).run(requests.at(1, 1e9));
    OURS.put(name(row), slowdowns);
    RESULTS.put(name(row), result);
  }

  private static void add(
      List<MachineKind> machines, MachineTable table, String hardware, double count) {
    MachineKind kind = new MachineKind(table.profile("bloom-176b", hardware, 8), CACHE_TOKENS);
    machines.addAll(Collections.nCopies((int) count, kind));
  }

  @Test
  void everyRequestIsServed() {
    assertThat(RECORDED).hasSizeGreaterThan(20);
    for (Map<String, String> row : RECORDED) {
      assertThat(Objects.requireNonNull(RESULTS.get(name(row))).requests())
          .as(name(row))
          .isEqualTo((long) number(row, "requests"));
    }
  }

  /** Before memory runs out nothing hangs on which of two equal machines is taken. */
  @Test
  void slowdownsAreRecordedOnesWhereNothingOverflows() {
    SoftAssertions softly = new SoftAssertions();
    RECORDED.stream()
        .filter(row -> number(row, "rate_rps") <= 12)
        .forEach(row -> {
          Slowdowns ours = Objects.requireNonNull(OURS.get(name(row)));
          compare(softly, row, "ttft", ours.ttft());
          compare(softly, row, "e2e", ours.endToEnd());
        });
    softly.assertAll();
  }

  private static void compare(
      SoftAssertions softly, Map<String, String> row, String figure, Quantiles ours) {
    Map<String, Double> quantiles = Map.of("p50", ours.p50(), "p90", ours.p90(), "p99", ours.p99());
    quantiles.forEach((quantile, value) -> {
      double theirs = number(row, figure + "_slowdown_" + quantile);
      softly
          .assertThat(value)
          .as("%s: %s %s", name(row), figure, quantile)
          .isCloseTo(theirs, within(0.01 * theirs));
    });
  }

  /**
   * Whether the nine service levels hold. At 24 requests/s memory overflows in every system and one
   * request more or less in a batch decides what follows; two of the systems fail there that held
   * on.
   */
  @Test
  void serviceLevelsHoldAtTheRecordedRates() {
    List<String> others =
        RECORDED.stream()
            .filter(row -> holds(row) != row.get("slo_ok").equals("1"))
            .map(SplitwiseSweepTest::name)
            .toList();
    assertThat(others).isSubsetOf("Splitwise-HHcap at 24", "Splitwise-HA isocost at 24");
  }

  private static boolean holds(Map<String, String> row) {
    Slowdowns ours = Objects.requireNonNull(OURS.get(name(row)));
    QuantileLimits first = new QuantileLimits(2, 3, 6);
    QuantileLimits rest = new QuantileLimits(1.25, 1.5, 5);
    return first.keptBy(ours.ttft()) && rest.keptBy(ours.tpot()) && rest.keptBy(ours.endToEnd());
  }
}
