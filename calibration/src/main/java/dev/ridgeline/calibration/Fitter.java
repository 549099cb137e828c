package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.Well19937c;

/**
 * Finds the constants of a kernel family that bring its times nearest to measured ones.
 *
 * <p>The loss is the mean |ln(predicted/measured)|, in which half and double count alike and an
 * outlier counts once; beyond a factor of {@code e^2} it grows with the logarithm of the logarithm.
 * A weak pull towards the typical values decides where the data say nothing. The search runs over
 * the logarithms of the constants between their bounds, by CMA-ES (Hansen, The CMA Evolution
 * Strategy: A Tutorial, arXiv:1604.00772) as Hipparchus implements it. Same input and seed, same
 * result.
 */
public final class Fitter {
  private static final double FAR = 2.0;
  private static final double BROKEN = 50.0;

  /**
   * How to search.
   *
   * @param evaluations most evaluations of the loss
   * @param rows most rows of each sample, spread evenly over their times
   * @param seed of the random search
   * @param pull weight of the mean squared distance from the typical values, in units of each
   *     constant's range
   * @param spread first step of the search, as a share of each constant's range
   * @param crowd how many times the usual number of points each step of the search looks at
   */
  public record Settings(
      int evaluations, int rows, long seed, double pull, double spread, int crowd) {
    /** 9,000 evaluations on 2,000 rows. */
    public static final Settings USUAL = new Settings(9000, 2000, 1, 0.01, 0.2, 1);

    /** The same with another number of evaluations and rows. */
    public Settings with(int newEvaluations, int newRows) {
      return new Settings(newEvaluations, newRows, seed, pull, spread, crowd);
    }

    /** The same with another seed. */
    public Settings withSeed(long newSeed) {
      return new Settings(evaluations, rows, newSeed, pull, spread, crowd);
    }

    /** The same with another pull towards the typical values. */
    public Settings withPull(double newPull) {
      return new Settings(evaluations, rows, seed, newPull, spread, crowd);
    }

    /** The same with another first step, small where a search goes on from a good start. */
    public Settings withSpread(double newSpread) {
      return new Settings(evaluations, rows, seed, pull, newSpread, crowd);
    }

    /** The same with more points in each step, which finds its way among more valleys. */
    public Settings withCrowd(int newCrowd) {
      return new Settings(evaluations, rows, seed, pull, spread, newCrowd);
    }
  }

  /**
   * What a search found.
   *
   * @param constants in the order of the family's parameters, in their units
   * @param loss mean |ln(predicted/measured)| on the rows used, pull included
   * @param evaluations of the loss
   */
  public record Fit(double[] constants, double loss, int evaluations) {}

  /** Hears how a search goes on. */
  @FunctionalInterface
  public interface Progress {
    /** Called after each evaluation, with the least loss so far. */
    void at(int evaluations, double loss);
  }

  private Fitter() {}

  /** Fits from the typical values, silently. */
  public static <S> Fit fit(KernelFamily<S> family, Sample<S> sample, Settings settings) {
    return fit(family, List.of(sample), typical(family), settings, (_, _) -> {});
  }

  /**
   * Fits one set of constants to one or more samples, each with equal weight.
   *
   * @param start constants to start from, such as those of an earlier fit that is to be resumed;
   *     brought between the bounds where outside
   */
  public static <S> Fit fit(
      KernelFamily<S> family,
      List<Sample<S>> samples,
      double[] start,
      Settings settings,
      Progress progress) {
    List<Parameter> parameters = family.parameters();
    List<Sample<S>> used = samples.stream().map(sample -> sample.atMost(settings.rows())).toList();
    var search = new Search<>(family, used, settings.pull(), start, progress);
    int free = search.free.length;
    search.value(search.guess());
    if (free > 0 && settings.evaluations() > 1) {
      int population = settings.crowd() * (4 + (int) (3 * Math.log(free)));
      var optimizer =
          new CMAESOptimizer(
              Math.max(1, settings.evaluations() / population),
              0,
              true,
              0,
              0,
              new Well19937c(settings.seed()),
              false,
              (_, _, _) -> false);
      double[] sigma = new double[free];
      Arrays.fill(sigma, settings.spread());
      double[] low = new double[free];
      double[] high = new double[free];
      Arrays.fill(high, 1.0);
      optimizer.optimize(
          new MaxEval(Integer.MAX_VALUE),
          new ObjectiveFunction(search::value),
          GoalType.MINIMIZE,
          new InitialGuess(search.guess()),
          new SimpleBounds(low, high),
          new CMAESOptimizer.Sigma(sigma),
          new CMAESOptimizer.PopulationSize(population));
    }
    return new Fit(
        constants(parameters, search.free, search.best, start),
        search.bestLoss,
        search.evaluations);
  }

