package dev.ridgeline.catalog.huggingface;

import java.util.List;

/** Facts of well-known public models, under the keys of their {@code config.json}. */
final class PublicConfigs {
  private PublicConfigs() {}

  /**
   * A model.
   *
   * @param name its name
   * @param billions parameters of the language tower as published, in billions
   * @param json its file
   */
  record Example(String name, double billions, String json) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final String LLAMA_2_70B =
      """
      {"model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672,
       "num_attention_heads": 64, "num_key_value_heads": 8, "num_hidden_layers": 80,
       "vocab_size": 32000, "max_position_embeddings": 4096, "hidden_act": "silu",
       "tie_word_embeddings": false, "torch_dtype": "float16", "rms_norm_eps": 1e-05}
      """;

  static final String MISTRAL_7B =
      """
      {"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336,
       "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32,
       "vocab_size": 32000, "max_position_embeddings": 32768, "sliding_window": 4096,
       "hidden_act": "silu", "torch_dtype": "bfloat16"}
      """;

  static final String MIXTRAL_8X22B =
      """
      {"model_type": "mixtral", "hidden_size": 6144, "intermediate_size": 16384,
       "num_attention_heads": 48, "num_key_value_heads": 8, "num_hidden_layers": 56,
       "num_local_experts": 8, "num_experts_per_tok": 2, "vocab_size": 32768,
       "max_position_embeddings": 65536, "sliding_window": null, "torch_dtype": "bfloat16"}
      """;

  static final String GEMMA_2_9B =
      """
      {"model_type": "gemma2", "hidden_size": 3584, "intermediate_size": 14336,
       "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256,
       "num_hidden_layers": 42, "vocab_size": 256000, "max_position_embeddings": 8192,
       "sliding_window": 4096, "sliding_window_size": 4096, "query_pre_attn_scalar": 256,
       "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
       "hidden_activation": "gelu_pytorch_tanh", "cache_implementation": "hybrid",
       "torch_dtype": "float32"}
      """;

  /** The file leaves out what equals the defaults: vocabulary, context, pattern of windows. */
  static final String GEMMA_3_27B =
      """
      {"model_type": "gemma3", "boi_token_index": 255999, "eoi_token_index": 256000,
       "image_token_index": 262144, "mm_tokens_per_image": 256, "torch_dtype": "bfloat16",
       "text_config": {"model_type": "gemma3_text", "hidden_size": 5376, "head_dim": 128,
         "intermediate_size": 21504, "num_attention_heads": 32, "num_key_value_heads": 16,
         "num_hidden_layers": 62, "query_pre_attn_scalar": 168, "sliding_window": 1024,
         "rope_scaling": {"factor": 8.0, "rope_type": "linear"}},
       "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 1152,
         "image_size": 896, "intermediate_size": 4304, "num_attention_heads": 16,
         "num_hidden_layers": 27, "patch_size": 14, "vision_use_head": false}}
      """;

  static final String QWEN_2_5_VL_7B =
      """
      {"model_type": "qwen2_5_vl", "hidden_size": 3584, "intermediate_size": 18944,
       "num_attention_heads": 28, "num_key_value_heads": 4, "num_hidden_layers": 28,
       "vocab_size": 152064, "max_position_embeddings": 128000, "sliding_window": 32768,
       "use_sliding_window": false, "max_window_layers": 28, "torch_dtype": "bfloat16",
       "vision_config": {"depth": 32, "hidden_act": "silu", "hidden_size": 1280,
         "intermediate_size": 3420, "num_heads": 16, "in_chans": 3, "out_hidden_size": 3584,
         "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14, "window_size": 112,
         "fullatt_block_indexes": [7, 15, 23, 31], "tokens_per_second": 2,
         "temporal_patch_size": 2}}
      """;

  static final String QWEN_2_VL_7B =
      """
      {"model_type": "qwen2_vl", "hidden_size": 3584, "intermediate_size": 18944,
       "num_attention_heads": 28, "num_key_value_heads": 4, "num_hidden_layers": 28,
       "vocab_size": 152064, "max_position_embeddings": 32768, "sliding_window": 32768,
       "use_sliding_window": false, "max_window_layers": 28, "torch_dtype": "bfloat16",
       "vision_config": {"depth": 32, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16,
         "in_chans": 3, "hidden_size": 3584, "patch_size": 14, "spatial_merge_size": 2,
         "spatial_patch_size": 14, "temporal_patch_size": 2}}
      """;

