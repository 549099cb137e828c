package dev.ridgeline.serving.batch;

/**
 * Decoding requests that go on together: a pass brings each of them one token further, so that
 * their sums say all a pass needs of them, however many there are.
 */
public interface Decoders {
  /** Requests. */
  int size();

  /** Tokens in the cache before the pass, all requests together. */
  long cachedTokens();

  /** Tokens of one request in the cache before the pass, in no particular order. */
  int cachedTokens(int index);
}
