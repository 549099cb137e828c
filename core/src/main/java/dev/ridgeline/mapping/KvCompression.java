package dev.ridgeline.mapping;

/**
 * How much of the cache is kept and read beyond what its number format says. Shares are of layers
 * that attend to the whole context; windows, chunks and indexed layers are sparse already.
 *
 * @param keep share of tokens that stay stored once a prompt has been processed, as under eviction
 *     (H2O, arXiv 2306.14048); less is stored and less is read
 * @param read share of the stored tokens that a decoded token attends to, picked anew each time
 *     (Quest, arXiv 2406.10774); all stay stored
 * @param rank width of the stored keys and values of a head over their full width, for grouped
 *     attention (Palu, arXiv 2407.21118); attention runs in the stored width
 */
public record KvCompression(double keep, double read, double rank) {

  /** Everything kept, read and stored at full width. */
  public static final KvCompression NONE = new KvCompression(1, 1, 1);

  public KvCompression {
    require("kv-keep", keep);
    require("kv-read", read);
    require("kv-rank", rank);
  }

  private static void require(String option, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalDeploymentException(
          option, Double.toString(share), "a share of the cache", "above 0, at most 1");
    }
  }

  /** Share of the context that a decoded token attends to. */
  double attended() {
    return keep * read;
  }

  /** Width stored for a head of some width, at least 1. */
  long storedWidth(long width) {
    return Math.clamp(Math.round(rank * width), 1L, width);
  }
}
