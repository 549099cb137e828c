package dev.ridgeline.catalog.huggingface;

import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.FeedForward;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Families with rotary positions whose norms have biases. */
final class LayerNormFamilies {
  private static final String INPUT_NORM = "input_layernorm";
  private static final String POST_NORM = "post_attention_layernorm";

  private static final Map<String, List<String>> STARCODER_NAMES =
      Map.of(
          "up_proj", List.of("c_fc"),
          "down_proj", List.of("c_proj"));

  private LayerNormFamilies() {}

  /** StarCoder2 (arXiv 2402.19173): windows, biases and networks of two matrices. */
  static Draft starCoder2(Family.Source source) {
    Decoder decoder = Decoder.of(source.text());
    Config config = decoder.config();
    config.ignore("norm_epsilon");
    config.word("activation_function", Decoder.ACTIVATIONS);
    config.word("mlp_type", List.of("default"));
    config.word("norm_type", List.of("layer_norm"));
    boolean biased = config.flag("use_bias", true);
    List<Weight> attention = new ArrayList<>(List.of(decoder.layerNorm(INPUT_NORM)));
    if (biased) {
      attention.addAll(decoder.attentionBiases());
    }
    DenseTower tower = new DenseTower(decoder, attention, network(decoder, false, biased));
    List<Layer> layers =
        tower.layersWithSpans(Collections.nCopies(decoder.layers(), decoder.windowOrFull()));
    return draft(source, decoder, layers, true).named(CheckpointNames.USUAL.with(STARCODER_NAMES));
  }

  /** StableLM and StableLM 2 (arXiv 2402.17834); blocks side by side have one norm. */
  static Draft stableLm(Family.Source source) {
    Decoder decoder = Decoder.of(source.text());
    Config config = decoder.config();
    boolean parallel = config.flag("use_parallel_residual", false);
    config.require("qk_layernorm", false, "norms of single heads are not supported");
    List<Weight> attention = new ArrayList<>(List.of(decoder.layerNorm(INPUT_NORM)));
    if (config.flag("use_qkv_bias", false)) {
      attention.addAll(decoder.queryKeyValueBiases());
    }
    Block network =
        parallel
            ? decoder.network(config.size(Limit.WIDTH, "intermediate_size"), List.of())
            : network(decoder, true, false);
    List<Layer> layers = new DenseTower(decoder, attention, network).layers();
    return draft(source, decoder, parallel ? Decoder.sideBySide(layers) : layers, false);
  }

  /** Nemotron-4 and Minitron (arXiv 2407.14679): squared ReLU and networks of two matrices. */
  static Draft nemotron(Family.Source source) {
    Decoder decoder = Decoder.multiHead(source.text());
    Config config = decoder.config();
    // How much of a head is rotated, under its two older names.
    config.ignore("rope_percent", "rope_percentage");
    List<Weight> attention = new ArrayList<>(List.of(decoder.layerNorm(INPUT_NORM)));
    if (config.flag("attention_bias", false)) {
      attention.addAll(decoder.attentionBiases());
    }
    boolean biased = config.flag("mlp_bias", false);
    DenseTower tower = new DenseTower(decoder, attention, network(decoder, false, biased));
    return draft(source, decoder, tower.layers(), false);
  }

  private static FeedForward network(Decoder decoder, boolean gated, boolean biased) {
    int width = decoder.config().size(Limit.WIDTH, "intermediate_size");
    List<Weight> extras = new ArrayList<>(List.of(decoder.layerNorm(POST_NORM)));
    if (biased) {
      extras.addAll(decoder.networkBiases(width, gated));
    }
    return FeedForward.of(Decoder.MLP, decoder.hidden(), width, gated, extras);
  }

  private static Draft draft(
      Family.Source source, Decoder decoder, List<Layer> layers, boolean tied) {
    return decoder.draft(layers, source.tiedHead(tied)).withFinalNorm(decoder.layerNorm("norm"));
  }
}
