package dev.ridgeline.mapping;

import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.Model;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which pipeline stage holds which layers. */
final class StageLayers {
  private StageLayers() {}

  /** The layers of each stage, equal ones once. */
  static List<List<LayerFootprint>> footprints(
      Model model, int stages, Map<Block, LayerFootprint> blocks) {
    List<List<LayerFootprint>> byStage = new ArrayList<>();
    for (List<Layer> layers : layersOfStages(model, stages)) {
      Set<LayerFootprint> distinct = new LinkedHashSet<>();
      for (Layer layer : layers) {
        double weights = 0;
        double states = 0;
        List<CacheFootprint.Entry> entries = new ArrayList<>();
        for (Block block : layer.blocks()) {
          LayerFootprint part = blocks.get(block);
          if (part != null) {
            weights += part.weightBytes();
            states += part.cache().stateBytes();
            entries.addAll(part.cache().entries());
          }
        }
        distinct.add(new LayerFootprint(weights, new CacheFootprint(entries, states)));
      }
      byStage.add(new ArrayList<>(distinct));
    }
    return byStage;
  }

  /** A remainder goes to the first stages. */
  private static List<List<Layer>> layersOfStages(Model model, int stages) {
    List<List<Layer>> split = new ArrayList<>();
    List<Layer> layers = model.layers();
    int each = layers.size() / stages;
    int extra = layers.size() % stages;
    int next = 0;
    for (int stage = 0; stage < stages; stage++) {
      int end = next + each + (stage < extra ? 1 : 0);
      split.add(layers.subList(next, end));
      next = end;
    }
    return split;
  }

  /** Distinct blocks with their number in each stage. */
  static Map<Block, int[]> countBlocks(Model model, int stages) {
    Map<Block, int[]> byIdentity = new IdentityHashMap<>();
    List<Block> order = new ArrayList<>();
    List<List<Layer>> layers = layersOfStages(model, stages);
    for (int stage = 0; stage < stages; stage++) {
      for (Layer layer : layers.get(stage)) {
        for (Block block : layer.blocks()) {
          int[] counts = byIdentity.get(block);
          if (counts == null) {
            counts = new int[stages];
            byIdentity.put(block, counts);
            order.add(block);
          }
          counts[stage]++;
        }
      }
    }
    Map<Block, int[]> ordered = LinkedHashMap.newLinkedHashMap(order.size());
    for (Block block : order) {
      ordered.put(block, byIdentity.getOrDefault(block, new int[stages]));
    }
    return ordered;
  }
}
