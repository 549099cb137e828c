package dev.ridgeline.catalog.huggingface;

import dev.ridgeline.workload.FeedForward;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Families whose attention and network read the same input and are added up in one go. */
final class ParallelFamilies {
  private static final String INPUT_NORM = "input_layernorm";
  private static final String POST_NORM = "post_attention_layernorm";

  private static final String FUSED = "query_key_value";
  private static final Map<String, List<String>> NEOX_NAMES =
      Map.of(
          "q_proj", List.of(FUSED),
          "k_proj", List.of(FUSED),
          "v_proj", List.of(FUSED),
          "o_proj", List.of("dense"),
          "up_proj", List.of("dense_h_to_4h"),
          "down_proj", List.of("dense_4h_to_h"));
  private static final Map<String, List<String>> GPTJ_NAMES =
      Map.of(
          "o_proj", List.of("out_proj"),
          "up_proj", List.of("fc_in"),
          "down_proj", List.of("fc_out"));
  private static final Map<String, List<String>> PHI_NAMES =
      Map.of(
          "o_proj", List.of("dense"),
          "up_proj", List.of("fc1"),
          "down_proj", List.of("fc2"));

  /** Rows of a network that the file does not size, for each of the model's. */
  private static final int USUAL_EXPANSION = 4;

  /** The context of Falcon where a file does not state one: what its code assumes. */
  private static final int FALCON_CONTEXT = 2048;

  /** One full layer in so many, where a file does not say: what Cohere 2's code assumes. */
  private static final int COHERE_PATTERN = 4;

  private ParallelFamilies() {}

  /** GPT-J: one norm, no biases in attention, a bias at the head. */
  static Draft gptJ(Family.Source source) {
    Config config = source.text();
    config.ignore(
        "scale_attn_weights",
        "summary_activation",
        "summary_first_dropout",
        "summary_proj_to_labels",
        "summary_type",
        "summary_use_proj");
    config.require("rotary", true, "positions other than by rotation are not supported");
    config.word("activation_function", Decoder.ACTIVATIONS);
    int hidden = config.size(Limit.WIDTH, "n_embd", "hidden_size");
    int heads = config.size(Limit.HEADS, "n_head", "num_attention_heads");
    config.requireDivisible("n_embd", hidden, "n_head", heads);
    OptionalInt inner = config.optionalSize(Limit.WIDTH, "n_inner");
    int width =
        inner.isPresent() ? inner.getAsInt() : config.product("n_embd", USUAL_EXPANSION, hidden);
    Decoder decoder =
        new Decoder(
            config,
            hidden,
            config.size(Limit.LAYERS, "n_layer", "num_hidden_layers"),
            heads,
            heads,
            hidden / heads,
            config.size(Limit.VOCABULARY, "vocab_size"),
            config.size(Limit.TOKENS, "n_positions", "n_ctx"));
    FeedForward network =
        FeedForward.of(Decoder.MLP, hidden, width, false, decoder.networkBiases(width, false));
    List<Layer> layers = layers(decoder, "attn", List.of(decoder.layerNorm("ln_1")), network);
    return draft(source, decoder, layers, false, "ln_f")
        .withHeadBias()
        .named(new CheckpointNames("transformer.h", "lm_head", GPTJ_NAMES));
  }

  /** Falcon (arXiv 2311.16867) in its two forms that rotate: 7B with one norm, larger with two. */
  static Draft falcon(Family.Source source) {
    Config config = source.text();
    config.require("alibi", false, "positions by attention biases are not supported");
    config.require("parallel_attn", true, "blocks one after the other are not supported");
    config.ignore("apply_residual_connection_post_layernorm");
    boolean grouped = config.flag("new_decoder_architecture", false);
    boolean biased = config.flag("bias", false);
    int hidden = config.size(Limit.WIDTH, "hidden_size", "n_embed");
    int heads = config.size(Limit.HEADS, "num_attention_heads", "n_head");
    config.requireDivisible("hidden_size", hidden, "num_attention_heads", heads);
    int kvHeads = heads;
    if (grouped) {
      kvHeads = config.optionalSize(Limit.HEADS, "num_kv_heads", "n_head_kv").orElse(heads);
      config.ignore("multi_query");
    } else if (config.flag("multi_query", true)) {
      kvHeads = 1;
      config.ignore("num_kv_heads", "n_head_kv");
    }
    config.requireDivisible("num_attention_heads", heads, "num_kv_heads", kvHeads);
    OptionalInt inner = config.optionalSize(Limit.WIDTH, "ffn_hidden_size");
    int width =
        inner.isPresent()
            ? inner.getAsInt()
            : config.product("hidden_size", USUAL_EXPANSION, hidden);
    config.word("activation", Decoder.ACTIVATIONS);
    Decoder decoder =
        new Decoder(
            config,
            hidden,
            config.size(Limit.LAYERS, "num_hidden_layers", "n_layer"),
            heads,
            kvHeads,
            hidden / heads,
            config.size(Limit.VOCABULARY, "vocab_size"),
            config.optionalSize(Limit.TOKENS, "max_position_embeddings").orElse(FALCON_CONTEXT));
    boolean twoNorms =
        grouped && config.optionalSize(Limit.LAYERS, "num_ln_in_parallel_attn").orElse(2) == 2;
    List<Weight> attention =
        new ArrayList<>(List.of(decoder.layerNorm(twoNorms ? "ln_attn" : INPUT_NORM)));
    List<Weight> extras = new ArrayList<>();
    if (twoNorms) {
      extras.add(decoder.layerNorm("ln_mlp"));
    }
    if (biased) {
      attention.addAll(decoder.attentionBiases());
      extras.addAll(decoder.networkBiases(width, false));
    }
    FeedForward network = FeedForward.of(Decoder.MLP, hidden, width, false, extras);
    List<Layer> layers = layers(decoder, "self_attention", attention, network);
    return draft(source, decoder, layers, true, "ln_f")
        .named(new CheckpointNames("transformer.h", "lm_head", NEOX_NAMES));
  }

