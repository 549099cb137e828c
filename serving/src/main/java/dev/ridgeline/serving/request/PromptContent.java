package dev.ridgeline.serving.request;

/**
 * What a prompt consists of, as far as sharing goes: equal leading ids mean a shared prefix.
 *
 * @param ids one for each {@code idTokens} tokens, in order; the caller hands the array over
 * @param idTokens tokens an id stands for, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of them; never compared.
public record PromptContent(long[] ids, int idTokens) {
  /** Shares nothing with any other prompt. */
  public static final PromptContent UNKNOWN = new PromptContent(new long[0], 1);
}
