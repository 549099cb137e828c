package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;

/**
 * Which constants the data can tell. From the derivatives of ln(time) by the logarithm of each
 * constant, the least-squares covariance of the constants follows; where the data say nothing about
 * one, or only about it together with another, its spread is as wide as the range it may lie in.
 * The range itself enters as a prior, so that no spread is infinite.
 */
public final class Identifiability {
  private static final double STEP = 1e-3;
  private static final double TOLD_RATIO = 0.2;
  private static final double ENTANGLED = 0.95;
  private static final double SMALLEST_NOISE = 1e-3;
  private static final int MOST_ROWS = 4000;

  /** Half the width of a uniform distribution over its standard deviation: the square root of 3. */
  private static final double UNIFORM = Math.sqrt(3);

  /**
   * What the data say about one constant.
   *
   * @param parameter the constant
   * @param value as fitted
   * @param spreadRatio standard error of its logarithm; 0.1 is about 10 %
   * @param told whether the data narrow it to less than a fifth of what its range leaves open
   * @param entangledWith the constant it cannot be told from; empty where there is none
   */
  public record Verdict(
      Parameter parameter, double value, double spreadRatio, boolean told, String entangledWith) {}

  private Identifiability() {}

  /** What a sample says about the constants fitted to it. */
  public static <S> List<Verdict> of(KernelFamily<S> family, Sample<S> all, double[] constants) {
    Sample<S> sample = all.atMost(MOST_ROWS);
    List<Parameter> parameters = family.parameters();
    int count = parameters.size();
    double[] base = logSeconds(family, sample, constants);
    double noise = noise(base, sample);
    double[][] slopes = new double[count][];
    for (int i = 0; i < count; i++) {
      slopes[i] = slope(family, sample, constants, i, parameters.get(i), base);
    }
    RealMatrix information = new Array2DRowRealMatrix(count, count);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        double sum = 0;
        for (int row = 0; row < sample.size(); row++) {
          sum += slopes[i][row] * slopes[j][row];
        }
        information.setEntry(i, j, sum / (noise * noise));
      }
      double prior = prior(parameters.get(i));
      information.addToEntry(i, i, 1 / (prior * prior));
    }
    return verdicts(parameters, constants, inverse(information));
  }

  private static List<Verdict> verdicts(
      List<Parameter> parameters, double[] constants, RealMatrix covariance) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < constants.length; i++) {
      Parameter parameter = parameters.get(i);
      double spread = Math.sqrt(covariance.getEntry(i, i));
      String other = "";
      double strongest = ENTANGLED;
      for (int j = 0; j < constants.length; j++) {
        double correlation =
            covariance.getEntry(i, j)
                / Math.sqrt(covariance.getEntry(i, i) * covariance.getEntry(j, j));
        if (i != j && Math.abs(correlation) > strongest) {
          strongest = Math.abs(correlation);
          other = parameters.get(j).name();
        }
      }
      boolean told = spread < TOLD_RATIO * prior(parameter);
      verdicts.add(new Verdict(parameter, constants[i], spread, told, other));
    }
    return verdicts;
  }

  /** Standard deviation of the logarithm of a constant of which only the range is known. */
  private static double prior(Parameter parameter) {
    return Math.max(STEP, Math.log(parameter.high() / parameter.low()) / 2 / UNIFORM);
  }

  /** Scatter of the rows about the fit: the median distance, as of a normal distribution. */
  private static double noise(double[] logPredicted, Sample<?> sample) {
    double[] distances = new double[logPredicted.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.abs(logPredicted[i] - Math.log(sample.seconds()[i]));
    }
    Arrays.sort(distances);
    return Math.max(SMALLEST_NOISE, 1.4826 * ErrorFigures.quantile(distances, 0.5));
  }

  private static <S> double[] slope(
      KernelFamily<S> family,
      Sample<S> sample,
      double[] constants,
      int index,
      Parameter parameter,
      double[] base) {
    boolean up = constants[index] * Math.exp(STEP) <= parameter.high();
    double[] moved = constants.clone();
    moved[index] *= Math.exp(up ? STEP : -STEP);
    double[] slope = logSeconds(family, sample, moved);
    for (int row = 0; row < slope.length; row++) {
      slope[row] = (slope[row] - base[row]) / (up ? STEP : -STEP);
    }
    return slope;
  }

  private static <S> double[] logSeconds(
      KernelFamily<S> family, Sample<S> sample, double[] constants) {
    Kernel<S> kernel = family.on(sample.platform(), sample.variant(), sample.warmth(), constants);
    return sample.shapes().stream().mapToDouble(shape -> Math.log(kernel.seconds(shape))).toArray();
  }

  private static RealMatrix inverse(RealMatrix information) {
    var eigen = new EigenDecompositionSymmetric(information);
    RealMatrix vectors = eigen.getV();
    double[] values = eigen.getEigenvalues();
    int count = values.length;
    RealMatrix inverse = new Array2DRowRealMatrix(count, count);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
          sum += vectors.getEntry(i, k) * vectors.getEntry(j, k) / values[k];
        }
        inverse.setEntry(i, j, sum);
      }
    }
    return inverse;
  }
}
