package dev.ridgeline.serving.request;

/** A double-ended queue of slots in a growing ring; allocates nothing once grown. */
public final class SlotQueue {
  private int[] ring = new int[64];
  private int head;
  private int size;

  /** Slots in the queue. */
  public int size() {
    return size;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The slot at a place, 0 for the first. */
  public int get(int index) {
    return ring[(head + index) & (ring.length - 1)];
  }

  /** Puts a slot behind all others. */
  public void addLast(int slot) {
    makeRoom();
    ring[(head + size) & (ring.length - 1)] = slot;
    size++;
  }

  /** Puts a slot before all others. */
  public void addFirst(int slot) {
    makeRoom();
    head = (head - 1) & (ring.length - 1);
    ring[head] = slot;
    size++;
  }

  /** Takes the first; the queue must not be empty. */
  public int pollFirst() {
    int slot = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    return slot;
  }

  /** Takes the last; the queue must not be empty. */
  public int pollLast() {
    size--;
    return ring[(head + size) & (ring.length - 1)];
  }

  /** Takes a slot out of the middle; false if it is not there. */
  public boolean remove(int slot) {
    for (int index = 0; index < size; index++) {
      if (get(index) == slot) {
        for (int at = index; at < size - 1; at++) {
          set(at, get(at + 1));
        }
        size--;
        return true;
      }
    }
    return false;
  }

  /** Forgets all. */
  public void clear() {
    head = 0;
    size = 0;
  }

  /** Sorts by arrival, keeping the order of those that came together: quick where nearly sorted. */
  public void sortByArrival(RequestTable table) {
    long[] arrivals = table.arrivalNanos;
    for (int index = 1; index < size; index++) {
      int slot = get(index);
      long arrival = arrivals[slot];
      int at = index - 1;
      while (at >= 0 && arrivals[get(at)] > arrival) {
        set(at + 1, get(at));
        at--;
      }
      set(at + 1, slot);
    }
  }

  /** Replaces the slot at a place. */
  public void set(int index, int slot) {
    ring[(head + index) & (ring.length - 1)] = slot;
  }

  private void makeRoom() {
    if (size == ring.length) {
      int[] larger = new int[2 * size];
      for (int index = 0; index < size; index++) {
        larger[index] = get(index);
      }
      ring = larger;
      head = 0;
    }
  }
}
