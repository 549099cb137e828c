package dev.ridgeline.serving;

import dev.ridgeline.events.EventQueue;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.TokenWatch;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.route.Router;
import dev.ridgeline.serving.schedule.TokenSink;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;

/**
 * One run: a stream of requests against equal replicas behind a router.
 *
 * <pre>{@code
 * ServingResult result = new Simulation(setup, RequestSink.NONE, IterationSink.NONE).run(trace);
 * }</pre>
 *
 * <p>Events of one time happen in this order: arrivals, hand-overs of the front end, ends of
 * batches, starts of batches. So a batch that starts sees every request that has come and every
 * batch that has ended by then.
 */
public final class Simulation implements TokenSink, Router.View {
  private static final int ARRIVAL = 0;
  private static final int DELIVERY = 1;
  private static final int BATCH_END = 2;
  private static final int START = 3;

  private final ServingSetup setup;
  private final boolean keepOrder;
  private final TokenWatch tokenWatch;
  private final boolean coalescing;
  private final RequestTable table = new RequestTable();
  private final EventQueue events = new EventQueue();
  private final Measurements measurements = new Measurements();
  private final Intake intake;
  private final CountedWork work;
  private final Router router;
  private final Replica[] replicas;
  private final int stages;

  private long inFrontEnd;
  private long frontEndFreeNanos;

  /** A run that has not started; use it once. */
  public Simulation(ServingSetup setup, RequestSink requestSink, IterationSink iterationSink) {
    this(setup, requestSink, iterationSink, TokenWatch.NONE);
  }

  /** As the other, for one who wants to know of every token; batches are then run one by one. */
  public Simulation(
      ServingSetup setup,
      RequestSink requestSink,
      IterationSink iterationSink,
      TokenWatch tokenWatch) {
    this.setup = setup;
    this.tokenWatch = tokenWatch;
    this.coalescing = setup.coalescing() && tokenWatch.equals(TokenWatch.NONE);
    // Told in order of their ends, batches of several replicas must not run ahead of each other.
    this.keepOrder = !iterationSink.equals(IterationSink.NONE);
    RandomStreams streams = new RandomStreams(setup.seed());
    this.router = setup.routing().create(streams);
    this.stages = setup.options().pipelineStages();
    this.replicas = new Replica[setup.replicas()];
    for (int number = 0; number < replicas.length; number++) {
      replicas[number] =
          new Replica(
              number,
              setup
                  .policy()
                  .create(
                      table,
                      setup.options(),
                      streams.within("replica", number).stream("drafts"),
                      coalescing),
              setup.cost(),
              stages,
              setup.options().host(),
              iterationSink);
    }
    this.intake =
        new Intake(
            setup.concurrency(),
            setup.predictedOutput(),
            table,
            measurements,
            requestSink,
            events,
            ARRIVAL,
            this::admit);
    this.work = new CountedWork(this::busyNanos, this::joules);
  }

  /** Runs until every request has ended. */
  public ServingResult run(ArrivalSource source) {
    begin(source);
    while (advance()) {
      // Every event is one turn.
    }
    return result();
  }

  /** Takes the first request, without running yet. */
  public void begin(ArrivalSource source) {
    intake.begin(source);
  }

  /** Goes on by one event, having begun; false at the end. */
  public boolean advance() {
    if (!events.advance()) {
      return false;
    }
    switch (events.type()) {
      case ARRIVAL -> intake.arrive(events.subject());
      case DELIVERY -> {
        inFrontEnd--;
        deliver((int) events.subject());
      }
      case BATCH_END -> end((int) events.subject());
      default -> start(replicas[(int) events.subject()]);
    }
    return true;
  }

  /** Batches started so far. */
  public long iterations() {
    long iterations = 0;
    for (Replica replica : replicas) {
      iterations += replica.iterations();
    }
    return iterations;
  }

  /** Requests ended so far. */
  public long completed() {
    return measurements.all();
  }

  /** Requests that came and have not reached a replica's queue yet. */
  public long inFrontEnd() {
    return inFrontEnd;
  }

  /** Requests that wait, in the front end or for a batch. */
  public long waiting() {
    long waiting = inFrontEnd;
    for (Replica replica : replicas) {
      waiting += replica.scheduler.waiting();
    }
    return waiting;
  }

  /** Distributions of the figures so far. */
  public Measurements measurements() {
    return measurements;
  }

  private void admit(Arrival arrival) {
    work.arrived(arrival.counted);
    int slot = intake.enter(arrival);
    int target = replicas.length == 1 ? 0 : router.route(arrival, this);
    Replica replica = replicas[target];
    table.replica[slot] = target;
    if (!replica.scheduler.admits(slot)) {
      intake.reject(slot);
      return;
    }
    replica.promptTokens += arrival.inputTokens;
    long nanos = Nanos.of(setup.engine().frontEndSeconds(arrival.inputTokens));
    if (nanos == 0) {
      deliver(slot);
      return;
    }
    frontEndFreeNanos = Math.max(frontEndFreeNanos, events.timeNanos()) + nanos;
    inFrontEnd++;
    events.schedule(frontEndFreeNanos, DELIVERY, slot);
  }