  /** Mean |ln(predicted/measured)| of constants over samples, each with equal weight, no pull. */
  public static <S> double loss(
      KernelFamily<S> family, List<Sample<S>> samples, double[] constants) {
    double sum = 0;
    for (Sample<S> sample : samples) {
      sum += loss(family, sample, constants);
    }
    return sum / samples.size();
  }

  /** The typical values of a family's parameters. */
  public static double[] typical(KernelFamily<?> family) {
    return family.parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  private static <S> double loss(KernelFamily<S> family, Sample<S> sample, double[] constants) {
    Kernel<S> kernel = family.on(sample.platform(), sample.variant(), sample.warmth(), constants);
    double sum = 0;
    for (int i = 0; i < sample.size(); i++) {
      double predictedSeconds = kernel.seconds(sample.shapes().get(i));
      double distance = Math.abs(Math.log(predictedSeconds / sample.seconds()[i]));
      if (!(distance < BROKEN)) {
        sum += BROKEN;
      } else {
        sum += distance <= FAR ? distance : FAR + Math.log1p(distance - FAR);
      }
    }
    return sum / sample.size();
  }

  private static double share(Parameter parameter, double value) {
    double inside = Math.clamp(value, parameter.low(), parameter.high());
    return Math.log(inside / parameter.low()) / Math.log(parameter.high() / parameter.low());
  }

  private static double[] constants(
      List<Parameter> parameters, int[] free, double[] shares, double[] start) {
    double[] constants = new double[parameters.size()];
    for (int i = 0; i < constants.length; i++) {
      constants[i] = Math.clamp(start[i], parameters.get(i).low(), parameters.get(i).high());
    }
    for (int i = 0; i < free.length; i++) {
      Parameter parameter = parameters.get(free[i]);
      double value = parameter.low() * Math.pow(parameter.high() / parameter.low(), shares[i]);
      constants[free[i]] = Math.clamp(value, parameter.low(), parameter.high());
    }
    return constants;
  }

  /** The loss over positions between the bounds, which remembers the best it has seen. */
  private static final class Search<S> {
    private final KernelFamily<S> family;
    private final List<Parameter> parameters;
    private final List<Sample<S>> samples;
    private final double pull;
    private final double[] start;
    private final Progress progress;

    /** Parameters whose bounds leave a choice. */
    private final int[] free;

    private double[] best;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int evaluations;

    Search(
        KernelFamily<S> family,
        List<Sample<S>> samples,
        double pull,
        double[] start,
        Progress progress) {
      this.family = family;
      this.parameters = family.parameters();
      this.samples = samples;
      this.pull = pull;
      this.start = start.clone();
      this.progress = progress;
      if (start.length != parameters.size()) {
        throw new IllegalArgumentException(
            "%d constants for %d parameters".formatted(start.length, parameters.size()));
      }
      this.free =
          IntStream.range(0, parameters.size())
              .filter(i -> parameters.get(i).low() < parameters.get(i).high())
              .toArray();
      this.best = guess();
    }

    double[] guess() {
      return Arrays.stream(free).mapToDouble(i -> share(parameters.get(i), start[i])).toArray();
    }

    double value(double[] shares) {
      double loss = loss(family, samples, constants(parameters, free, shares, start));
      double squares = 0;
      for (int i = 0; i < free.length; i++) {
        Parameter parameter = parameters.get(free[i]);
        double off = shares[i] - share(parameter, parameter.typical());
        squares += off * off;
      }
      double value = loss + (free.length == 0 ? 0 : pull * squares / free.length);
      evaluations++;
      if (value < bestLoss) {
        bestLoss = value;
        best = shares.clone();
      }
      progress.at(evaluations, bestLoss);
      return value;
    }
  }
}
