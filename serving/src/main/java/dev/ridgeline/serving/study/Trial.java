package dev.ridgeline.serving.study;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.DisaggregatedResult;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.Attainment;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.Sinks;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.List;
import java.util.Optional;

/**
 * One run, and how many of its requests met their objectives.
 *
 * @param result the figures
 * @param measurements their distributions
 * @param overload whether the server kept up
 * @param attainment requests that met their objectives
 * @param apart what each pool did, where prefill and decode have instances of their own
 */
public record Trial(
    ServingResult result,
    Measurements measurements,
    Overload overload,
    Attainment attainment,
    Optional<DisaggregatedResult> apart) {

  /** A run of a server whose replicas do both. */
  public Trial(
      ServingResult result, Measurements measurements, Overload overload, Attainment attainment) {
    this(result, measurements, overload, attainment, Optional.empty());
  }

  /** Runs a server. */
  public static Trial run(
      Server server,
      ArrivalSource source,
      Slo slo,
      RequestSink requests,
      IterationSink iterations,
      long seed) {
    Attainment attainment = new Attainment(slo);
    Server.Served served =
        server.serve(
            source,
            requests.equals(RequestSink.NONE)
                ? attainment
                : Sinks.requests(List.of(attainment, requests)),
            iterations,
            seed);
    return new Trial(
        served.result(), served.measurements(), served.overload(), attainment, served.apart());
  }

  /** The random streams of a replication; those of the first are the study's own. */
  public static RandomStreams streams(long seed, int replication) {
    RandomStreams streams = new RandomStreams(seed);
    return replication == 0 ? streams : streams.within("replication", replication);
  }

  /** Requests a second that met every objective, over the time that requests a second count. */
  public double goodput() {
    return attainment.met() / result.makespanSeconds();
  }

  /** Whether the server kept up and enough requests met their objectives. */
  public boolean meets(double share) {
    return !overload.overloaded() && !overload.stopped() && attainment.share() >= share;
  }
}