  static final String DBRX =
      """
      {"model_type": "dbrx", "d_model": 6144, "n_heads": 48, "n_layers": 40, "vocab_size": 100352,
       "max_seq_len": 32768, "emb_pdrop": 0.0, "torch_dtype": "bfloat16",
       "attn_config": {"clip_qkv": 8, "kv_n_heads": 8, "model_type": "", "rope_theta": 500000},
       "ffn_config": {"ffn_hidden_size": 10752, "model_type": "", "moe_jitter_eps": 0.01,
         "moe_loss_weight": 0.05, "moe_num_experts": 16, "moe_top_k": 4}}
      """;

  static final String MAMBA_2_8B =
      """
      {"model_type": "mamba", "hidden_size": 2560, "d_model": 2560, "d_inner": 5120,
       "intermediate_size": 5120, "expand": 2, "state_size": 16, "conv_kernel": 4,
       "time_step_rank": 160, "num_hidden_layers": 64, "n_layer": 64, "vocab_size": 50280,
       "fused_add_norm": true, "rms_norm": true, "pad_vocab_size_multiple": 8, "ssm_cfg": {},
       "use_bias": false, "use_conv_bias": true, "torch_dtype": "float32"}
      """;

  static final String LLAMA_4_MAVERICK =
      """
      {"model_type": "llama4", "image_token_index": 200092, "torch_dtype": "bfloat16",
       "text_config": {"model_type": "llama4_text", "hidden_size": 5120, "head_dim": 128,
         "num_attention_heads": 40, "num_key_value_heads": 8, "num_hidden_layers": 48,
         "intermediate_size": 8192, "intermediate_size_mlp": 16384, "num_local_experts": 128,
         "num_experts_per_tok": 1, "interleave_moe_layer_step": 2, "no_rope_layers": [],
         "attention_chunk_size": 8192, "use_qk_norm": false, "vocab_size": 202048,
         "max_position_embeddings": 1048576, "for_llm_compressor": false},
       "vision_config": {"model_type": "llama4_vision_model", "hidden_size": 1408,
         "hidden_act": "gelu", "image_size": 336, "intermediate_size": 5632, "patch_size": 14,
         "num_attention_heads": 16, "num_channels": 3, "num_hidden_layers": 34,
         "multi_modal_projector_bias": false, "pixel_shuffle_ratio": 0.5,
         "projector_dropout": 0.0, "projector_input_dim": 4096, "projector_output_dim": 4096,
         "vision_feature_layer": -1, "vision_feature_select_strategy": "default",
         "vision_output_dim": 4096}}
      """;

  static final String NEMOTRON_NANO =
      """
      {"model_type": "nemotron_h", "hidden_size": 2688, "num_hidden_layers": 52,
       "hybrid_override_pattern": "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
       "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128,
       "mamba_num_heads": 64, "mamba_head_dim": 64, "n_groups": 8, "ssm_state_size": 128,
       "conv_kernel": 4, "chunk_size": 128, "n_routed_experts": 128, "num_experts_per_tok": 6,
       "moe_intermediate_size": 1856, "n_shared_experts": 1,
       "moe_shared_expert_intermediate_size": 3712, "vocab_size": 131072,
       "max_position_embeddings": 262144, "torch_dtype": "bfloat16"}
      """;

  static final String DEEPSEEK_V3 =
      """
      {"model_type": "deepseek_v3", "hidden_size": 7168, "num_hidden_layers": 61,
       "num_attention_heads": 128, "num_key_value_heads": 128, "q_lora_rank": 1536,
       "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
       "first_k_dense_replace": 3, "intermediate_size": 18432, "moe_intermediate_size": 2048,
       "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8,
       "moe_layer_freq": 1, "topk_method": "noaux_tc", "num_nextn_predict_layers": 1,
       "vocab_size": 129280, "max_position_embeddings": 163840, "torch_dtype": "bfloat16",
       "quantization_config": {"quant_method": "fp8", "fmt": "e4m3",
         "activation_scheme": "dynamic", "weight_block_size": [128, 128]}}
      """;

