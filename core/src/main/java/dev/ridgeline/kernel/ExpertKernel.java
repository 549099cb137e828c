package dev.ridgeline.kernel;

/** The kernels a layer of experts may run on. */
public enum ExpertKernel {
  /** Grouped products with a gate matrix: three matrices an expert. */
  GATED(3, ""),
  /** Without a gate: two matrices an expert. */
  NON_GATED(2, "-nongated"),
  /** Gated, for few tokens: one fused kernel that routes, permutes and multiplies. */
  MIN_LATENCY(3, "-min-latency");

  private final int matrices;
  private final String suffix;

  ExpertKernel(int matrices, String suffix) {
    this.matrices = matrices;
    this.suffix = suffix;
  }

  /** Weight matrices of an expert. */
  public int matrices() {
    return matrices;
  }

  /** What a profile's key carries behind the format. */
  String suffix() {
    return suffix;
  }

  /**
   * The kernels a table's column means: names with {@code nongated} or {@code min_latency} are
   * kinds of their own, all others (cutlass, deepgemm, triton) are the gated kernels of their
   * framework.
   */
  public static ExpertKernel of(String library) {
    if (library.contains("nongated")) {
      return NON_GATED;
    }
    return library.contains("min_latency") ? MIN_LATENCY : GATED;
  }
}
