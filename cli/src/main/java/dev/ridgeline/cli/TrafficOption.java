package dev.ridgeline.cli;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalProcess;
import dev.ridgeline.serving.traffic.ArrivalSource;
import dev.ridgeline.serving.traffic.CutTraffic;
import dev.ridgeline.serving.traffic.CutTraffic.Cut;
import dev.ridgeline.serving.traffic.LengthDistribution;
import dev.ridgeline.serving.traffic.Lengths;
import dev.ridgeline.serving.traffic.OfferedTraffic;
import dev.ridgeline.serving.traffic.PacedTraffic;
import dev.ridgeline.serving.traffic.SessionTraffic;
import dev.ridgeline.serving.traffic.TraceFile;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.QuantityException;
import dev.ridgeline.units.Seconds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options that say which requests come when. */
final class TrafficOption {
  static final String TRACE = "--trace";
  static final String RATE = "--rate";
  static final String CONCURRENCY = "--concurrency";
  private static final String TIME_SCALE = "--time-scale";
  private static final String LIMIT = "--limit";
  private static final String BURSTINESS = "--burstiness";
  private static final String DIURNAL = "--diurnal";
  private static final String REQUESTS = "--requests";
  private static final String DURATION = "--duration";
  private static final String INPUT = "--input";
  private static final String OUTPUT = "--output";
  private static final String LENGTHS_FROM = "--lengths-from";
  private static final String FIT = "--fit-lengths";
  static final String TURNS = "--turns";
  private static final String THINK = "--think";
  private static final String MAX_CONTEXT = "--max-context";
  static final String WARM_UP = "--warm-up";
  private static final String COOL_DOWN = "--cool-down";

  private static final int MOST_CONCURRENCY = 1 << 20;
  private static final long USUAL_REQUESTS = 1000;
  private static final double DAY_SECONDS = 86_400;
  private static final int USUAL_CONTEXT = 32_768;
  private static final double MOST_SECONDS = 2e9;

  /**
   * InferenceX sends ten requests for each in flight, and at least sixteen (its benchmark_lib.sh).
   */
  private static final long REQUESTS_EACH = 10;

  private static final long LEAST_CLOSED = 16;

  private TrafficOption() {}

  static void declare(CommandSpec command) {
    add(command, TRACE, "FILE", "Requests to serve, as they came.");
    add(command, TIME_SCALE, "X", "Multiply a trace's arrival times (default 1).");
    add(command, LIMIT, "N", "Take the first N requests of the trace only.");
    add(
        command,
        RATE,
        "R",
        "Poisson arrivals, R requests a second; with --trace its lengths in their order.");
    add(
        command,
        BURSTINESS,
        "CV",
        "Deviation of the gaps over their mean (default 1; 0 is regular, above 1 bursts).");
    add(
        command,
        DIURNAL,
        "SWING[,PERIOD]",
        "Let the rate swing by a share of itself, such as 0.5,24 h.");
    add(
        command,
        CONCURRENCY,
        "N",
        "Closed loop: all offered at once, at most N in flight, whenever they arrived.");
    add(
        command,
        REQUESTS,
        "N",
        "How many requests are made up (default 1000; 10 for each in a closed loop).");
    add(command, DURATION, "TIME", "No request is made up for later than this.");
    add(command, INPUT, "TOKENS", "Prompts: a number, 800..1000, or lognormal:MEDIAN,P90.");
    add(command, OUTPUT, "TOKENS", "Outputs, likewise.");
    add(command, LENGTHS_FROM, "FILE", "Draw lengths from a trace, prompt and output together.");
    command.addOption(
        OutputOption.flag(FIT, "Draw from the lognormal distribution fitted to these lengths."));
    add(command, TURNS, "MEAN", "Conversations of so many requests; --rate counts conversations.");
    add(command, THINK, "TIME", "Mean time from answer to next request (default 10 s).");
    add(command, MAX_CONTEXT, "N", "A conversation ends before it is longer (default 32768).");
    add(command, WARM_UP, "N|TIME", "The first requests are served but not counted.");
    add(command, COOL_DOWN, "N|TIME", "Nor are the last ones.");
  }

  private static void add(CommandSpec command, String name, String label, String description) {
    command.addOption(SubjectOption.option(name, label, description));
  }

