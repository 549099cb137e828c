package dev.ridgeline.serving.memory;

import dev.ridgeline.serving.request.PromptContent;
import dev.ridgeline.serving.request.RequestTable;
import java.util.Arrays;
import java.util.Optional;

/**
 * Blocks whose content can be found again, as vLLM's block pool keeps them (vllm/v1/core/
 * block_pool.py and kv_cache_manager.py). A full block is known by the hash of its tokens and all
 * before them; of an answer, where the request says what it consists of. Blocks are counted by
 * reference; one that nobody holds waits in a queue, longest unused first, and is found or evicted
 * from there. A request's blocks enter the queue last one first, so that prefixes outlive suffixes.
 *
 * <p>With host memory, an evicted content is kept there. Copies to the host run in the background,
 * as full blocks are written while their owners run; a hit on the host takes a free block and is
 * copied back, which {@link #takeMoved} counts.
 */
public final class CachedBlocks extends BlockStore {
  private static final int NONE = BlockIndex.NONE;

  private final int[] references;
  private final BlockIndex index;
  private final boolean[] known;
  private final Optional<SpilledBlocks> host;

  /** The queue of free blocks, a ring through an extra entry at {@code capacity}. */
  private final int[] before;

  private final int[] after;

  /** Blocks of one hash, in order of publication. */
  private final int[] sameHash;

  private int[][] owned = new int[256][0];
  private int[] published = new int[256];
  private long[] chain = new long[256];

  private int foundSlot = NONE;
  private int found;
  private int foundFree;
  private int foundOnHost;
  private int[] foundBlocks = new int[256];
  private long[] foundHashes = new long[256];
  private int moved;

  /**
   * All blocks free and empty.
   *
   * @param capacity at least 0
   * @param blockTokens at least 1
   */
  public CachedBlocks(RequestTable table, int capacity, int blockTokens) {
    this(table, capacity, blockTokens, 0);
  }

  /**
   * All blocks free and empty.
   *
   * @param hostBlocks evicted blocks that the host keeps; 0 for none
   */
  public CachedBlocks(RequestTable table, int capacity, int blockTokens, int hostBlocks) {
    super(table, capacity, blockTokens);
    this.host = hostBlocks > 0 ? Optional.of(new SpilledBlocks(hostBlocks)) : Optional.empty();
    references = new int[capacity];
    index = new BlockIndex(capacity);
    known = new boolean[capacity];
    before = new int[capacity + 1];
    after = new int[capacity + 1];
    sameHash = new int[capacity];
    for (int block = 0; block <= capacity; block++) {
      after[block] = block == capacity ? 0 : block + 1;
      before[block] = block == 0 ? capacity : block - 1;
    }
  }

  @Override
  public void take(int slot, int count) {
    requireFree(count);
    int[] blocks = roomFor(slot, count);
    int held = table.blocks[slot];
    for (int more = 0; more < count; more++) {
      blocks[held + more] = evict();
    }
    table.blocks[slot] = held + count;
  }

  /** The longest unused block, for somebody else. */
  private int evict() {
    int block = after[capacity];
    unlink(block);
    if (known[block]) {
      if (host.isPresent()) {
        host.get().keep(index.hash(block));
      }
      forget(block);
    }
    references[block] = 1;
    return block;
  }

