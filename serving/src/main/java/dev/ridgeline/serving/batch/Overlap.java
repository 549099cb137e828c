package dev.ridgeline.serving.batch;

/**
 * How operators of different resources share a device (NanoFlow, Zhu et al., OSDI 2025,
 * arXiv:2408.12757, section 4): a batch is split in two, and while matrix products of one part run,
 * attention and collectives of the other take a share of the device each and run somewhat slower.
 * Matrix products get what is left.
 *
 * @param firstPart share of the batch in its first part, from 0 to 1 exclusive
 * @param memoryShare of the device for operators that memory bounds, above 0
 * @param memorySpeed of these, against having the device to themselves, above 0 and at most 1
 * @param networkShare of the device for collectives, above 0; with memoryShare at most 1
 * @param networkSpeed of these, against having the device to themselves, above 0 and at most 1
 */
public record Overlap(
    double firstPart,
    double memoryShare,
    double memorySpeed,
    double networkShare,
    double networkSpeed) {
  public Overlap {
    if (!(firstPart > 0 && firstPart < 1)
        || !(memoryShare > 0 && networkShare > 0 && memoryShare + networkShare <= 1)
        || !(memorySpeed > 0 && memorySpeed <= 1 && networkSpeed > 0 && networkSpeed <= 1)) {
      throw new IllegalArgumentException("an overlap out of range");
    }
  }

  /**
   * Time of a step whose operators, one after the other, would take these times. As long as there
   * are matrix products to run beside, all three run at once; what is left then has the device to
   * itself. Parts need not wait for each other: layers are many, and their dependencies hold back
   * only the first and the last.
   */
  public double seconds(double computeSeconds, double memorySeconds, double networkSeconds) {
    double compute = computeSeconds;
    double memory = memorySeconds / memorySpeed;
    double network = networkSeconds / networkSpeed;
    double elapsed = 0;
    while (compute > 0 && (memory > 0 || network > 0)) {
      double rate = 1 - (memory > 0 ? memoryShare : 0) - (network > 0 ? networkShare : 0);
      double span = rate > 0 ? compute / rate : Double.POSITIVE_INFINITY;
      span = memory > 0 ? Math.min(span, memory) : span;
      span = network > 0 ? Math.min(span, network) : span;
      elapsed += span;
      compute = left(compute, rate * span);
      memory = left(memory, span);
      network = left(network, span);
    }
    return elapsed + compute + Math.max(memory * memorySpeed, network * networkSpeed);
  }

  private static double left(double amount, double done) {
    return amount - done <= 1e-12 * amount ? 0 : amount - done;
  }
}
