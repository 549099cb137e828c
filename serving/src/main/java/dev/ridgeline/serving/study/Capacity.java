package dev.ridgeline.serving.study;

import java.util.ArrayList;
import java.util.List;

/**
 * The highest rate at which enough requests meet their objectives: for each replication bracketed
 * by doubling and halving, then bisected on a logarithmic scale. A replication draws the same
 * requests at every rate, only closer together, so its answers do not jump about (common random
 * numbers, Law, Simulation Modeling and Analysis, 5th edition, section 11.2).
 *
 * @param perSecond requests a second, with its confidence interval over replications
 * @param rates the answer of each replication
 * @param lowest the highest rate seen to meet, over all replications the lowest such
 * @param highest the lowest rate seen to fail, over all replications the highest such
 * @param trials runs it took
 * @param atLimit the run of the first replication at the highest rate that met
 */
public record Capacity(
    Interval perSecond,
    List<Double> rates,
    double lowest,
    double highest,
    int trials,
    Trial atLimit) {
  private static final int MOST_DOUBLINGS = 20;

  public Capacity {
    rates = List.copyOf(rates);
  }

  /** A run at a rate, with the random streams of a replication. */
  public interface Load {
    /** Runs. */
    Trial at(double perSecond, int replication);
  }

  /** No rate meets the objectives, or every rate does. */
  public static final class Unbounded extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Trial trial;
    private final double perSecond;
    private final boolean everyRate;

    Unbounded(Trial trial, double perSecond, boolean everyRate) {
      super(everyRate ? "every rate meets the objectives" : "no rate meets the objectives");
      this.trial = trial;
      this.perSecond = perSecond;
      this.everyRate = everyRate;
    }

    /** The run at the last rate tried. */
    public Trial trial() {
      return trial;
    }

    /** The last rate tried, in requests a second. */
    public double perSecond() {
      return perSecond;
    }

    /** Whether it met the objectives. */
    public boolean everyRate() {
      return everyRate;
    }
  }

  /**
   * Searches.
   *
   * @param guess requests a second to begin with, above 0
   * @param share of the requests that must meet their objectives
   * @param tolerance width of a bracket at which it is narrow enough, relative to the rate
   * @throws Unbounded where no rate meets the objectives, or every rate does
   */
  public static Capacity find(
      Load load, double guess, double share, double tolerance, int replications) {
    Search search = new Search(load, share, tolerance);
    List<Double> rates = new ArrayList<>();
    double lowest = Double.POSITIVE_INFINITY;
    double highest = 0;
    double around = guess;
    double factor = 2;
    for (int replication = 0; replication < replications; replication++) {
      search.run(replication, around, factor);
      lowest = Math.min(lowest, search.low);
      highest = Math.max(highest, search.high);
      around = Math.sqrt(search.low * search.high);
      rates.add(around);
      // The next answer is likely near.
      factor = 1.1;
    }
    return new Capacity(
        Interval.of(rates.stream().mapToDouble(Double::doubleValue).toArray()),
        rates,
        lowest,
        highest,
        search.trials,
        search.kept.getFirst());
  }

  private static final class Search {
    private final Load load;
    private final double share;
    private final double tolerance;
    private final List<Trial> kept = new ArrayList<>();
    private int trials;
    private double low;
    private double high;

    Search(Load load, double share, double tolerance) {
      this.load = load;
      this.share = share;
      this.tolerance = tolerance;
    }

    private Trial at(double rate, int replication) {
      trials++;
      return load.at(rate, replication);
    }

    void run(int replication, double around, double firstFactor) {
      Trial last = at(around, replication);
      boolean met = last.meets(share);
      Trial best = last;
      low = around;
      high = around;
      double factor = firstFactor;
      boolean bracketed = false;
      for (int step = 0; step < MOST_DOUBLINGS && !bracketed; step++) {
        double next = met ? high * factor : low / factor;
        last = at(next, replication);
        bracketed = last.meets(share) != met;
        if (last.meets(share)) {
          best = last;
        }
        if (met) {
          low = bracketed ? low : next;
          high = next;
        } else {
          high = bracketed ? high : next;
          low = next;
        }
        factor = Math.min(2, factor * factor);
      }
      if (!bracketed) {
        throw new Unbounded(last, met ? high : low, met);
      }
      while (high / low > 1 + tolerance) {
        double middle = Math.sqrt(low * high);
        Trial trial = at(middle, replication);
        if (trial.meets(share)) {
          low = middle;
          best = trial;
        } else {
          high = middle;
        }
      }
      kept.add(best);
    }
  }
}
