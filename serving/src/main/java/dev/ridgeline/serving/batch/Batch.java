package dev.ridgeline.serving.batch;

import java.util.Arrays;

/**
 * What one forward pass processes: for each request its slot and new tokens, and the sums its cost
 * depends on, kept while requests are added. Reused; a kernel's scratch pad, not a value.
 */
public final class Batch {
  private int[] slots = new int[64];
  private int[] tokens = new int[64];
  private int[] cached = new int[64];
  private byte[] flags = new byte[64];
  private int size;

  private static final byte DECODE = 1;
  private static final byte YIELDS = 2;

  private int decodes;
  private int yields;
  private int decodeYields;
  private long prefillTokens;
  private long decodeContext;
  private long prefillContext;
  private long twicePairs;

  private int advanced;
  private long startNanos;
  private long endNanos;

  /** Forgets everything. */
  public void clear() {
    size = 0;
    decodes = 0;
    yields = 0;
    decodeYields = 0;
    prefillTokens = 0;
    decodeContext = 0;
    prefillContext = 0;
    twicePairs = 0;
    advanced = 0;
  }

  /** Adds one new token of a request that has {@code cachedTokens} before it and yields one. */
  public void addDecode(int slot, int cachedTokens) {
    add(slot, 1, cachedTokens, (byte) (DECODE | YIELDS));
    decodes++;
    yields++;
    decodeYields++;
    decodeContext += cachedTokens + 1L;
  }

  /** Adds one token of a prompt that counts as decoding and does not end it. */
  public void addSilentDecode(int slot, int cachedTokens) {
    add(slot, 1, cachedTokens, DECODE);
    decodes++;
    decodeContext += cachedTokens + 1L;
  }

  /**
   * Adds a part of a prompt.
   *
   * @param chunk its tokens, at least 1
   * @param cachedTokens tokens before it
   * @param last whether a token comes out at its end
   */
  public void addChunk(int slot, int chunk, int cachedTokens, boolean last) {
    add(slot, chunk, cachedTokens, last ? YIELDS : 0);
    if (last) {
      yields++;
    }
    prefillTokens += chunk;
    prefillContext += (long) cachedTokens + chunk;
    twicePairs += (long) chunk * (2L * cachedTokens + chunk);
  }

  private void add(int slot, int newTokens, int cachedTokens, byte flag) {
    if (size == slots.length) {
      int capacity = 2 * size;
      slots = Arrays.copyOf(slots, capacity);
      tokens = Arrays.copyOf(tokens, capacity);
      cached = Arrays.copyOf(cached, capacity);
      flags = Arrays.copyOf(flags, capacity);
    }
    slots[size] = slot;
    tokens[size] = newTokens;
    cached[size] = cachedTokens;
    flags[size] = flag;
    size++;
  }

  /** The same decoding requests one token later. Only for batches that decode and nothing else. */
  public void advance() {
    decodeContext += decodes;
    advanced++;
  }

  /** Requests. */
  public int size() {
    return size;
  }

  /** The request at a place. */
  public int slot(int index) {
    return slots[index];
  }

  /** New tokens of the request at a place. */
  public int tokens(int index) {
    return tokens[index];
  }

  /** Tokens before the new ones of the request at a place. */
  public int cachedTokens(int index) {
    return cached[index] + advanced;
  }

  /** Whether the request at a place counts as decoding. */
  public boolean decodes(int index) {
    return (flags[index] & DECODE) != 0;
  }

  /** Whether a token comes out for the request at a place. */
  public boolean yields(int index) {
    return (flags[index] & YIELDS) != 0;
  }

  /** Whether every request decodes and yields a token. */
  public boolean onlyDecodes() {
    return decodes == size && yields == size;
  }

  /** N: new tokens. */
  public long newTokens() {
    return prefillTokens + decodes;
  }

  /** Of these, tokens of prompts. */
  public long prefillTokens() {
    return prefillTokens;
  }

  /** D: decoding requests. */
  public int decodes() {
    return decodes;
  }

  /** Rows that need logits. */
  public int yields() {
    return yields;
  }

  /** Of these, rows of decoding requests. */
  public int decodeYields() {
    return decodeYields;
  }

  /** K: tokens attended to by decoding requests, the new ones included. */
  public long decodeContext() {
    return decodeContext;
  }

  /** Cached and new tokens of prefilling requests. */
  public long prefillContext() {
    return prefillContext;
  }

  /** P: sum over prefilling requests of c (p + c/2) for a chunk of c tokens after p. */
  public double prefillPairs() {
    return 0.5 * twicePairs;
  }

  /** When it starts and ends. */
  public void setTimes(long start, long end) {
    startNanos = start;
    endNanos = end;
  }

  /** When it starts. */
  public long startNanos() {
    return startNanos;
  }

  /** When it ends. */
  public long endNanos() {
    return endNanos;
  }
}
