package dev.ridgeline.cost;

import dev.ridgeline.workload.DistinctExperts;
import dev.ridgeline.workload.Routing;

/**
 * Time of a layer of experts whose tokens choose at random, from the times of one whose experts all
 * have the same load, which is what kernels are measured with. Spread evenly, {@code T} tokens
 * touch {@code min(E, k T)} experts; at random fewer, {@code E (1 - (1 - k/E)^T)}, and only the
 * weights of those are read. So few tokens take as long as those fewer that touch as many experts
 * when spread evenly; tokens beyond the first {@code E / k}, which bring no expert that is not in
 * use yet, take what they take there.
 */
final class RandomVisits {
  private final RememberedTimes even;
  private final DistinctExperts touched;
  private final double tokensPerExpert;
  private final double covering;

  /**
   * Without skew.
   *
   * @param even times over tokens whose visits are spread evenly
   */
  RandomVisits(RememberedTimes even, Routing routing) {
    this.even = even;
    this.touched = routing.distinct();
    this.tokensPerExpert = (double) routing.ranks() / routing.perToken();
    this.covering = (double) routing.experts() / routing.perToken();
  }

  /** The times over tokens of all ranks together. */
  RememberedTimes remembered() {
    return RememberedTimes.over(this::seconds);
  }

  private double seconds(long tokens) {
    double few = even.seconds(touched.at(tokens) * tokensPerExpert);
    return tokens > covering ? few + even.seconds(tokens) - even.seconds(covering) : few;
  }
}
