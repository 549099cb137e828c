package dev.ridgeline.serving.batch;

import java.util.Arrays;

/**
 * What one forward pass processes: for each request its slot and new tokens, and the sums its cost
 * depends on, kept while requests are added. Decoding requests that go on together are not listed
 * but counted. Reused; a kernel's scratch pad, not a value.
 */
public final class Batch {
  private int[] slots = new int[64];
  private int[] tokens = new int[64];
  private int[] cached = new int[64];
  private byte[] flags = new byte[64];
  private int listed;

  private Decoders[] together = new Decoders[1];
  private int groups;
  private int grouped;

  private static final byte DECODE = 1;
  private static final byte YIELDS = 2;

  private int decodes;
  private int yields;
  private int decodeYields;
  private long decodeTokens;
  private long prefillTokens;
  private long decodeContext;
  private long twiceDecodePairs;
  private long prefillContext;
  private long twicePairs;

  private int movedBlocks;
  private long startNanos;
  private long endNanos;

  private Batch[] parts = new Batch[0];
  private int partCount;

  /** Forgets everything. */
  public void clear() {
    listed = 0;
    groups = 0;
    grouped = 0;
    decodes = 0;
    yields = 0;
    decodeYields = 0;
    decodeTokens = 0;
    prefillTokens = 0;
    decodeContext = 0;
    twiceDecodePairs = 0;
    prefillContext = 0;
    twicePairs = 0;
    movedBlocks = 0;
    partCount = 0;
  }

  /** Adds one new token of a request that has {@code cachedTokens} before it and yields one. */
  public void addDecode(int slot, int cachedTokens) {
    add(slot, 1, cachedTokens, (byte) (DECODE | YIELDS));
    decodes++;
    yields++;
    decodeYields++;
    decodeTokens++;
    decodeContext += cachedTokens + 1L;
    twiceDecodePairs += 2L * cachedTokens + 2;
  }

  /** Adds decoding requests that go on together, one new token of each; each yields one. */
  public void addTogether(Decoders decoders) {
    addGroup(decoders);
    int count = decoders.size();
    decodes += count;
    yields += count;
    decodeYields += count;
    decodeTokens += count;
    decodeContext += decoders.cachedTokens() + count;
    twiceDecodePairs += 2 * (decoders.cachedTokens() + count);
  }

  private void addGroup(Decoders decoders) {
    if (groups == together.length) {
      together = Arrays.copyOf(together, 2 * groups);
    }
    together[groups++] = decoders;
    grouped += decoders.size();
  }

  /**
   * Adds a decoding request whose drafted tokens are checked in this pass; each needs logits.
   *
   * @param newTokens the drafts and one of its own, at least 1
   * @param cachedTokens tokens before them
   */
  public void addDrafted(int slot, int newTokens, int cachedTokens) {
    add(slot, newTokens, cachedTokens, (byte) (DECODE | YIELDS));
    decodes++;
    yields++;
    decodeYields++;
    decodeTokens += newTokens;
    decodeContext += (long) cachedTokens + newTokens;
    twiceDecodePairs += newTokens * (2L * cachedTokens + newTokens + 1);
  }

  /** Adds one token of a prompt that counts as decoding and does not end it. */
  public void addSilentDecode(int slot, int cachedTokens) {
    add(slot, 1, cachedTokens, DECODE);
    decodes++;
    decodeTokens++;
    decodeContext += cachedTokens + 1L;
    twiceDecodePairs += 2L * cachedTokens + 2;
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
    if (listed == slots.length) {
      int capacity = 2 * listed;
      slots = Arrays.copyOf(slots, capacity);
      tokens = Arrays.copyOf(tokens, capacity);
      cached = Arrays.copyOf(cached, capacity);
      flags = Arrays.copyOf(flags, capacity);
    }
    slots[listed] = slot;
    tokens[listed] = newTokens;
    cached[listed] = cachedTokens;
    flags[listed] = flag;
    listed++;
  }

