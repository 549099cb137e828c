package dev.ridgeline.cost;

import dev.ridgeline.mapping.LinearForm;
import java.util.Optional;

/** A launch, and the datasheet's time at a share of its peaks. */
final class LaunchedPrice implements OperatorPrice {
  private final OperatorPrice base;
  private final LinearForm guard;
  private final double launchSeconds;
  private final double stretch;
  private final Provenance provenance;
  private final Draw draw;

  /**
   * @param stretch factor on the datasheet's time, at least 1
   */
  LaunchedPrice(
      OperatorPrice base,
      LinearForm guard,
      double launchSeconds,
      double stretch,
      Provenance provenance,
      Draw draw) {
    this.base = base;
    this.guard = guard;
    this.launchSeconds = launchSeconds;
    this.stretch = Math.max(1, stretch);
    this.provenance = provenance;
    this.draw = draw;
  }

  @Override
  public Optional<Provenance> provenance() {
    return Optional.of(provenance);
  }

  @Override
  public void price(double[] features, OperatorCost into) {
    base.price(features, into);
    double rows = guard.at(features);
    if (!(rows > 0)) {
      return;
    }
    double matrixSeconds = into.matrixSeconds;
    double memorySeconds = into.memorySeconds;
    into.matrixSeconds *= stretch;
    into.vectorSeconds *= stretch;
    into.memorySeconds *= stretch;
    // The mean of steps with and without the work has its share of launches.
    into.overheadSeconds = Math.min(1, rows) * launchSeconds;
    into.timeSeconds = into.timeSeconds * stretch + into.overheadSeconds;
    draw.charge(into, matrixSeconds, memorySeconds);
  }
}
