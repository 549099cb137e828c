package dev.ridgeline.serving;

import dev.ridgeline.serving.metrics.Quantiles;

/**
 * What came of it, with what each pool did.
 *
 * @param serving the figures of all
 * @param prefill what the prefill instances did
 * @param decode what the decode instances did
 * @param transfers what moved between them
 * @param unfinished requests that neither ended nor were refused when nothing could happen any more
 */
public record DisaggregatedResult(
    ServingResult serving, Pool prefill, Pool decode, Transfers transfers, long unfinished) {
  /**
   * One side.
   *
   * @param instances in it
   * @param devices of these
   * @param iterations batches run
   * @param busySeconds instances had a batch in flight, summed
   * @param joules beyond idling; NaN where not known
   */
  public record Pool(
      int instances, int devices, long iterations, double busySeconds, double joules) {}

  /**
   * What moved.
   *
   * @param bytes sent
   * @param busySeconds in which anything was under way
   * @param blockWait from the end of a prompt until it had blocks on the other side
   * @param exposed from then on until it could decode; what was sent before is not in it
   */
  public record Transfers(
      double bytes, double busySeconds, Quantiles blockWait, Quantiles exposed) {}

  /** The same with other figures of all, such as with energy and price. */
  public DisaggregatedResult with(ServingResult figures) {
    return new DisaggregatedResult(figures, prefill, decode, transfers, unfinished);
  }
}
