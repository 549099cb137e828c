package dev.ridgeline.cost;

import dev.ridgeline.kernel.Band;
import java.util.Optional;

/** The price of one operator on one platform, ready to be asked for any step. */
public interface OperatorPrice {
  /** Of what runs in surroundings that are known. */
  Band CERTAIN = new Band(1, 1);

  /**
   * Prices one execution.
   *
   * @param features the step's features, in the layout of the program
   * @param into cleared and filled; never kept
   */
  void price(double[] features, OperatorCost into);

  /** Where the price comes from, where that is more than the model's name. */
  default Optional<Provenance> provenance() {
    return Optional.empty();
  }

  /** Factors on the time of a step between which surroundings that nobody measured may put it. */
  default Band doubt(double[] features) {
    return CERTAIN;
  }
}
