package dev.ridgeline.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A batch for which the cache has no room: a serving engine keeps the rest waiting and runs it
 * after those before. Wave follows wave, as requests that are all alike end together.
 *
 * @param room requests of a full wave, at least 1
 * @param full how many of these
 * @param rest requests of the last wave, 0 where none is left
 */
record Waves(int room, int full, int rest) {

  /** Cuts a batch into waves. */
  static Waves of(int batch, long room) {
    int most = (int) Math.min(room, batch);
    return new Waves(most, batch / most, batch % most);
  }

  private int batch() {
    return room * full + rest;
  }

  /**
   * Answers for the whole batch. Phases, memory and mapping are those of a full wave. Time to the
   * first token is the mean over the requests, with what they wait; end to end is until the last
   * token of all.
   *
   * @param scenario of the whole batch
   * @param one answers for so many requests at once
   */
  Estimate estimate(Scenario scenario, Function<Scenario, Estimate> one) {
    Estimate wave = one.apply(with(scenario, room));
    Estimate last = rest > 0 ? one.apply(with(scenario, rest)) : wave;
    double before = full * wave.endToEndSeconds();
    double whole = before + (rest > 0 ? last.endToEndSeconds() : 0);
    double waiting =
        room * (0.5 * full * (full - 1) * wave.endToEndSeconds()) + (rest > 0 ? rest * before : 0);
    double ttft = (waiting / batch()) + mean(wave, last, Estimate::ttftSeconds);
    double requests = batch() / whole;
    double outputs = scenario.traffic().outputTokens();
    OptionalDouble joules =
        mean(wave.energyJoulesPerOutputToken(), last.energyJoulesPerOutputToken());
    double slower = wave.outputTokensPerSecond() / (requests * outputs);
    return new Estimate(
        scenario,
        ttft,
        mean(wave.tpotSeconds(), last.tpotSeconds()),
        whole,
        requests * outputs,
        requests,
        wave.memory(),
        joules,
        joules.isPresent()
            ? OptionalDouble.of(joules.getAsDouble() * requests * outputs / wave.allDevices())
            : OptionalDouble.empty(),
        wave.usdPerMillionOutputTokens().isPresent()
            ? OptionalDouble.of(wave.usdPerMillionOutputTokens().getAsDouble() * slower)
            : OptionalDouble.empty(),
        wave.devices(),
        wave.prefill(),
        wave.decode(),
        wave.source(),
        wave.band(),
        wave.assumptions(),
        warnings(scenario, wave),
        wave.chunks(),
        wave.speculation());
  }

  private static Scenario with(Scenario scenario, int requests) {
    return scenario.withTraffic(scenario.traffic().withRequests(requests));
  }

  private List<String> warnings(Scenario scenario, Estimate wave) {
    List<String> all = new ArrayList<>(wave.warnings());
    all.add(
        String.format(
            Locale.ROOT,
            "the cache has room for %,d of the %,d requests: %s runs them in %,d waves; time to the"
                + " first token is the mean with what they wait, end to end is that of the last",
            room,
            batch(),
            scenario.engine().title(),
            full + (rest > 0 ? 1 : 0)));
    return all;
  }

  private double mean(Estimate wave, Estimate last, ToDoubleFunction<Estimate> figure) {
    return ((double) room * full * figure.applyAsDouble(wave) + rest * figure.applyAsDouble(last))
        / batch();
  }

  private OptionalDouble mean(OptionalDouble wave, OptionalDouble last) {
    return wave.isEmpty() || last.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            ((double) room * full * wave.getAsDouble() + rest * last.getAsDouble()) / batch());
  }
}
