package dev.ridgeline.serving;

import dev.ridgeline.events.EventQueue;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.DisaggregatedSetup.FirstToken;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.Measurements;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.request.RequestTable;
import dev.ridgeline.serving.schedule.TokenSink;
import dev.ridgeline.serving.traffic.Arrival;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One run with prefill and decode on instances of their own. A request computes its prompt and its
 * first token on a prefill instance; its cache moves; a decode instance does the rest. Cache blocks
 * are held on the prefill side until the last byte has left, and on the decode side from before the
 * first byte leaves. The decode instance takes requests as its scheduler admits them, between two
 * of its batches, first come first served; one that it preempts it prefills again itself.
 *
 * <p>Nobody waits for ever: who could never fit is refused on arrival, blocks on the prefill side
 * come back as decode instances take requests, and these end what they have before they take more.
 *
 * <p>Instances are numbered prefill first. Events of one time happen in this order: arrivals,
 * hand-overs of the front end, ends of batches, layers and transfers, starts of batches.
 */
public final class DisaggregatedSimulation {
  private static final int ARRIVAL = 0;
  private static final int DELIVERY = 1;
  private static final int BATCH_END = 2;
  private static final int LAYER = 3;
  private static final int LINK = 4;
  private static final int ARRIVED_CACHE = 5;
  private static final int START = 6;

  /** Bits of a batch's place in its instance's pipeline. */
  private static final int STAGE_BITS = 12;

  private final DisaggregatedSetup setup;
  private final RequestTable table = new RequestTable();
  private final RequestTable prefillTable = new RequestTable();
  private final EventQueue events = new EventQueue();
  private final Measurements measurements = new Measurements();
  private final InstancePool<PrefillInstance> prefills;
  private final InstancePool<DecodeInstance> decodes;
  private final Intake intake;
  private final CountedWork work;
  private final KvHandover handover;
  private final TokenSink promptSink = new PromptSink();
  private final TokenSink tokenSink = new DecodeSink();

  /** What the decode side's router is told of a request. */
  private final Arrival prefilled = new Arrival();

  private Journey[] byPrefill = new Journey[64];

  /** A run that has not started; use it once. */
  public DisaggregatedSimulation(
      DisaggregatedSetup setup, RequestSink requestSink, IterationSink iterationSink) {
    this.setup = setup;
    List<PrefillInstance> prefilling = new ArrayList<>();
    for (ServingInstance kind : setup.prefill()) {
      prefilling.add(new PrefillInstance(prefilling.size(), kind, prefillTable, iterationSink));
    }
    List<DecodeInstance> decoding = new ArrayList<>();
    for (ServingInstance kind : setup.decode()) {
      decoding.add(
          new DecodeInstance(
              prefilling.size() + decoding.size(), kind, table, iterationSink, setup.coalescing()));
    }
    prefills =
        new InstancePool<>(
            prefilling, setup.prefillRouting().create(new RandomStreams(setup.seed())));
    decodes =
        new InstancePool<>(
            decoding, setup.decodeRouting().create(new RandomStreams(~setup.seed())));
    handover =
        new KvHandover(
            setup.transfer(),
            prefilling,
            decoding,
            events,
            LAYER,
            LINK,
            ARRIVED_CACHE,
            this::decodes);
    intake =
        new Intake(
            setup.concurrency(),
            setup.predictedOutput(),
            table,
            measurements,
            requestSink,
            events,
            ARRIVAL,
            this::admit);
    work =
        new CountedWork(
            () -> prefills.busyNanos() + decodes.busyNanos(),
            () -> prefills.joules() + decodes.joules());
  }

  /** Runs until nothing can happen any more. */
  public DisaggregatedResult run(ArrivalSource source) {
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
    long subject = events.subject();
    switch (events.type()) {
      case ARRIVAL -> intake.arrive(subject);
      case DELIVERY -> deliver(byPrefill[(int) subject]);
      case BATCH_END -> end((int) (subject >>> STAGE_BITS), (int) subject & ~(-1 << STAGE_BITS));
      case LAYER -> handover.layer(byPrefill[(int) subject]);
      case LINK -> handover.link(subject);
      case ARRIVED_CACHE -> handover.arrive(byPrefill[(int) subject]);
      default -> start((int) subject);
    }
    return true;
  }

