package dev.ridgeline.papers.run;

import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.QuantileLimits;
import dev.ridgeline.serving.metrics.Slowdowns;
import dev.ridgeline.serving.metrics.TokenPace;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.ForwardingSource;
import dev.ridgeline.serving.traffic.RequestList;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run of the serving simulator as a pack describes it.
 *
 * @param load what is sent
 * @param server what serves it
 * @param limits what percentiles must keep to
 * @param search rates among which the highest is looked for
 */
record ServingRun(Load load, Server server, Limits limits, Optional<Search> search) {

  /**
   * Requests.
   *
   * @param requests in order
   * @param perSecond how many a second; empty where clients wait for answers, or where it is asked
   * @param seconds for how long they come
   */
  record Load(RequestList requests, OptionalDouble perSecond, double seconds) {}

  /** Something that serves from the same empty state each time. */
  interface Server {
    /** Serves a source to its end. */
    Served serve(ArrivalSource source);

    /** Machines or replicas. */
    int size();
  }

  /** What a server says of a source. */
  record Served(ServingResult result, Optional<Slowdowns> slowdowns, Optional<TokenPace> pace) {}

  /**
   * What came of it.
   *
   * @param offered requests that came
   * @param result the figures, of those that ended
   * @param slowdowns against an idle machine, where one is named
   * @param pace requests whose tokens kept a pace, where one is named
   */
  record Outcome(
      long offered,
      ServingResult result,
      Optional<Slowdowns> slowdowns,
      Optional<TokenPace> pace) {}

  /**
   * What percentiles must keep to: slowdowns against an idle machine where one is named, else
   * seconds.
   *
   * @param ttft of the time to the first token
   * @param tpot of the mean gap of each request
   * @param endToEnd of the time to the last token
   */
  record Limits(QuantileLimits ttft, QuantileLimits tpot, QuantileLimits endToEnd) {
    /** Asks for nothing. */
    static final Limits NONE =
        new Limits(QuantileLimits.NONE, QuantileLimits.NONE, QuantileLimits.NONE);

    boolean keptBy(Outcome outcome) {
      ServingResult result = outcome.result();
      if (result.requests() < outcome.offered()) {
        return false;
      }
      return outcome
          .slowdowns()
          .map(slowdowns ->
              ttft.keptBy(slowdowns.ttft())
                  && tpot.keptBy(slowdowns.tpot())
                  && endToEnd.keptBy(slowdowns.endToEnd()))
          .orElseGet(() ->
              ttft.keptBy(result.ttft())
                  && tpot.keptBy(result.tpot())
                  && endToEnd.keptBy(result.endToEnd()));
    }
  }

  /**
   * Rates in equal steps, in requests a second.
   *
   * @param near where to begin, above 0
   * @param step between two, above 0
   * @param most the highest to try
   */
  record Search(double near, double step, double most) {}

  /** What comes of it at a rate. */
  Outcome at(double perSecond) {
    CountedSource source = new CountedSource(load.requests().at(perSecond, load.seconds()));
    Served served = server.serve(source);
    return new Outcome(source.given, served.result(), served.slowdowns(), served.pace());
  }

  private static final class CountedSource extends ForwardingSource {
    private long given;

    CountedSource(ArrivalSource source) {
      super(source);
    }

    @Override
    public boolean next(Arrival into) {
      boolean another = super.next(into);
      given += another ? 1 : 0;
      return another;
    }
  }
}