  /** GPT-NeoX (arXiv 2204.06745) and Pythia: two norms, biases everywhere. */
  static Draft gptNeoX(Family.Source source) {
    Decoder decoder = Decoder.multiHead(source.text());
    Config config = decoder.config();
    config.ignore("rotary_pct", "rotary_emb_base", "attention_probs_dropout_prob");
    boolean parallel = config.flag("use_parallel_residual", true);
    int width = config.size(Limit.WIDTH, "intermediate_size");
    List<Weight> attention = new ArrayList<>(List.of(decoder.layerNorm(INPUT_NORM)));
    if (config.flag("attention_bias", true)) {
      attention.addAll(decoder.attentionBiases());
    }
    List<Weight> extras = new ArrayList<>(List.of(decoder.layerNorm(POST_NORM)));
    extras.addAll(decoder.networkBiases(width, false));
    FeedForward network = FeedForward.of(Decoder.MLP, decoder.hidden(), width, false, extras);
    List<Layer> one = new DenseTower(decoder, "attention", attention, network).layers();
    List<Layer> layers = parallel ? Decoder.sideBySide(one) : one;
    return draft(source, decoder, layers, false, "final_layer_norm")
        .named(new CheckpointNames("gpt_neox.layers", "embed_out", NEOX_NAMES));
  }

  /** Phi-1, Phi-1.5 and Phi-2: one norm, biases everywhere, also at the head. */
  static Draft phi(Family.Source source) {
    Decoder decoder = Decoder.multiHead(source.text());
    Config config = decoder.config();
    config.require("qk_layernorm", false, "norms of single heads are not supported");
    int width = config.size(Limit.WIDTH, "intermediate_size");
    List<Weight> attention = new ArrayList<>(List.of(decoder.layerNorm(INPUT_NORM)));
    attention.addAll(decoder.attentionBiases());
    FeedForward network =
        FeedForward.of(
            Decoder.MLP, decoder.hidden(), width, false, decoder.networkBiases(width, false));
    List<Layer> layers = layers(decoder, Decoder.ATTENTION, attention, network);
    return draft(source, decoder, layers, false, "final_layernorm")
        .withHeadBias()
        .named(CheckpointNames.USUAL.with(PHI_NAMES));
  }

  /** Cohere's Command R and R+, and Aya: norms without biases, a tied head. */
  static Draft cohere(Family.Source source) {
    Decoder decoder = Decoder.multiHead(source.text());
    return cohere(
        source,
        decoder,
        Collections.nCopies(decoder.layers(), DenseTower.Kind.FULL),
        decoder.config().flag("use_qk_norm", false));
  }

  /** Command R7B and A: windows on three layers of four, the others without positions. */
  static Draft cohere2(Family.Source source) {
    Decoder decoder = Decoder.multiHead(source.text());
    Config config = decoder.config();
    config.ignore(
        "order_of_interleaved_layers",
        "position_embedding_type",
        "rotary_pct",
        "use_embedding_sharing",
        "use_parallel_embedding");
    config.require("use_gated_activation", true, "networks of two matrices are not supported");
    config.require("use_parallel_block", true, "blocks one after the other are not supported");
    int pattern =
        config
            .optionalSize(Limit.LAYERS, "sliding_window_pattern", "layer_switch")
            .orElse(COHERE_PATTERN);
    config.ignore("sliding_window_pattern", "layer_switch");
    List<DenseTower.Kind> kinds =
        LayerKinds.slidingBut(decoder, pattern).stream()
            .map(span -> new DenseTower.Kind(span, !(span instanceof Span.Full)))
            .toList();
    return cohere(source, decoder, kinds, false);
  }

  private static Draft cohere(
      Family.Source source, Decoder decoder, List<DenseTower.Kind> kinds, boolean headNorms) {
    Config config = decoder.config();
    config.ignore("logit_scale", "model_max_length");
    List<Weight> attention = new ArrayList<>(List.of(decoder.norm(INPUT_NORM)));
    if (config.flag("attention_bias", false)) {
      attention.addAll(decoder.attentionBiases());
    }
    if (headNorms) {
      attention.addAll(decoder.wideNorms());
    }
    FeedForward network = decoder.network(config.size(Limit.WIDTH, "intermediate_size"), List.of());
    List<Layer> layers =
        Decoder.sideBySide(new DenseTower(decoder, attention, network).layers(kinds));
    return decoder.draft(layers, source.tiedHead(true));
  }

  /** Equal layers of attention and a network side by side. */
  private static List<Layer> layers(
      Decoder decoder, String path, List<Weight> attention, FeedForward network) {
    return Decoder.sideBySide(new DenseTower(decoder, path, attention, network).layers());
  }

  private static Draft draft(
      Family.Source source, Decoder decoder, List<Layer> layers, boolean tied, String finalNorm) {
    return decoder.draft(layers, source.tiedHead(tied)).withFinalNorm(decoder.layerNorm(finalNorm));
  }
}