  @Override
  public void release(int slot) {
    int[] blocks = slot < owned.length ? owned[slot] : new int[0];
    for (int last = table.blocks[slot] - 1; last >= 0; last--) {
      int block = blocks[last];
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
    int most = (int) (Math.min(mostTokens, told(slot)) / blockTokens);
    if (foundBlocks.length < most) {
      foundBlocks = new int[Math.max(most, 2 * foundBlocks.length)];
      foundHashes = new long[foundBlocks.length];
    }
    long hash = 0;
    found = 0;
    foundFree = 0;
    foundOnHost = 0;
    foundSlot = slot;
    while (found < most) {
      hash = nextHash(slot, found, hash);
      int block = index.find(hash);
      if (block == NONE) {
        if (host.isEmpty() || !host.get().holds(hash)) {
          break;
        }
        foundOnHost++;
      } else if (references[block] == 0) {
        foundFree++;
      }
      foundHashes[found] = hash;
      foundBlocks[found++] = block;
    }
    return found;
  }

  @Override
  public int freeHits() {
    return foundFree + foundOnHost;
  }

  @Override
  public void takePrefix(int slot) {
    if (slot != foundSlot) {
      throw new IllegalStateException("no prefix was looked up for this request");
    }
    int[] blocks = roomFor(slot, found);
    for (int hit = 0; hit < found; hit++) {
      int block = foundBlocks[hit];
      if (block != NONE && references[block]++ == 0) {
        unlink(block);
      }
      blocks[hit] = block;
    }
    if (foundOnHost > 0) {
      copyBack(blocks);
    }
    table.blocks[slot] = found;
    published[slot] = found;
    chain[slot] = found == 0 ? 0 : foundHashes[found - 1];
    foundSlot = NONE;
  }

  /** Copies what was found on the host into free blocks, after those found here were taken. */
  private void copyBack(int[] blocks) {
    SpilledBlocks spilled = host.orElseThrow();
    for (int hit = 0; hit < found; hit++) {
      if (blocks[hit] == NONE) {
        spilled.keep(foundHashes[hit]);
        blocks[hit] = evict();
        remember(blocks[hit], foundHashes[hit]);
      }
    }
    moved += foundOnHost;
  }

  @Override
  public int takeMoved() {
    int since = moved;
    moved = 0;
    return since;
  }

  @Override
  public int onHost() {
    return host.map(SpilledBlocks::used).orElse(0);
  }

  @Override
  public void publish(int slot, long tokens) {
    int full = (int) (Math.min(tokens, told(slot)) / blockTokens);
    if (slot < published.length && full <= published[slot]) {
      return;
    }
    int[] blocks = roomFor(slot, 0);
    long hash = chain[slot];
    for (int block = published[slot]; block < full; block++) {
      hash = nextHash(slot, block, hash);
      remember(blocks[block], hash);
    }
    published[slot] = full;
    chain[slot] = hash;
  }

  /**
   * Tokens that may be found again. Ids of a prompt say nothing of its answer, and as in the
   * recorded runs of LLMServingSim's port answers are not known then.
   */
  private long told(int slot) {
    PromptContent content = table.content[slot];
    boolean all = content.withAnswer() || content.ids().length == 0;
    return all ? table.finalLength[slot] : table.input[slot];
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
    long firstToken = (long) block * blockTokens;
    long endToken = firstToken + blockTokens;
    if (content.ids().length == 0) {
      // Its own kind: found again only by itself, after a preemption.
      return mix(hash ^ mix(~table.id[slot]));
    }
    int first = (int) (firstToken / content.idTokens());
    int last = (int) ((endToken - 1) / content.idTokens());
    for (int id = first; id <= last; id++) {
      hash = mix(hash ^ (content.ids()[id] + 1));
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

  private void remember(int block, long hash) {
    index.name(block, hash);
    known[block] = true;
    sameHash[block] = NONE;
    int other = index.find(hash);
    if (other == NONE) {
      index.put(block);
      return;
    }
    while (sameHash[other] != NONE) {
      other = sameHash[other];
    }
    sameHash[other] = block;
  }

  private void forget(int block) {
    known[block] = false;
    int first = index.find(index.hash(block));
    if (first != block) {
      int other = first;
      while (sameHash[other] != block) {
        other = sameHash[other];
      }
      sameHash[other] = sameHash[block];
    } else if (sameHash[block] != NONE) {
      index.replace(block, sameHash[block]);
    } else {
      index.remove(block);
    }
  }
}
