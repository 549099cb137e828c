package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loads of the busiest rank against drawing them. */
class BusiestRankTest {
  private static final int ROUNDS = 300;

  /** Mean visits of the busiest rank, and its mean number of experts in use. */
  private static double[] drawn(int experts, int topk, int ep, double skew, int tokens) {
    var random = new SplittableRandom(11);
    int visits = tokens * topk;
    double low = visits > experts ? 1 : 0.01;
    double high = visits > experts ? 0.8 * tokens : 2;
    double rows = 0;
    double used = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] draws =
          IntStream.range(0, experts)
              .mapToDouble(_ -> {
                double b = 1 - skew;
                double from = Math.pow(low, b);
                return Math.pow(from + random.nextDouble() * (Math.pow(high, b) - from), 1 / b);
              })
              .toArray();
      int[] counts = wholeTokens(draws, visits);
      int[] busiest = new int[0];
      for (int rank = 0; rank < ep; rank++) {
        int size = experts / ep;
        int[] own = Arrays.copyOfRange(counts, rank * size, (rank + 1) * size);
        if (Arrays.stream(own).sum() > Arrays.stream(busiest).sum()) {
          busiest = own;
        }
      }
      rows += Arrays.stream(busiest).sum();
      used += Arrays.stream(busiest).filter(count -> count > 0).count();
    }
    return new double[] {rows / ROUNDS, used / ROUNDS};
  }

  /** Draws scaled to a total of whole tokens by largest remainder. */
  private static int[] wholeTokens(double[] draws, int visits) {
    double scale = visits / Arrays.stream(draws).sum();
    double[] exact = Arrays.stream(draws).map(draw -> draw * scale).toArray();
    int[] counts = Arrays.stream(exact).mapToInt(load -> (int) Math.round(load)).toArray();
    int missing = visits - Arrays.stream(counts).sum();
    var byRemainder =
        IntStream.range(0, draws.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> counts[i] - exact[i]))
            .toList();
    for (int i = 0; i < missing; i++) {
      counts[byRemainder.get(i % draws.length)]++;
    }
    for (int i = 0; i < -missing; i++) {
      int expert = byRemainder.get(draws.length - 1 - i % draws.length);
      counts[expert] = Math.max(0, counts[expert] - 1);
    }
    return counts;
  }

  private static double[] predicted(int experts, int topk, int ep, double skew, int tokens) {
    double visits = (double) tokens * topk;
    double least = BusiestRank.least(visits, experts);
    double most = BusiestRank.most(visits, experts, tokens);
    double scale = visits / experts / BusiestRank.mean(skew, least, most);
    double tilt = BusiestRank.tilt(experts, ep);
    double idle = Math.pow(BusiestRank.unvisited(skew, least, most, scale, visits / experts), tilt);
    double used = Math.max(1, (double) experts / ep * (1 - idle));
    double low = Math.pow(least, 1 - skew);
    double span = Math.pow(most, 1 - skew) - low;
    double rows =
        IntStream.range(0, BusiestRank.POINTS)
            .mapToDouble(point -> BusiestRank.load(point, idle, tilt, low, span, skew, scale))
            .average()
            .orElseThrow();
    return new double[] {Math.min(visits, Math.max(used, rows * used)), used};
  }

  @ParameterizedTest
  @CsvSource({
    "256, 8, 1, 1.01, 4",
    "256, 8, 1, 1.2, 16",
    "256, 8, 1, 1.2, 1024",
    "256, 8, 8, 1.01, 16",
    "256, 8, 8, 1.2, 1024",
    "256, 8, 32, 1.01, 1024",
    "256, 8, 256, 1.01, 16384",
    "256, 8, 256, 1.2, 1024",
    "128, 8, 16, 1.2, 64",
    "128, 8, 32, 1.01, 16384",
    "512, 22, 16, 1.01, 64",
    "512, 22, 128, 1.2, 1024",
    "16, 1, 4, 1.2, 1024",
    "16, 1, 16, 1.01, 64",
    "8, 2, 1, 1.2, 1024",
    "8, 2, 4, 1.01, 4",
    "8, 2, 8, 1.2, 16384"
  })
  void matchesDrawing(int experts, int topk, int ep, double skew, int tokens) {
    double[] drawn = drawn(experts, topk, ep, skew, tokens);
    double[] predicted = predicted(experts, topk, ep, skew, tokens);
    assertThat(predicted[0]).as("rows").isCloseTo(drawn[0], Percentage.withPercentage(25));
    assertThat(predicted[1]).as("in use").isCloseTo(drawn[1], Percentage.withPercentage(20));
  }
}
