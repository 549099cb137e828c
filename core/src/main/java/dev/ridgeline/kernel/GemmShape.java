package dev.ridgeline.kernel;

/**
 * A matrix product {@code y[m, n] = x[m, k] W[n, k]^T} with 16-bit input and output, the conversion
 * of the input to the format included.
 *
 * @param format how the product is computed
 * @param m rows of the input: tokens; at least 1
 * @param n columns of the output; at least 1
 * @param k inputs summed over; at least 1
 */
public record GemmShape(GemmFormat format, long m, long n, long k) {

  public GemmShape {
    Extents.positive("m", m);
    Extents.positive("n", n);
    Extents.positive("k", k);
  }

  /** Multiplications and additions. */
  public double flops() {
    return 2.0 * m * n * k;
  }
}
