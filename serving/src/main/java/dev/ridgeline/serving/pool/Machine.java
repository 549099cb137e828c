package dev.ridgeline.serving.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * A machine of a Splitwise cluster. A batch holds at most 2,048 tokens and 512 requests, but for a
 * first one that is larger alone; it takes prompts first, in order of arrival, until one does not
 * fit, then requests that a prompt had pushed out, then those running, then new ones. Memory for
 * all tokens of a request is taken when its second token starts.
 */
final class Machine {
  private static final int MOST_TOKENS = 2048;
  private static final int MOST_REQUESTS = 512;

  /** Which side a machine is on. */
  enum Side {
    PREFILL,
    DECODE,
    MIXED
  }

  final int number;
  final MachineKind kind;
  final Side home;
  Side side;

  /** What a router counts: prompt tokens to come, and one for each request that decodes here. */
  long pendingTokens;

  /** Tokens of cache promised to requests sent here. */
  long promisedTokens;

  final Deque<Job> prompts = new ArrayDeque<>();
  final List<Job> ready = new ArrayList<>();
  private List<Job> preempted = new ArrayList<>();
  private List<Job> batch = new ArrayList<>();
  private long usedTokens;
  private long batchTokens;
  private int batchPrompts;
  boolean busy;

  /** When its batch started, and what one step of it takes. */
  long startNanos;

  long stepNanos;

  /** Steps until something can change; the end of an earlier plan is told by its number. */
  int steps;

  int plan;

  Machine(int number, MachineKind kind, Side home) {
    this.number = number;
    this.kind = kind;
    this.home = home;
    this.side = home;
  }

  List<Job> batch() {
    return batch;
  }

  long batchTokens() {
    return batchTokens;
  }

  int batchPrompts() {
    return batchPrompts;
  }

  boolean hasQueue() {
    return !prompts.isEmpty() || !ready.isEmpty() || !preempted.isEmpty();
  }

  double seconds() {
    return kind.profile().seconds(batchTokens, batchPrompts > 0, batchPrompts < batch.size());
  }

  private boolean fits(long tokens, List<Job> chosen) {
    return chosen.isEmpty()
        || (batchTokens + tokens <= MOST_TOKENS && chosen.size() < MOST_REQUESTS);
  }

  /**
   * Steps for which the same batch would be formed again and again if nothing came: up to the end
   * of one of its requests, or one where a batch differs from the one before.
   */
  int repeats() {
    boolean waits = !ready.isEmpty() && !ready.getFirst().keptOut;
    if (batchPrompts > 0 || !preempted.isEmpty() || waits) {
      return 1;
    }
    int least = Integer.MAX_VALUE;
    for (Job job : batch) {
      least = Math.min(least, job.output - job.generated);
    }
    return least;
  }

  /** Forms the next batch; empty if there is nothing to do. */
  void select() {
    List<Job> running = batch;
    List<Job> chosen = new ArrayList<>(running.size() + 4);
    batchTokens = 0;
    batchPrompts = 0;
    choosePrompts(chosen);
    List<Job> out = new ArrayList<>();
    for (Job job : preempted) {
      continueOrPush(job, chosen, out);
    }
    for (Job job : running) {
      continueOrPush(job, chosen, out);
    }
    chooseReady(chosen);
    preempted = out;
    batch = chosen;
  }

  private void choosePrompts(List<Job> chosen) {
    while (!prompts.isEmpty()) {
      Job job = prompts.getFirst();
      if (!fits(job.input, chosen) || usedTokens + job.promptTokens() > kind.cacheTokens()) {
        return;
      }
      prompts.removeFirst();
      hold(job, job.promptTokens());
      chosen.add(job);
      batchTokens += job.input;
      batchPrompts++;
    }
  }

  private void continueOrPush(Job job, List<Job> chosen, List<Job> out) {
    if (fits(1, chosen)) {
      job.state = Job.State.RUNNING;
      chosen.add(job);
      batchTokens++;
      return;
    }
    if (job.state == Job.State.RUNNING) {
      job.preemptions++;
      job.state = Job.State.PREEMPTED;
    }
    out.add(job);
  }

  /** One that memory kept out keeps the rest out, and lets one batch pass when it fits again. */
  private void chooseReady(List<Job> chosen) {
    Iterator<Job> waiting = ready.iterator();
    while (waiting.hasNext()) {
      Job job = waiting.next();
      if (!fits(1, chosen)) {
        return;
      }
      if (usedTokens + job.allTokens() - job.heldTokens > kind.cacheTokens()) {
        job.keptOut = true;
        return;
      }
      if (job.keptOut) {
        job.keptOut = false;
        continue;
      }
      waiting.remove();
      hold(job, job.allTokens());
      job.state = Job.State.RUNNING;
      chosen.add(job);
      batchTokens++;
    }
  }

  void hold(Job job, long tokens) {
    usedTokens += tokens - job.heldTokens;
    job.heldTokens = tokens;
  }

  /** Lets go of what a request holds here. */
  void release(Job job) {
    usedTokens -= job.heldTokens;
    job.heldTokens = 0;
  }

  /** Keeps those of the batch that go on. */
  void keep(List<Job> remaining) {
    batch = remaining;
  }
}
