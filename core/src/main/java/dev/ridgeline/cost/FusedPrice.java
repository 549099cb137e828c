package dev.ridgeline.cost;

import java.util.Optional;

/**
 * The price of a row whose work the kernel of another row does: its work and traffic count, its
 * time is in the other's.
 */
final class FusedPrice implements OperatorPrice {
  private final OperatorPrice base;
  private final Draw draw;
  private final Provenance provenance;

  FusedPrice(OperatorPrice base, Draw draw, Provenance kernel) {
    this.base = base;
    this.draw = draw;
    this.provenance =
        new Provenance(kernel.source() + ", fused with its neighbour", kernel.low(), kernel.high());
  }

  @Override
  public Optional<Provenance> provenance() {
    return Optional.of(provenance);
  }

  @Override
  public void price(double[] features, OperatorCost into) {
    base.price(features, into);
    into.timeSeconds = 0;
    into.matrixSeconds = 0;
    into.vectorSeconds = 0;
    into.memorySeconds = 0;
    draw.charge(into, 0, 0);
  }
}
