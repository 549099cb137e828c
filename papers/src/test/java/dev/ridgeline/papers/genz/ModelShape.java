package dev.ridgeline.papers.genz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A transformer as GenZ describes it.
 *
 * @param name GenZ's name
 * @param hidden model width
 * @param layers all equal
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim width of a head
 * @param width of the feed-forward network, or of one expert
 * @param firstMatrices 2 where a gate multiplies the up projection, else 1
 * @param vocabulary entries of the token table
 * @param experts 0 for a dense network
 * @param perToken experts a token visits
 * @param chunk what chunked steps put in the place of {@code width}
 * @param norms residual norms of a layer
 * @param rotary whether queries and keys are rotated; else positions are looked up
 */
record ModelShape(
    String name,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int width,
    int firstMatrices,
    int vocabulary,
    int experts,
    int perToken,
    Chunk chunk,
    int norms,
    boolean rotary) {

  /**
   * Widths of chunked steps, the only ones that know shared experts.
   *
   * @param width of an expert
   * @param sharedWidth of the shared expert, 0 without
   */
  record Chunk(int width, int sharedWidth) {}

  private static final Map<String, ModelShape> BY_NAME = new LinkedHashMap<>();

  /**
   * Sources: the shapes of published models are those of their {@code config.json}. GPT-4 and the
   * 10T model are GenZ's guesses, worked out from the weights, caches and multiply-adds it prints.
   * So are three departures from the published shapes: GPT-3's vocabulary is OPT's, DeepSeek's
   * models have two key/value heads (of width 56 in V3), and outside chunked steps their experts
   * are as wide as the dense network.
   */
  static {
    add("llama2_7b", 4096, 32, 32, 32, 128, 11008, 2, 32000);
    add("llama2_13b", 5120, 40, 40, 40, 128, 13824, 2, 32000);
    add("llama2_70b", 8192, 80, 64, 8, 128, 28672, 2, 32000);
    add("meta-llama/Llama-3.1-8B", 4096, 32, 32, 8, 128, 14336, 2, 128256);
    add("meta-llama/Llama-3.1-70B", 8192, 80, 64, 8, 128, 28672, 2, 128256);
    add("meta-llama/Llama-3.1-405B", 16384, 126, 128, 8, 128, 53248, 2, 128256);
    add("mistral_7b", 4096, 32, 32, 8, 128, 14336, 2, 32000);
    add("gemma2_9b", 3584, 42, 16, 8, 256, 14336, 2, 256000);
    add("Qwen/Qwen3-8B", 4096, 36, 32, 8, 128, 12288, 2, 151936);
    add("Qwen/Qwen2.5-72B", 8192, 80, 64, 8, 128, 29568, 2, 152064);
    add("nvidia/Nemotron-4-340B", 18432, 96, 96, 8, 192, 73728, 1, 256000);
    add("gpt-3", 12288, 96, 96, 96, 128, 49152, 1, 50272);
    add("mixtral_8x7b", 4096, 32, 32, 8, 128, 14336, 2, 32000, 8, 2);
    add("mistralai/Mixtral-8x22B", 6144, 56, 48, 8, 128, 16384, 2, 32768, 8, 2);
    add("dbrx", 6144, 40, 48, 8, 128, 10752, 2, 100352, 16, 4);
    add("grok-1", 6144, 64, 48, 8, 128, 32768, 2, 131072, 8, 2);
    add("gpt-4", 10752, 128, 84, 84, 128, 43008, 1, 128256, 16, 2);
    add("super_llm", 13824, 128, 108, 108, 128, 55296, 2, 256000, 32, 4);
    add("deepseek-ai/deepseek-moe-16b-base", 2048, 28, 16, 2, 128, 10944, 2, 102400, 64, 6);
    add("deepseek-ai/DeepSeek-V3-Base", 7168, 61, 128, 2, 56, 18432, 2, 129280, 256, 8);
    add("meta-llama/Llama-4-Scout-17B-16E", 5120, 48, 40, 8, 128, 8192, 2, 202048, 16, 1);
    change("deepseek-ai/DeepSeek-V3-Base", new Chunk(2048, 18432), 2, true);
    change("meta-llama/Llama-4-Scout-17B-16E", new Chunk(8192, 8192), 2, true);
    change("gemma2_9b", new Chunk(14336, 0), 4, true);
    change("gpt-3", new Chunk(49152, 0), 2, false);
  }

  private static void add(
      String name,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int width,
      int firstMatrices,
      int vocabulary,
      int... expertsAndPerToken) {
    boolean sparse = expertsAndPerToken.length > 0;
    BY_NAME.put(
        name,
        new ModelShape(
            name,
            hidden,
            layers,
            heads,
            kvHeads,
            headDim,
            width,
            firstMatrices,
            vocabulary,
            sparse ? expertsAndPerToken[0] : 0,
            sparse ? expertsAndPerToken[1] : 0,
            new Chunk(width, 0),
            2,
            true));
  }

  private static void change(String name, Chunk chunk, int norms, boolean rotary) {
    ModelShape as = named(name);
    BY_NAME.put(
        name,
        new ModelShape(
            name,
            as.hidden,
            as.layers,
            as.heads,
            as.kvHeads,
            as.headDim,
            as.width,
            as.firstMatrices,
            as.vocabulary,
            as.experts,
            as.perToken,
            chunk,
            norms,
            rotary));
  }

  /** The shape of that name. */
  static ModelShape named(String name) {
    ModelShape shape = BY_NAME.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no shape of " + name + ", only of " + names());
    }
    return shape;
  }

  /** Every name. */
  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /** The same with another token table. */
  ModelShape withVocabulary(int entries) {
    return new ModelShape(
        name,
        hidden,
        layers,
        heads,
        kvHeads,
        headDim,
        width,
        firstMatrices,
        entries,
        experts,
        perToken,
        chunk,
        norms,
        rotary);
  }

  boolean sparse() {
    return experts > 0;
  }

  /** Query heads of a rank. */
  int localHeads(int ranks) {
    return Math.ceilDiv(heads, ranks);
  }

  /** Key and value heads of a rank. */
  int localKvHeads(int ranks) {
    return Math.ceilDiv(kvHeads, ranks);
  }

  /** Elements a layer of a rank caches of a token. */
  double cachedElements(int ranks) {
    return 2.0 * localKvHeads(ranks) * headDim;
  }
}
