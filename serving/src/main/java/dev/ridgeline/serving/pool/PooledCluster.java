package dev.ridgeline.serving.pool;

import dev.ridgeline.events.EventQueue;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * Prompts on one machine, tokens on another, the cache moved between (Splitwise, Patel et al., ISCA
 * 2024), under the mixed-pool scheduler of its simulator; or every machine for both, each request
 * on the one with the fewest tokens pending.
 *
 * <p>Mixed pool: the prompt goes to the prompt machine with the fewest pending tokens, the tokens
 * to the token machine with the least memory promised. A prompt queue longer than 8,192 tokens, or
 * a memory that would overflow, sends the request to machines of the mixed pool instead; failing
 * that the best machine of the other side joins the mixed pool until it is idle. The cache leaves
 * when the prompt is done, over a link without contention. Output lengths are known when memory is
 * promised.
 */
public final class PooledCluster {
  private static final int ARRIVAL = 0;
  private static final int TRANSFERRED = 1;
  private static final int BATCH_END = 2;

  /** Pending tokens from which a prompt machine with a queue takes no more. */
  private static final long LONG_QUEUE = 8192;

  private final PoolSetup setup;
  private final RequestSink requestSink;
  private final IterationSink iterationSink;
  private final RequestTable table = new RequestTable();
  private final EventQueue events = new EventQueue();
  private final Measurements measurements = new Measurements();
  private final Arrival arrival = new Arrival();
  private final Map<Integer, Job> jobs = new HashMap<>();
  private final List<Machine> machines = new ArrayList<>();

  /** Machines of each side now, looked up anew when one has changed sides. */
  private final Map<Machine.Side, List<Machine>> sides = new EnumMap<>(Machine.Side.class);

  private final boolean split;
  private final boolean coalescing;
  private long arrived;
  private long rejected;
  private long iterations;
  private long busyNanos;

  /** A run that has not started; use it once. */
  public PooledCluster(PoolSetup setup, RequestSink requestSink, IterationSink iterationSink) {
    this.setup = setup;
    this.requestSink = requestSink;
    this.iterationSink = iterationSink;
    this.split = setup.both().isEmpty();
    // Whoever is told of batches is told of each, in order of their ends.
    this.coalescing = iterationSink.equals(IterationSink.NONE);
    setup.prefill().forEach(kind -> add(kind, Machine.Side.PREFILL));
    setup.decode().forEach(kind -> add(kind, Machine.Side.DECODE));
    setup.both().forEach(kind -> add(kind, Machine.Side.MIXED));
  }

  private void add(MachineKind kind, Machine.Side side) {
    machines.add(new Machine(machines.size(), kind, side));
  }

  /**
   * Requests left when nothing could happen any more. Prompts take memory without looking at what
   * their tokens will need on the same machine, as in splitwise-sim: a machine full of prompts may
   * have room for the tokens of none.
   */
  public long held() {
    return jobs.size();
  }

  /** Distributions of the figures. */
  public Measurements measurements() {
    return measurements;
  }

  /**
   * Runs until every request has ended. Steps in which nothing can change are run in one go; times
   * are those of step by step.
   */
  public ServingResult run(ArrivalSource source) {
    expectNext(source);
    while (events.advance()) {
      switch (events.type()) {
        case ARRIVAL -> {
          arrive();
          expectNext(source);
        }
        case TRANSFERRED -> receive(Objects.requireNonNull(jobs.get((int) events.subject())));
        default -> {
          Machine machine = machines.get((int) events.subject());
          if (machine.plan == (int) (events.subject() >>> Integer.SIZE)) {
            end(machine);
          }
        }
      }
    }
    return new ServingResult(
        measurements.completed(),
        iterations,
        measurements.preemptions(),
        rejected,
        Nanos.seconds(measurements.makespanNanos()),
        measurements.outputTokens(),
        measurements.inputTokens(),
        0,
        Nanos.seconds(busyNanos),
        Double.NaN,
        Double.NaN,
        measurements.ttft(),
        measurements.tpot(),
        measurements.tbt(),
        measurements.endToEnd());
  }

