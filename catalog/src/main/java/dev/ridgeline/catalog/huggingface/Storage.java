package dev.ridgeline.catalog.huggingface;

import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sets the format in which each tensor is stored. Matrices follow the quantisation; norms, biases
 * and tables keep the native format, as do routers and the output head unless named.
 */
final class Storage {
  private static final String ROUTER = "gate";
  private static final String SHARED_GATE = "shared_expert_gate";

  private final Optional<Quantisation> quantisation;
  private final NumberFormat nativeFormat;
  private final CheckpointNames names;

  /** Parameters one token visits, by the format their inputs are converted to. */
  private final Map<Optional<NumberFormat>, Double> multiplied = new LinkedHashMap<>();

  Storage(Optional<Quantisation> quantisation, NumberFormat nativeFormat, CheckpointNames names) {
    this.quantisation = quantisation;
    this.nativeFormat = nativeFormat;
    this.names = names;
  }

  /** The layers with their formats. */
  List<Layer> layers(List<Layer> layers) {
    List<Layer> stored = new ArrayList<>(layers.size());
    for (int index = 0; index < layers.size(); index++) {
      stored.add(layer(names.layers() + "." + index, layers.get(index)));
    }
    return stored;
  }

  private Layer layer(String path, Layer layer) {
    if (quantisation.isEmpty() && nativeFormat.equals(NumberFormat.BF16)) {
      return layer;
    }
    return layer.withBlocks(
        layer.blocks().stream().map(block -> block(path, block, true)).toList());
  }

  private Block block(String layerPath, Block block, boolean served) {
    List<Weight> weights = new ArrayList<>();
    for (Weight weight : block.weights()) {
      Optional<Scheme> scheme = Optional.empty();
      if (weight.role() == Weight.Role.MATRIX && quantisation.isPresent()) {
        int experts =
            block instanceof Experts moe
                    && weight.copies() == moe.count()
                    && weight.name().startsWith("experts.")
                ? moe.count()
                : 0;
        boolean reserved = weight.name().equals(ROUTER) || weight.name().equals(SHARED_GATE);
        scheme =
            quantisation
                .get()
                .scheme(
                    new Quantisation.Matrix(
                        names.modules(layerPath, block, weight), experts, reserved));
        if (served && scheme.isPresent()) {
          double share =
              experts > 0 && block instanceof Experts moe ? (double) moe.perToken() / experts : 1;
          multiplied.merge(scheme.get().activations(), share * weight.parameters(), Double::sum);
        }
      }
      weights.add(weight.withFormat(scheme.map(Scheme::weights).orElse(nativeFormat)));
    }
    return block.withWeights(weights);
  }

  /** Tensors with full names that are looked up or added, never multiplied. */
  List<Weight> plain(List<Weight> weights) {
    return weights.stream().map(weight -> weight.withFormat(nativeFormat)).toList();
  }

  /** The output head. */
  Weight head(Weight weight) {
    Quantisation.Matrix matrix = new Quantisation.Matrix(List.of(names.head()), 0, true);
    return named(weight, matrix);
  }

  /** Tensors under their full checkpoint names. */
  List<Weight> named(List<Weight> weights) {
    return weights.stream()
        .map(weight -> named(weight, new Quantisation.Matrix(List.of(weight.name()), 0, false)))
        .toList();
  }

  private Weight named(Weight weight, Quantisation.Matrix matrix) {
    Optional<Scheme> scheme =
        weight.role() == Weight.Role.MATRIX
            ? quantisation.flatMap(known -> known.scheme(matrix))
            : Optional.empty();
    return weight.withFormat(scheme.map(Scheme::weights).orElse(nativeFormat));
  }

  /** The tensors of the prediction layers under their full names. */
  List<Weight> predictions(List<PredictionLayer> layers) {
    List<Weight> all = new ArrayList<>();
    for (PredictionLayer layer : layers) {
      for (Weight extra : layer.extras()) {
        all.addAll(named(List.of(renamed(extra, layer.extrasPath() + "." + extra.name()))));
      }
      for (Block block : layer.blocks()) {
        String path = layer.path() + "." + block.path() + ".";
        for (Weight weight : block(layer.path(), block, false).weights()) {
          all.add(renamed(weight, path + weight.name()));
        }
      }
    }
    return all;
  }

  private static Weight renamed(Weight weight, String name) {
    return new Weight(
        name, weight.role(), weight.copies(), weight.outputs(), weight.inputs(), weight.format());
  }

  /**
   * The activation format of the quantised layers; where they differ, that of most parameters a
   * token visits.
   */
  Optional<NumberFormat> activations() {
    return multiplied.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .flatMap(Map.Entry::getKey);
  }

  /** Says what was chosen where activation formats differ. */
  Optional<String> mixedActivations() {
    if (multiplied.size() < 2) {
      return Optional.empty();
    }
    double all = multiplied.values().stream().mapToDouble(value -> value).sum();
    List<String> shares = new ArrayList<>();
    multiplied.forEach((format, parameters) ->
        shares.add(
            String.format(Locale.ROOT, "%s for %.0f %%", text(format), 100 * parameters / all)));
    return Optional.of(
        "activation formats differ between the quantised layers (%s of the parameters a token visits); %s taken for all"
            .formatted(String.join(", ", shares), text(activations())));
  }

  private String text(Optional<NumberFormat> format) {
    return format.orElse(nativeFormat).name();
  }
}
