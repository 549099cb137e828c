package dev.ridgeline.calibration.served;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.serving.CachePort;
import dev.ridgeline.serving.DisaggregatedSetup;
import dev.ridgeline.serving.DisaggregatedSetup.FirstToken;
import dev.ridgeline.serving.DisaggregatedSetup.Transfer;
import dev.ridgeline.serving.DisaggregatedSimulation;
import dev.ridgeline.serving.ServingInstance;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.traffic.Lengths;
import dev.ridgeline.serving.traffic.OfferedTraffic;
import java.util.Collections;
import java.util.OptionalInt;

/**
 * Simulates configurations with prompts and decoding apart under the closed loop they were driven
 * with. Their router deals requests out in turn; the user hears from the decode worker, so its
 * queue is part of the time to the first token.
 */
final class DisaggregatedRun {
  private DisaggregatedRun() {}

  static Means run(DisaggregatedCase served) {
    return run(served, served.prefill().program().overheads());
  }

  /** Under an engine with other overheads. */
  static Means run(DisaggregatedCase served, EngineOverheads engine) {
    ServedRow row = served.row();
    ServedRun.Loop loop = ServedRun.loop(row);
    var setup =
        new DisaggregatedSetup(
            Collections.nCopies(served.prefills(), instance(served.prefill(), engine, false)),
            Collections.nCopies(served.decodes(), instance(served.decode(), engine, true)),
            new Transfer(false, Double.POSITIVE_INFINITY, engine.handoverSeconds()),
            FirstToken.DECODE,
            Routing.ROUND_ROBIN,
            Routing.ROUND_ROBIN,
            OptionalInt.of(row.concurrency()),
            OptionalInt.empty(),
            engine,
            0,
            true);
    Lengths lengths = ServedRun.lengths(row);
    var requests = lengths.source(new RandomStreams(row.line()).stream("lengths"));
    var means = new LoopMeans(loop);
    new DisaggregatedSimulation(setup, means, IterationSink.NONE)
        .run(new OfferedTraffic(requests, loop.requests()));
    return means.means();
  }

  private static ServingInstance instance(
      ServedCase served, EngineOverheads engine, boolean decodes) {
    double link = served.scenario().platform().levels().getLast().bandwidth().value();
    return new ServingInstance(
        served.policy(),
        served.options(),
        new ProgramCost(hosted(served, engine, decodes)),
        served.scenario().deployment().parallelism().devices(),
        CachePort.of(served.program().program(), link));
  }

  /**
   * Host times of a worker: each rank of attention has a scheduler of its own, with its share of
   * the sequences. A worker that only decodes prepares a step while the one before runs: SGLang's
   * overlap schedule and TensorRT-LLM's overlap scheduler are on by default, and TensorRT-LLM's
   * documentation of disaggregated serving turns it off for context servers alone
   * (nvidia.github.io/TensorRT-LLM, Disaggregated Serving, 2026). SGLang's ranks of attention agree
   * on the sizes of each step first, which cannot run ahead.
   */
  private static BoundProgram hosted(ServedCase served, EngineOverheads engine, boolean decodes) {
    int ranks = served.scenario().deployment().parallelism().attentionData();
    boolean beside = decodes && (ranks == 1 || served.policy() != Policy.SGLANG);
    return served
        .program()
        .under(engine.hosted(engine.sequenceSeconds() / ranks, beside || engine.asynchronous()));
  }
}
