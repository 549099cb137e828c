package dev.ridgeline.serving.request;

/**
 * What a request consists of, as far as sharing goes: equal leading ids mean a shared prefix.
 *
 * @param ids one for each {@code idTokens} tokens, in order; the caller hands the array over
 * @param idTokens tokens an id stands for, at least 1
 * @param withAnswer whether ids go on over the answer; else they are of the prompt alone, and
 *     nobody else knows what the answer is
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of them; never compared.
public record PromptContent(long[] ids, int idTokens, boolean withAnswer) {
  /** Shares nothing with any other request. */
  public static final PromptContent UNKNOWN = new PromptContent(new long[0], 1);

  /** Of a prompt alone. */
  public PromptContent(long[] ids, int idTokens) {
    this(ids, idTokens, false);
  }
}
