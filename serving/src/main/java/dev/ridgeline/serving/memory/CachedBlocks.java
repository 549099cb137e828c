package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Arrays;

/**
 * Blocks whose content can be found again, as vLLM's block pool keeps them (vllm/v1/core/
 * block_pool.py and kv_cache_manager.py). A full block of a prompt is known by the hash of its
 * tokens and all before them. Blocks are counted by reference; one that nobody holds waits in a
 * queue, longest unused first, and is found or evicted from there. A request's blocks enter the
 * queue last one first, so that prefixes outlive suffixes.
 *
 * <p>Output tokens are not known to the cache.
 */
public final class CachedBlocks implements KvBlocks {
  private static final int NONE = -1;

  private final RequestTable table;
  private final int capacity;
  private final int blockTokens;

  private final int[] references;
  private final long[] hashes;
  private final boolean[] known;

  /** The queue of free blocks, a ring through an extra entry at {@code capacity}. */
  private final int[] before;

  private final int[] after;
  private int free;

  /** Blocks of one hash, in order of publication. */
  private final int[] sameHash;

  private final int[] buckets;

  private int[][] owned = new int[256][0];
  private int[] published = new int[256];
  private long[] chain = new long[256];

  private int foundSlot = NONE;
  private int found;
  private int foundFree;
  private long foundChain;
  private int[] foundBlocks = new int[256];

