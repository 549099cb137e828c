package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Decoders;
import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.request.SlotQueue;
import java.util.Arrays;

/**
 * Requests that decode in step: a step brings each of them one token further, so how far they are
 * follows from the number of steps, and a step touches only those that end with it. Their entries
 * in the table say how far they were when they joined, until they leave.
 *
 * <p>Who ends is found in a ring of steps. Who needs a block is a matter of the position within a
 * block at which a request joined: all of one phase do so in the same steps. Where blocks are all
 * alike, a phase is a number; else its members are asked one by one.
 */
final class Cohort implements Decoders {
  private static final int NONE = -1;

  /** Steps of the ring; members that end later are passed over once a round. */
  private static final int RING = 1 << 12;

  private final RequestTable table;
  private final KvBlocks kv;
  private final int ahead;
  private final boolean grows;
  private final int blockTokens;

  /** Steps so far. */
  private long step;

  /** Steps so far, modulo the tokens of a block. */
  private int stepInBlock;

  /** Latest step known not to be followed, up to and with it, by the end of a member. */
  private long quietUntil;

  private long lastTokenNanos = RequestTable.UNSET;
  private int size;
  private long cachedTokens;
  private int[] members = new int[64];

  /** Members since the last step, whose last token the others may not have had at that time. */
  private final SlotQueue fresh = new SlotQueue();

  // One entry a slot.
  private int[] place = new int[0];
  private long[] joinedAt = new long[0];
  private long[] endsAt = new long[0];
  private long[] order = new long[0];
  private final Chains ending = new Chains(RING);
  private final Chains inPhase;

  private final int[] phaseSizes;
  private final SlotQueue full = new SlotQueue();
  private long[] sorted = new long[64];
  private long nextOrder;
  private long firstOrder;
  private long latestOrder;

