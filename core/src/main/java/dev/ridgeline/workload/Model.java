package dev.ridgeline.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A decoder-only language model, with its side towers, as a list of tensors in layers.
 *
 * @param name how users call it
 * @param family the publishers' architecture name, such as {@code llama}
 * @param hidden model width
 * @param vocabulary entries of the token table
 * @param tiedHead whether the token table also serves as the output head
 * @param layers decoder layers in order
 * @param embeddings token and position tables, with the norms applied to them
 * @param head the output head; empty where tied
 * @param finalNorm tensors after the last layer
 * @param vision tensors of the vision tower and its projector; empty for text models
 * @param multiTokenPrediction tensors of extra prediction layers; empty without
 * @param nativeFormat format of activations and of unquantised weights
 * @param checkpointActivations activation format that the checkpoint's quantisation asks for
 * @param checkpointKv cache format that the checkpoint asks for
 * @param maxContext longest context stated by the publisher, in tokens
 * @param notes what a reader should know: missing facts, assumptions of the importer
 */
public record Model(
    String name,
    String family,
    int hidden,
    int vocabulary,
    boolean tiedHead,
    List<Layer> layers,
    List<Weight> embeddings,
    Optional<Weight> head,
    List<Weight> finalNorm,
    List<Weight> vision,
    List<Weight> multiTokenPrediction,
    NumberFormat nativeFormat,
    Optional<NumberFormat> checkpointActivations,
    Optional<NumberFormat> checkpointKv,
    long maxContext,
    List<String> notes) {

  public Model {
    layers = shareEqualBlocks(layers);
    embeddings = List.copyOf(embeddings);
    finalNorm = List.copyOf(finalNorm);
    vision = List.copyOf(vision);
    multiTokenPrediction = List.copyOf(multiTokenPrediction);
    notes = List.copyOf(notes);
    if (layers.isEmpty() || hidden < 1 || vocabulary < 1 || maxContext < 1) {
      throw new IllegalArgumentException(
          "model %s: %d layers, width %d, vocabulary %d, context %d"
              .formatted(name, layers.size(), hidden, vocabulary, maxContext));
    }
    if (tiedHead == head.isPresent()) {
      throw new IllegalArgumentException(
          "model %s: a tied head has no tensor of its own, an untied one has".formatted(name));
    }
  }

  /** Equal blocks become one object, so that a compiler can count them by identity. */
  private static List<Layer> shareEqualBlocks(List<Layer> layers) {
    Map<Block, Block> known = new HashMap<>();
    List<Layer> shared = new ArrayList<>(layers.size());
    for (Layer layer : layers) {
      List<Block> blocks = new ArrayList<>(layer.blocks().size());
      for (Block block : layer.blocks()) {
        blocks.add(known.computeIfAbsent(block, same -> same));
      }
      shared.add(layer.withBlocks(blocks));
    }
    return List.copyOf(shared);
  }

  /** The same model under another name. */
  public Model withName(String newName) {
    return new Model(
        newName,
        family,
        hidden,
        vocabulary,
        tiedHead,
        layers,
        embeddings,
        head,
        finalNorm,
        vision,
        multiTokenPrediction,
        nativeFormat,
        checkpointActivations,
        checkpointKv,
        maxContext,
        notes);
  }

  /** Parameter counts by part. */
  public Parameters parameters() {
    long layerTotal = layers.stream().mapToLong(Layer::parameters).sum() + count(finalNorm);
    long layerActive = layers.stream().mapToLong(Layer::activeParameters).sum() + count(finalNorm);
    return new Parameters(
        layerTotal,
        layerActive,
        count(embeddings),
        head.map(Weight::parameters).orElse(0L),
        tiedHead,
        count(vision),
        count(multiTokenPrediction));
  }

  /** Tensors every serving step may touch, that is all but the multi-token-prediction layers. */
  public List<Weight> servedWeights() {
    List<Weight> all = new ArrayList<>(embeddings);
    layers.forEach(layer -> layer.blocks().forEach(block -> all.addAll(block.weights())));
    all.addAll(finalNorm);
    head.ifPresent(all::add);
    all.addAll(vision);
    return List.copyOf(all);
  }

  private static long count(List<Weight> weights) {
    return weights.stream().mapToLong(Weight::parameters).sum();
  }
}
