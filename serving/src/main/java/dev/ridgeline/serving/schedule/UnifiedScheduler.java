package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.batch.Batch;

/**
 * vLLM V1 (vllm/v1/core/sched/scheduler.py): one token budget and no phases. A request wants the
 * tokens it knows but has not computed, one of them while it decodes. Those in progress come first,
 * in order of admission; one that finds no block makes the last of them give its cache up and wait
 * before all others. Only when none had to, waiting requests enter from the head until one does not
 * fit. A single token counts as decoding.
 */
final class UnifiedScheduler extends BlockScheduler implements ReceivingScheduler {
  /** vLLM's class default (vllm/config/scheduler.py). */
  static final int USUAL_BUDGET = 2048;

  private final int budgetTokens;
  private final int threshold;
  private final int lookahead;
  private boolean preempted;

  /** Requests whose blocks are taken and whose cache is on its way. */
  private int expected;

  UnifiedScheduler(Setting setting) {
    super(setting, true, setting.options().lookaheadTokens());
    this.lookahead = options.lookaheadTokens();
    this.budgetTokens = options.tokenBudget().orElse(USUAL_BUDGET);
    this.threshold =
        options.longPrefillThreshold() > 0 ? options.longPrefillThreshold() : Integer.MAX_VALUE;
  }

  @Override
  public boolean admits(int slot) {
    long longest = table.finalLength[slot] - 2L + options.decodeTokens() + lookahead;
    return table.finalLength[slot] <= options.maxTokens().orElse(Integer.MAX_VALUE)
        && kv.blocksFor(longest) <= kv.capacity() - options.watermarkBlocks();
  }

  @Override
  public void add(int slot) {
    if (!options.priorities()) {
      queue.addLast(slot);
      return;
    }
    queue.addLast(slot);
    for (int at = queue.size() - 1; at > 0 && isBefore(slot, queue.get(at - 1)); at--) {
      queue.set(at, queue.get(at - 1));
      queue.set(at - 1, slot);
    }
  }

  /** By priority, then arrival. */
  private boolean isBefore(int one, int other) {
    if (table.priority[one] != table.priority[other]) {
      return table.priority[one] < table.priority[other];
    }
    return table.arrivalNanos[one] < table.arrivalNanos[other];
  }

  @Override
  public void schedule(Batch batch, long nowNanos) {
    preempted = false;
    headBlocked = false;
    gather();
    int left = continueTogether(batch);
    if (left < 0) {
      cohort.dissolveInto(running);
      left = continueRunning(batch);
    }
    int budget = left;
    if (!preempted) {
      admit(batch, budget, nowNanos);
    }
  }

  /** Returns what is left of the budget. */
  private int continueRunning(Batch batch) {
    int budget = budgetTokens;
    for (int index = 0; index < running.size() && budget > 0; index++) {
      int slot = running.get(index);
      int computed = table.computed[slot];
      int tokens = Math.min(Math.min(wanted(slot), threshold), budget);
      if (tokens <= 0) {
        continue;
      }
      long reach = (long) computed + tokens + lookahead;
      boolean fits = kv.growTo(slot, reach, table);
      while (!fits) {
        int victim = victim(index);
        if (victim >= 0) {
          int last = running.get(victim);
          running.remove(last);
          preempt(last);
          if (last == slot) {
            return budget;
          }
        } else {
          return budget;
        }
        fits = kv.growTo(slot, reach, table);
      }
      put(batch, slot, tokens);
      budget -= tokens;
    }
    return budget;
  }

  /**
   * As {@link #continueRunning}, where all that decode together get their token whoever comes
   * first: memory is enough for all, and the budget runs out behind them or not at all.
   *
   * @return what is left of the budget; below 0, and nothing done, where that is not so
   */
  private int continueTogether(Batch batch) {
    int budget = budgetTokens - cohort.size();
    if (cohort.size() == 0 || budget < 0) {
      return -1;
    }
    long blocks = cohort.blocksNeeded();
    int left = budget;
    for (int index = 0; index < running.size(); index++) {
      int slot = running.get(index);
      int tokens = Math.min(wanted(slot), threshold);
      if (tokens > left) {
        if (cohort.order(slot) < cohort.latestOrder()) {
          return -1;
        }
        tokens = left;
      }
      left -= tokens;
      long reach = (long) table.computed[slot] + tokens + lookahead;
      blocks += tokens == 0 ? 0 : Math.max(0, kv.blocksFor(reach) - table.blocks[slot]);
    }
    if (blocks > kv.free()) {
      return -1;
    }
    batch.addTogether(cohort);
    cohort.grow();
    cohort.findFull();
    for (int index = 0; index < running.size() && budget > 0; index++) {
      int slot = running.get(index);
      int tokens = Math.min(Math.min(wanted(slot), threshold), budget);
      kv.growTo(slot, (long) table.computed[slot] + tokens + lookahead, table);
      cohort.publishBefore(cohort.order(slot));
      put(batch, slot, tokens);
      budget -= tokens;
    }
    cohort.publishBefore(Long.MAX_VALUE);
    return budget;
  }

