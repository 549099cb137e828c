package dev.ridgeline.calibration.served;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.batch.ProgramCost;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.route.Routing;
import dev.ridgeline.serving.traffic.LengthDistribution;
import dev.ridgeline.serving.traffic.Lengths;
import dev.ridgeline.serving.traffic.OfferedTraffic;
import java.util.OptionalInt;

/** Simulates measured configurations under the closed loop they were driven with. */
final class ServedRun {
  /** Requests of the benchmark for each one in flight, and in all at least. */
  private static final int ROUNDS = 10;

  private static final int LEAST_REQUESTS = 16;

  /** Where more requests than these would run, fewer rounds do. */
  private static final int MANY_REQUESTS = 1000;

  private static final int LEAST_ROUNDS = 3;

  /** Of the longest length, the least that the benchmark draws. */
  private static final double LEAST_SHARE = 0.8;

  private ServedRun() {}

  /**
   * How a row is driven.
   *
   * @param inFlight requests at once
   * @param requests that are run
   * @param burstShare of the requests of the benchmark, those that come at once in the beginning
   */
  record Loop(int inFlight, int requests, double burstShare) {

    /** The same cut to a burst and some rounds after it. */
    Loop cut(int rounds) {
      int fewer = Math.max(LEAST_REQUESTS, rounds * inFlight);
      return new Loop(inFlight, Math.min(requests, fewer), burstShare);
    }
  }

  static Loop loop(ServedRow row) {
    int inFlight = row.concurrency();
    return new Loop(
        inFlight,
        Math.max(
            LEAST_REQUESTS,
            Math.min(ROUNDS * inFlight, Math.max(MANY_REQUESTS, LEAST_ROUNDS * inFlight))),
        (double) inFlight / Math.max(LEAST_REQUESTS, ROUNDS * inFlight));
  }

  static Lengths lengths(ServedRow row) {
    return Lengths.independent(lengths(row, row.inputTokens()), lengths(row, row.outputTokens()));
  }

  /** A run whose steps and requests cost what the engine adds, too. */
  static Means run(ServedCase served) {
    return run(served, served.program().overheads(), loop(served.row()));
  }

  /** The same under an engine with other overheads, for as many requests as are said. */
  static Means run(ServedCase served, EngineOverheads engine, Loop loop) {
    ServedRow row = served.row();
    int ranks = served.scenario().deployment().parallelism().attentionData();
    // Each rank of attention has a scheduler of its own.
    EngineOverheads hosted = engine.hosted(engine.sequenceSeconds() / ranks, engine.asynchronous());
    var setup =
        new ServingSetup(
            served.policy(),
            served.options(),
            new ProgramCost(served.program().under(hosted)),
            1,
            Routing.ROUND_ROBIN,
            OptionalInt.of(loop.inFlight()),
            OptionalInt.empty(),
            0,
            engine,
            true);
    var requests = lengths(row).source(new RandomStreams(row.line()).stream("lengths"));
    var means = new LoopMeans(loop);
    new Simulation(setup, means, IterationSink.NONE)
        .run(new OfferedTraffic(requests, loop.requests()));
    return means.means();
  }

  /** Rows without a day come from another driver, whose lengths do not vary. */
  private static LengthDistribution lengths(ServedRow row, int longest) {
    return row.dated()
        ? new LengthDistribution.Uniform(Math.max(1, (int) (LEAST_SHARE * longest)), longest)
        : new LengthDistribution.Fixed(longest);
  }
}
