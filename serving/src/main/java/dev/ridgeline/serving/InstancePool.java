package dev.ridgeline.serving;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.route.Router;
import dev.ridgeline.serving.traffic.Arrival;
import java.util.List;

/** The instances of one side, and who of them takes a request. */
final class InstancePool<I extends PoolInstance> implements Router.View {
  private final List<I> instances;
  private final Router router;

  InstancePool(List<I> instances, Router router) {
    this.instances = List.copyOf(instances);
    this.router = router;
  }

  List<I> instances() {
    return instances;
  }

  int size() {
    return instances.size();
  }

  I get(int index) {
    return instances.get(index);
  }

  /** Whether a request could ever run on any. */
  boolean admits(int slot) {
    return instances.stream().anyMatch(each -> each.admits(slot));
  }

  /**
   * Who is chosen, or of those that can hold the request the one with the fewest tokens if that one
   * cannot; -1 for nobody.
   */
  int choose(Arrival request, int slot) {
    int chosen = instances.size() == 1 ? 0 : router.route(request, this);
    return instances.get(chosen).admits(slot) ? chosen : leastLoaded(slot);
  }

  private int leastLoaded(int slot) {
    int best = -1;
    for (int index = 0; index < instances.size(); index++) {
      I each = instances.get(index);
      if (each.admits(slot) && (best < 0 || each.tokens() < instances.get(best).tokens())) {
        best = index;
      }
    }
    return best;
  }

  /** Requests that wait for a batch, or for blocks. */
  long waiting() {
    long waiting = 0;
    for (I each : instances) {
      waiting += each.waiting();
    }
    return waiting;
  }

  int usedBlocks() {
    int used = 0;
    for (I each : instances) {
      used += each.usedBlocks();
    }
    return used;
  }

  long busyNanos() {
    long busy = 0;
    for (I each : instances) {
      busy += each.replica().busyNanos();
    }
    return busy;
  }

  double joules() {
    double joules = 0;
    for (I each : instances) {
      joules += each.replica().joules();
    }
    return joules;
  }

  /** What they did so far. */
  DisaggregatedResult.Pool figures() {
    return new DisaggregatedResult.Pool(
        instances.size(),
        instances.stream().mapToInt(each -> each.kind().devices()).sum(),
        instances.stream().mapToLong(each -> each.replica().iterations()).sum(),
        Nanos.seconds(busyNanos()),
        joules());
  }

  @Override
  public int replicas() {
    return instances.size();
  }

  @Override
  public int waiting(int index) {
    return instances.get(index).waiting();
  }

  @Override
  public int outstanding(int index) {
    return waiting(index) + instances.get(index).replica().scheduler.running();
  }

  @Override
  public long promptTokens(int index) {
    return instances.get(index).tokens();
  }
}
