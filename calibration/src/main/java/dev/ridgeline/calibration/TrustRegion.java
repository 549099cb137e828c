package dev.ridgeline.calibration;

import java.util.Arrays;

/**
 * Goes downhill on a {@link Misfit}, whose loss has an edge wherever a row is met exactly.
 *
 * <p>Each step takes the derivatives of all rows by finite differences, minimises the loss of the
 * rows as they would be if they were linear, in a box around the place it has reached, and moves
 * there if the loss really falls; the box grows where the linear rows told the truth and shrinks
 * where not (sequential linear approximation of sums of absolute values: Osborne and Watson 1971,
 * DOI 10.1093/comjnl/14.2.184; in a trust region: Fletcher 1982, Mathematical Programming Studies
 * 17). The linear problem is solved by reweighted squares, each by coordinate descent between the
 * bounds. It costs no evaluation of a kernel, which is what makes a step cheap: as many evaluations
 * as there are constants, and one or two more.
 *
 * <p>Hipparchus offers neither sums of absolute values nor bounds on least squares. On tables of
 * decode attention and matrix products its Levenberg-Marquardt, reweighted from outside and clamped
 * to the bounds, took five times as many evaluations to end 3 to 6 % higher; its BOBYQA and CMA-ES
 * after nine thousand evaluations were higher still.
 */
final class TrustRegion {
  private static final double WIDEST = 0.5;
  private static final double LEAST_MOVE = 1e-5;
  private static final double FINE = 1e-4;
  private static final double GROWTH = 2;
  private static final double SHRINKAGE = 0.35;
  private static final double TRUTHFUL = 0.6;
  private static final double UNTRUTHFUL = 0.25;
  private static final int TRIES = 4;

  /** A step that gains less than this share of the loss is the last. */
  private static final double LEAST_GAIN = 3e-4;

  private static final int REWEIGHTINGS = 12;
  private static final int COARSE_REWEIGHTINGS = 3;
  private static final double COARSE_DISTANCE = 0.02;
  private static final double FINE_DISTANCE = 0.004;
  private static final int SWEEPS = 500;
  private static final double RIDGE = 1e-9;

  /** A place and the loss there. */
  record Place(double[] shares, double loss) {}

  private final Misfit<?> misfit;
  private final double difference;
  private final double[][] slopes;
  private double[] distances;
  private double[] tried;
  private final double[] linear;
  private final double[] weights;

  /**
   * A search.
   *
   * @param difference widest step of the finite differences, as a share of a constant's range: wide
   *     steps look over the small stairs that whole tiles and splits make
   */
  TrustRegion(Misfit<?> misfit, double difference) {
    this.misfit = misfit;
    this.difference = difference;
    this.slopes = new double[misfit.free()][misfit.rows()];
    this.distances = new double[misfit.rows()];
    this.tried = new double[misfit.rows()];
    this.linear = new double[misfit.rows()];
    this.weights = new double[misfit.rows()];
  }

  /**
   * Goes downhill.
   *
   * @param radius half the width of the first box
   * @param steps most steps
   */
  Place from(double[] start, double radius, int steps) {
    double[] at = start.clone();
    misfit.distances(at, distances);
    double loss = misfit.loss(distances, at);
    double reach = radius;
    for (int step = 0; step < steps && reach > LEAST_MOVE; step++) {
      differentiate(at, reach);
      double before = loss;
      for (int tries = 0; tries < TRIES && loss >= before; tries++) {
        double[] move = bestMove(at, reach);
        double[] next = new double[at.length];
        double longest = 0;
        for (int i = 0; i < at.length; i++) {
          next[i] = Math.clamp(at[i] + move[i], 0, 1);
          longest = Math.max(longest, Math.abs(next[i] - at[i]));
        }
        if (longest < LEAST_MOVE) {
          break;
        }
        double promised = loss - linearLoss(at, move);
        misfit.distances(next, tried);
        double real = loss - misfit.loss(tried, next);
        if (real > 0) {
          at = next;
          double[] spare = distances;
          distances = tried;
          tried = spare;
          loss -= real;
          if (real > TRUTHFUL * promised && longest > 0.9 * reach) {
            reach = Math.min(WIDEST, GROWTH * reach);
          } else if (real < UNTRUTHFUL * promised) {
            reach /= GROWTH;
          }
        } else {
          reach *= SHRINKAGE;
        }
      }
      if (before - loss < LEAST_GAIN * before) {
        break;
      }
    }
    return new Place(at, loss);
  }

