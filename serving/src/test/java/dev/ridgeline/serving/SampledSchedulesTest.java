package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.serving.batch.ClosedForm;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random setups and traffic against simulators written without this code; {@code
 * src/test/oracle/README.md} tells how.
 */
class SampledSchedulesTest {
  private static final double SECONDS = 1e-5;
  private static final String COST = "20 ms + 0.19 ms * N + 4.1E-5 ms * %s + 3.5E-6 ms * P";
  private static final Map<String, Policy> POLICIES =
      Map.of(
          "sarathi", Policy.SARATHI,
          "vllm", Policy.VLLM_V0,
          "orca", Policy.ORCA,
          "lightllm", Policy.LIGHTLLM);

  @TempDir private Path folder;

  /** A setup, and rows of its requests: what is sent, then what becomes of it. */
  record Sample(Map<String, String> setup, List<String[]> requests) {
    String get(String key, String otherwise) {
      return setup.getOrDefault(key, otherwise);
    }

    int count(String key, int otherwise) {
      return Integer.parseInt(get(key, Integer.toString(otherwise)));
    }

    @Override
    public String toString() {
      return new TreeMap<>(setup).toString();
    }
  }

  static Stream<Sample> samples() {
    return Stream.of("vidur", "vllm-v1").flatMap(SampledSchedulesTest::read);
  }

  private static Stream<Sample> read(String name) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text("oracle/" + name + ".txt").lines().toList()) {
      if (line.startsWith("setup ")) {
        Map<String, String> setup =
            Stream.of(line.substring("setup ".length()).split(" ", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        samples.add(new Sample(setup, new ArrayList<>()));
      } else {
        samples.getLast().requests().add(line.split(",", -1));
      }
    }
    return samples.stream();
  }

  private static String text(String name) {
    try (InputStream stream = SampledSchedulesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void requestsFareAsInTheOracle(Sample sample) throws IOException {
    Map<Long, double[]> ours = new TreeMap<>();
    ServingResult result;
    try (TraceFile trace = TraceFile.open(write(sample), 1, Long.MAX_VALUE)) {
      result = new Simulation(setup(sample), recorder(ours), IterationSink.NONE).run(trace);
    }
    assertThat(ours).hasSameSizeAs(sample.requests());
    for (int id = 0; id < sample.requests().size(); id++) {
      double[] found = Objects.requireNonNull(ours.get((long) id));
      for (int column = 0; column < found.length; column++) {
        double wanted = Double.parseDouble(sample.requests().get(id)[4 + column]);
        assertThat(found[column])
            .as("request %d, column %d", id, column)
            .isCloseTo(wanted, within(column < 3 ? SECONDS : 0));
      }
    }
    assertThat(result.iterations()).isEqualTo(sample.count("iterations", 0));
  }

  private static RequestSink recorder(Map<Long, double[]> into) {
    return (table, slot) -> into.put(table.id[slot], row(table, slot));
  }

  private static double[] row(RequestTable table, int slot) {
    return new double[] {
      table.firstScheduledNanos[slot] / 1e9,
      table.firstTokenNanos[slot] / 1e9,
      table.lastTokenNanos[slot] / 1e9,
      table.preemptions[slot],
      table.prefixHits[slot],
      table.replica[slot]
    };
  }

  private Path write(Sample sample) throws IOException {
    List<String> rows = new ArrayList<>(List.of("arrival_s,input_tokens,output_tokens,hash_ids"));
    sample.requests().forEach(row -> rows.add(String.join(",", List.of(row).subList(0, 4))));
    return Files.write(folder.resolve("trace.csv"), rows);
  }

  private static ServingSetup setup(Sample sample) {
    Policy policy = POLICIES.getOrDefault(sample.get("scheduler", ""), Policy.VLLM_V1);
    int budget = sample.count("budget", sample.count("chunk", 0));
    SchedulerOptions options =
        new SchedulerOptions(
            budget == 0 ? OptionalInt.empty() : OptionalInt.of(budget),
            sample.count("cap", sample.count("sequences", 0)),
            policy == Policy.ORCA
                ? OptionalInt.of(sample.count("longest", 0))
                : OptionalInt.empty(),
            sample.count("blocks", 0),
            sample.count("block", 0),
            Double.parseDouble(sample.get("watermark", "0")),
            sample.count("threshold", 0),
            !sample.get("gate", "True").equals("False"),
            sample.get("caching", "False").equals("True"),
            sample.count("stages", 1),
            sample.count("waiting_iterations", 1),
            java.util.Optional.empty(),
            false);
    return new ServingSetup(
        policy,
        options,
        // The oracle of vLLM V1 counts a token of context less for each decoding request.
        ClosedForm.parse(COST.formatted(policy == Policy.VLLM_V1 ? "(K - D)" : "K")),
        sample.count("replicas", 1),
        sample.get("router", "").equals("lor") ? Routing.LOR : Routing.ROUND_ROBIN,
        OptionalInt.empty(),
        OptionalInt.empty(),
        0,
        true);
  }
}
