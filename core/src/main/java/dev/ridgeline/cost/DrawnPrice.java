package dev.ridgeline.cost;

import java.util.Optional;

/** The datasheet's price, but for the energy, which is what the board draws. */
final class DrawnPrice implements OperatorPrice {
  private final OperatorPrice base;
  private final Draw draw;

  DrawnPrice(OperatorPrice base, Draw draw) {
    this.base = base;
    this.draw = draw;
  }

  @Override
  public Optional<Provenance> provenance() {
    return Optional.of(new Provenance(Roofline.IDEAL.name(), 1, 1));
  }

  @Override
  public void price(double[] features, OperatorCost into) {
    base.price(features, into);
    draw.charge(into, into.matrixSeconds, into.memorySeconds);
  }
}
