package dev.ridgeline.serving.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.traffic.RequestList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PooledClusterTest {
  private static final MachineKind MACHINE =
      new MachineKind(
          new MachineProfile(
              "machine",
              new double[] {128, 1024, 8192},
              new double[] {0.08, 0.29, 3.6},
              new double[] {0.0476, 0.0494, 0.0543}),
          20_000);

  private static final PoolSetup SPLIT =
      new PoolSetup(
          Collections.nCopies(3, MACHINE), Collections.nCopies(2, MACHINE), List.of(), 53_000);
  private static final PoolSetup JOINED =
      new PoolSetup(List.of(), List.of(), Collections.nCopies(5, MACHINE), 53_000);

  private static RequestList requests() {
    RandomGenerator random = new RandomStreams(5).stream("requests");
    RequestList requests = new RequestList();
    double unit = 0;
    for (int index = 0; index < 1500; index++) {
      unit += random.nextExponential();
      requests.add(unit, 1 + random.nextInt(3000), 1 + random.nextInt(400));
    }
    return requests;
  }

  private static List<String> run(
      PoolSetup setup, double perSecond, IterationSink sink, List<ServingResult> results) {
    List<String> ended = new ArrayList<>();
    RequestSink requests =
        (table, slot) ->
            ended.add(
                "%d %d %d %d %d"
                    .formatted(
                        table.id[slot],
                        table.replica[slot],
                        table.firstTokenNanos[slot],
                        table.lastTokenNanos[slot],
                        table.preemptions[slot]));
    results.add(
        new PooledCluster(setup, requests, sink)
            .run(requests().at(perSecond, Double.POSITIVE_INFINITY)));
    Collections.sort(ended);
    return ended;
  }

  /** Whoever is told of batches makes the cluster go step by step. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 2, 4, 8, 50})
  void stepsRunInOneGoAreThoseOfStepByStep(double perSecond) {
    for (PoolSetup setup : List.of(SPLIT, JOINED)) {
      List<ServingResult> results = new ArrayList<>();
      List<String> quick = run(setup, perSecond, IterationSink.NONE, results);
      List<String> single = run(setup, perSecond, (_, _, _, _, _, _) -> {}, results);
      assertThat(quick).hasSizeGreaterThan(1000).isEqualTo(single);
      assertThat(results.getFirst()).isEqualTo(results.getLast());
    }
  }

  @Test
  void quietMachinesTakeTheirIdleTimes() {
    RequestList one = new RequestList();
    one.add(0, 1024, 11);
    ServingResult result =
        new PooledCluster(JOINED, RequestSink.NONE, IterationSink.NONE).run(one.at(1, 10));
    assertThat(result.ttft().p50()).isEqualTo(MACHINE.profile().ttftSeconds(1024));
    assertThat(result.iterations()).isEqualTo(11);
  }
}
