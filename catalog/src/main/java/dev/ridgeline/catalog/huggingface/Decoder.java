package dev.ridgeline.catalog.huggingface;

import dev.ridgeline.workload.Attention;
import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.FeedForward;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What nearly every decoder's file states under the same names, and the blocks made of it.
 *
 * @param config the fields of the language tower
 * @param hidden model width
 * @param layers number of decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim width of a head
 * @param vocabulary entries of the token table
 * @param maxContext longest context
 */
record Decoder(
    Config config,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocabulary,
    int maxContext) {
  /** Activations that cost one pass over the intermediate width. */
  static final List<String> ACTIVATIONS =
      List.of(
          "gelu",
          "gelu_fast",
          "gelu_new",
          "gelu_pytorch_tanh",
          "quick_gelu",
          "relu",
          "relu2",
          "silu",
          "swigluoai",
          "swish");

  private static final String KV_HEADS = "num_key_value_heads";
  private static final String[] HEAD_DIM = {"head_dim", "attention_head_dim"};

  static final String ATTENTION = "self_attn";
  static final String MLP = "mlp";

  /** Reads the usual fields. */
  static Decoder of(Config config) {
    int layers = config.size(Limit.LAYERS, "num_hidden_layers");
    return of(config, layers, config.size(Limit.HEADS, KV_HEADS));
  }

  /**
   * Reads the usual fields of a family whose code has one key and value head for each query head
   * where the file does not say. Other families have a number of their own there, so that their
   * files must say.
   */
  static Decoder multiHead(Config config) {
    return multiHead(config, config.size(Limit.LAYERS, "num_hidden_layers"));
  }

  /** The same but for the number of layers. */
  static Decoder multiHead(Config config, int layers) {
    int heads = config.size(Limit.HEADS, "num_attention_heads");
    return of(config, layers, config.optionalSize(Limit.HEADS, KV_HEADS).orElse(heads));
  }

  /**
   * Reads the usual fields of a family whose code has a head width of its own, not the model's
   * width over the heads, where the file does not say: so the file must say.
   */
  static Decoder withHeadDim(Config config) {
    return withHeadDim(config, config.size(Limit.LAYERS, "num_hidden_layers"));
  }

  /** The same but for the number of layers. */
  static Decoder withHeadDim(Config config, int layers) {
    config.size(Limit.WIDTH, HEAD_DIM);
    return of(config, layers, config.size(Limit.HEADS, KV_HEADS));
  }

  private static Decoder of(Config config, int layers, int kvHeads) {
    int hidden = config.size(Limit.WIDTH, "hidden_size");
    int heads = config.size(Limit.HEADS, "num_attention_heads");
    config.requireDivisible("num_attention_heads", heads, KV_HEADS, kvHeads);
    OptionalInt stated = config.optionalSize(Limit.WIDTH, HEAD_DIM);
    if (stated.isEmpty()) {
      config.requireDivisible("hidden_size", hidden, "num_attention_heads", heads);
    }
    int headDim = stated.orElse(hidden / heads);
    config.product("head_dim", heads, headDim);
    config.word("hidden_act", ACTIVATIONS);
    return new Decoder(
        config,
        hidden,
        layers,
        heads,
        kvHeads,
        headDim,
        config.size(Limit.VOCABULARY, "vocab_size"),
        config.size(Limit.TOKENS, "max_position_embeddings"));
  }

  /** The norm of that name over the model's width. */
  Weight norm(String name) {
    return Weight.norm(name, hidden);
  }

  /** The norm of that name with a bias. */
  Weight layerNorm(String name) {
    return Weight.norm(name, 2L * hidden);
  }

  /** Biases of the query, key and value projections. */
  List<Weight> queryKeyValueBiases() {
    return List.of(
        Weight.vector("q_proj.bias", (long) heads * headDim),
        Weight.vector("k_proj.bias", (long) kvHeads * headDim),
        Weight.vector("v_proj.bias", (long) kvHeads * headDim));
  }

  /** Biases of all four projections of attention. */
  List<Weight> attentionBiases() {
    List<Weight> biases = new ArrayList<>(queryKeyValueBiases());
    biases.add(Weight.vector("o_proj.bias", hidden));
    return biases;
  }

  /** Biases of a network of {@code width}. */
  List<Weight> networkBiases(int width, boolean gated) {
    List<Weight> biases = new ArrayList<>();
    if (gated) {
      biases.add(Weight.vector("gate_proj.bias", width));
    }
    biases.add(Weight.vector("up_proj.bias", width));
    biases.add(Weight.vector("down_proj.bias", hidden));
    return biases;
  }

  /** Norms of one query head and one key head. */
  List<Weight> headNorms() {
    return List.of(Weight.vector("q_norm", headDim), Weight.vector("k_norm", headDim));
  }

  /** Norms over all query heads and all key heads together. */
  List<Weight> wideNorms() {
    return List.of(
        Weight.vector("q_norm", (long) heads * headDim),
        Weight.vector("k_norm", (long) kvHeads * headDim));
  }

  /** Rotary attention without a gate. */
  Attention attention(Span span, List<Weight> extras) {
    return attention(ATTENTION, span, true, extras);
  }

  /** Attention without a gate. */
  Attention attention(String path, Span span, boolean rotary, List<Weight> extras) {
    return Attention.of(
        path,
        hidden,
        heads,
        kvHeads,
        headDim,
        headDim,
        span,
        rotary,
        Attention.Gate.NONE,
        Optional.empty(),
        extras);
  }

  /** A gated network at {@value #MLP}. */
  FeedForward network(int width, List<Weight> extras) {
    return FeedForward.of(MLP, hidden, width, true, extras);
  }

  /** Gated experts of full width. */
  Experts experts(
      String path, int count, int perToken, int width, int sharedWidth, List<Weight> extras) {
    return Experts.of(
        path, hidden, count, perToken, width, true, sharedWidth, false, hidden, extras);
  }

  /** Experts a token visits, which cannot be more than there are. */
  int visited(int count, String... names) {
    int visited = config.size(Limit.EXPERTS, names);
    if (visited > count) {
      throw config.problem(names[0], "is more than the %d experts".formatted(count)).exception();
    }
    return visited;
  }

  /** A sliding window for every layer where the file has one; a full span otherwise. */
  Span windowOrFull() {
    OptionalInt window = config.optionalSize(Limit.TOKENS, "sliding_window");
    return window.isPresent() ? new Span.Window(window.getAsInt()) : Span.FULL;
  }

  /** The draft of these layers, with the usual embedding and final norm. */
  Draft draft(List<Layer> newLayers, boolean tied) {
    return new Draft(
        hidden,
        vocabulary,
        tied,
        newLayers,
        List.of(Weight.table("embed_tokens", vocabulary, hidden)),
        false,
        List.of(norm("norm")),
        List.of(),
        List.of(),
        maxContext,
        CheckpointNames.USUAL);
  }

  /** One layer a position; equal positions share one layer. */
  static <K> List<Layer> layers(int count, IntFunction<K> kind, Function<K, List<Block>> blocks) {
    Map<K, Layer> made = new HashMap<>();
    List<Layer> layers = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      layers.add(made.computeIfAbsent(kind.apply(index), k -> new Layer(blocks.apply(k))));
    }
    return layers;
  }

  /** The same layers with their blocks side by side. */
  static List<Layer> sideBySide(List<Layer> layers) {
    Map<Layer, Layer> made = new HashMap<>();
    return layers.stream()
        .map(layer -> made.computeIfAbsent(layer, same -> new Layer(same.blocks(), true)))
        .toList();
  }

  /** {@code count} equal layers. */
  static List<Layer> equalLayers(int count, List<Block> blocks) {
    return layers(count, _ -> 0, _ -> blocks);
  }

  /** Two lists as one. */
  static List<Weight> join(List<Weight> first, Weight... more) {
    List<Weight> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }
}
