package dev.ridgeline.calibration;

import dev.ridgeline.calibration.TrustRegion.Place;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.hipparchus.random.Well19937c;

/**
 * Finds the constants of a kernel family that bring its times nearest to measured ones, as {@link
 * Misfit} counts it.
 *
 * <p>A search goes from coarse to fine. On few rows a {@link TrustRegion} sets out from every given
 * start and from the best of many random places. Constants that act in whole numbers have no slope
 * to follow, so the best place is tried with values all over their range. From the best few it goes
 * on with more rows, and from the best of these with nearly all. Each stage ends where steps stop
 * gaining. Same input and seed, same result.
 */
public final class Fitter {
  private static final int FEW_ROWS = 400;
  private static final int MOST_ROWS = 10_000;

  /** Of the evaluations, shares that go to each stage at most. */
  private static final double RANDOM_SHARE = 0.05;

  private static final double EXPLORING_SHARE = 0.5;
  private static final double REFINING_SHARE = 0.3;
  private static final double POLISHING_SHARE = 0.15;

  private static final int RANDOM_PLACES = 500;
  private static final int RANDOM_STARTS = 9;
  private static final double RANDOM_SPREAD = 0.25;
  private static final double EDGE = 0.02;
  private static final int REFINED = 4;
  private static final int MOST_STEPS = 15;
  private static final int POLISHING_STEPS = 6;

  /** Values that a constant of whole numbers is tried at. */
  private static final int STAIRS = 7;

  private static final int STAIR_STEPS = 6;

  /** Evaluations of a step beside one for each constant. */
  private static final int STEP_EXTRA = 2;

  private static final double WIDE_DIFFERENCE = 0.02;
  private static final double FINE_DIFFERENCE = 0.002;
  private static final double EXPLORING_RADIUS = 0.1;
  private static final double REFINING_RADIUS = 0.05;

  /**
   * How to search.
   *
   * @param evaluations most evaluations of the loss; usually half of them do
   * @param rows most rows of each sample while refining, spread evenly over their times
   * @param seed of the random places
   * @param pull weight of the mean squared distance from the typical values, in units of each
   *     constant's range
   */
  public record Settings(int evaluations, int rows, long seed, double pull) {
    /** 10,000 evaluations, 1,500 rows. */
    public static final Settings USUAL = new Settings(10000, 1500, 1, 0.01);

    /** The same with another number of evaluations and rows. */
    public Settings with(int newEvaluations, int newRows) {
      return new Settings(newEvaluations, newRows, seed, pull);
    }

    /** The same with another seed. */
    public Settings withSeed(long newSeed) {
      return new Settings(evaluations, rows, newSeed, pull);
    }

    /** The same with another pull towards the typical values. */
    public Settings withPull(double newPull) {
      return new Settings(evaluations, rows, seed, newPull);
    }
  }

  /**
   * What a search found.
   *
   * @param constants in the order of the family's parameters, in their units
   * @param loss as {@link Misfit} counts it, on the rows of the last stage
   * @param evaluations of the loss
   */
  public record Fit(double[] constants, double loss, int evaluations) {}

  /** Hears how a search goes on. */
  @FunctionalInterface
  public interface Progress {
    /** Called after each evaluation, with the least loss so far on the rows looked at. */
    void at(int evaluations, double loss);
  }

  private Fitter() {}

  /** Fits from the typical values, silently. */
  public static <S> Fit fit(KernelFamily<S> family, Sample<S> sample, Settings settings) {
    return fit(family, List.of(sample), List.of(typical(family)), settings, (_, _) -> {});
  }

  /**
   * Fits one set of constants to one or more samples, each with equal weight.
   *
   * @param starts constants to start from, at least one, such as those of a near chip; brought
   *     between the bounds where outside
   */
  public static <S> Fit fit(
      KernelFamily<S> family,
      List<Sample<S>> samples,
      List<double[]> starts,
      Settings settings,
      Progress progress) {
    return new Search<>(family, samples, settings, progress).from(starts);
  }