  /** Opens traffic at a multiple of its rate. */
  private interface Opener {
    ArrivalSource open(double factor, RandomStreams streams);
  }

  /**
   * Traffic as the command line has it.
   *
   * @param perSecond requests a second; NaN where the trace or the closed loop says
   * @param concurrency requests in flight in a closed loop
   * @param random whether seeds make a difference
   * @param expected requests in all, as far as it is known; 0 where not
   * @param mostWaiting from so many waiting requests on, an overloaded run is given up
   * @param trace the trace whose arrivals count
   */
  record Traffic(
      double perSecond,
      OptionalInt concurrency,
      boolean random,
      long expected,
      long mostWaiting,
      Optional<Path> trace,
      Opener opener) {

    /** The requests of a run. */
    ArrivalSource open(double factor, RandomStreams streams) {
      return opener.open(factor, streams);
    }

    /** Requests a second: as asked for, or those of the trace. */
    double measuredPerSecond() {
      if (trace.isEmpty()) {
        return perSecond;
      }
      long count = 0;
      long first = 0;
      Arrival arrival = new Arrival();
      try (ArrivalSource source = open(1, new RandomStreams(0))) {
        while (source.next(arrival)) {
          first = count == 0 ? arrival.timeNanos : first;
          count++;
        }
      }
      return (count - 1) / Nanos.seconds(arrival.timeNanos - first);
    }
  }

  /** Requests wait in memory, and those of a trace end some day. */
  private static final long MOST_WAITING_MADE_UP = 20_000;

  private static final long MOST_WAITING_OF_TRACE = 1_000_000;

  static Traffic read(ParseResult parsed) {
    return read(parsed, USUAL_REQUESTS);
  }

  /**
   * As the command line has it.
   *
   * @param usualRequests how many are made up where it does not say
   */
  static Traffic read(ParseResult parsed, long usualRequests) {
    OptionalInt concurrency = NumberOption.whole(parsed, CONCURRENCY, 1, MOST_CONCURRENCY);
    boolean trace = parsed.hasMatchedOption(TRACE);
    OptionalDouble rate = NumberOption.positive(parsed, RATE);
    if (rate.isEmpty()
        && !trace
        && concurrency.isEmpty()
        && OutputOption.has(parsed, StudyOption.CAPACITY)) {
      // A search may begin anywhere.
      rate = OptionalDouble.of(1);
    }
    if (rate.isPresent() && concurrency.isPresent()) {
      throw refused(RATE, "a closed loop has no rate; leave out " + CONCURRENCY);
    }
    if (!trace && rate.isEmpty() && concurrency.isEmpty()) {
      throw refused(
          TRACE,
          "which requests? Name a file, or have them made up with %s or %s"
              .formatted(RATE, CONCURRENCY));
    }
    if (rate.isEmpty()) {
      forbid(parsed, "belongs to " + RATE, BURSTINESS, DIURNAL, DURATION, TURNS);
    }
    if (!trace) {
      forbid(parsed, "belongs to " + TRACE, TIME_SCALE, LIMIT);
    } else {
      forbid(parsed, "the trace says how long requests are", INPUT, OUTPUT, LENGTHS_FROM);
      forbid(parsed, "a trace has no turns", TURNS);
    }
    if (!parsed.hasMatchedOption(TURNS)) {
      forbid(parsed, "belongs to " + TURNS, THINK, MAX_CONTEXT);
    }
    Cut head = cut(parsed, WARM_UP);
    Cut tail = cut(parsed, COOL_DOWN);
    boolean recorded = trace && rate.isEmpty();
    if (recorded) {
      forbid(parsed, "a trace is cut by " + LIMIT, REQUESTS);
    }
    long most =
        NumberOption.wholeLong(parsed, REQUESTS, 1, Long.MAX_VALUE)
            .orElse(usualRequests(parsed, concurrency, trace, usualRequests));
    Opener opener =
        recorded
            ? recorded(parsed)
            : rate.isPresent() ? paced(parsed, rate.getAsDouble(), most) : offered(parsed, most);
    Opener cutOpener =
        head.equals(Cut.NONE) && tail.equals(Cut.NONE)
            ? opener
            : (factor, streams) -> new CutTraffic(opener.open(factor, streams), head, tail);
    return new Traffic(
        rate.orElse(Double.NaN),
        concurrency,
        !recorded,
        recorded || most == Long.MAX_VALUE
            ? NumberOption.wholeLong(parsed, LIMIT, 1, Long.MAX_VALUE).orElse(0)
            : most,
        recorded ? MOST_WAITING_OF_TRACE : MOST_WAITING_MADE_UP,
        recorded ? Optional.of(path(parsed, TRACE)) : Optional.empty(),
        cutOpener);
  }

