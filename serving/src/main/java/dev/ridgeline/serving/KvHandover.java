package dev.ridgeline.serving;

import dev.ridgeline.events.EventQueue;
import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.DisaggregatedSetup.Transfer;
import dev.ridgeline.serving.batch.Batch;
import dev.ridgeline.serving.link.KvNetwork;
import dev.ridgeline.serving.metrics.Durations;
import dev.ridgeline.serving.metrics.Quantiles;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves caches. The bytes of a chunk come layer by layer while its batch runs: its flow starts
 * after the first layer and is no faster than the layers come, until the batch ends. So where the
 * link keeps up, what is left at the end of a prompt is one layer. What found no blocks meanwhile
 * leaves in one piece once there are some and the prompt is done.
 */
final class KvHandover {
  /** Tells that a request may decode. */
  interface Arrivals {
    void arrived(Journey journey);
  }

  /** What sums of chunks differ by is nothing to send. */
  private static final double LEAST_BYTES = 0.5;

  private final Transfer transfer;
  private final List<PrefillInstance> prefills;
  private final List<DecodeInstance> decodes;
  private final EventQueue events;
  private final int layerEvent;
  private final int linkEvent;
  private final int arrivalEvent;
  private final Arrivals arrivals;
  private final KvNetwork network;
  private final List<Journey> journeys = new ArrayList<>();
  private final Durations blockWait = new Durations();
  private final Durations exposed = new Durations();
  private long version;

  KvHandover(
      Transfer transfer,
      List<PrefillInstance> prefills,
      List<DecodeInstance> decodes,
      EventQueue events,
      int layerEvent,
      int linkEvent,
      int arrivalEvent,
      Arrivals arrivals) {
    this.transfer = transfer;
    this.prefills = prefills;
    this.decodes = decodes;
    this.events = events;
    this.layerEvent = layerEvent;
    this.linkEvent = linkEvent;
    this.arrivalEvent = arrivalEvent;
    this.arrivals = arrivals;
    this.network =
        new KvNetwork(
            prefills.stream().mapToDouble(each -> each.kind().port().bytesPerSecond()).toArray(),
            decodes.stream().mapToDouble(each -> each.kind().port().bytesPerSecond()).toArray(),
            transfer.sharedBytesPerSecond());
  }

  private CachePort in(Journey journey) {
    return decodes.get(journey.decode).kind().port();
  }

  private double most(Journey journey) {
    return Math.min(
        prefills.get(journey.prefill).kind().port().sequenceBytesPerSecond(),
        in(journey).sequenceBytesPerSecond());
  }

  /** A chunk of a prompt that has chosen where it decodes is in a batch that starts. */
  void computes(Journey journey, Batch batch, int index) {
    int before = batch.cachedTokens(index);
    double bytes =
        in(journey).cacheBytes().applyAsDouble(before + batch.tokens(index))
            - in(journey).cacheBytes().applyAsDouble(before);
    long nanos = batch.endNanos() - batch.startNanos();
    journey.pieceBytes = Math.max(0, bytes);
    journey.pieceSeconds = Nanos.seconds(nanos);
    journey.pieceEndNanos = batch.endNanos();
    journey.firstLayerNanos = batch.startNanos() + nanos / in(journey).layers();
    if (journey.reserved) {
      expectLayer(journey);
    }
  }

  private void expectLayer(Journey journey) {
    long at = Math.max(events.timeNanos(), journey.firstLayerNanos);
    if (at < journey.pieceEndNanos && journey.pieceBytes > 0) {
      events.schedule(at, layerEvent, journey.prefillSlot);
    }
  }

  /** The first layer of the chunk in flight is there. */
  void layer(Journey journey) {
    if (journey.pieceBytes <= 0 || journey.pieceFlow >= 0) {
      return;
    }
    double asComputed = journey.pieceBytes / journey.pieceSeconds;
    double late = Nanos.seconds(events.timeNanos() - journey.firstLayerNanos);
    double waiting = asComputed * late;
    if (waiting > LEAST_BYTES) {
      send(journey, waiting, most(journey));
    }
    journey.pieceFlow =
        send(journey, journey.pieceBytes - waiting, Math.min(most(journey), asComputed));
  }

  /** The batch of a chunk ends: all its layers are there. */
  void computed(Journey journey) {
    if (journey.pieceFlow >= 0) {
      network.limit(journey.pieceFlow, most(journey), events.timeNanos());
      expectEnd();
      journey.pieceFlow = -1;
    }
    journey.pieceBytes = 0;
  }

  /** A request has blocks where it will decode. */
  void reserved(Journey journey) {
    journey.reserved = true;
    if (journey.prompted) {
      rest(journey);
    } else if (journey.pieceBytes > 0) {
      expectLayer(journey);
    }
  }

  /** A prompt is done. */
  void prompted(Journey journey) {
    journey.prompted = true;
    journey.promptedNanos = events.timeNanos();
    if (journey.reserved) {
      rest(journey);
    }
  }

  private void rest(Journey journey) {
    long now = events.timeNanos();
    blockWait.add(now - journey.promptedNanos, 1);
    journey.readyNanos = now;
    int prompt = prefills.get(journey.prefill).prompt(journey.prefillSlot);
    double bytes = in(journey).cacheBytes().applyAsDouble(prompt) - journey.sentBytes;
    if (bytes > LEAST_BYTES) {
      send(journey, bytes, most(journey));
    } else if (journey.flows == 0) {
      sent(journey);
    }
  }

  private int send(Journey journey, double bytes, double most) {
    int flow = network.start(journey.prefill, journey.decode, bytes, most, events.timeNanos());
    while (journeys.size() <= flow) {
      journeys.add(journey);
    }
    journeys.set(flow, journey);
    journey.flows++;
    journey.sentBytes += bytes;
    expectEnd();
    return flow;
  }

  /** Rates have changed: what was expected before is void. */
  private void expectEnd() {
    version++;
    if (network.nextNanos() != Nanos.NEVER) {
      events.schedule(network.nextNanos(), linkEvent, version);
    }
  }

  /** Flows may have ended. */
  void link(long subject) {
    if (subject != version) {
      return;
    }
    for (int flow = network.advance(events.timeNanos());
        flow >= 0;
        flow = network.advance(events.timeNanos())) {
      Journey journey = journeys.get(flow);
      journey.flows--;
      if (journey.pieceFlow == flow) {
        journey.pieceFlow = -1;
        journey.pieceBytes = 0;
      }
      if (journey.flows == 0 && journey.prompted) {
        sent(journey);
      }
    }
    expectEnd();
  }

  private void sent(Journey journey) {
    long latency = Nanos.of(transfer.latencySeconds());
    if (latency == 0) {
      arrive(journey);
    } else {
      events.schedule(events.timeNanos() + latency, arrivalEvent, journey.prefillSlot);
    }
  }

  /** The cache is there and may be used. */
  void arrive(Journey journey) {
    exposed.add(events.timeNanos() - journey.readyNanos, 1);
    arrivals.arrived(journey);
  }

  DisaggregatedResult.Transfers transfers() {
    return new DisaggregatedResult.Transfers(
        network.movedBytes(),
        Nanos.seconds(network.busyNanos()),
        Quantiles.of(blockWait),
        Quantiles.of(exposed));
  }
}