  /** Tokens known and not computed; a request that decodes brings its drafts, too. */
  private int wanted(int slot) {
    int wanted = table.length[slot] - table.computed[slot];
    return wanted == 1 && table.prefilled(slot) ? speculator.verifiedTokens() : wanted;
  }

  /**
   * Place of who gives its cache up: the last; by priority, the least urgent not yet in the batch.
   */
  private int victim(int from) {
    if (!options.priorities()) {
      return running.size() - 1;
    }
    int worst = from;
    for (int index = from + 1; index < running.size(); index++) {
      if (isBefore(running.get(worst), running.get(index))) {
        worst = index;
      }
    }
    return worst;
  }

  private void preempt(int slot) {
    kv.release(slot);
    table.restart(slot);
    preempted = true;
    if (options.priorities()) {
      add(slot);
    } else {
      queue.addFirst(slot);
    }
  }

  private void put(Batch batch, int slot, int tokens) {
    int computed = table.computed[slot];
    int known = table.length[slot];
    boolean yields = computed + tokens >= known;
    if (computed + tokens > known) {
      batch.addDrafted(slot, tokens, computed);
    } else if (tokens > 1) {
      batch.addChunk(slot, tokens, computed, yields);
    } else if (yields) {
      batch.addDecode(slot, computed);
    } else {
      batch.addSilentDecode(slot, computed);
    }
    table.computed[slot] = computed + tokens;
    // Of what is drafted nobody knows yet whether it stays.
    kv.publish(slot, Math.min(known, (long) computed + tokens));
  }

  private void admit(Batch batch, int budgetLeft, long nowNanos) {
    int budget = budgetLeft;
    while (!queue.isEmpty()) {
      if (budget <= 0 || running() >= options.maxSequences()) {
        headBlocked = true;
        return;
      }
      int slot = queue.get(0);
      int hits = kv.findPrefix(slot, table.length[slot] - 1L);
      int hitTokens = hits * kv.blockTokens();
      int tokens = Math.min(Math.min(table.length[slot] - hitTokens, threshold), budget);
      if (!fits(slot, hits, hitTokens + tokens, batch)) {
        headBlocked = true;
        return;
      }
      queue.pollFirst();
      if (hits > 0) {
        kv.takePrefix(slot);
      }
      table.computed[slot] = hitTokens;
      table.prefixHits[slot] = Math.min(hitTokens, table.input[slot]);
      kv.growTo(slot, (long) hitTokens + tokens + lookahead, table);
      running.addLast(slot);
      cohort.orderLast(slot);
      table.scheduled(slot, nowNanos);
      put(batch, slot, tokens);
      budget -= tokens;
    }
  }

  private boolean fits(int slot, int hits, int firstTokens, Batch batch) {
    long wanted = options.fullSequenceAdmission() ? table.length[slot] : firstTokens;
    long reach = (long) firstTokens + lookahead;
    int blocks = kv.blocksFor(Math.max(wanted, reach)) - hits + kv.freeHits();
    int reserve = batch.size() > 0 ? options.watermarkBlocks() : 0;
    return blocks <= kv.free() - reserve;
  }

  @Override
  public void complete(Batch batch, long nowNanos, TokenSink sink) {
    boolean together = batch.together() > 0;
    if (together) {
      cohort.advance(nowNanos, sink, over);
    }
    boolean ended = false;
    for (int index = 0; index < batch.listed(); index++) {
      if (batch.yields(index)) {
        int slot = batch.slot(index);
        speculator.comeOut(table, batch, index, nowNanos, sink);
        if (table.computed[slot] == 0) {
          // It lost its cache in flight; the token counts all the same.
          table.target[slot] = table.length[slot];
        }
        if (table.length[slot] >= table.finalLength[slot]) {
          over.addLast(slot);
          ended = true;
        }
      }
    }
    if (ended) {
      takeOutEnded();
    }
    if (together) {
      cohort.sort(over);
    }
    while (!over.isEmpty()) {
      int slot = over.pollFirst();
      if (table.computed[slot] == 0) {
        queue.remove(slot);
      }
      kv.release(slot);
      sink.finished(slot, nowNanos);
    }
  }

  private void takeOutEnded() {
    for (int left = running.size(); left > 0; left--) {
      int slot = running.pollFirst();
      if (table.length[slot] < table.finalLength[slot]) {
        running.addLast(slot);
      }
    }
  }

  @Override
  public int repeats(Batch batch) {
    boolean same = running.isEmpty() && !preempted && (queue.isEmpty() || headBlocked);
    return same ? repeats(batch, 0) : 0;
  }

  @Override
  public boolean unmovedByArrivals() {
    return headBlocked && !queue.isEmpty() && !options.priorities();
  }

  /** Those that lost their cache come first. */
  @Override
  public boolean reserve(int slot) {
    if (!queue.isEmpty()
        || running() >= options.maxSequences()
        || kv.blocksFor(table.length[slot]) > kv.free() - options.watermarkBlocks()) {
      return false;
    }
    expected++;
    return kv.growTo(slot, table.length[slot], table);
  }

  @Override
  public void resume(int slot) {
    expected--;
    goOn(slot);
    kv.publish(slot, table.computed[slot]);
  }

  @Override
  public int running() {
    return running.size() + cohort.size() + expected;
  }
}