  private void admit(Arrival request) {
    work.arrived(request.counted);
    int slot = intake.enter(request);
    long now = events.timeNanos();
    int prompt = prefillTable.add(table.id[slot], now, request.inputTokens, 1);
    prefillTable.priority[prompt] = request.priority;
    prefillTable.content[prompt] = request.content;
    prefillTable.replica[prompt] = prefills.choose(request, prompt);
    if (prefillTable.replica[prompt] < 0 || !decodable(slot)) {
      prefillTable.remove(prompt);
      intake.reject(slot);
      return;
    }
    var journey = new Journey(prompt, slot, prefillTable.replica[prompt]);
    if (byPrefill.length <= prompt) {
      byPrefill = Arrays.copyOf(byPrefill, 2 * prompt);
    }
    byPrefill[prompt] = journey;
    prefills.get(journey.prefill).replica().promptTokens += request.inputTokens;
    long delay = Nanos.of(setup.engine().frontEndSeconds(request.inputTokens));
    if (delay == 0) {
      deliver(journey);
    } else {
      events.schedule(now + delay, DELIVERY, prompt);
    }
  }

  private boolean decodable(int slot) {
    return table.output[slot] == 1 || decodes.admits(slot);
  }

  private int chooseDecode(int slot) {
    prefilled.inputTokens = table.input[slot];
    prefilled.outputTokens = table.output[slot];
    prefilled.session = table.session[slot];
    prefilled.content = table.content[slot];
    return decodes.choose(prefilled, slot);
  }

  /** The front end has handed a request over. */
  private void deliver(Journey journey) {
    PrefillInstance prefill = prefills.get(journey.prefill);
    prefill.replica().scheduler.add(journey.prefillSlot);
    call(prefill.replica());
  }

  /** Lets an instance look for work once all that happens now has happened. */
  private void call(Replica replica) {
    if (replica.hasRoom() && !replica.called) {
      replica.called = true;
      events.schedule(events.timeNanos(), START, replica.number);
    }
  }

  private Replica replica(int number) {
    return number < prefills.size()
        ? prefills.get(number).replica()
        : decodes.get(number - prefills.size()).replica();
  }

  private void start(int number) {
    replica(number).called = false;
    if (number < prefills.size()) {
      startPrefill(prefills.get(number));
    } else {
      startDecode(decodes.get(number - prefills.size()));
    }
  }

  private void startPrefill(PrefillInstance instance) {
    Replica replica = instance.replica();
    while (replica.hasRoom()) {
      int index = replica.start(events.timeNanos());
      if (index < 0) {
        return;
      }
      if (setup.transfer().layerWise()) {
        Batch batch = replica.batch(index);
        for (int entry = 0; entry < batch.listed(); entry++) {
          Journey journey = byPrefill[batch.slot(entry)];
          if (table.output[journey.slot] > 1) {
            if (journey.decode < 0) {
              ask(journey);
            }
            handover.computes(journey, batch, entry);
          }
        }
      }
      expectEnd(replica, index);
    }
  }

  private void expectEnd(Replica replica, int index) {
    events.schedule(
        replica.batch(index).endNanos(), BATCH_END, (long) replica.number << STAGE_BITS | index);
  }

  /** Chooses where a request decodes, and lets it wait for blocks there. */
  private void ask(Journey journey) {
    journey.decode = chooseDecode(journey.slot);
    DecodeInstance instance = decodes.get(journey.decode);
    int slot = journey.slot;
    table.replica[slot] = instance.replica().number;
    table.computed[slot] = table.input[slot];
    table.length[slot] = table.input[slot] + 1;
    instance.pending.addLast(journey);
    instance.pendingTokens += table.input[slot];
    call(instance.replica());
  }

  private void startDecode(DecodeInstance instance) {
    Replica replica = instance.replica();
    takePending(instance);
    while (replica.hasRoom()) {
      int index = replica.start(events.timeNanos());
      if (index < 0) {
        return;
      }
      if (setup.coalescing() && instance.kind().options().pipelineStages() == 1) {
        replica.coalesce(index, events.nextNanos(), tokenSink);
      }
      expectEnd(replica, index);
    }
  }

