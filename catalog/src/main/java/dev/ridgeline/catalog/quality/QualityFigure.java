package dev.ridgeline.catalog.quality;

import dev.ridgeline.mapping.Precision;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A published figure of a model in some formats, beside that of the model as it was released.
 *
 * @param model catalog name
 * @param method how the formats were reached, such as {@code AWQ}
 * @param weights format of the weights, where the figure is about it; one format at least is given
 * @param activations format of the activations, where the figure is about it
 * @param kv format of the cache, where the figure is about it
 * @param metric what was measured
 * @param lowerIsBetter whether less is better
 * @param baseline figure of the released model
 * @param value figure in these formats
 * @param source paper
 * @param where table or figure of it
 * @param recalled whether the figure was written down from memory
 */
public record QualityFigure(
    String model,
    String method,
    Optional<NumberFormat> weights,
    Optional<NumberFormat> activations,
    Optional<NumberFormat> kv,
    String metric,
    boolean lowerIsBetter,
    double baseline,
    double value,
    String source,
    String where,
    boolean recalled) {

  private static final int UNQUANTISED_BITS = 16;

  /** Whether the figure is about a model in these formats; what it is silent on may differ. */
  public boolean matches(Model asked, Precision precision) {
    NumberFormat running = precision.activationFormat(asked);
    boolean weightsMatch = weights.isEmpty() || weights.equals(precision.weights());
    // A figure of weights alone says nothing of narrow activations.
    boolean activationsMatch =
        activations
            .map(running::equals)
            .orElse(weights.isEmpty() || running.elementBits() >= UNQUANTISED_BITS);
    boolean kvMatches = kv.isEmpty() || kv.get().equals(precision.kvFormat(asked));
    return model.equals(asked.name()) && weightsMatch && activationsMatch && kvMatches;
  }

  /** What it is about, such as {@code weights int8, activations int8}. */
  public String formats() {
    List<String> parts = new ArrayList<>();
    weights.ifPresent(format -> parts.add("weights " + format));
    activations.ifPresent(format -> parts.add("activations " + format));
    kv.ifPresent(format -> parts.add("cache " + format));
    return String.join(", ", parts);
  }
}
