package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;

/**
 * One call of the products that latent attention's absorbed up- and down-projections become: for
 * each head, its tokens times its matrix.
 *
 * @param product which of the two
 * @param format of the matrices; narrower than 16 bits, inputs are converted first
 * @param heads on this chip
 * @param tokens rows of each product
 */
public record MlaBmmShape(Product product, NumberFormat format, long heads, long tokens) {

  /** The two products. */
  public enum Product {
    /** Queries to latent space, 128 to 512 elements. */
    BEFORE(128, 512),
    /** Outputs from latent space, 512 to 128 elements. */
    AFTER(512, 128);

    private final int inputs;
    private final int outputs;

    Product(int inputs, int outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
    }

    /** Elements of a row going in. */
    public int inputs() {
      return inputs;
    }

    /** Elements of a row coming out. */
    public int outputs() {
      return outputs;
    }
  }

  public MlaBmmShape {
    Extents.positive("heads", heads);
    Extents.positive("tokens", tokens);
  }
}