  /** The front end has handed a request over. */
  private void deliver(int slot) {
    Replica replica = replicas[table.replica[slot]];
    replica.scheduler.add(slot);
    call(replica, events.timeNanos());
  }

  private long busyNanos() {
    long busy = 0;
    for (Replica replica : replicas) {
      busy += replica.busyNanos();
    }
    return busy;
  }

  private double joules() {
    double joules = 0;
    for (Replica replica : replicas) {
      joules += replica.joules();
    }
    return joules;
  }

  /** Lets a replica look for work once all that happens now has happened. */
  private void call(Replica replica, long now) {
    if (replica.hasRoom() && !replica.called) {
      replica.called = true;
      events.schedule(now, START, replica.number);
    }
  }

  private void end(int subject) {
    long now = events.timeNanos();
    Replica replica = replicas[subject / stages];
    Batch batch = replica.batch(subject % stages);
    replica.report(batch);
    replica.scheduler.complete(batch, now, this);
    replica.complete(subject % stages);
    intake.refill();
    if (stages == 1 && !replica.called) {
      start(replica);
    } else {
      call(replica, now);
    }
  }

  private void start(Replica replica) {
    long now = events.timeNanos();
    replica.called = false;
    while (replica.hasRoom()) {
      int index = replica.start(now);
      if (index < 0) {
        if (replica.idle() && replica.scheduler.waiting() > 0) {
          // Nothing is in progress and still it does not fit: it never will.
          replica.promptTokens -= dropHead(replica);
          continue;
        }
        return;
      }
      if (coalescing && stages == 1) {
        replica.coalesce(index, horizon(replica), this);
      }
      events.schedule(
          replica.batch(index).endNanos(), BATCH_END, (long) replica.number * stages + index);
    }
  }

  private int dropHead(Replica replica) {
    int slot = replica.scheduler.dropHead();
    int prompt = table.input[slot];
    intake.reject(slot);
    return prompt;
  }

  private long horizon(Replica replica) {
    if (intake.reacts() || frontEndFreeNanos > events.timeNanos()) {
      return events.nextNanos();
    }
    if (replicas.length > 1) {
      // In a closed loop, whoever ends on one replica may make room for a request to another.
      return keepOrder || setup.concurrency().isPresent() ? events.nextNanos() : intake.nextNanos();
    }
    return replica.scheduler.unmovedByArrivals() && !intake.cuts()
        ? Nanos.NEVER
        : intake.nextNanos();
  }

  @Override
  public void token(int slot, long nowNanos) {
    long last = table.lastTokenNanos[slot];
    if (last == RequestTable.UNSET) {
      table.firstTokenNanos[slot] = nowNanos;
    } else {
      measurements.gap(nowNanos - last, 1);
    }
    table.lastTokenNanos[slot] = nowNanos;
    tokenWatch.token(table, slot, last, nowNanos);
  }

  @Override
  public void gap(long nanos, int requests) {
    measurements.gap(nanos, requests);
  }

  @Override
  public void finished(int slot, long nowNanos) {
    replicas[table.replica[slot]].promptTokens -= table.input[slot];
    intake.finish(slot, nowNanos);
  }

  /** Blocks that requests hold. */
  int usedBlocks() {
    int used = 0;
    for (Replica replica : replicas) {
      used += replica.scheduler.usedBlocks();
    }
    return used;
  }

  /** Blocks in host memory. */
  int hostBlocks() {
    int blocks = 0;
    for (Replica replica : replicas) {
      blocks += replica.scheduler.hostBlocks();
    }
    return blocks;
  }

  private long movedBlocks() {
    long blocks = 0;
    for (Replica replica : replicas) {
      blocks += replica.movedBlocks();
    }
    return blocks;
  }

  /** The figures so far. */
  public ServingResult result() {
    return new ServingResult(
        measurements.completed(),
        iterations(),
        measurements.preemptions(),
        intake.rejected(),
        Nanos.seconds(measurements.makespanNanos()),
        measurements.outputTokens(),
        measurements.inputTokens(),
        measurements.prefixHitTokens(),
        work.busySeconds(),
        work.joules(),
        Double.NaN,
        measurements.ttft(),
        measurements.tpot(),
        measurements.tbt(),
        measurements.endToEnd(),
        movedBlocks());
  }

  @Override
  public int replicas() {
    return replicas.length;
  }

  @Override
  public int waiting(int replica) {
    return replicas[replica].scheduler.waiting();
  }

  @Override
  public int outstanding(int replica) {
    return replicas[replica].scheduler.waiting() + replicas[replica].scheduler.running();
  }

  @Override
  public long promptTokens(int replica) {
    return replicas[replica].promptTokens;
  }
}