  /**
   * Nobody.
   *
   * @param ahead slots that a step reserves beyond the token a request is at
   * @param grows whether requests take blocks as they decode
   */
  Cohort(RequestTable table, KvBlocks kv, int ahead, boolean grows) {
    this.table = table;
    this.kv = kv;
    this.ahead = ahead;
    this.grows = grows;
    this.blockTokens = kv.blockTokens();
    this.phaseSizes = new int[blockTokens];
    this.inPhase = new Chains(blockTokens);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long cachedTokens() {
    return cachedTokens;
  }

  @Override
  public int cachedTokens(int index) {
    return length(index) - 1;
  }

  /** The member at a place. */
  int slot(int index) {
    return members[index];
  }

  /** Tokens known of the member at a place. */
  int length(int index) {
    int slot = members[index];
    return table.length[slot] + (int) (step - joinedAt[slot]);
  }

  /** Whether a request decodes, and has the blocks that members at its position have. */
  boolean suits(int slot) {
    int computed = table.computed[slot];
    return computed >= table.target[slot]
        && computed == table.length[slot] - 1
        && (!grows || table.blocks[slot] == kv.blocksFor((long) computed + ahead));
  }

  /** Takes in a request that suits; its place in {@link #sort order} must be set. */
  void join(int slot) {
    if (size == members.length) {
      members = Arrays.copyOf(members, 2 * size);
    }
    place[slot] = size;
    members[size++] = slot;
    cachedTokens += table.computed[slot];
    joinedAt[slot] = step;
    long end = step + table.finalLength[slot] - table.length[slot];
    endsAt[slot] = end;
    quietUntil = size == 1 ? step : Math.min(quietUntil, end - 1);
    latestOrder = size == 1 ? order[slot] : Math.max(latestOrder, order[slot]);
    ending.add((int) end & (RING - 1), slot);
    int phase = Math.floorMod(table.computed[slot] - stepInBlock, blockTokens);
    phaseSizes[phase]++;
    if (grows && !kv.alike()) {
      inPhase.add(phase, slot);
    }
    fresh.addLast(slot);
  }

  private void leave(int slot) {
    int last = members[--size];
    members[place[slot]] = last;
    place[last] = place[slot];
    settle(slot);
    cachedTokens -= table.computed[slot];
    ending.remove((int) endsAt[slot] & (RING - 1), slot);
    int phase = Math.floorMod(table.computed[slot] - stepInBlock, blockTokens);
    phaseSizes[phase]--;
    if (grows && !kv.alike()) {
      inPhase.remove(phase, slot);
    }
  }

  /** Writes down how far a member has come. */
  private void settle(int slot) {
    int steps = (int) (step - joinedAt[slot]);
    if (steps == 0) {
      return;
    }
    table.computed[slot] += steps;
    table.length[slot] += steps;
    table.lastTokenNanos[slot] = lastTokenNanos;
    if (grows && kv.alike()) {
      table.blocks[slot] = kv.blocksFor((long) table.computed[slot] + ahead);
    }
  }

  /** Lets all members out, into a queue that is in order and stays so. */
  void dissolveInto(SlotQueue running) {
    if (size == 0) {
      return;
    }
    while (size > 0) {
      int slot = members[size - 1];
      leave(slot);
      running.addLast(slot);
    }
    fresh.clear();
    sort(running);
  }

  /** Blocks that the next step takes. */
  int blocksNeeded() {
    return grows ? phaseSizes[phaseAt(ahead)] : 0;
  }

  /** The phase whose members have whole blocks with so many tokens more. */
  private int phaseAt(int more) {
    return Math.floorMod(-stepInBlock - more, blockTokens);
  }

  /** Takes the blocks of the next step, which are free. */
  void grow() {
    if (!grows) {
      return;
    }
    int phase = phaseAt(ahead);
    if (kv.alike()) {
      kv.takeAhead(phaseSizes[phase]);
      return;
    }
    for (int slot = inPhase.first(phase); slot != NONE; slot = inPhase.after(slot)) {
      kv.take(slot, 1);
    }
  }

  /** Makes blocks known that the next step fills, of members before another request. */
  void publishBefore(long limit) {
    while (!full.isEmpty() && order[full.get(0)] < limit) {
      int slot = full.pollFirst();
      kv.publish(slot, table.computed[slot] + (step - joinedAt[slot]) + 1);
    }
  }

  /** Finds the members whose blocks the next step fills, to be made known in order. */
  void findFull() {
    full.clear();
    if (!grows || kv.alike()) {
      return;
    }
    int phase = phaseAt(1);
    for (int slot = inPhase.first(phase); slot != NONE; slot = inPhase.after(slot)) {
      full.addLast(slot);
    }
    sort(full);
  }

  /** Makes all blocks known that the next step fills. */
  void publish() {
    findFull();
    publishBefore(Long.MAX_VALUE);
  }

  /** A step has ended. Those that end with it leave, and are added to a queue. */
  void advance(long nowNanos, TokenSink sink, SlotQueue over) {
    int others = size - fresh.size();
    while (!fresh.isEmpty()) {
      sink.token(fresh.pollFirst(), nowNanos);
    }
    if (others > 0) {
      sink.gap(nowNanos - lastTokenNanos, others);
    }
    lastTokenNanos = nowNanos;
    step++;
    stepInBlock = stepInBlock + 1 == blockTokens ? 0 : stepInBlock + 1;
    cachedTokens += size;
    if (step <= quietUntil) {
      return;
    }
    quietUntil = step;
    int slot = ending.first((int) step & (RING - 1));
    while (slot != NONE) {
      int next = ending.after(slot);
      if (endsAt[slot] == step) {
        leave(slot);
        over.addLast(slot);
      }
      slot = next;
    }
  }

  /**
   * Steps from now on in which nobody ends and that take at most so many blocks; it may say fewer.
   */
  int quietSteps(int blocks) {
    long most = grows ? (long) Math.max(0, blocks) / size * blockTokens : Integer.MAX_VALUE;
    while (quietUntil - step < most && !endsAt(quietUntil + 1)) {
      quietUntil++;
    }
    return (int) Math.min(most, quietUntil - step);
  }

  private boolean endsAt(long when) {
    int slot = ending.first((int) when & (RING - 1));
    while (slot != NONE && endsAt[slot] != when) {
      slot = ending.after(slot);
    }
    return slot != NONE;
  }

  /** Puts a request, member or not, behind all others in order. */
  void orderLast(int slot) {
    reach(slot);
    order[slot] = nextOrder++;
  }

  /** Puts requests before all others in order. */
  void orderFirst(SlotQueue slots) {
    for (int index = slots.size() - 1; index >= 0; index--) {
      order[slots.get(index)] = --firstOrder;
    }
  }

  /** No member is behind this place in the order. */
  long latestOrder() {
    return latestOrder;
  }

  /** Place of a request among those in progress. */
  long order(int slot) {
    return order[slot];
  }

  /** Sorts requests in progress by their order. */
  void sort(SlotQueue slots) {
    int count = slots.size();
    if (count < 2) {
      return;
    }
    if (sorted.length < count) {
      sorted = new long[2 * count];
    }
    long first = Long.MAX_VALUE;
    for (int index = 0; index < count; index++) {
      first = Math.min(first, order[slots.get(index)]);
    }
    for (int index = 0; index < count; index++) {
      int slot = slots.get(index);
      sorted[index] = ((order[slot] - first) << Integer.SIZE) | slot;
    }
    Arrays.sort(sorted, 0, count);
    for (int index = 0; index < count; index++) {
      slots.set(index, (int) sorted[index]);
    }
  }

  private void reach(int slot) {
    if (slot >= place.length) {
      int slots = Math.max(256, Math.max(slot + 1, 2 * place.length));
      place = Arrays.copyOf(place, slots);
      joinedAt = Arrays.copyOf(joinedAt, slots);
      endsAt = Arrays.copyOf(endsAt, slots);
      order = Arrays.copyOf(order, slots);
      ending.reach(slots);
      inPhase.reach(slots);
    }
  }

  /** Lists of slots, a slot in one of them at most. */
  private static final class Chains {
    private final int[] heads;
    private int[] before = new int[0];
    private int[] after = new int[0];

    Chains(int chains) {
      heads = new int[chains];
      Arrays.fill(heads, NONE);
    }

    void reach(int slots) {
      before = Arrays.copyOf(before, slots);
      after = Arrays.copyOf(after, slots);
    }

    int first(int chain) {
      return heads[chain];
    }

    int after(int slot) {
      return after[slot];
    }

    void add(int chain, int slot) {
      int head = heads[chain];
      after[slot] = head;
      before[slot] = NONE;
      if (head != NONE) {
        before[head] = slot;
      }
      heads[chain] = slot;
    }

    void remove(int chain, int slot) {
      int next = after[slot];
      if (next != NONE) {
        before[next] = before[slot];
      }
      if (before[slot] == NONE) {
        heads[chain] = next;
      } else {
        after[before[slot]] = next;
      }
    }
  }
}