  private void differentiate(double[] at, double reach) {
    double wide = Math.clamp(reach / 4, Math.min(FINE, difference), difference);
    double[] beside = at.clone();
    for (int i = 0; i < at.length; i++) {
      double by = at[i] + wide > 1 ? -wide : wide;
      beside[i] = at[i] + by;
      double[] slope = slopes[i];
      misfit.distances(beside, slope);
      beside[i] = at[i];
      for (int row = 0; row < slope.length; row++) {
        slope[row] = (slope[row] - distances[row]) / by;
      }
    }
  }

  /** The move within reach after which the linear rows' loss is least. */
  private double[] bestMove(double[] at, double reach) {
    int count = at.length;
    double[] low = new double[count];
    double[] high = new double[count];
    for (int i = 0; i < count; i++) {
      low[i] = Math.max(-reach, -at[i]);
      high[i] = Math.min(reach, 1 - at[i]);
    }
    double[] move = new double[count];
    double[] best = move;
    double least = Double.POSITIVE_INFINITY;
    double[][] curvature = new double[count][count];
    double[] slope = new double[count];
    System.arraycopy(distances, 0, linear, 0, linear.length);
    for (int round = 0; round < REWEIGHTINGS; round++) {
      reweigh(round < COARSE_REWEIGHTINGS ? COARSE_DISTANCE : FINE_DISTANCE);
      squares(at, curvature, slope);
      move = descend(curvature, slope, low, high, move);
      double loss = linearLoss(at, move);
      if (loss < least) {
        boolean settled = least - loss < 1e-5 * least;
        least = loss;
        best = move;
        if (settled && round > COARSE_REWEIGHTINGS) {
          break;
        }
      }
    }
    return best;
  }

  private void reweigh(double smallest) {
    for (int row = 0; row < weights.length; row++) {
      weights[row] = misfit.weight(row) * Misfit.steepness(linear[row], smallest);
    }
  }

  /** Half the weighted squares, as a quadratic form of the move. */
  private void squares(double[] at, double[][] curvature, double[] slope) {
    for (int i = 0; i < at.length; i++) {
      double[] one = slopes[i];
      for (int j = i; j < at.length; j++) {
        double[] other = slopes[j];
        double sum = 0;
        for (int row = 0; row < weights.length; row++) {
          sum += weights[row] * one[row] * other[row];
        }
        curvature[i][j] = sum;
        curvature[j][i] = sum;
      }
      double sum = 0;
      for (int row = 0; row < weights.length; row++) {
        sum += weights[row] * one[row] * distances[row];
      }
      curvature[i][i] += 2 * misfit.pull() + RIDGE;
      slope[i] = sum + 2 * misfit.pull() * (at[i] - misfit.typical(i));
    }
  }

  /** The least of a quadratic form between bounds, one coordinate after another. */
  private static double[] descend(
      double[][] curvature, double[] slope, double[] low, double[] high, double[] start) {
    int count = start.length;
    double[] move = new double[count];
    double[] gradient = slope.clone();
    for (int i = 0; i < count; i++) {
      move[i] = Math.clamp(start[i], low[i], high[i]);
      for (int j = 0; j < count; j++) {
        gradient[j] += curvature[i][j] * move[i];
      }
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double largest = 0;
      for (int i = 0; i < count; i++) {
        double next = Math.clamp(move[i] - gradient[i] / curvature[i][i], low[i], high[i]);
        double by = next - move[i];
        if (by != 0) {
          move[i] = next;
          largest = Math.max(largest, Math.abs(by));
          for (int j = 0; j < count; j++) {
            gradient[j] += curvature[i][j] * by;
          }
        }
      }
      if (largest < LEAST_MOVE / 100) {
        break;
      }
    }
    return move;
  }

  /** The loss were the rows linear; leaves their distances behind. */
  private double linearLoss(double[] at, double[] move) {
    System.arraycopy(distances, 0, linear, 0, linear.length);
    double[] next = Arrays.copyOf(at, at.length);
    for (int i = 0; i < move.length; i++) {
      double by = move[i];
      next[i] += by;
      if (by != 0) {
        double[] slope = slopes[i];
        for (int row = 0; row < linear.length; row++) {
          linear[row] += slope[row] * by;
        }
      }
    }
    return misfit.loss(linear, next);
  }
}