  private void expectNext(ArrivalSource source) {
    if (source.next(arrival)) {
      events.schedule(arrival.timeNanos, ARRIVAL, 0);
    }
  }

  private void arrive() {
    int slot = table.add(arrived++, events.timeNanos(), arrival.inputTokens, arrival.outputTokens);
    table.counted[slot] = arrival.counted;
    measurements.arrived(arrival.counted);
    Job job = route(slot);
    if (job.promptTokens() > job.prefill.kind.cacheTokens()
        || job.allTokens() > job.decode.kind.cacheTokens()) {
      rejected++;
      requestSink.rejected(table, slot);
      table.remove(slot);
      return;
    }
    jobs.put(slot, job);
    table.replica[slot] = job.decode.number;
    job.prefill.pendingTokens += job.input;
    job.decode.pendingTokens++;
    if (job.moves()) {
      job.prefill.promisedTokens += job.promptTokens();
    }
    job.decode.promisedTokens += job.allTokens();
    job.prefill.prompts.addLast(job);
    touch(job.prefill);
  }

  private Job route(int slot) {
    if (!split) {
      Machine machine = least(machines, each -> each.pendingTokens);
      return job(slot, machine, machine);
    }
    List<Machine> prefills = side(Machine.Side.PREFILL);
    List<Machine> decodes = side(Machine.Side.DECODE);
    List<Machine> mixed = side(Machine.Side.MIXED);
    List<Machine> prefill = prefillMachine(prefills);
    if (prefill.isEmpty()) {
      prefill = prefillMachine(mixed);
    }
    List<Machine> decode = decodeMachine(decodes);
    if (decode.isEmpty()) {
      decode = decodeMachine(mixed);
    }
    if (prefill.isEmpty() && !decodes.isEmpty()) {
      prefill = lend(least(decodes, each -> each.pendingTokens));
    }
    if (decode.isEmpty() && !prefills.isEmpty()) {
      decode = lend(least(prefills, each -> each.promisedTokens));
    }
    if (prefill.isEmpty() || decode.isEmpty()) {
      prefill = List.of(least(machines, each -> each.pendingTokens));
      decode = prefill;
    }
    return job(slot, prefill.getFirst(), decode.getFirst());
  }

  private Job job(int slot, Machine prefill, Machine decode) {
    return new Job(slot, arrival.inputTokens, arrival.outputTokens, prefill, decode);
  }

  private List<Machine> side(Machine.Side side) {
    return sides.computeIfAbsent(
        side, wanted -> machines.stream().filter(machine -> machine.side == wanted).toList());
  }

  private void move(Machine machine, Machine.Side side) {
    if (machine.side != side) {
      machine.side = side;
      sides.clear();
    }
  }

  private List<Machine> lend(Machine machine) {
    move(machine, Machine.Side.MIXED);
    return List.of(machine);
  }

  /** The best of some machines for the prompt; none where its queue is long. */
  private List<Machine> prefillMachine(List<Machine> from) {
    if (from.isEmpty()) {
      return from;
    }
    Machine best = least(from, each -> each.pendingTokens);
    boolean isLong = best.hasQueue() && best.pendingTokens + arrival.inputTokens > LONG_QUEUE;
    return isLong ? List.of() : List.of(best);
  }

  /** The best of some machines for the tokens; none where its memory would overflow. */
  private List<Machine> decodeMachine(List<Machine> from) {
    if (from.isEmpty()) {
      return from;
    }
    Machine best = least(from, each -> each.promisedTokens);
    long wanted = 2L * arrival.inputTokens + 1 + arrival.outputTokens;
    boolean full = best.promisedTokens + wanted >= best.kind.cacheTokens();
    return full ? List.of() : List.of(best);
  }

  private static Machine least(List<Machine> from, ToLongFunction<Machine> load) {
    Machine best = from.getFirst();
    long lowest = load.applyAsLong(best);
    for (Machine machine : from) {
      long its = load.applyAsLong(machine);
      if (its < lowest) {
        best = machine;
        lowest = its;
      }
    }
    return best;
  }

