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
import dev.ridgeline.serving.study.Trial;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.ForwardingSource;
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
    if (study.capacity() && ReportOption.asked(parsed)) {
      throw Problem.of(
              "is a search over many runs, which have no files of their own; leave out %s and ask again with --rate for one run's"
                  .formatted(ReportOption.firstAsked(parsed)))
          .withField(StudyOption.CAPACITY)
          .exception();
    }
    if (study.capacity()) {
      return capacity();
    }
    return study.replications() > 1 ? replications() : once();
  }

  boolean json() {
    return OutputOption.has(parsed, OutputOption.JSON);
  }

  private int once() {
    try (ReportOption report = new ReportOption(parsed, served.parts())) {
      Timed timed = run(1, 0, report.requests(), report.iterations());
      Trial trial = timed.trial();
      List<String> notes = served.notes(timed.tooLong());
      finish(report, trial);
      surroundings
          .out()
          .print(
              json()
                  ? JsonPrinter.print(SimulationData.of(trial, timed.wallSeconds(), notes))
                  : SimulationPage.of(
                      style, served.title(), served.replicas(), trial, timed.wallSeconds(), notes));
      return verdict(trial);
    } catch (UncheckedIOException full) {
      throw ReportOption.unfinished(full);
    }
  }

  private void finish(ReportOption report, Trial trial) {
    report.finish(
        served.title(),
        List.of(
            "%d requests in %.4g s, %.4g requests/s"
                .formatted(
                    trial.result().requests(),
                    trial.result().makespanSeconds(),
                    trial.result().requestsPerSecond())),
        trial.measurements(),
        study.slo());
  }

  /** A run that was given up has no steady answer. */
  private int verdict(Trial trial) {
    long held = trial.overload().held();
    if (held > 0) {
      surroundings
          .err()
          .println(
              "ridgeline: %d requests are held for ever: memory is full of prompts that wait for room to decode; give the machines more cache, or more machines"
                  .formatted(held));
      return ExitCode.INFEASIBLE;
    }
    long rejected = trial.result().rejected();
    if (trial.result().requests() == 0 && rejected > 0 && !trial.overload().stopped()) {
      surroundings
          .err()
          .println(
              "ridgeline: nothing can be served: all %,d requests are larger than a replica's cache or limits; give it more cache (%s), or ask for shorter requests"
                  .formatted(rejected, SchedulerOption.KV_BLOCKS));
      return ExitCode.INFEASIBLE;
    }
    if (!trial.overload().stopped()) {
      return ExitCode.DONE;
    }
    surroundings
        .err()
        .println(
            "ridgeline: overload: %s; ask for less, or give more %s"
                .formatted(
                    SimulationPage.rates(trial.overload()),
                    trial.apart().isPresent() ? "instances" : "replicas"));
    return ExitCode.INFEASIBLE;
  }

  private int replications() {
    List<Trial> trials = new ArrayList<>();
    double wall = 0;
    long tooLong = 0;
    try (ReportOption report = new ReportOption(parsed, served.parts())) {
      for (int replication = 0; replication < study.replications(); replication++) {
        // The files tell of the first.
        boolean told = replication == 0;
        Timed timed =
            run(
                1,
                replication,
                told ? report.requests() : RequestSink.NONE,
                told ? report.iterations() : IterationSink.NONE);
        if (told) {
          finish(report, timed.trial());
        }
        trials.add(timed.trial());
        wall += timed.wallSeconds();
        tooLong += timed.tooLong();
        if (timed.trial().overload().stopped()) {
          break;
        }
      }
    } catch (UncheckedIOException full) {
      throw ReportOption.unfinished(full);
    }
    List<String> notes = new ArrayList<>(served.notes(tooLong));
    if (ReportOption.asked(parsed)) {
      notes.add("files tell of the first replication, which a run without --replications equals");
    }
    surroundings
        .out()
        .print(
            json()
                ? JsonPrinter.print(StudyData.of(trials, wall, notes))
                : StudyPage.of(style, served.title(), trials, wall, notes));
    return verdict(trials.getLast());
  }

  private int capacity() {
    return new CapacityRun(this).answer();
  }

  /** A run, how long it computed, and how many requests exceeded the model's context. */
  private record Timed(Trial trial, double wallSeconds, long tooLong) {}

  /** The same with other traffic. */
  SimulationRun with(Traffic other) {
    return new SimulationRun(parsed, surroundings, style, other, study, served, seed);
  }

  /** A run at a multiple of the traffic's rate, of which no file tells. */
  Trial trial(double factor, int replication) {
    return run(factor, replication, RequestSink.NONE, IterationSink.NONE).trial();
  }

  private Timed run(
      double factor, int replication, RequestSink requests, IterationSink iterations) {
    RandomStreams streams = Trial.streams(seed, replication);
    try (ProgressBar bar = new ProgressBar(surroundings, "requests", traffic.expected());
        WatchedSource source =
            new WatchedSource(
                traffic.open(factor, streams),
                bar,
                served.contextTokens().orElse(Long.MAX_VALUE))) {
      long start = System.nanoTime();
      Trial trial =
          Trial.run(served.server(), source, study.slo(), requests, iterations, streams.seed());
      if (trial.result().requests() == 0
          && trial.result().rejected() == 0
          && !trial.overload().stopped()) {
        throw Problem.of("no request is left to count")
            .withField(traffic.trace().isPresent() ? TrafficOption.TRACE : TrafficOption.WARM_UP)
            .exception();
      }
      return new Timed(trial, (System.nanoTime() - start - source.nanos) / 1e9, source.tooLong);
    }
  }

  /** Knows how long reading took, which is no simulation, how far it is, and what is too long. */
  private static final class WatchedSource extends ForwardingSource {
    private static final int LOOK = 255;

    private final ProgressBar bar;
    private final long contextTokens;
    private long nanos;
    private long count;
    private long tooLong;

    WatchedSource(ArrivalSource source, ProgressBar bar, long contextTokens) {
      super(source);
      this.bar = bar;
      this.contextTokens = contextTokens;
    }

    @Override
    public boolean next(Arrival into) {
      long start = System.nanoTime();
      boolean found = super.next(into);
      nanos += System.nanoTime() - start;
      if (found && (long) into.inputTokens + into.outputTokens > contextTokens) {
        tooLong++;
      }
      if ((++count & LOOK) == 0) {
        bar.at(count);
      }
      return found;
    }
  }
}
