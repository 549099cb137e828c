package dev.ridgeline.papers.run;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.papers.run.ServingRun.Load;
import dev.ridgeline.papers.run.ServingRun.Search;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.RequestList;
import dev.ridgeline.serving.traffic.TraceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Requests as a pack describes them: lengths of a trace drawn with replacement, prompt and output
 * apart or together, or lengths of a normal distribution; gaps of a Poisson process, or clients
 * that send anew when they are answered.
 */
final class TrafficForm {
  private static final double MOST = 1e12;
  private static final double MOST_TOKENS = 1e7;
  private static final int MOST_REQUESTS = 10_000_000;

  /** So many more than expected are drawn: six standard deviations and some. */
  private static final double SPARE = 1.05;

  private static final int LEAST_SPARE = 1000;

  private final Function<RandomStreams, Lengths> lengths;
  private final RandomStreams streams;
  private final OptionalDouble perSecond;
  private final OptionalDouble seconds;
  private final OptionalLong limit;
  private final OptionalInt clients;

  /** Fills in prompt and output tokens. */
  private interface Lengths {
    void next(int[] into);
  }

  TrafficForm(MappingReader form, Function<String, Path> files) {
    streams = new RandomStreams(form.integer("seed", 0, Long.MAX_VALUE));
    perSecond = form.optionalNumber("rate", 1e-6, MOST);
    seconds = form.optionalNumber("seconds", 1e-3, MOST);
    limit = form.optionalInteger("requests", 1, MOST_REQUESTS);
    OptionalLong waiting = form.optionalInteger("clients", 1, MOST_REQUESTS);
    clients = waiting.isPresent() ? OptionalInt.of((int) waiting.getAsLong()) : OptionalInt.empty();
    if (clients.isPresent() && (perSecond.isPresent() || limit.isEmpty())) {
      throw form.invalid("clients", "clients send so many requests, at no rate");
    }
    if (seconds.isPresent() == limit.isPresent()) {
      throw form.mapping().problem("traffic has requests or seconds").exception();
    }
    Optional<String> trace = form.optionalText("trace");
    if (trace.isPresent()) {
      Path file = files.apply(trace.get());
      boolean apart = form.flag("apart");
      lengths = own -> traced(file, apart, own);
    } else {
      MappingReader input = form.mapping("input");
      MappingReader output = form.mapping("output");
      Normal prompts = Normal.of(input);
      Normal outputs = Normal.of(output);
      lengths =
          own -> {
            RandomGenerator first = own.stream("inputs");
            RandomGenerator second = own.stream("outputs");
            return into -> {
              into[0] = prompts.draw(first);
              into[1] = outputs.draw(second);
            };
          };
    }
  }

  /** Clients that wait for answers, where there are some. */
  OptionalInt clients() {
    return clients;
  }

  /** The requests, enough for the highest rate that is asked for. */
  Load load(Optional<Search> search) {
    double highest = Math.max(perSecond.orElse(0), search.map(Search::most).orElse(0.0));
    long count = limit.orElse((long) Math.ceil(SPARE * highest * seconds.orElse(0)) + LEAST_SPARE);
    RandomGenerator gaps = streams.stream("arrivals");
    Lengths drawn = lengths.apply(streams);
    RequestList requests = new RequestList();
    int[] tokens = new int[2];
    double unit = 0;
    for (long index = 0; index < count; index++) {
      unit += gaps.nextExponential();
      drawn.next(tokens);
      requests.add(unit, tokens[0], tokens[1]);
    }
    OptionalDouble rate =
        clients.isPresent() ? OptionalDouble.of(Double.POSITIVE_INFINITY) : perSecond;
    return new Load(requests, rate, seconds.orElse(Double.POSITIVE_INFINITY));
  }

  private static Lengths traced(Path file, boolean apart, RandomStreams own) {
    List<int[]> seen = new ArrayList<>();
    Arrival arrival = new Arrival();
    try (TraceFile trace = TraceFile.open(file, 1, MOST_REQUESTS)) {
      while (trace.next(arrival)) {
        seen.add(new int[] {arrival.inputTokens, arrival.outputTokens});
      }
    }
    RandomGenerator first = own.stream("inputs");
    RandomGenerator second = own.stream("outputs");
    return into -> {
      int input = first.nextInt(seen.size());
      int output = apart ? second.nextInt(seen.size()) : input;
      into[0] = seen.get(input)[0];
      into[1] = seen.get(output)[1];
    };
  }

  /**
   * Normally distributed, rounded to whole tokens, at least 1.
   *
   * @param mean in tokens
   * @param deviation standard deviation in tokens
   */
  private record Normal(double mean, double deviation) {
    static Normal of(MappingReader form) {
      return new Normal(
          form.number("mean", 1, MOST_TOKENS), form.number("deviation", 0, MOST_TOKENS));
    }

    int draw(RandomGenerator random) {
      return (int) Math.max(1, Math.rint(mean + deviation * random.nextGaussian()));
    }
  }
}
