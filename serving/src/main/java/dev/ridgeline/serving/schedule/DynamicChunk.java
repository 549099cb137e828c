package dev.ridgeline.serving.schedule;

/**
 * A chunk that shrinks along the prompt, because attention to what lies before makes later chunks
 * dearer: sizes fall linearly over equal parts of a prompt, each rounded to 32 tokens
 * (sarathi-serve, Agrawal et al., OSDI 2024, its dynamic chunking schedule).
 *
 * @param largest tokens of the first part's chunks
 * @param smallest tokens of the last part's chunks
 * @param parts how many, at least 1
 * @param promptTokens length of prompt that the parts divide
 */
public record DynamicChunk(int largest, int smallest, int parts, int promptTokens) {
  private static final int ROUNDING = 32;

  public DynamicChunk {
    if (smallest < 1 || largest < smallest || parts < 1 || promptTokens < parts) {
      throw new IllegalArgumentException("chunks from %d to %d".formatted(largest, smallest));
    }
  }

  /** Chunk of a request that has so many tokens processed. */
  int at(int processed) {
    int partTokens = Math.ceilDiv(promptTokens, parts);
    int part = Math.min(processed / partTokens, parts - 1);
    double size =
        parts == 1 ? largest : largest - (double) part * (largest - smallest) / (parts - 1);
    int unit = Math.min(ROUNDING, smallest);
    return (int) (Math.rint(Math.floor(size) / unit) * unit);
  }
}
