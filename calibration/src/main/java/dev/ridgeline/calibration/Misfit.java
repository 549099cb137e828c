package dev.ridgeline.calibration;

import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far constants are from measured times, over positions between their bounds: 0 is the lower
 * bound of a constant, 1 the upper, the logarithm between them.
 *
 * <p>The loss is the mean |ln(predicted/measured)|, in which half and double count alike and an
 * outlier counts once; beyond a factor of {@code e^2} it grows with the logarithm of the logarithm.
 * A weak pull towards the typical values decides where the data say nothing. Samples weigh the
 * same, whatever their rows.
 *
 * @param <S> the shape of one call
 */
final class Misfit<S> {
  private static final double FAR = 2.0;
  private static final double BROKEN = 50.0;

  private final List<Parameter> parameters;
  private final List<Part> parts;
  private final double pull;

  /** Parameters whose bounds leave a choice. */
  private final int[] free;

  private final double[] typical;
  private final double[] weights;
  private final Count count;

  /** One sample, and where its rows begin among all. */
  private record Part(KernelFamily.Repeated times, double[] logSeconds, int from) {}

  /** Counts evaluations. */
  @FunctionalInterface
  interface Count {
    /** One more evaluation. */
    void evaluated();
  }

  Misfit(KernelFamily<S> family, List<Sample<S>> samples, double pull, Count count) {
    this.parameters = family.parameters();
    this.pull = pull;
    this.count = count;
    this.free =
        IntStream.range(0, parameters.size())
            .filter(i -> parameters.get(i).low() < parameters.get(i).high())
            .toArray();
    this.typical = shares(Fitter.typical(family));
    this.weights = new double[samples.stream().mapToInt(Sample::size).sum()];
    var all = new ArrayList<Part>();
    int from = 0;
    for (Sample<S> sample : samples) {
      double[] logSeconds = Arrays.stream(sample.seconds()).map(Math::log).toArray();
      KernelFamily.Repeated times =
          family.over(sample.platform(), sample.variant(), sample.warmth(), sample.shapes());
      all.add(new Part(times, logSeconds, from));
      int to = from + sample.size();
      Arrays.fill(weights, from, to, 1.0 / samples.size() / sample.size());
      from = to;
    }
    this.parts = List.copyOf(all);
  }

  /** How many constants may be chosen. */
  int free() {
    return free.length;
  }

  /** How many rows all samples have. */
  int rows() {
    return weights.length;
  }

  /** What a row weighs; all rows together weigh 1. */
  double weight(int row) {
    return weights[row];
  }

  /** Where a free constant is typically. */
  double typical(int index) {
    return typical[index];
  }

  /** What the pull adds to the loss for each squared distance from a typical value. */
  double pull() {
    return free.length == 0 ? 0 : pull / free.length;
  }

  /** The positions of constants, brought between the bounds where outside. */
  double[] shares(double[] constants) {
    if (constants.length != parameters.size()) {
      throw new IllegalArgumentException(
          "%d constants for %d parameters".formatted(constants.length, parameters.size()));
    }
    return Arrays.stream(free)
        .mapToDouble(i -> {
          Parameter parameter = parameters.get(i);
          double inside = Math.clamp(constants[i], parameter.low(), parameter.high());
          return Math.log(inside / parameter.low()) / Math.log(parameter.high() / parameter.low());
        })
        .toArray();
  }

  /** The constants at positions. */
  double[] constants(double[] shares) {
    double[] constants = parameters.stream().mapToDouble(Parameter::typical).toArray();
    for (int i = 0; i < free.length; i++) {
      Parameter parameter = parameters.get(free[i]);
      double value = parameter.low() * Math.pow(parameter.high() / parameter.low(), shares[i]);
      constants[free[i]] = Math.clamp(value, parameter.low(), parameter.high());
    }
    return constants;
  }

  /** Writes ln(predicted/measured) of every row. */
  void distances(double[] shares, double[] into) {
    double[] constants = constants(shares);
    for (Part part : parts) {
      double[] seconds = parts.size() == 1 ? into : new double[part.logSeconds.length];
      part.times.seconds(constants, seconds);
      for (int i = 0; i < part.logSeconds.length; i++) {
        double distance = Math.log(seconds[i]) - part.logSeconds[i];
        into[part.from + i] = Math.abs(distance) < BROKEN ? distance : BROKEN;
      }
    }
    count.evaluated();
  }

  /** The loss, pull included, where distances are these. */
  double loss(double[] distances, double[] shares) {
    double sum = 0;
    for (int i = 0; i < distances.length; i++) {
      sum += weights[i] * robust(Math.abs(distances[i]));
    }
    double squares = 0;
    for (int i = 0; i < shares.length; i++) {
      double off = shares[i] - typical[i];
      squares += off * off;
    }
    return sum + pull() * squares;
  }

  private static double robust(double distance) {
    return distance >= BROKEN
        ? BROKEN
        : distance <= FAR ? distance : FAR + Math.log1p(distance - FAR);
  }

  /** Weight of a squared distance that rises as the loss does at that distance. */
  static double steepness(double distance, double smallest) {
    double far = Math.abs(distance) - FAR;
    return 1 / (Math.max(Math.abs(distance), smallest) * (far > 0 ? 1 + far : 1));
  }
}
