package dev.ridgeline.mapping;

/**
 * A part of a tensor group that lies beyond the memory its kernels read from, and is streamed in
 * when it is needed.
 *
 * @param share of every layer's bytes, above 0 and at most 1
 * @param tier the memory it lies in: {@code host}, {@code nvme}, or a further tier of the chip
 */
public record Offload(double share, String tier) {

  public Offload {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalDeploymentException(
          "offload", Double.toString(share), "a share of the bytes", "above 0, at most 1");
    }
  }

  /** As it is asked for, such as {@code 0.5@host}. */
  @Override
  public String toString() {
    return share + "@" + tier;
  }
}
