package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How far a fit may be trusted on families of shapes it has not seen, told without the rows it is
 * judged on: the families of the fit are dealt into parts, the constants are fitted again without
 * one part at a time, and measured over predicted of the parts left out make the bands
 * (cross-conformal prediction: Vovk 2015, DOI 10.1007/s10472-013-9368-4).
 *
 * <p>Eight in ten rows are to lie inside. Of the intervals that hold them the shortest of a few is
 * taken: where a tenth of the calls ran on the wrong kernel and took four times as long, which no
 * shape tells, a band from decile to decile would reach to those calls and say little of the rest.
 *
 * <p>Rows of a family err together, so what counts for a new family is how many families were seen:
 * the bands' logarithms are stretched as a prediction of one more of {@code n} draws is, by {@code
 * sqrt(1 + 1/n) t/z} with the deciles of Student's and the normal distribution. That is nothing
 * with a hundred families and a third with five.
 *
 * @param all of all shapes
 * @param regimes of the family's regimes that have rows enough, by name; empty where the family has
 *     one regime only
 * @param from what rows were taken, in words
 */
record LeftOutBands(Band all, SequencedMap<String, Band> regimes, String from) {
  /** How many of a hundred predictions the bands are to hold. */
  private static final double HELD = 0.8;

  /** The share of a normal distribution below the upper end of its middle that is held. */
  private static final double HIGH = 0.9;

  /** Shares that may lie below a band; the rest of what it does not hold lies above. */
  private static final double[] BELOW = {0.02, 0.06, 0.1, 0.14, 0.18};

  /** A row that took so many times as long as predicted is no spread about the prediction. */
  private static final double FAR = 2;

  /** Shares of such rows worth a word. */
  private static final double MENTIONED = 0.01;

  /** A regime with fewer rows has the band of all shapes. */
  private static final int FEWEST = 40;

  /** Fits constants to some samples, starting from those of all. */
  @FunctionalInterface
  interface Refit<S> {
    /** The constants, in the order of the family's parameters. */
    double[] without(int part, List<Sample<S>> rest);
  }

  /**
   * Leaves out one part at a time.
   *
   * @param parts of the rows of a fit, each with whole families; at least one
   * @param families of shapes in all parts
   * @param constants fitted to all parts
   */
  static <S> LeftOutBands of(
      KernelFamily<S> family,
      List<Sample<S>> parts,
      long families,
      double[] constants,
      Refit<S> refit) {
    var logs = new Logs(family.regimes().size());
    if (parts.size() == 1) {
      logs.add(family, parts.getFirst(), constants);
    }
    for (int part = 0; parts.size() > 1 && part < parts.size(); part++) {
      List<Sample<S>> rest = new ArrayList<>(parts);
      Sample<S> left = rest.remove(part);
      logs.add(family, left, refit.without(part, rest));
    }
    double stretch = stretch(families);
    Band all = stretched(logs.all(), stretch);
    SequencedMap<String, Band> regimes = new LinkedHashMap<>();
    for (int regime = 0;
        family.regimes().size() > 1 && regime < family.regimes().size();
        regime++) {
      if (logs.rows(regime) >= FEWEST) {
        regimes.put(family.regimes().get(regime), stretched(logs.of(regime), stretch));
      }
    }
    String from =
        parts.size() == 1
            ? "%d rows of the fit itself, which are all of one part".formatted(logs.rows())
            : "%d rows of the fit, each left out with its family in a refit on %d of %d parts; %d families"
                .formatted(logs.rows(), parts.size() - 1, parts.size(), families);
    double far = logs.beyond(FAR);
    String told =
        far < MENTIONED
            ? from
            : from
                + String.format(
                    Locale.ROOT,
                    "; %.1f %% of the rows took more than %.0f times as long as predicted",
                    100 * far,
                    FAR);
    return new LeftOutBands(all, regimes, told);
  }

  /** By how much bands from so few families are too narrow for another one. */
  static double stretch(long families) {
    if (families < 2) {
      return 1;
    }
    double student = new TDistribution(families - 1.0).inverseCumulativeProbability(HIGH);
    double normal = new NormalDistribution().inverseCumulativeProbability(HIGH);
    return Math.sqrt(1 + 1.0 / families) * student / normal;
  }

  private static Band stretched(Band band, double stretch) {
    return new Band(Math.pow(band.low(), stretch), Math.pow(band.high(), stretch));
  }

  /** Logarithms of measured over predicted, by regime. */
  private static final class Logs {
    private final List<List<Double>> byRegime = new ArrayList<>();

    Logs(int regimes) {
      for (int i = 0; i < regimes; i++) {
        byRegime.add(new ArrayList<>());
      }
    }

    <S> void add(KernelFamily<S> family, Sample<S> sample, double[] constants) {
      Kernel<S> kernel = family.on(sample.platform(), sample.variant(), sample.warmth(), constants);
      for (int i = 0; i < sample.size(); i++) {
        S shape = sample.shapes().get(i);
        double log = Math.log(sample.seconds()[i] / kernel.seconds(shape));
        byRegime.get(family.regime(shape)).add(log);
      }
    }

    int rows(int regime) {
      return byRegime.get(regime).size();
    }

    int rows() {
      return byRegime.stream().mapToInt(List::size).sum();
    }

    Band of(int regime) {
      return band(byRegime.get(regime).stream().mapToDouble(Double::doubleValue).toArray());
    }

    Band all() {
      return band(
          byRegime.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray());
    }

    /** Share of rows that took more than so many times as long as predicted. */
    double beyond(double factor) {
      double log = Math.log(factor);
      return byRegime.stream().flatMap(List::stream).filter(one -> one > log).count()
          / (double) rows();
    }

    private static Band band(double[] logs) {
      Arrays.sort(logs);
      double low = 0;
      double high = Double.POSITIVE_INFINITY;
      for (double below : BELOW) {
        double from = Math.min(0, atRank(logs, below));
        double to = Math.max(0, atRank(logs, below + HELD));
        if (to - from < high - low) {
          low = from;
          high = to;
        }
      }
      return new Band(Math.exp(low), Math.exp(high));
    }

    /** The order statistic of rank (n + 1) share, which one more row is as likely to fall below. */
    private static double atRank(double[] sorted, double share) {
      double rank = Math.clamp((sorted.length + 1) * share - 1, 0, sorted.length - 1);
      int below = (int) rank;
      double above = sorted[Math.min(below + 1, sorted.length - 1)];
      return sorted[below] + (rank - below) * (above - sorted[below]);
    }
  }
}
