package dev.ridgeline.mapping;

import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.Model;
import java.util.List;

/**
 * A model under a deployment, compiled: a short table of operators, all sizes linear in a step's
 * features. Immutable and shareable.
 *
 * @param model what was compiled
 * @param deployment how
 * @param features layout of the steps it takes
 * @param rows the table, in execution order
 * @param stages pipeline stages
 * @param weightBytes resident weights of one device, by stage
 * @param cache what a sequence keeps on one device, by stage
 * @param layers the distinct layers of each stage, the head among those of the last
 * @param activationBytes live activations at the widest point of a layer, for one token on a device
 * @param notes declarations: what is replicated, padded or assumed
 */
public record Program(
    Model model,
    Deployment deployment,
    FeatureSpace features,
    List<Row> rows,
    int stages,
    List<Double> weightBytes,
    List<CacheFootprint> cache,
    List<List<LayerFootprint>> layers,
    double activationBytes,
    List<String> notes) {

  public Program {
    rows = List.copyOf(rows);
    weightBytes = List.copyOf(weightBytes);
    cache = List.copyOf(cache);
    layers = layers.stream().map(List::copyOf).toList();
    notes = List.copyOf(notes);
  }
}
