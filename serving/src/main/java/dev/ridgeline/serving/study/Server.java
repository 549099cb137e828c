package dev.ridgeline.serving.study;

import dev.ridgeline.serving.DisaggregatedResult;
import dev.ridgeline.serving.DisaggregatedSetup;
import dev.ridgeline.serving.DisaggregatedSimulation;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.ServingSetup;
import dev.ridgeline.serving.Simulation;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Something that serves requests, from the same empty state each time it is asked to. */
public interface Server {
  /**
   * Serves a source to its end, or until it is clear that it never keeps up.
   *
   * @param seed of what is random in the server
   */
  Served serve(ArrivalSource source, RequestSink requests, IterationSink iterations, long seed);

  /**
   * What came of it.
   *
   * @param result the figures
   * @param measurements their distributions
   * @param overload whether it kept up
   * @param apart what each pool did, where prefill and decode have instances of their own
   */
  record Served(
      ServingResult result,
      Measurements measurements,
      Overload overload,
      Optional<DisaggregatedResult> apart) {
    /** Where every replica does both. */
    public Served(ServingResult result, Measurements measurements, Overload overload) {
      this(result, measurements, overload, Optional.empty());
    }
  }

  /**
   * Prefill and decode on instances of their own.
   *
   * @param mostWaiting a run in which more requests than this wait, and ever more, is stopped
   * @param charged adds energy and price to the figures
   */
  static Server of(
      DisaggregatedSetup setup, long mostWaiting, UnaryOperator<DisaggregatedResult> charged) {
    return (source, requests, iterations, seed) -> {
      var simulation = new DisaggregatedSimulation(setup.seeded(seed), requests, iterations);
      OverloadWatch watch =
          new OverloadWatch(source, simulation::completed, simulation::waiting, mostWaiting);
      simulation.begin(watch);
      while (!watch.hopeless() && simulation.advance()) {
        // Every event is one turn.
      }
      DisaggregatedResult result = charged.apply(simulation.result());
      return new Served(
          result.serving(),
          simulation.measurements(),
          watch.verdict().holding(watch.hopeless() ? 0 : result.unfinished()),
          Optional.of(result));
    };
  }

  /**
   * Equal replicas.
   *
   * @param mostWaiting a run in which more requests than this wait, and ever more, is stopped
   * @param charged adds energy and price to the figures
   */
  static Server of(ServingSetup setup, long mostWaiting, UnaryOperator<ServingResult> charged) {
    return (source, requests, iterations, seed) -> {
      Simulation simulation = new Simulation(setup.seeded(seed), requests, iterations);
      OverloadWatch watch =
          new OverloadWatch(source, simulation::completed, simulation::waiting, mostWaiting);
      simulation.begin(watch);
      while (!watch.hopeless() && simulation.advance()) {
        // Every event is one turn.
      }
      return new Served(
          charged.apply(simulation.result()), simulation.measurements(), watch.verdict());
    };
  }
}