  /** Goes on from good constants, without looking for others far away. */
  public static <S> Fit refine(
      KernelFamily<S> family,
      List<Sample<S>> samples,
      double[] start,
      Settings settings,
      Progress progress) {
    var search = new Search<>(family, samples, settings, progress);
    Misfit<S> misfit = search.misfit(settings.rows());
    return search.fit(misfit, search.polished(misfit, misfit.shares(start), 1));
  }

  /** Mean |ln(predicted/measured)| of constants over samples, each with equal weight, no pull. */
  public static <S> double loss(
      KernelFamily<S> family, List<Sample<S>> samples, double[] constants) {
    double sum = 0;
    for (Sample<S> sample : samples) {
      Kernel<S> kernel = family.on(sample.platform(), sample.variant(), sample.warmth(), constants);
      double ofSample = 0;
      for (int i = 0; i < sample.size(); i++) {
        double predictedSeconds = kernel.seconds(sample.shapes().get(i));
        ofSample += Math.abs(Math.log(predictedSeconds / sample.seconds()[i]));
      }
      sum += ofSample / sample.size();
    }
    return sum / samples.size();
  }

  /** The typical values of a family's parameters. */
  public static double[] typical(KernelFamily<?> family) {
    return family.parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  /** One search; counts its evaluations. */
  private static final class Search<S> {
    private static final Comparator<Place> BEST = Comparator.comparingDouble(Place::loss);

    private final KernelFamily<S> family;
    private final List<Sample<S>> samples;
    private final Settings settings;
    private final Progress progress;
    private final Well19937c random;
    private int evaluations;
    private double least = Double.POSITIVE_INFINITY;

    Search(KernelFamily<S> family, List<Sample<S>> samples, Settings settings, Progress progress) {
      this.family = family;
      this.samples = samples;
      this.settings = settings;
      this.progress = progress;
      this.random = new Well19937c(settings.seed());
    }

    Fit from(List<double[]> starts) {
      Misfit<S> few = misfit(Math.min(FEW_ROWS, settings.rows()));
      List<Place> places = explored(few, starts);
      Misfit<S> more = misfit(settings.rows());
      List<double[]> chosen = places.stream().limit(REFINED).map(Place::shares).toList();
      int steps = steps(REFINING_SHARE, chosen.size(), MOST_STEPS);
      Place best =
          best(chosen.size(), i -> downhill(more, chosen.get(i), REFINING_RADIUS, false, steps));
      Misfit<S> most = misfit(MOST_ROWS);
      if (most.rows() == more.rows() && steps == 0) {
        return fit(more, best);
      }
      // Few rows may have misled the choice; what was found before on all is not given up for it.
      double[] from =
          Stream.concat(Stream.of(best.shares()), starts.stream().map(most::shares))
              .map(shares -> downhill(most, shares, 0, false, 0))
              .min(BEST)
              .orElseThrow()
              .shares();
      return fit(most, polished(most, from, POLISHING_SHARE));
    }

    /** Samples of at most so many rows each. */
    Misfit<S> misfit(int rows) {
      least = Double.POSITIVE_INFINITY;
      return new Misfit<>(
          family,
          samples.stream().map(sample -> sample.atMost(rows)).toList(),
          settings.pull(),
          () -> progress.at(++evaluations, least));
    }

    Fit fit(Misfit<S> misfit, Place place) {
      return new Fit(misfit.constants(place.shares()), place.loss(), evaluations);
    }

    /** Many steps with wide differences, which look over stairs, then with fine ones. */
    Place polished(Misfit<S> misfit, double[] start, double share) {
      int steps = steps(share / 2, 1, POLISHING_STEPS);
      Place wide = downhill(misfit, start, REFINING_RADIUS, true, steps);
      return steps == 0 ? wide : downhill(misfit, wide.shares(), REFINING_RADIUS, false, steps);
    }

    /** Places to go on from, the best first. */
    private List<Place> explored(Misfit<S> misfit, List<double[]> starts) {
      List<double[]> from = new ArrayList<>();
      starts.forEach(start -> from.add(misfit.shares(start)));
      int places = (int) Math.min(RANDOM_PLACES, RANDOM_SHARE * settings.evaluations());
      if (misfit.free() == 0 || places == 0) {
        return List.of(downhill(misfit, from.getFirst(), EXPLORING_RADIUS, true, 0));
      }
      List<Integer> stairs = stairs(misfit, from.getFirst());
      from.addAll(randomStarts(misfit, stairs, places));
      int steps = steps(EXPLORING_SHARE, from.size() + STAIRS * stairs.size(), MOST_STEPS);
      List<Place> found = new ArrayList<>();
      from.forEach(start -> found.add(downhill(misfit, start, EXPLORING_RADIUS, true, steps)));
      for (int index : stairs) {
        double[] best = found.stream().min(BEST).orElseThrow().shares();
        for (int stair = 0; stair < STAIRS; stair++) {
          double[] start = best.clone();
          start[index] = (double) stair / (STAIRS - 1);
          int few = Math.min(steps, STAIR_STEPS);
          found.add(downhill(misfit, start, EXPLORING_RADIUS, true, few));
        }
      }
      found.sort(BEST);
      return found;
    }

    /** Constants that no time follows where they move a little, but far away. */
    private List<Integer> stairs(Misfit<S> misfit, double[] at) {
      double[] here = new double[misfit.rows()];
      double[] there = new double[misfit.rows()];
      misfit.distances(at, here);
      List<Integer> stairs = new ArrayList<>();
      for (int i = 0; i < at.length; i++) {
        double[] beside = at.clone();
        beside[i] += at[i] > 0.5 ? -WIDE_DIFFERENCE : WIDE_DIFFERENCE;
        misfit.distances(beside, there);
        if (Arrays.equals(here, there)) {
          beside[i] = at[i] > 0.5 ? 0 : 1;
          misfit.distances(beside, there);
          if (!Arrays.equals(here, there)) {
            stairs.add(i);
          }
        }
      }
      return stairs;
    }

    /** The best of many random places about the typical ones. */
    private List<double[]> randomStarts(Misfit<S> misfit, List<Integer> stairs, int places) {
      List<Place> found = new ArrayList<>();
      double[] distances = new double[misfit.rows()];
      for (int place = 0; place < places; place++) {
        double[] shares = new double[misfit.free()];
        for (int i = 0; i < shares.length; i++) {
          double anywhere = misfit.typical(i) + RANDOM_SPREAD * random.nextGaussian();
          shares[i] =
              Math.clamp(stairs.contains(i) ? random.nextDouble() : anywhere, EDGE, 1 - EDGE);
        }
        misfit.distances(shares, distances);
        found.add(new Place(shares, misfit.loss(distances, shares)));
      }
      found.sort(BEST);
      return found.stream().limit(RANDOM_STARTS).map(Place::shares).toList();
    }

    private Place downhill(
        Misfit<S> misfit, double[] start, double radius, boolean wide, int steps) {
      double difference = wide ? WIDE_DIFFERENCE : FINE_DIFFERENCE;
      Place place = new TrustRegion(misfit, difference).from(start, radius, steps);
      least = Math.min(least, place.loss());
      return place;
    }

    /** So many steps for each of some searches as a share of the evaluations allows. */
    private int steps(double share, int searches, int most) {
      int each = family.parameters().size() + STEP_EXTRA;
      return (int) Math.min(most, share * settings.evaluations() / searches / each);
    }

    private static Place best(int count, IntFunction<Place> each) {
      Place best = each.apply(0);
      for (int i = 1; i < count; i++) {
        Place next = each.apply(i);
        best = next.loss() < best.loss() ? next : best;
      }
      return best;
    }
  }
}