  /** Whether the command line leaves open how many requests are made up. */
  static boolean isLengthOpen(ParseResult parsed) {
    return !parsed.hasMatchedOption(TRACE)
        && !parsed.hasMatchedOption(REQUESTS)
        && !parsed.hasMatchedOption(DURATION);
  }

  private static long usualRequests(
      ParseResult parsed, OptionalInt concurrency, boolean trace, long usual) {
    if (trace || parsed.hasMatchedOption(DURATION)) {
      return Long.MAX_VALUE;
    }
    return concurrency.isPresent()
        ? Math.max(LEAST_CLOSED, REQUESTS_EACH * concurrency.getAsInt())
        : usual;
  }

  private static Opener recorded(ParseResult parsed) {
    Path file = path(parsed, TRACE);
    double scale = NumberOption.positive(parsed, TIME_SCALE).orElse(1);
    long limit = limit(parsed);
    if (parsed.hasMatchedOption(CONCURRENCY)) {
      return (_, _) -> TraceFile.openLengths(file, limit);
    }
    return (factor, _) -> TraceFile.open(file, scale / factor, limit);
  }

  private static Opener offered(ParseResult parsed, long most) {
    Lengths lengths = lengths(parsed);
    return (_, streams) -> new OfferedTraffic(lengths.source(streams.stream("lengths")), most);
  }

  private static Opener paced(ParseResult parsed, double rate, long most) {
    ArrivalProcess process = process(parsed, rate);
    double duration =
        parsed.hasMatchedOption(DURATION) ? seconds(parsed, DURATION) : Double.POSITIVE_INFINITY;
    if (parsed.hasMatchedOption(TRACE)) {
      Path file = path(parsed, TRACE);
      forbid(parsed, "belongs to a trace's own arrivals", TIME_SCALE);
      long limit = limit(parsed);
      return (factor, streams) ->
          new PacedTraffic(
              TraceFile.openLengths(file, limit),
              process.at(rate * factor).start(streams.stream("arrivals")),
              most,
              duration);
    }
    Lengths lengths = lengths(parsed);
    if (parsed.hasMatchedOption(TURNS)) {
      double turns = NumberOption.positive(parsed, TURNS).orElse(1);
      if (turns < 1) {
        throw refused(TURNS, "must be a number from 1");
      }
      double think = parsed.hasMatchedOption(THINK) ? seconds(parsed, THINK) : 10;
      int longest =
          NumberOption.whole(parsed, MAX_CONTEXT, 1, LengthDistribution.MOST).orElse(USUAL_CONTEXT);
      return (factor, streams) ->
          new SessionTraffic(
              lengths, process.at(rate * factor), turns, think, longest, most, duration, streams);
    }
    return (factor, streams) ->
        new PacedTraffic(
            lengths.source(streams.stream("lengths")),
            process.at(rate * factor).start(streams.stream("arrivals")),
            most,
            duration);
  }

