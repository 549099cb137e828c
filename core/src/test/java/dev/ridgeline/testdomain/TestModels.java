package dev.ridgeline.testdomain;

import dev.ridgeline.workload.Attention;
import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.FeedForward;
import dev.ridgeline.workload.Indexer;
import dev.ridgeline.workload.LatentAttention;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.LinearAttention;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.StateSpace;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small models, one for each kind of block. */
public final class TestModels {
  private static final int HIDDEN = 1024;
  private static final int VOCABULARY = 32000;

  private TestModels() {}

  /** One model of each kind. */
  public static List<Model> all() {
    return List.of(
        dense(), parallel(), windowed(), experts(), latent(), sparse(), linear(), stateSpace());
  }

  /** Grouped-query attention and a gated network. */
  public static Model dense() {
    return model("dense", 8, attention(Span.FULL), network());
  }

  /** As {@link #dense()}, with attention and network side by side. */
  public static Model parallel() {
    return sideBySide(dense());
  }

  /** The same model with the blocks of each layer side by side. */
  public static Model sideBySide(Model model) {
    return model(
        "parallel " + model.name(),
        model.layers().stream().map(layer -> new Layer(layer.blocks(), true)).toList());
  }

  /** Full and windowed layers in turn. */
  public static Model windowed() {
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < 8; layer++) {
      Span span = layer % 2 == 0 ? new Span.Window(128) : Span.FULL;
      layers.add(new Layer(List.of(attention(span), network())));
    }
    return model("windowed", layers);
  }

  /** 32 experts, 4 visited, one shared. */
  public static Model experts() {
    return model("experts", 8, attention(Span.FULL), mixture());
  }

  /** Latent attention with experts. */
  public static Model latent() {
    return model("latent", 8, latentAttention(Span.FULL, Optional.empty()), mixture());
  }

  /** Latent attention with an indexer. */
  public static Model sparse() {
    return model(
        "sparse",
        8,
        latentAttention(new Span.Selected(256), Optional.of(new Indexer(8, 64, 256))),
        network());
  }

  /** Gated delta-rule layers. */
  public static Model linear() {
    Block mixer =
        LinearAttention.of(
            "linear_attn", HIDDEN, 8, 16, 64, 64, 4, NumberFormat.FP32, List.of(norm("input")));
    return model("linear", 8, mixer, network());
  }

  /** Mamba-2 layers. */
  public static Model stateSpace() {
    Block mixer =
        StateSpace.mamba2(
            "mixer",
            HIDDEN,
            32,
            64,
            8,
            128,
            4,
            128,
            true,
            false,
            NumberFormat.FP32,
            List.of(norm("input")));
    return model("state-space", 8, mixer, network());
  }

  private static Block attention(Span span) {
    return Attention.of(
        "self_attn",
        HIDDEN,
        16,
        4,
        64,
        64,
        span,
        true,
        Attention.Gate.NONE,
        Optional.empty(),
        List.of(norm("input")));
  }

  private static Block latentAttention(Span span, Optional<Indexer> indexer) {
    return LatentAttention.of(
        "self_attn", HIDDEN, 16, 384, 128, 64, 32, 64, span, indexer, List.of(norm("input")));
  }

  private static Block network() {
    return FeedForward.of("mlp", HIDDEN, 4096, true, List.of(norm("post_attention")));
  }

  private static Block mixture() {
    return Experts.of(
        "mlp", HIDDEN, 32, 4, 512, true, 1024, false, HIDDEN, List.of(norm("post_attention")));
  }

  private static Weight norm(String name) {
    return Weight.norm(name + "_layernorm", HIDDEN);
  }

  private static Model model(String name, int layers, Block mixer, Block network) {
    List<Layer> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      all.add(new Layer(List.of(mixer, network)));
    }
    return model(name, all);
  }

  private static Model model(String name, List<Layer> layers) {
    return new Model(
        name,
        "test",
        HIDDEN,
        VOCABULARY,
        false,
        layers,
        List.of(Weight.table("embed_tokens", VOCABULARY, HIDDEN)),
        Optional.of(Weight.matrix("lm_head", VOCABULARY, HIDDEN)),
        List.of(norm("final")),
        List.of(),
        List.of(),
        NumberFormat.BF16,
        Optional.empty(),
        Optional.empty(),
        131072,
        List.of());
  }
}