  private void takePending(DecodeInstance instance) {
    while (!instance.pending.isEmpty()
        && instance.receiver.reserve(instance.pending.getFirst().slot)) {
      Journey journey = instance.pending.removeFirst();
      instance.pendingTokens -= table.input[journey.slot];
      handover.reserved(journey);
    }
  }

  private void end(int number, int index) {
    Replica replica = replica(number);
    Batch batch = replica.batch(index);
    replica.report(batch);
    boolean prefill = number < prefills.size();
    if (prefill && setup.transfer().layerWise()) {
      for (int entry = 0; entry < batch.listed(); entry++) {
        handover.computed(byPrefill[batch.slot(entry)]);
      }
    }
    replica.scheduler.complete(batch, events.timeNanos(), prefill ? promptSink : tokenSink);
    replica.complete(index);
    intake.refill();
    call(replica);
  }

  /** The prefill side lets go, the decode side goes on. */
  private void decodes(Journey journey) {
    letGo(journey);
    long now = events.timeNanos();
    if (setup.firstToken() == FirstToken.DECODE) {
      first(journey.slot, now);
    }
    DecodeInstance instance = decodes.get(journey.decode);
    instance.receiver.resume(journey.slot);
    call(instance.replica());
  }

  private void letGo(Journey journey) {
    PrefillInstance prefill = prefills.get(journey.prefill);
    prefill.leave(journey.prefillSlot);
    prefillTable.remove(journey.prefillSlot);
    call(prefill.replica());
  }

  private void first(int slot, long now) {
    table.firstTokenNanos[slot] = now;
    table.lastTokenNanos[slot] = now;
  }

  /** What prefill instances bring forth. */
  private final class PromptSink implements TokenSink {
    @Override
    public void token(int slot, long nowNanos) {
      // The request ends here with its first token.
    }

    @Override
    public void gap(long nanos, int requests) {
      // Nobody decodes here.
    }

    @Override
    public void finished(int prompt, long now) {
      Journey journey = byPrefill[prompt];
      int slot = journey.slot;
      prefills.get(journey.prefill).replica().promptTokens -= table.input[slot];
      table.firstScheduledNanos[slot] = prefillTable.firstScheduledNanos[prompt];
      table.preemptions[slot] = prefillTable.preemptions[prompt];
      table.prefixHits[slot] = prefillTable.prefixHits[prompt];
      boolean over = table.output[slot] == 1;
      if (over || setup.firstToken() == FirstToken.PREFILL) {
        first(slot, now);
      }
      if (over) {
        table.replica[slot] = journey.prefill;
        letGo(journey);
        intake.finish(slot, now);
        return;
      }
      if (journey.decode < 0) {
        ask(journey);
      }
      handover.prompted(journey);
    }
  }

  /** What decode instances bring forth. */
  private final class DecodeSink implements TokenSink {
    @Override
    public void token(int slot, long now) {
      measurements.gap(now - table.lastTokenNanos[slot], 1);
      table.lastTokenNanos[slot] = now;
    }

    @Override
    public void gap(long nanos, int requests) {
      measurements.gap(nanos, requests);
    }

    @Override
    public void finished(int slot, long now) {
      intake.finish(slot, now);
    }
  }

  /** Requests ended so far. */
  public long completed() {
    return measurements.all();
  }

  /** Requests that wait for a batch, or for blocks. */
  public long waiting() {
    return prefills.waiting() + decodes.waiting();
  }

  /** Blocks taken on either side. */
  int usedBlocks() {
    return prefills.usedBlocks() + decodes.usedBlocks();
  }

  /** Distributions of the figures so far. */
  public Measurements measurements() {
    return measurements;
  }

  /** The figures so far. */
  public DisaggregatedResult result() {
    DisaggregatedResult.Pool prefill = prefills.figures();
    DisaggregatedResult.Pool decode = decodes.figures();
    var serving =
        new ServingResult(
            measurements.completed(),
            prefill.iterations() + decode.iterations(),
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
            measurements.endToEnd());
    return new DisaggregatedResult(serving, prefill, decode, handover.transfers(), table.size());
  }
}
