package dev.ridgeline.cli;

import dev.ridgeline.cli.SimulateCommand.Part;
import dev.ridgeline.cli.page.ServingChart;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.metrics.ChromeTrace;
import dev.ridgeline.serving.metrics.IterationCsv;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestCsv;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.Sinks;
import dev.ridgeline.serving.metrics.Slo;
import dev.ridgeline.serving.metrics.TimeSeries;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The files that tell of a run in detail; open while it runs. */
final class ReportOption implements AutoCloseable {
  private static final String REQUESTS_OUT = "--requests-out";
  private static final String ITERATIONS_OUT = "--iterations-out";
  private static final String SERIES_OUT = "--series-out";
  private static final String SERIES_STEP = "--series-step";
  private static final String TRACE_OUT = "--trace-out";
  private static final List<String> FILES =
      List.of(REQUESTS_OUT, ITERATIONS_OUT, SERIES_OUT, TRACE_OUT, DrawingOption.SVG);
  private static final int MOST_ROWS = 1 << 22;
  private static final int MOST_DRAWN = 400;

  private final ParseResult parsed;
  private final List<Writer> writers = new ArrayList<>();
  private final List<RequestSink> requests = new ArrayList<>();
  private final List<IterationSink> iterations = new ArrayList<>();
  private final Optional<Writer> seriesFile;
  private final Optional<TimeSeries> series;
  private final Optional<TimeSeries> drawn;
  private final Map<String, TimeSeries> drawnParts = new LinkedHashMap<>();
  private final Optional<ChromeTrace> chrome;

  static void declare(CommandSpec command) {
    add(command, REQUESTS_OUT, "FILE", "Write a row of CSV for each request.");
    add(command, ITERATIONS_OUT, "FILE", "Write a row of CSV for each batch.");
    add(command, SERIES_OUT, "FILE", "Write a row of CSV for each stretch of time.");
    add(command, SERIES_STEP, "TIME", "How long a stretch is (default 1 s).");
    add(command, TRACE_OUT, "FILE", "Write batches and requests for Perfetto or Chrome.");
    add(command, DrawingOption.SVG, "FILE", "Draw distributions and timelines.");
  }

  private static void add(CommandSpec command, String name, String label, String description) {
    command.addOption(SubjectOption.option(name, label, description));
  }

  /**
   * Opens the files that are asked for.
   *
   * @param parts instances that do the same, in order of their numbers
   */
  ReportOption(ParseResult parsed, List<Part> parts) {
    this.parsed = parsed;
    int replicas = parts.stream().mapToInt(Part::instances).sum();
    int batches = parts.stream().mapToInt(part -> part.instances() * part.stages()).sum();
    int stages = parts.stream().mapToInt(Part::stages).max().orElseThrow();
    if (parsed.hasMatchedOption(SERIES_STEP) && !parsed.hasMatchedOption(SERIES_OUT)) {
      throw Problem.of("belongs to " + SERIES_OUT).withField(SERIES_STEP).exception();
    }
    refuseSame(parsed);
    long step =
        parsed.hasMatchedOption(SERIES_STEP)
            ? Math.max(1, Nanos.of(TrafficOption.seconds(parsed, SERIES_STEP)))
            : (long) Nanos.PER_SECOND;
    try {
      open(REQUESTS_OUT).map(RequestCsv::new).ifPresent(requests::add);
      open(ITERATIONS_OUT).map(IterationCsv::new).ifPresent(iterations::add);
      seriesFile = open(SERIES_OUT);
      series = seriesFile.map(_ -> new TimeSeries(step, MOST_ROWS, batches));
      chrome = open(TRACE_OUT).map(writer -> new ChromeTrace(writer, replicas, stages));
    } catch (InputException refused) {
      close();
      throw refused;
    }
    drawn =
        DrawingOption.asked(parsed)
            ? Optional.of(new TimeSeries(1000, MOST_DRAWN, batches))
            : Optional.empty();
    Stream.of(series, drawn)
        .flatMap(Optional::stream)
        .forEach(each -> {
          requests.add(each);
          iterations.add(each);
        });
    if (drawn.isPresent()) {
      int first = 0;
      for (Part part : parts) {
        drawnParts.put(part.name(), series(part, first));
        first += part.instances();
      }
    }
    chrome.ifPresent(requests::add);
    chrome.ifPresent(iterations::add);
  }

  /** The series of some instances, which listens to them alone. */
  private TimeSeries series(Part part, int first) {
    TimeSeries its = new TimeSeries(1000, MOST_DRAWN, part.instances() * part.stages());
    iterations.add((replica, startNanos, endNanos, batchSize, prefillTokens, decodeTokens) -> {
      if (replica >= first && replica < first + part.instances()) {
        its.ended(replica, startNanos, endNanos, batchSize, prefillTokens, decodeTokens);
      }
    });
    return its;
  }

  /** Whether any file is asked for. */
  static boolean asked(ParseResult parsed) {
    return !firstAsked(parsed).isEmpty();
  }

  /** The option that asks for a file; empty where none does. */
  static String firstAsked(ParseResult parsed) {
    return FILES.stream().filter(parsed::hasMatchedOption).findFirst().orElse("");
  }

  /** No file is written twice, nor over the trace that is read. */
  private static void refuseSame(ParseResult parsed) {
    Map<Path, String> taken = new HashMap<>();
    Stream.concat(Stream.of(TrafficOption.TRACE), FILES.stream())
        .filter(parsed::hasMatchedOption)
        .forEach(option -> {
          String text = parsed.matchedOptionValue(option, "");
          Path file = real(SubjectOption.path(option, text));
          String other = taken.putIfAbsent(file, option);
          // A device such as /dev/null takes whatever comes.
          if (other != null && (!Files.exists(file) || Files.isRegularFile(file))) {
            throw Problem.of("is the file of %s already; name another".formatted(other))
                .withField(option)
                .withValue(text)
                .exception();
          }
        });
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException _) {
      return file.toAbsolutePath().normalize();
    }
  }

  private Optional<Writer> open(String option) {
    if (!parsed.hasMatchedOption(option)) {
      return Optional.empty();
    }
    String file = parsed.matchedOptionValue(option, "");
    try {
      Writer writer =
          Files.newBufferedWriter(SubjectOption.path(option, file), StandardCharsets.UTF_8);
      writers.add(writer);
      return Optional.of(writer);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be written (%s)".formatted(e.getClass().getSimpleName()))
              .withField(option)
              .withValue(file),
          e);
    }
  }

  RequestSink requests() {
    return Sinks.requests(requests);
  }

  IterationSink iterations() {
    return Sinks.iterations(iterations);
  }

  /** Writes what can be written at the end only. */
  void finish(String title, List<String> notes, Measurements measurements, Slo slo) {
    seriesFile.ifPresent(writer -> series.ifPresent(each -> each.write(writer)));
    chrome.ifPresent(ChromeTrace::close);
    drawn
        .filter(each -> each.size() > 0)
        .ifPresent(each ->
            DrawingOption.write(
                parsed, ServingChart.of(title, notes, measurements, slo, each, drawnParts)));
  }

  @Override
  public void close() {
    for (Writer writer : writers) {
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A disk that is full, told as what it is. */
  static InputException unfinished(UncheckedIOException full) {
    return new InputException(
        Problem.of("an output file cannot be written to its end").withField(REQUESTS_OUT), full);
  }
}
