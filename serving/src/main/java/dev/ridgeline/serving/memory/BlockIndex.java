package dev.ridgeline.serving.memory;

import java.util.Arrays;

/**
 * Finds one block by the hash of its content: open addressing with linear probing, and no
 * tombstones. Hashes are kept by block, so a block is found by its own.
 */
final class BlockIndex {
  static final int NONE = -1;

  private final long[] hashes;
  private final int[] buckets;

  /**
   * Nothing to find.
   *
   * @param capacity blocks there are
   */
  BlockIndex(int capacity) {
    hashes = new long[capacity];
    buckets = new int[Integer.highestOneBit(Math.max(8, 2 * capacity)) * 2];
    Arrays.fill(buckets, NONE);
  }

  /** The hash a block was given last. */
  long hash(int block) {
    return hashes[block];
  }

  /** Gives a block a hash, without making it findable. */
  void name(int block, long hash) {
    hashes[block] = hash;
  }

  /** The block of a hash, or {@link #NONE}. */
  int find(long hash) {
    return buckets[place(hash)];
  }

  /** Makes a block findable whose hash no other findable block has. */
  void put(int block) {
    buckets[place(hashes[block])] = block;
  }

  /** Lets another block of the same hash be found in place of one. */
  void replace(int block, int other) {
    buckets[place(hashes[block])] = other;
  }

  /** Makes a findable block unfindable; later entries of its run move up. */
  void remove(int block) {
    int mask = buckets.length - 1;
    int gap = place(hashes[block]);
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

  /** Where the block of a hash is, or would be. */
  private int place(long hash) {
    int mask = buckets.length - 1;
    int at = (int) hash & mask;
    while (buckets[at] != NONE && hashes[buckets[at]] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