  static final String GPT_OSS_20B =
      """
      {"model_type": "gpt_oss", "hidden_size": 2880, "num_hidden_layers": 24,
       "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64,
       "intermediate_size": 2880, "num_local_experts": 32, "num_experts_per_tok": 4,
       "experts_per_token": 4, "attention_bias": true, "sliding_window": 128,
       "vocab_size": 201088, "max_position_embeddings": 131072,
       "quantization_config": {"quant_method": "mxfp4", "modules_to_not_convert":
         ["model.layers.*.self_attn", "model.layers.*.mlp.router", "lm_head"]}}
      """;

  static final String QWEN_3_NEXT =
      """
      {"model_type": "qwen3_next", "hidden_size": 2048, "num_hidden_layers": 48,
       "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 256,
       "intermediate_size": 5120, "full_attention_interval": 4, "linear_conv_kernel_dim": 4,
       "linear_num_key_heads": 16, "linear_key_head_dim": 128, "linear_num_value_heads": 32,
       "linear_value_head_dim": 128, "decoder_sparse_step": 1, "mlp_only_layers": [],
       "num_experts": 512, "num_experts_per_tok": 10, "moe_intermediate_size": 512,
       "shared_expert_intermediate_size": 512, "use_sliding_window": false,
       "vocab_size": 151936, "max_position_embeddings": 262144, "torch_dtype": "bfloat16"}
      """;