  /**
   * All blocks free and empty.
   *
   * @param capacity at least 0
   * @param blockTokens at least 1
   */
  public CachedBlocks(RequestTable table, int capacity, int blockTokens) {
    this.table = table;
    this.capacity = capacity;
    this.blockTokens = blockTokens;
    references = new int[capacity];
    hashes = new long[capacity];
    known = new boolean[capacity];
    before = new int[capacity + 1];
    after = new int[capacity + 1];
    sameHash = new int[capacity];
    buckets = new int[Integer.highestOneBit(Math.max(8, 2 * capacity)) * 2];
    Arrays.fill(buckets, NONE);
    for (int block = 0; block <= capacity; block++) {
      after[block] = block == capacity ? 0 : block + 1;
      before[block] = block == 0 ? capacity : block - 1;
    }
    free = capacity;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public int free() {
    return free;
  }

  @Override
  public int blockTokens() {
    return blockTokens;
  }

  @Override
  public void take(int slot, int count) {
    if (count > free) {
      throw new IllegalStateException("%d blocks asked for, %d free".formatted(count, free));
    }
    int[] blocks = roomFor(slot, count);
    int held = table.blocks[slot];
    for (int index = 0; index < count; index++) {
      int block = after[capacity];
      unlink(block);
      if (known[block]) {
        forget(block);
      }
      references[block] = 1;
      blocks[held + index] = block;
    }
    table.blocks[slot] = held + count;
  }

  @Override
  public void release(int slot) {
    int[] blocks = slot < owned.length ? owned[slot] : new int[0];
    for (int index = table.blocks[slot] - 1; index >= 0; index--) {
      int block = blocks[index];
      if (--references[block] == 0) {
        append(block);
      }
    }
    table.blocks[slot] = 0;
    if (slot < published.length) {
      published[slot] = 0;
      chain[slot] = 0;
    }
    foundSlot = NONE;
  }

  @Override
  public int findPrefix(int slot, long mostTokens) {
    int most = (int) (Math.min(mostTokens, table.input[slot]) / blockTokens);
    if (foundBlocks.length < most) {
      foundBlocks = new int[Math.max(most, 2 * foundBlocks.length)];
    }
    long hash = 0;
    int hits = 0;
    int freeOnes = 0;
    while (hits < most) {
      long next = nextHash(slot, hits, hash);
      int block = lookUp(next);
      if (block == NONE) {
        break;
      }
      hash = next;
      foundBlocks[hits++] = block;
      if (references[block] == 0) {
        freeOnes++;
      }
    }
    foundSlot = slot;
    found = hits;
    foundFree = freeOnes;
    foundChain = hash;
    return hits;
  }

  @Override
  public int freeHits() {
    return foundFree;
  }

  @Override
  public void takePrefix(int slot) {
    if (slot != foundSlot) {
      throw new IllegalStateException("no prefix was looked up for this request");
    }
    int[] blocks = roomFor(slot, found);
    for (int index = 0; index < found; index++) {
      int block = foundBlocks[index];
      if (references[block]++ == 0) {
        unlink(block);
      }
      blocks[index] = block;
    }
    table.blocks[slot] = found;
    published[slot] = found;
    chain[slot] = foundChain;
    foundSlot = NONE;
  }

  @Override
  public void publish(int slot, long tokens) {
    int full = (int) (Math.min(tokens, table.input[slot]) / blockTokens);
    roomFor(slot, 0);
    int[] blocks = owned[slot];
    long hash = chain[slot];
    for (int index = published[slot]; index < full; index++) {
      hash = nextHash(slot, index, hash);
      remember(blocks[index], hash);
    }
    if (full > published[slot]) {
      published[slot] = full;
      chain[slot] = hash;
    }
  }

  /** The blocks of a request, with room for more. */
  private int[] roomFor(int slot, int more) {
    if (slot >= owned.length) {
      int old = owned.length;
      int size = Math.max(slot + 1, 2 * old);
      owned = Arrays.copyOf(owned, size);
      Arrays.fill(owned, old, size, new int[0]);
      published = Arrays.copyOf(published, size);
      chain = Arrays.copyOf(chain, size);
    }
    int wanted = table.blocks[slot] + more;
    if (owned[slot].length < wanted) {
      owned[slot] = Arrays.copyOf(owned[slot], Math.max(wanted, 2 * owned[slot].length));
    }
    return owned[slot];
  }

  private long nextHash(int slot, int block, long parent) {
    PromptContent content = table.content[slot];
    long hash = mix(parent + 0x9e3779b97f4a7c15L);
    if (content.ids().length == 0) {
      // Its own kind: found again only by itself, after a preemption.
      return mix(hash ^ mix(~table.id[slot]));
    }
    long firstToken = (long) block * blockTokens;
    int first = (int) (firstToken / content.idTokens());
    int last = (int) ((firstToken + blockTokens - 1) / content.idTokens());
    for (int index = first; index <= last; index++) {
      hash = mix(hash ^ (content.ids()[index] + 1));
    }
    return hash;
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
   */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private void unlink(int block) {
    after[before[block]] = after[block];
    before[after[block]] = before[block];
    free--;
  }

  private void append(int block) {
    int last = before[capacity];
    after[last] = block;
    before[block] = last;
    after[block] = capacity;
    before[capacity] = block;
    free++;
  }

  /** The block published first under a hash. */
  private int lookUp(long hash) {
    int mask = buckets.length - 1;
    int at = (int) hash & mask;
    while (buckets[at] != NONE) {
      if (hashes[buckets[at]] == hash) {
        return buckets[at];
      }
      at = (at + 1) & mask;
    }
    return NONE;
  }

  private void remember(int block, long hash) {
    hashes[block] = hash;
    known[block] = true;
    sameHash[block] = NONE;
    int mask = buckets.length - 1;
    int at = (int) hash & mask;
    while (buckets[at] != NONE) {
      int other = buckets[at];
      if (hashes[other] == hash) {
        while (sameHash[other] != NONE) {
          other = sameHash[other];
        }
        sameHash[other] = block;
        return;
      }
      at = (at + 1) & mask;
    }
    buckets[at] = block;
  }

  private void forget(int block) {
    known[block] = false;
    int mask = buckets.length - 1;
    int at = (int) hashes[block] & mask;
    while (hashes[buckets[at]] != hashes[block]) {
      at = (at + 1) & mask;
    }
    int first = buckets[at];
    if (first != block) {
      int other = first;
      while (sameHash[other] != block) {
        other = sameHash[other];
      }
      sameHash[other] = sameHash[block];
      return;
    }
    if (sameHash[block] != NONE) {
      buckets[at] = sameHash[block];
      return;
    }
    closeGap(at);
  }

  /** Linear probing without tombstones: later entries of the run move up. */
  private void closeGap(int emptied) {
    int mask = buckets.length - 1;
    int gap = emptied;
    int at = (gap + 1) & mask;
    while (buckets[at] != NONE) {
      int home = (int) hashes[buckets[at]] & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        buckets[gap] = buckets[at];
        gap = at;
      }
      at = (at + 1) & mask;
    }
    buckets[gap] = NONE;
  }
}