  private static long limit(ParseResult parsed) {
    return NumberOption.wholeLong(parsed, LIMIT, 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
  }

  private static ArrivalProcess process(ParseResult parsed, double rate) {
    double variation = NumberOption.atLeastZero(parsed, BURSTINESS).orElse(1);
    double swing = 0;
    double period = DAY_SECONDS;
    if (parsed.hasMatchedOption(DIURNAL)) {
      String[] parts = parsed.matchedOptionValue(DIURNAL, "").split(",", -1);
      try {
        swing = Double.parseDouble(parts[0].strip());
      } catch (NumberFormatException notOne) {
        swing = -1;
      }
      if (!(swing >= 0 && swing <= 1) || parts.length > 2) {
        throw refused(parsed, DIURNAL, "must be a share from 0 to 1, and maybe a time: 0.5,24 h");
      }
      period = parts.length == 2 ? seconds(parts[1], DIURNAL) : DAY_SECONDS;
    }
    return new ArrivalProcess(rate, variation, swing, period);
  }

  private static Lengths lengths(ParseResult parsed) {
    if (parsed.hasMatchedOption(LENGTHS_FROM)) {
      forbid(parsed, "the trace says how long requests are", INPUT, OUTPUT);
      Lengths.Sample sample;
      try (TraceFile trace = TraceFile.openLengths(path(parsed, LENGTHS_FROM), Long.MAX_VALUE)) {
        sample = Lengths.Sample.of(trace);
      }
      if (sample.size() == 0) {
        throw refused(parsed, LENGTHS_FROM, "has no request");
      }
      return OutputOption.has(parsed, FIT) ? sample.fitted() : sample;
    }
    forbid(parsed, "belongs to " + LENGTHS_FROM, FIT);
    return Lengths.independent(distribution(parsed, INPUT), distribution(parsed, OUTPUT));
  }

  private static LengthDistribution distribution(ParseResult parsed, String option) {
    if (!parsed.hasMatchedOption(option)) {
      throw refused(
          option,
          "how long are requests? Give %s and %s, or %s".formatted(INPUT, OUTPUT, LENGTHS_FROM));
    }
    String text = parsed.matchedOptionValue(option, "").strip();
    try {
      int dots = text.indexOf("..");
      if (dots >= 0) {
        return new LengthDistribution.Uniform(
            Integer.parseInt(text.substring(0, dots).strip()),
            Integer.parseInt(text.substring(dots + 2).strip()));
      }
      if (text.startsWith("lognormal:")) {
        String[] parts = text.substring("lognormal:".length()).split(",", -1);
        if (parts.length == 2) {
          return new LengthDistribution.LogNormal(
              Double.parseDouble(parts[0].strip()), Double.parseDouble(parts[1].strip()));
        }
      }
      return new LengthDistribution.Fixed(Integer.parseInt(text));
    } catch (IllegalArgumentException notOne) {
      throw refused(
          parsed,
          option,
          "must be tokens from 1, such as 1000, 800..1000 or lognormal:1000,4000 (median, p90)");
    }
  }

  private static Cut cut(ParseResult parsed, String option) {
    if (!parsed.hasMatchedOption(option)) {
      return Cut.NONE;
    }
    String text = parsed.matchedOptionValue(option, "").strip();
    if (text.chars().allMatch(Character::isDigit)) {
      return new Cut(NumberOption.wholeLong(parsed, option, 0, 1 << 24).orElse(0), 0);
    }
    if (parsed.hasMatchedOption(CONCURRENCY)) {
      throw refused(parsed, option, "counts requests in a closed loop");
    }
    return new Cut(0, Nanos.of(seconds(text, option)));
  }

  /** A time with its unit; a plain number is seconds. */
  static double seconds(ParseResult parsed, String option) {
    return seconds(parsed.matchedOptionValue(option, ""), option);
  }

  private static double seconds(String text, String option) {
    double value;
    try {
      value = Double.parseDouble(text.strip());
    } catch (NumberFormatException hasUnit) {
      try {
        value = Seconds.parse(text.strip()).value();
      } catch (QuantityException wrong) {
        throw wrong.problem().withField(option).exception();
      }
    }
    if (!(value > 0 && value < MOST_SECONDS)) {
      throw Problem.of("must be a time above zero, such as \"200 ms\"")
          .withField(option)
          .withValue(text)
          .exception();
    }
    return value;
  }

  private static Path path(ParseResult parsed, String option) {
    return SubjectOption.path(option, parsed.matchedOptionValue(option, ""));
  }

  private static void forbid(ParseResult parsed, String reason, String... options) {
    for (String option : List.of(options)) {
      if (parsed.hasMatchedOption(option)) {
        throw refused(option, reason);
      }
    }
  }

  private static RuntimeException refused(String option, String reason) {
    return Problem.of(reason).withField(option).exception();
  }

  private static RuntimeException refused(ParseResult parsed, String option, String reason) {
    return Problem.of(reason)
        .withField(option)
        .withValue(parsed.matchedOptionValue(option, ""))
        .exception();
  }
}
