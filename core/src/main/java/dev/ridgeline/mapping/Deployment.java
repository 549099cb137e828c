package dev.ridgeline.mapping;

/**
 * How a model is run.
 *
 * @param parallelism how it is spread
 * @param precision how it is stored and multiplied
 * @param placement on which memory tiers
 * @param routingSkew exponent of the popularity of experts, 0 for uniform
 * @param kvCompression how much of the cache is kept and read
 */
public record Deployment(
    Parallelism parallelism,
    Precision precision,
    Placement placement,
    double routingSkew,
    KvCompression kvCompression) {

  /** A whole cache. */
  public Deployment(
      Parallelism parallelism, Precision precision, Placement placement, double routingSkew) {
    this(parallelism, precision, placement, routingSkew, KvCompression.NONE);
  }

  public Deployment {
    if (!(routingSkew >= 0 && routingSkew <= 3)) {
      throw new IllegalDeploymentException(
          "routing-skew",
          Double.toString(routingSkew),
          "the exponent of expert popularity",
          "0 to 3");
    }
  }

  /** Checkpoint formats, main memory, uniform routing. */
  public static Deployment of(Parallelism parallelism) {
    return new Deployment(parallelism, Precision.CHECKPOINT, Placement.MAIN, 0);
  }

  /** The same spread otherwise. */
  public Deployment withParallelism(Parallelism newParallelism) {
    return new Deployment(newParallelism, precision, placement, routingSkew, kvCompression);
  }

  /** The same in other formats. */
  public Deployment withPrecision(Precision newPrecision) {
    return new Deployment(parallelism, newPrecision, placement, routingSkew, kvCompression);
  }

  /** The same placed otherwise. */
  public Deployment withPlacement(Placement newPlacement) {
    return new Deployment(parallelism, precision, newPlacement, routingSkew, kvCompression);
  }
}
