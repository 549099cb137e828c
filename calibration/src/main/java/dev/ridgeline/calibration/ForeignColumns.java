package dev.ridgeline.calibration;

import dev.ridgeline.units.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What others call the columns of tables. */
final class ForeignColumns {
  /** Names in benchmarks of engines, configurations of models and papers. */
  private static final Map<String, List<String>> OTHERS =
      Map.ofEntries(
          Map.entry("dtype", List.of("precision", "format", "quantization", "quant", "data_type")),
          Map.entry("attn_dtype", List.of("attention_dtype", "fmha_dtype", "compute_dtype")),
          Map.entry("kv_dtype", List.of("kv_cache_dtype", "cache_dtype")),
          Map.entry("m", List.of("tokens", "num_tokens", "rows", "batch")),
          Map.entry("n", List.of("outputs", "out_features")),
          Map.entry("k", List.of("inputs", "in_features")),
          Map.entry("head_dim", List.of("head_size", "d_head", "dim")),
          Map.entry(
              "heads", List.of("num_heads", "n_heads", "q_heads", "num_attention_heads", "head")),
          Map.entry(
              "kv_heads",
              List.of("num_kv_heads", "num_key_value_heads", "n_kv_heads", "kv_n_heads")),
          Map.entry("window", List.of("window_size", "sliding_window")),
          Map.entry("batch", List.of("batch_size", "bs", "b", "num_seqs")),
          Map.entry("seq_len", List.of("isl", "input_len", "s", "sequence_length", "q_len")),
          Map.entry("kv_len", List.of("context", "context_len", "step", "past_len", "seq_len")),
          Map.entry("q_len", List.of("seq_len", "isl", "input_len")),
          Map.entry("past_len", List.of("kv_len", "prefix", "cached", "context")),
          Map.entry("hidden", List.of("hidden_size", "d_model", "width")),
          Map.entry("inter", List.of("inter_size", "intermediate_size", "moe_intermediate_size")),
          Map.entry("topk", List.of("top_k", "num_experts_per_tok", "experts_per_token")),
          Map.entry("experts", List.of("num_experts", "n_experts", "n_routed_experts")),
          Map.entry("tp", List.of("tp_size", "moe_tp_size", "tensor_parallel")),
          Map.entry("ep", List.of("ep_size", "moe_ep_size", "expert_parallel")),
          Map.entry("tokens", List.of("num_tokens", "m", "batch")),
          Map.entry("tokens_per_rank", List.of("tokens", "num_tokens")),
          Map.entry("num_gpus", List.of("gpus", "ranks", "world_size", "tp")),
          Map.entry("message_elems", List.of("elements", "message_size", "count", "size")),
          Map.entry("op", List.of("operation", "op_name", "collective")),
          Map.entry("impl", List.of("library", "backend", "kernel_source")),
          Map.entry("kernel", List.of("kernel_source", "library", "backend")),
          Map.entry("latency_us", List.of("time_us", "duration_us", "us", "latency")));

  private ForeignColumns() {}

  /** The column that most likely holds what {@code wanted} names; empty where none looks so. */
  static Optional<String> likely(String wanted, Collection<String> columns) {
    return columns.stream()
        .filter(column -> plain(column).equals(plain(wanted)))
        .findFirst()
        .or(() ->
            OTHERS.getOrDefault(wanted, List.of()).stream()
                .flatMap(other -> columns.stream().filter(each -> plain(each).equals(plain(other))))
                .findFirst())
        .or(() ->
            columns.stream()
                .filter(column -> column.toLowerCase(Locale.ROOT).endsWith("_" + wanted))
                .findFirst())
        .or(() -> wanted.length() < 3 ? Optional.empty() : Suggestion.nearest(wanted, columns));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
