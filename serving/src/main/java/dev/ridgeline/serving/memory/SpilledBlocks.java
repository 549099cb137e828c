package dev.ridgeline.serving.memory;

/**
 * Contents of blocks that were pushed out of a device's cache, in host memory: as many as fit, the
 * longest unused goes first.
 */
final class SpilledBlocks {
  private final int capacity;
  private final BlockIndex index;

  /** Places in use, longest unused first: a ring through an extra entry at {@code capacity}. */
  private final int[] before;

  private final int[] after;
  private int used;

  /**
   * Nothing kept.
   *
   * @param capacity blocks, at least 1
   */
  SpilledBlocks(int capacity) {
    this.capacity = capacity;
    this.index = new BlockIndex(capacity);
    before = new int[capacity + 1];
    after = new int[capacity + 1];
    before[capacity] = capacity;
    after[capacity] = capacity;
  }

  /** Blocks kept. */
  int used() {
    return used;
  }

  /** Whether a content is kept. */
  boolean holds(long hash) {
    return index.find(hash) != BlockIndex.NONE;
  }

  /** Keeps a content, or notes that it was used. */
  void keep(long hash) {
    int place = index.find(hash);
    if (place != BlockIndex.NONE) {
      unlink(place);
    } else {
      if (used < capacity) {
        place = used++;
      } else {
        place = after[capacity];
        unlink(place);
        index.remove(place);
      }
      index.name(place, hash);
      index.put(place);
    }
    int last = before[capacity];
    after[last] = place;
    before[place] = last;
    after[place] = capacity;
    before[capacity] = place;
  }

  private void unlink(int place) {
    after[before[place]] = after[place];
    before[after[place]] = before[place];
  }
}
