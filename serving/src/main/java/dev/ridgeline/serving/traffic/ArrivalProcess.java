package dev.ridgeline.serving.traffic;

import java.util.random.RandomGenerator;

/**
 * When requests come: gaps of a Gamma distribution around a rate that may swing like a day. A
 * variation of 1 is a Poisson process, 0 a request every so often, above 1 bursts.
 *
 * <p>A swing makes the rate {@code r (1 + s sin(2 pi t / T))}: gaps are drawn on a clock that runs
 * with the rate and carried back to real time (Cinlar, Introduction to Stochastic Processes, 1975,
 * section 4.7), so bursts stay bursts.
 *
 * @param perSecond mean rate in requests a second, above 0
 * @param variation standard deviation of a gap over its mean, at least 0
 * @param swing share of the rate by which it swings, from 0 to 1
 * @param periodSeconds length of a swing, above 0
 */
public record ArrivalProcess(
    double perSecond, double variation, double swing, double periodSeconds) {
  /** Times are rounded to nanoseconds afterwards. */
  private static final double PRECISION_SECONDS = 1e-10;

  private static final int MOST_BISECTIONS = 80;

  public ArrivalProcess {
    if (!(perSecond > 0 && variation >= 0 && swing >= 0 && swing <= 1 && periodSeconds > 0)
        || !Double.isFinite(perSecond + variation + periodSeconds)) {
      throw new IllegalArgumentException(
          "rate %s, variation %s, swing %s, period %s"
              .formatted(perSecond, variation, swing, periodSeconds));
    }
  }

  /** A Poisson process. */
  public static ArrivalProcess poisson(double perSecond) {
    return new ArrivalProcess(perSecond, 1, 0, 1);
  }

  /** The same at another mean rate. */
  public ArrivalProcess at(double otherPerSecond) {
    return new ArrivalProcess(otherPerSecond, variation, swing, periodSeconds);
  }

  /** Starts at time 0. */
  public Clock start(RandomGenerator random) {
    return new Clock(this, random);
  }

  /** Arrivals of one run of the process. */
  public static final class Clock {
    private final ArrivalProcess process;
    private final RandomGenerator random;
    private double arrivals;

    Clock(ArrivalProcess process, RandomGenerator random) {
      this.process = process;
      this.random = random;
    }

    /** When the next request comes, in seconds. */
    public double nextSeconds() {
      arrivals += gap();
      return process.timeOf(arrivals);
    }

    /** Of mean 1. */
    private double gap() {
      double variation = process.variation;
      if (variation == 0) {
        return 1;
      }
      if (variation == 1) {
        return random.nextExponential();
      }
      double shape = 1 / (variation * variation);
      return gamma(shape, random) / shape;
    }
  }

  /** When so many requests are expected to have come. */
  private double timeOf(double arrivals) {
    double even = arrivals / perSecond;
    if (swing == 0) {
      return even;
    }
    double low = Math.max(0, even - swing * periodSeconds / Math.PI);
    double high = even;
    for (int step = 0; step < MOST_BISECTIONS && high - low > PRECISION_SECONDS; step++) {
      double middle = 0.5 * (low + high);
      if (expected(middle) < arrivals) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private double expected(double seconds) {
    double turn = 2 * Math.PI / periodSeconds;
    return perSecond * (seconds + swing / turn * (1 - Math.cos(turn * seconds)));
  }

  /**
   * A Gamma variate of scale 1 (Marsaglia and Tsang, ACM TOMS 26(3), 2000,
   * doi:10.1145/358407.358414), with their boost for shapes below 1.
   */
  static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double root = 1 + c * x;
      if (root <= 0) {
        continue;
      }
      double v = root * root * root;
      if (Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