  private void start(Machine machine) {
    long now = events.timeNanos();
    machine.select();
    machine.busy = !machine.batch().isEmpty();
    if (!machine.busy) {
      if (!machine.hasQueue()) {
        move(machine, machine.home);
      } else if (!machine.ready.isEmpty() && machine.ready.stream().noneMatch(job -> job.keptOut)) {
        // Whoever let a batch pass goes now; nobody is there to pass.
        start(machine);
      }
      return;
    }
    for (Job job : machine.batch()) {
      table.scheduled(job.slot, now);
    }
    machine.startNanos = now;
    machine.stepNanos = Nanos.of(machine.seconds());
    machine.steps = coalescing ? machine.repeats() : 1;
    plan(machine);
  }

  /** A later plan for a machine puts the ones before out of force. */
  private void plan(Machine machine) {
    machine.plan++;
    long end = machine.startNanos + machine.steps * machine.stepNanos;
    events.schedule(end, BATCH_END, (long) machine.plan << Integer.SIZE | machine.number);
  }

  /** Something came for a machine: it sees that when the step under way ends. */
  private void touch(Machine machine) {
    if (!machine.busy) {
      start(machine);
      return;
    }
    long since = events.timeNanos() - machine.startNanos;
    int steps = (int) Math.min(machine.steps, Math.ceilDiv(since, machine.stepNanos));
    if (Math.max(1, steps) < machine.steps) {
      machine.steps = Math.max(1, steps);
      plan(machine);
    }
  }

  private void end(Machine machine) {
    long now = events.timeNanos();
    List<Job> batch = machine.batch();
    iterations += machine.steps;
    busyNanos += now - machine.startNanos;
    int decodes = batch.size() - machine.batchPrompts();
    iterationSink.ended(
        machine.number,
        machine.startNanos,
        now,
        batch.size(),
        machine.batchTokens() - decodes,
        decodes);
    List<Job> remaining = new ArrayList<>(batch.size());
    for (Job job : batch) {
      token(job, machine);
      if (job.generated >= job.output) {
        finish(job, machine);
      } else if (job.state == Job.State.PROMPT) {
        prompted(job);
      } else {
        remaining.add(job);
      }
    }
    if (machine.steps > 1) {
      measurements.gap(machine.stepNanos, (machine.steps - 1) * batch.size());
    }
    machine.keep(remaining);
    start(machine);
  }

  /** The token of each step of the batch; the gaps after the first are all a step. */
  private void token(Job job, Machine machine) {
    long now = machine.startNanos + machine.stepNanos;
    long last = table.lastTokenNanos[job.slot];
    if (last == RequestTable.UNSET) {
      table.firstTokenNanos[job.slot] = now;
    } else {
      measurements.gap(now - last, 1);
    }
    table.lastTokenNanos[job.slot] = events.timeNanos();
    job.generated += machine.steps;
    if (last == RequestTable.UNSET) {
      job.prefill.pendingTokens -= job.input;
    }
  }

  /** A prompt is done: its tokens follow here, or its cache is sent. */
  private void prompted(Job job) {
    job.state = Job.State.READY;
    if (!job.moves()) {
      job.decode.ready.add(job);
      return;
    }
    double seconds = job.input / setup.transferTokensPerSecond();
    events.schedule(events.timeNanos() + Nanos.of(seconds), TRANSFERRED, job.slot);
  }

  private void receive(Job job) {
    job.prefill.release(job);
    job.prefill.promisedTokens -= job.promptTokens();
    job.decode.ready.add(job);
    touch(job.decode);
    if (job.prefill.busy || job.prefill.hasQueue()) {
      touch(job.prefill);
    }
  }

  private void finish(Job job, Machine machine) {
    job.state = Job.State.DONE;
    machine.release(job);
    job.decode.pendingTokens--;
    job.decode.promisedTokens -= job.allTokens();
    if (job.moves() && machine.equals(job.prefill)) {
      job.prefill.promisedTokens -= job.promptTokens();
    }
    table.preemptions[job.slot] = job.preemptions;
    measurements.ended(table, job.slot);
    requestSink.ended(table, job.slot);
    jobs.remove(job.slot);
    table.remove(job.slot);
  }
}
