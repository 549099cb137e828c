package dev.ridgeline.cost;

import java.util.Arrays;

/**
 * Times of a kernel over one to three sizes, computed once at the points of a {@link Grid} and read
 * from memory ever after, linear between the points. Points are filled when first asked for; two
 * threads may fill one twice with the same value, which does no harm.
 */
final class RememberedTimes {

  /** What is remembered. */
  @FunctionalInterface
  interface Source {
    /** Seconds, above 0, for sizes of which each is at least 1 (the third at least 0). */
    double seconds(long first, long second, long third);
  }

  /** What is remembered of one size. */
  @FunctionalInterface
  interface OneSize {
    /** Seconds, above 0, for a size of at least 1. */
    double seconds(long size);
  }

  private static final int FINE = 7;
  private static final int COARSE = 3;
  private static final Grid FEW = new Grid(1, 1);
  private static final double[] NONE = {};
  private static final double[][] NO_ROWS = {};

  private final Grid firstGrid;
  private final Grid secondGrid;
  private final Grid thirdGrid;
  private final Source source;
  private final double[][][] planes;

  private RememberedTimes(Grid first, Grid second, Grid third, Source source) {
    this.firstGrid = first;
    this.secondGrid = second;
    this.thirdGrid = third;
    this.source = source;
    this.planes = new double[firstGrid.size()][][];
    Arrays.fill(planes, NO_ROWS);
  }

  /** Times over one size, at 128 points in each octave. */
  static RememberedTimes over(OneSize source) {
    return new RememberedTimes(Grid.of(FINE), FEW, FEW, (first, _, _) -> source.seconds(first));
  }

  /** Times over three sizes, at 8 points in each octave. */
  static RememberedTimes over(Source source) {
    return new RememberedTimes(Grid.of(COARSE), Grid.of(COARSE), Grid.of(COARSE), source);
  }

  /** The time of a size. */
  double seconds(double size) {
    return seconds(size, 1, 0);
  }

  /**
   * The time; below a first size of 1 it shrinks in proportion, as the mean of steps with and
   * without the work.
   */
  double seconds(double first, double second, double third) {
    if (first < 1) {
      return first * alongSecond(1, Math.max(1, second), third);
    }
    int index = firstGrid.below(first);
    double share = firstGrid.share(first, index);
    double low = alongSecond(index, Math.max(1, second), third);
    return share == 0
        ? low
        : low + share * (alongSecond(index + 1, Math.max(1, second), third) - low);
  }

  private double alongSecond(int first, double second, double third) {
    int index = secondGrid.below(second);
    double share = secondGrid.share(second, index);
    double low = alongThird(first, index, third);
    return share == 0 ? low : low + share * (alongThird(first, index + 1, third) - low);
  }

  private double alongThird(int first, int second, double third) {
    int index = thirdGrid.below(third);
    double share = thirdGrid.share(third, index);
    double low = point(first, second, index);
    return share == 0 ? low : low + share * (point(first, second, index + 1) - low);
  }

  private double point(int first, int second, int third) {
    double[][] plane = planes[first];
    if (plane.length == 0) {
      plane = new double[secondGrid.size()][];
      Arrays.fill(plane, NONE);
      planes[first] = plane;
    }
    double[] row = plane[second];
    if (row.length == 0) {
      row = new double[thirdGrid.size()];
      plane[second] = row;
    }
    double known = row[third];
    if (known == 0) {
      known = source.seconds(firstGrid.at(first), secondGrid.at(second), thirdGrid.at(third));
      row[third] = known;
    }
    return known;
  }
}
