package dev.ridgeline.serving.request;

import java.util.Arrays;

/**
 * The requests in the system, one slot each, as parallel arrays: a run of 10^7 requests holds only
 * those that have arrived and not ended. Arrays are replaced when the table grows, so read them
 * from the table each time.
 *
 * <p>Progress is four counts of tokens. A request first <em>prefills</em> {@link #target} tokens;
 * {@link #computed} of its tokens are in the cache or on their way there; {@link #length} are
 * known, which is one more than computed while it decodes; it ends when the length is {@link
 * #finalLength}. A preempted request starts again with everything known as its target.
 */
public final class RequestTable {
  /** A time that has not come. */
  public static final long UNSET = -1;

  private static final int FIRST_CAPACITY = 256;

  /** Running number, from 0 in order of arrival. */
  public long[] id = new long[FIRST_CAPACITY];

  /** When it came. */
  public long[] arrivalNanos = new long[FIRST_CAPACITY];

  /** Prompt tokens as sent. */
  public int[] input = new int[FIRST_CAPACITY];

  /** Output tokens it will have. */
  public int[] output = new int[FIRST_CAPACITY];

  /** Output tokens the policy believes it will have; only policies that plan by it read this. */
  public int[] predictedOutput = new int[FIRST_CAPACITY];

  /** Tokens to compute before the next token comes out. */
  public int[] target = new int[FIRST_CAPACITY];

  /** Tokens whose keys and values are cached, or will be once the batches in flight end. */
  public int[] computed = new int[FIRST_CAPACITY];

  /** Tokens known: prompt and generated. */
  public int[] length = new int[FIRST_CAPACITY];

  /** Length at which it ends. */
  public int[] finalLength = new int[FIRST_CAPACITY];

  /** Cache blocks it holds. */
  public int[] blocks = new int[FIRST_CAPACITY];

  /** First time in a batch. */
  public long[] firstScheduledNanos = new long[FIRST_CAPACITY];

  /** First output token. */
  public long[] firstTokenNanos = new long[FIRST_CAPACITY];

  /** Latest output token. */
  public long[] lastTokenNanos = new long[FIRST_CAPACITY];

  /** How often it lost its cache. */
  public int[] preemptions = new int[FIRST_CAPACITY];

  /** Prompt tokens found in the cache at its latest admission. */
  public int[] prefixHits = new int[FIRST_CAPACITY];

  /** Smaller is more urgent; 0 unless the traffic says otherwise. */
  public int[] priority = new int[FIRST_CAPACITY];

  /** Where it was sent. */
  public int[] replica = new int[FIRST_CAPACITY];

  /** Requests of one session share it; -1 for none. */
  public long[] session = new long[FIRST_CAPACITY];

  /** Whether figures count it. */
  public boolean[] counted = new boolean[FIRST_CAPACITY];

  /** What the prompt consists of, see {@link PromptContent}. */
  public PromptContent[] content = new PromptContent[FIRST_CAPACITY];

  private int[] freed = new int[FIRST_CAPACITY];
  private int freedCount;
  private int used;

  /** An empty table. */
  public RequestTable() {
    Arrays.fill(content, PromptContent.UNKNOWN);
  }

  /**
   * Takes a slot for a request that has just come.
   *
   * @param inputTokens at least 1
   * @param outputTokens at least 1
   */
  public int add(long number, long nowNanos, int inputTokens, int outputTokens) {
    int slot;
    if (freedCount > 0) {
      slot = freed[--freedCount];
    } else {
      if (used == id.length) {
        grow(2 * used);
      }
      slot = used++;
    }
    id[slot] = number;
    arrivalNanos[slot] = nowNanos;
    input[slot] = inputTokens;
    output[slot] = outputTokens;
    predictedOutput[slot] = outputTokens;
    target[slot] = inputTokens;
    computed[slot] = 0;
    length[slot] = inputTokens;
    finalLength[slot] = Math.addExact(inputTokens, outputTokens);
    blocks[slot] = 0;
    firstScheduledNanos[slot] = UNSET;
    firstTokenNanos[slot] = UNSET;
    lastTokenNanos[slot] = UNSET;
    preemptions[slot] = 0;
    prefixHits[slot] = 0;
    priority[slot] = 0;
    replica[slot] = 0;
    session[slot] = -1;
    counted[slot] = true;
    content[slot] = PromptContent.UNKNOWN;
    return slot;
  }

  /** Gives a slot back. */
  public void remove(int slot) {
    content[slot] = PromptContent.UNKNOWN;
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, 2 * freedCount);
    }
    freed[freedCount++] = slot;
  }

  /** Requests in the table. */
  public int size() {
    return used - freedCount;
  }

  /** Slots that were ever in use: the bound of arrays that run beside the table. */
  public int slots() {
    return used;
  }

  /** Whether all of its present target is in the cache. */
  public boolean prefilled(int slot) {
    return computed[slot] >= target[slot];
  }

  /** Notes that a request is in a batch, if it never was. */
  public void scheduled(int slot, long nowNanos) {
    if (firstScheduledNanos[slot] == UNSET) {
      firstScheduledNanos[slot] = nowNanos;
    }
  }

  /** Takes the cache away: everything known has to be computed again. */
  public void restart(int slot) {
    target[slot] = length[slot];
    computed[slot] = 0;
    preemptions[slot]++;
  }

  private void grow(int capacity) {
    id = Arrays.copyOf(id, capacity);
    arrivalNanos = Arrays.copyOf(arrivalNanos, capacity);
    input = Arrays.copyOf(input, capacity);
    output = Arrays.copyOf(output, capacity);
    predictedOutput = Arrays.copyOf(predictedOutput, capacity);
    target = Arrays.copyOf(target, capacity);
    computed = Arrays.copyOf(computed, capacity);
    length = Arrays.copyOf(length, capacity);
    finalLength = Arrays.copyOf(finalLength, capacity);
    blocks = Arrays.copyOf(blocks, capacity);
    firstScheduledNanos = Arrays.copyOf(firstScheduledNanos, capacity);
    firstTokenNanos = Arrays.copyOf(firstTokenNanos, capacity);
    lastTokenNanos = Arrays.copyOf(lastTokenNanos, capacity);
    preemptions = Arrays.copyOf(preemptions, capacity);
    prefixHits = Arrays.copyOf(prefixHits, capacity);
    priority = Arrays.copyOf(priority, capacity);
    replica = Arrays.copyOf(replica, capacity);
    session = Arrays.copyOf(session, capacity);
    counted = Arrays.copyOf(counted, capacity);
    int old = content.length;
    content = Arrays.copyOf(content, capacity);
    Arrays.fill(content, old, capacity, PromptContent.UNKNOWN);
  }
}
