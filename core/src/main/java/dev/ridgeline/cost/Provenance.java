package dev.ridgeline.cost;

/**
 * Where a price comes from and how far it is trusted.
 *
 * @param source such as {@code kernel:h100-sxm/trtllm-1.3.0rc20}
 * @param low factor on the time below which one measurement in ten is expected
 * @param high factor on the time above which one measurement in ten is expected
 */
public record Provenance(String source, double low, double high) {

  /** Whether measured rows answer, all the time or some of it. */
  public boolean isMeasured() {
    return source.startsWith(KernelModel.MEASURED + ":");
  }
}