  /**
   * Sizes are those of Hugging Face's listings, or of the papers for GPT-3 and OPT; they and the
   * facts above were entered from memory.
   */
  static final List<Example> ALL =
      List.of(
          new Example("gpt2", 0.1244, gpt2(768, 12, 12, 1024)),
          new Example("gpt2-xl", 1.558, gpt2(1600, 48, 25, 1024)),
          new Example("gpt-3-175b", 175, gpt2(12288, 96, 96, 2048)),
          new Example("opt-66b", 66, opt(9216, 64, 72)),
          new Example("opt-30b", 30, opt(7168, 48, 56)),
          new Example("llama-2-70b", 68.98, LLAMA_2_70B),
          new Example("mistral-7b", 7.24, MISTRAL_7B),
          new Example("mixtral-8x22b", 140.6, MIXTRAL_8X22B),
          new Example("gemma-2-9b", 9.24, GEMMA_2_9B),
          new Example("gemma-3-27b", 27.0, GEMMA_3_27B),
          new Example("qwen2.5-vl-7b", 7.616, QWEN_2_5_VL_7B),
          new Example("qwen2-vl-7b", 7.616, QWEN_2_VL_7B),
          new Example("dbrx", 131.6, DBRX),
          new Example("mamba-2.8b", 2.77, MAMBA_2_8B),
          new Example("llama-4-maverick", 400.7, LLAMA_4_MAVERICK),
          new Example("nemotron-3-nano", 31.6, NEMOTRON_NANO),
          new Example("deepseek-v3", 671, DEEPSEEK_V3),
          new Example("gpt-oss-20b", 20.91, GPT_OSS_20B),
          new Example("qwen3-next", 80, QWEN_3_NEXT),
          new Example(
              "gemma-7b",
              8.54,
              """
              {"model_type": "gemma", "hidden_size": 3072, "intermediate_size": 24576,
               "num_attention_heads": 16, "num_key_value_heads": 16, "head_dim": 256,
               "num_hidden_layers": 28, "vocab_size": 256000, "max_position_embeddings": 8192,
               "hidden_act": "gelu", "torch_dtype": "bfloat16"}
              """),
          new Example(
              "phi-3-mini",
              3.82,
              """
              {"model_type": "phi3", "hidden_size": 3072, "intermediate_size": 8192,
               "num_attention_heads": 32, "num_key_value_heads": 32, "num_hidden_layers": 32,
               "vocab_size": 32064, "max_position_embeddings": 4096, "sliding_window": 2047,
               "original_max_position_embeddings": 4096, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "phi-3.5-moe",
              41.9,
              """
              {"model_type": "phimoe", "hidden_size": 4096, "intermediate_size": 6400,
               "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32,
               "num_local_experts": 16, "num_experts_per_tok": 2, "attention_bias": true,
               "lm_head_bias": true, "vocab_size": 32064, "max_position_embeddings": 131072,
               "sliding_window": 131072, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "qwen2.5-72b",
              72.7,
              """
              {"model_type": "qwen2", "hidden_size": 8192, "intermediate_size": 29568,
               "num_attention_heads": 64, "num_key_value_heads": 8, "num_hidden_layers": 80,
               "vocab_size": 152064, "max_position_embeddings": 131072, "sliding_window": 131072,
               "use_sliding_window": false, "max_window_layers": 80, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "qwen1.5-moe-a2.7b",
              14.3,
              """
              {"model_type": "qwen2_moe", "hidden_size": 2048, "intermediate_size": 5632,
               "num_attention_heads": 16, "num_key_value_heads": 16, "num_hidden_layers": 24,
               "num_experts": 60, "num_experts_per_tok": 4, "moe_intermediate_size": 1408,
               "shared_expert_intermediate_size": 5632, "decoder_sparse_step": 1,
               "vocab_size": 151936, "max_position_embeddings": 8192, "sliding_window": 32768,
               "use_sliding_window": false, "max_window_layers": 21, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "glm-4.5-air",
              106.9,
              """
              {"model_type": "glm4_moe", "hidden_size": 4096, "intermediate_size": 10944,
               "num_attention_heads": 96, "num_key_value_heads": 8, "head_dim": 128,
               "num_hidden_layers": 46, "n_routed_experts": 128, "num_experts_per_tok": 8,
               "moe_intermediate_size": 1408, "n_shared_experts": 1, "first_k_dense_replace": 1,
               "attention_bias": true, "use_qk_norm": false, "num_nextn_predict_layers": 1,
               "vocab_size": 151552, "max_position_embeddings": 131072, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "olmo-2-7b",
              7.3,
              """
              {"model_type": "olmo2", "hidden_size": 4096, "intermediate_size": 11008,
               "num_attention_heads": 32, "num_key_value_heads": 32, "num_hidden_layers": 32,
               "vocab_size": 100352, "max_position_embeddings": 4096, "torch_dtype": "float32"}
              """),
          new Example(
              "granite-3.1-8b",
              8.17,
              """
              {"model_type": "granite", "hidden_size": 4096, "intermediate_size": 12800,
               "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 40,
               "vocab_size": 49155, "max_position_embeddings": 131072, "logits_scaling": 16.0,
               "embedding_multiplier": 12.0, "attention_multiplier": 0.0078125,
               "residual_multiplier": 0.22, "tie_word_embeddings": true,
               "torch_dtype": "bfloat16"}
              """),
          new Example(
              "falcon-mamba-7b",
              7.27,
              """
              {"model_type": "falcon_mamba", "hidden_size": 4096, "intermediate_size": 8192,
               "expand": 16, "state_size": 16, "conv_kernel": 4, "time_step_rank": 256,
               "num_hidden_layers": 64, "vocab_size": 65024, "tie_word_embeddings": false,
               "torch_dtype": "bfloat16"}
              """),
          new Example(
              "mamba-codestral-7b",
              7.29,
              """
              {"model_type": "mamba2", "hidden_size": 4096, "expand": 2, "state_size": 128,
               "num_heads": 128, "head_dim": 64, "n_groups": 8, "chunk_size": 256,
               "conv_kernel": 4, "num_hidden_layers": 64, "vocab_size": 32768,
               "norm_before_gate": true, "rms_norm": true, "tie_word_embeddings": false,
               "torch_dtype": "bfloat16"}
              """),
          new Example(
              "jamba-v0.1",
              51.6,
              """
              {"model_type": "jamba", "hidden_size": 4096, "intermediate_size": 14336,
               "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32,
               "attn_layer_period": 8, "attn_layer_offset": 4, "expert_layer_period": 2,
               "expert_layer_offset": 1, "num_experts": 16, "num_experts_per_tok": 2,
               "mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": 256,
               "mamba_conv_bias": true, "mamba_proj_bias": false, "vocab_size": 65536,
               "max_position_embeddings": 262144, "torch_dtype": "bfloat16"}
              """),
          new Example(
              "falcon-7b",
              6.921720704,
              """
              {"model_type": "falcon", "alibi": false, "bias": false, "hidden_size": 4544,
               "layer_norm_epsilon": 1e-05, "multi_query": true,
               "new_decoder_architecture": false, "num_attention_heads": 71,
               "num_hidden_layers": 32, "parallel_attn": true, "torch_dtype": "bfloat16",
               "vocab_size": 65024}
              """),
          new Example(
              "gpt-j-6b",
              6.053381344,
              """
              {"model_type": "gptj", "activation_function": "gelu_new",
               "layer_norm_epsilon": 1e-05, "n_embd": 4096, "n_head": 16, "n_inner": null,
               "n_layer": 28, "n_positions": 2048, "rotary": true, "rotary_dim": 64,
               "tie_word_embeddings": false, "vocab_size": 50400, "torch_dtype": "float16"}
              """),
          new Example(
              "gpt-neox-20b",
              20.554567680,
              """
              {"model_type": "gpt_neox", "hidden_act": "gelu_fast", "hidden_size": 6144,
               "intermediate_size": 24576, "layer_norm_eps": 1e-05,
               "max_position_embeddings": 2048, "num_attention_heads": 64,
               "num_hidden_layers": 44, "rotary_emb_base": 10000, "rotary_pct": 0.25,
               "tie_word_embeddings": false, "torch_dtype": "float16", "vocab_size": 50432}
              """),
          new Example(
              "phi-2",
              2.779683840,
              """
              {"model_type": "phi", "hidden_act": "gelu_new", "hidden_size": 2560,
               "intermediate_size": 10240, "max_position_embeddings": 2048,
               "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
               "partial_rotary_factor": 0.4, "qk_layernorm": false, "rope_theta": 10000.0,
               "tie_word_embeddings": false, "torch_dtype": "float16", "vocab_size": 51200}
              """),
          new Example(
              "command-r-v01",
              34.98,
              """
              {"model_type": "cohere", "attention_bias": false, "hidden_act": "silu",
               "hidden_size": 8192, "intermediate_size": 22528, "layer_norm_eps": 1e-05,
               "logit_scale": 0.0625, "max_position_embeddings": 131072,
               "num_attention_heads": 64, "num_hidden_layers": 40, "num_key_value_heads": 64,
               "rope_theta": 8000000.0, "torch_dtype": "float16", "vocab_size": 256000}
              """),
          new Example(
              "command-r7b",
              8.03,
              """
              {"model_type": "cohere2", "attention_bias": false, "head_dim": 128,
               "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336,
               "layer_norm_eps": 1e-05, "layer_switch": 4, "logit_scale": 0.25,
               "max_position_embeddings": 8192, "num_attention_heads": 32,
               "num_hidden_layers": 32, "num_key_value_heads": 8,
               "order_of_interleaved_layers": "local_attn_first",
               "position_embedding_type": "rope_gptj", "rope_theta": 50000, "rotary_pct": 1.0,
               "sliding_window": 4096, "sliding_window_pattern": 4,
               "torch_dtype": "bfloat16", "use_embedding_sharing": true,
               "use_gated_activation": true, "use_parallel_block": true,
               "use_parallel_embedding": false, "vocab_size": 256000}
              """));

  private static String gpt2(int width, int layers, int heads, int context) {
    return """
    {"model_type": "gpt2", "n_embd": %d, "n_layer": %d, "n_head": %d, "n_ctx": %d,
     "n_positions": %d, "vocab_size": 50257, "activation_function": "gelu_new",
     "summary_type": "cls_index"}
    """
        .formatted(width, layers, heads, context, context);
  }

  private static String opt(int width, int layers, int heads) {
    return """
    {"model_type": "opt", "hidden_size": %d, "word_embed_proj_dim": %d, "ffn_dim": %d,
     "num_hidden_layers": %d, "num_attention_heads": %d, "vocab_size": 50272,
     "max_position_embeddings": 2048, "activation_function": "relu",
     "do_layer_norm_before": true, "_remove_final_layer_norm": false,
     "torch_dtype": "float16"}
    """
        .formatted(width, width, 4 * width, layers, heads);
  }
}
