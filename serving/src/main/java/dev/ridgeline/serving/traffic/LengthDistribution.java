package dev.ridgeline.serving.traffic;

import java.util.random.RandomGenerator;

/** How many tokens a prompt or an output has. */
public sealed interface LengthDistribution {
  /** The most tokens drawn. */
  int MOST = TracePlace.MOST_TOKENS;

  /** A number of tokens, at least 1. */
  int draw(RandomGenerator random);

  /** The mean, in tokens. */
  double mean();

  /** Always the same. */
  record Fixed(int tokens) implements LengthDistribution {
    public Fixed {
      require(tokens >= 1 && tokens <= MOST, "%d tokens", tokens);
    }

    @Override
    public int draw(RandomGenerator random) {
      return tokens;
    }

    @Override
    public double mean() {
      return tokens;
    }
  }

  /** Each number between two, both included, as often as any other. */
  record Uniform(int least, int most) implements LengthDistribution {
    public Uniform {
      require(least >= 1 && most >= least && most <= MOST, "%d to %d tokens", least, most);
    }

    @Override
    public int draw(RandomGenerator random) {
      return random.nextInt(least, most + 1);
    }

    @Override
    public double mean() {
      return 0.5 * ((double) least + most);
    }
  }

  /**
   * Logarithms spread normally; rounded to whole tokens, at least 1.
   *
   * @param median in tokens, at least 1
   * @param p90 in tokens, at least the median
   */
  record LogNormal(double median, double p90) implements LengthDistribution {
    /** 90th percentile of the standard normal distribution (Abramowitz and Stegun, table 26.5). */
    private static final double Z90 = 1.2815515655446004;

    public LogNormal {
      require(median >= 1 && p90 >= median && p90 <= MOST, "median %s, p90 %s", median, p90);
    }

    @Override
    public int draw(RandomGenerator random) {
      return rounded(Math.log(median) + deviation() * random.nextGaussian(), MOST);
    }

    @Override
    public double mean() {
      return median * Math.exp(0.5 * deviation() * deviation());
    }

    private double deviation() {
      return Math.log(p90 / median) / Z90;
    }

    /** Whole tokens of a logarithm, from 1 to a bound. */
    static int rounded(double logarithm, int most) {
      return (int) Math.clamp(Math.rint(Math.exp(logarithm)), 1, most);
    }
  }

  private static void require(boolean holds, String form, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(form.formatted(values));
    }
  }
}
