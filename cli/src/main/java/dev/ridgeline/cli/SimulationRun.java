package dev.ridgeline.cli;

import dev.ridgeline.cli.SimulateCommand.Served;
import dev.ridgeline.cli.TrafficOption.Traffic;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.SimulationData;
import dev.ridgeline.cli.data.StudyData;
import dev.ridgeline.cli.page.SimulationPage;
import dev.ridgeline.cli.page.StudyPage;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.study.Capacity;
import dev.ridgeline.serving.study.Trial;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.units.Problem;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * Runs what is served under what comes: once, several times, or in search of a rate.
 *
 * @param parsed the command line
 * @param surroundings where answers go
 * @param style how they look
 * @param traffic which requests come when
 * @param study how often, and what is asked of them
 * @param served what serves
 * @param seed of everything random
 */
record SimulationRun(
    ParseResult parsed,
    Surroundings surroundings,
    Style style,
    Traffic traffic,
    StudyOption study,
    Served served,
    long seed) {

  /** Answers on the page, or in JSON; the exit code. */
  int answer() {
    if ((study.capacity() || study.replications() > 1) && ReportOption.asked(parsed)) {
      throw Problem.of("tells of one run, not of many")
          .withField(study.capacity() ? StudyOption.CAPACITY : StudyOption.REPLICATIONS)
          .exception();
    }
    if (study.capacity()) {
      return capacity();
    }
    return study.replications() > 1 ? replications() : once();
  }

  private boolean json() {
    return OutputOption.has(parsed, OutputOption.JSON);
  }

  private int once() {
    try (ReportOption report = new ReportOption(parsed, served.replicas(), served.stages())) {
      Timed timed = run(1, 0, report.requests(), report.iterations());
      Trial trial = timed.trial();
      report.finish(
          served.title(),
          List.of(
              "%d requests in %.4g s, %.4g requests/s"
                  .formatted(
                      trial.result().requests(),
                      trial.result().makespanSeconds(),
                      trial.result().requestsPerSecond())),
          trial.measurements());
      surroundings
          .out()
          .print(
              json()
                  ? JsonPrinter.print(SimulationData.of(trial, timed.wallSeconds()))
                  : SimulationPage.of(
                      style,
                      served.title(),
                      served.replicas(),
                      trial,
                      timed.wallSeconds(),
                      served.notes()));
      return verdict(trial);
    } catch (UncheckedIOException full) {
      throw ReportOption.unfinished(full);
    }
  }

  /** A run that was given up has no steady answer. */
  private int verdict(Trial trial) {
    if (!trial.overload().stopped()) {
      return ExitCode.DONE;
    }
    surroundings
        .err()
        .println(
            "ridgeline: overload: %.4g requests/s come and %.4g can be served; ask for less, or give more replicas"
                .formatted(
                    trial.overload().offeredPerSecond(), trial.overload().servedPerSecond()));
    return ExitCode.INFEASIBLE;
  }

  private int replications() {
    List<Trial> trials = new ArrayList<>();
    double wall = 0;
    for (int replication = 0; replication < study.replications(); replication++) {
      Timed timed = run(1, replication, RequestSink.NONE, IterationSink.NONE);
      trials.add(timed.trial());
      wall += timed.wallSeconds();
      if (timed.trial().overload().stopped()) {
        break;
      }
    }
    surroundings
        .out()
        .print(
            json()
                ? JsonPrinter.print(StudyData.of(trials, wall))
                : StudyPage.of(style, served.title(), trials, wall, served.notes()));
    return verdict(trials.getLast());
  }

  private int capacity() {
    double base = traffic.measuredPerSecond();
    if (!(base > 0 && Double.isFinite(base))) {
      throw Problem.of("a trace whose requests all come at once has no rate to search from")
          .withField(StudyOption.CAPACITY)
          .exception();
    }
    long start = System.nanoTime();
    try {
      Capacity capacity =
          Capacity.find(
              (rate, replication) ->
                  run(rate / base, replication, RequestSink.NONE, IterationSink.NONE).trial(),
              base,
              study.share(),
              study.tolerance(),
              study.replications());
      double wall = (System.nanoTime() - start) / 1e9;
      surroundings
          .out()
          .print(
              json()
                  ? JsonPrinter.print(
                      StudyData.of(capacity, study.share(), study.tolerance(), wall))
                  : StudyPage.of(
                      style,
                      served.title(),
                      capacity,
                      study.share(),
                      study.tolerance(),
                      served.replicas(),
                      wall,
                      served.notes()));
      return ExitCode.DONE;
    } catch (Capacity.Unbounded nothing) {
      surroundings
          .err()
          .println(
              "ridgeline: %s: at %.4g requests/s %.4g %% of them do (%.4g %% must)"
                  .formatted(
                      nothing.getMessage(),
                      nothing.perSecond(),
                      100 * nothing.trial().attainment().share(),
                      100 * study.share()));
      return ExitCode.INFEASIBLE;
    }
  }

  /** A run and how long it computed. */
  private record Timed(Trial trial, double wallSeconds) {}

  private Timed run(
      double factor, int replication, RequestSink requests, IterationSink iterations) {
    RandomStreams streams = Trial.streams(seed, replication);
    try (ProgressBar bar = new ProgressBar(surroundings, "requests", traffic.expected());
        WatchedSource source = new WatchedSource(traffic.open(factor, streams), bar)) {
      long start = System.nanoTime();
      Trial trial =
          Trial.run(served.server(), source, study.slo(), requests, iterations, streams.seed());
      if (trial.result().requests() == 0 && trial.result().rejected() == 0) {
        throw Problem.of("no request is left to count").withField(TrafficOption.TRACE).exception();
      }
      return new Timed(trial, (System.nanoTime() - start - source.nanos) / 1e9);
    }
  }

  /** Knows how long reading took, which is no simulation, and how far it is. */
  private static final class WatchedSource implements ArrivalSource {
    private static final int LOOK = 255;

    private final ArrivalSource source;
    private final ProgressBar bar;
    private long nanos;
    private long count;

    WatchedSource(ArrivalSource source, ProgressBar bar) {
      this.source = source;
      this.bar = bar;
    }

    @Override
    public boolean next(Arrival into) {
      long start = System.nanoTime();
      boolean found = source.next(into);
      nanos += System.nanoTime() - start;
      if ((++count & LOOK) == 0) {
        bar.at(count);
      }
      return found;
    }

    @Override
    public boolean reacts() {
      return source.reacts();
    }

    @Override
    public boolean cuts() {
      return source.cuts();
    }

    @Override
    public long answered(long session, long nowNanos) {
      return source.answered(session, nowNanos);
    }

    @Override
    public boolean turn(long session, Arrival into) {
      return source.turn(session, into);
    }

    @Override
    public void refused(long session) {
      source.refused(session);
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
