package dev.ridgeline.serving.study;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.Attainment;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.Sinks;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.List;

/**
 * One run, and how many of its requests met their objectives.
 *
 * @param result the figures
 * @param measurements their distributions
 * @param overload whether the server kept up
 * @param attainment requests that met their objectives
 */
public record Trial(
    ServingResult result, Measurements measurements, Overload overload, Attainment attainment) {

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
    return new Trial(served.result(), served.measurements(), served.overload(), attainment);
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