  /**
   * The part of an attention rank, empty. Ranks are asked for in order, and each part is joined
   * before the next is asked for.
   */
  public Batch newPart() {
    if (partCount == parts.length) {
      parts = Arrays.copyOf(parts, partCount + 1);
      parts[partCount] = new Batch();
    }
    Batch part = parts[partCount++];
    part.clear();
    return part;
  }

  /** Takes in what was put into a part. */
  public void join(Batch part) {
    for (int index = 0; index < part.listed; index++) {
      add(part.slots[index], part.tokens[index], part.cached[index], part.flags[index]);
    }
    for (int group = 0; group < part.groups; group++) {
      addGroup(part.together[group]);
    }
    decodes += part.decodes;
    yields += part.yields;
    decodeYields += part.decodeYields;
    decodeTokens += part.decodeTokens;
    prefillTokens += part.prefillTokens;
    decodeContext += part.decodeContext;
    twiceDecodePairs += part.twiceDecodePairs;
    prefillContext += part.prefillContext;
    twicePairs += part.twicePairs;
  }

  /** Attention ranks that were asked for their part; 0 where requests are not split. */
  public int parts() {
    return partCount;
  }

  /** The part of an attention rank. */
  public Batch part(int rank) {
    return parts[rank];
  }

  /** Whether it has at least as much of everything that costs as another. */
  boolean covers(Batch other) {
    return size() >= other.size()
        && decodes >= other.decodes
        && yields >= other.yields
        && decodeTokens >= other.decodeTokens
        && prefillTokens >= other.prefillTokens
        && decodeContext >= other.decodeContext
        && twiceDecodePairs >= other.twiceDecodePairs
        && prefillContext >= other.prefillContext
        && twicePairs >= other.twicePairs;
  }

  /** The same decoding requests one token later. Only for batches of those that go on together. */
  public void advance() {
    decodeContext += decodes;
    twiceDecodePairs += 2L * decodes;
    movedBlocks = 0;
    for (int rank = 0; rank < partCount; rank++) {
      parts[rank].advance();
    }
  }

  /** Requests. */
  public int size() {
    return listed + grouped;
  }

  /** Requests that have a place, from 0 on: all but those that decode together. */
  public int listed() {
    return listed;
  }

  /** Decoding requests that go on together. */
  public int together() {
    return grouped;
  }

  /** Groups of decoding requests that go on together: at most one for each attention rank. */
  int groups() {
    return groups;
  }

  /** Decoding requests in a group. */
  int groupSize(int group) {
    return together[group].size();
  }

  /** Tokens before the new one of a request in a group. */
  int groupCachedTokens(int group, int index) {
    return together[group].cachedTokens(index);
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
    return cached[index];
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
    return decodes == size() && yields == size();
  }

  /** N: new tokens. */
  public long newTokens() {
    return prefillTokens + decodeTokens;
  }

  /** Of these, tokens of prompts. */
  public long prefillTokens() {
    return prefillTokens;
  }

  /** Of these, tokens of decoding requests: one each, and their drafts. */
  public long decodeTokens() {
    return decodeTokens;
  }

  /** D: decoding requests. */
  public int decodes() {
    return decodes;
  }

  /** Requests that a token comes out for. */
  public int yields() {
    return yields;
  }

  /** Of these, decoding requests. */
  public int decodeYields() {
    return decodeYields;
  }

  /** Rows of decoding requests that need logits: every draft is checked. */
  public long decodeRows() {
    return decodeTokens - decodes + decodeYields;
  }

  /** K: tokens attended to by decoding requests, the new ones included. */
  public long decodeContext() {
    return decodeContext;
  }

  /** Query-key pairs of decoding requests. */
  public double decodePairs() {
    return 0.5 * twiceDecodePairs;
  }

  /** Cached and new tokens of prefilling requests. */
  public long prefillContext() {
    return prefillContext;
  }

  /** P: sum over prefilling requests of c (p + c/2) for a chunk of c tokens after p. */
  public double prefillPairs() {
    return 0.5 * twicePairs;
  }

  /** Blocks that are moved between device and host before it runs, on one link. */
  public int movedBlocks() {
    return movedBlocks;
  }

  /** Notes that blocks have to be moved first. */
  public void setMovedBlocks(int blocks) {
    movedBlocks = blocks;
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
