package dev.ridgeline.mapping;

import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Weight;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Storage and compute formats of a deployment. What is left empty follows the checkpoint.
 *
 * @param weights format of the matrices inside layers; tables, head, router and norms keep the
 *     model's own
 * @param activations format activations are multiplied in
 * @param kv format of the cache
 * @param communication format of exchanged partial sums; the model's own where empty
 */
public record Precision(
    Optional<NumberFormat> weights,
    Optional<NumberFormat> activations,
    Optional<NumberFormat> kv,
    Optional<NumberFormat> communication) {

  /** Formats with exchanges in the model's own. */
  public Precision(
      Optional<NumberFormat> weights,
      Optional<NumberFormat> activations,
      Optional<NumberFormat> kv) {
    this(weights, activations, kv, Optional.empty());
  }

  /** As the checkpoint is stored. */
  public static final Precision CHECKPOINT =
      new Precision(Optional.empty(), Optional.empty(), Optional.empty());

  /** One format for weights, activations, cache and compute. */
  public static Precision all(NumberFormat format) {
    return new Precision(Optional.of(format), Optional.of(format), Optional.of(format));
  }

  /**
   * What engines serve a checkpoint in on a chip that {@code multiplies} in some arithmetics.
   * Matrices stored in MXFP4, and no formats asked for: where the chip multiplies four-bit floats,
   * activations are rounded to MXFP8, as TensorRT-LLM and vLLM do for gpt-oss on Blackwell (kernels
   * {@code w4a8_mxfp4_mxfp8}); elsewhere the matrices are expanded to the model's own format.
   * Everything else is as it was.
   */
  public Precision servedOn(Predicate<Arithmetic> multiplies, Model model) {
    boolean open = weights.isEmpty() && activations.isEmpty();
    boolean stored =
        model.servedWeights().stream()
            .anyMatch(weight -> weight.format().equals(NumberFormat.MXFP4));
    boolean rounds =
        open
            && stored
            && model.checkpointActivations().isEmpty()
            && multiplies.test(Arithmetic.FP4)
            && multiplies.test(Arithmetic.FP8);
    return rounds
        ? new Precision(weights, Optional.of(NumberFormat.MXFP8), kv, communication)
        : this;
  }

  /** Format a matrix of a layer is stored in. */
  NumberFormat stored(Weight weight) {
    boolean follows =
        weight.role() == Weight.Role.MATRIX && !weight.name().equals("gate") && !router(weight);
    return follows ? weights.orElse(weight.format()) : weight.format();
  }

  private static boolean router(Weight weight) {
    return weight.name().equals("shared_expert_gate");
  }

  /** Format activations are multiplied in where the weight is quantised. */
  public NumberFormat activationFormat(Model model) {
    return activations.or(model::checkpointActivations).orElse(model.nativeFormat());
  }

  /** Format of the cache. */
  public NumberFormat kvFormat(Model model) {
    return kv.or(model::checkpointKv).orElse(model.nativeFormat());
  }

  /** Format in which partial sums are exchanged. */
  public NumberFormat communicationFormat(Model model) {
    return communication.orElse(model.nativeFormat());
  }

  /**
   * What attention products run as. Where cache and activations are both asked for in one narrow
   * format they run in eight bits of its kind: kernels with narrower scores are not in use.
   */
  public Arithmetic attentionArithmetic(Model model) {
    boolean narrow =
        kv.isPresent() && kv.equals(activations) && kv.get().elementBits() <= Arithmetic.FP8.bits();
    if (!narrow) {
      return model.nativeFormat().arithmetic();
    }
    return kv.get().arithmetic().floating() ? Arithmetic.FP8 : Arithmetic.INT8;
  }

  /**
   * What a product of stored weights and activations runs as. Both quantised to one kind: the wider
   * of the two. Weights alone quantised: they are expanded, and the product runs as the
   * activations.
   */
  public Arithmetic productArithmetic(NumberFormat weight, NumberFormat activation) {
    Arithmetic left = weight.arithmetic();
    Arithmetic right = activation.arithmetic();
    if (left.floating() != right.floating()) {
      return left.bits() >= right.bits() && !right.floating() ? left : right;
    }
    return left.bits() > right.bits() ? left : right;
  }
}
