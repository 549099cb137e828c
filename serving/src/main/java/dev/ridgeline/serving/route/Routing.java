package dev.ridgeline.serving.route;

import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.traffic.Arrival;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Routers by name. */
public enum Routing {
  /** One after the other. */
  ROUND_ROBIN,
  /** Any. */
  RANDOM,
  /** Fewest requests in the replica, waiting or in progress. */
  JOIN_SHORTEST_QUEUE,
  /** Fewest prompt tokens of the requests in the replica. */
  LEAST_TOKENS,
  /** The better of two drawn at random (Mitzenmacher, IEEE TPDS 2001, doi:10.1109/71.963420). */
  POWER_OF_TWO,
  /** Fewest waiting requests, whatever is in progress: what Vidur calls least outstanding. */
  LOR,
  /** Requests of one session stay together; others go by join-shortest-queue. */
  SESSION,
  /** Requests whose prompts start alike go together, unless that replica is far behind. */
  PREFIX;

  /** As on the command line. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All names. */
  public static List<String> keys() {
    return Stream.of(values()).map(Routing::key).toList();
  }

  /** A router with no history. */
  public Router create(RandomStreams streams) {
    RandomGenerator random = streams.stream("router");
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobin();
      case RANDOM -> (_, view) -> random.nextInt(view.replicas());
      case JOIN_SHORTEST_QUEUE -> (_, view) -> least(view, view::outstanding);
      case LEAST_TOKENS -> (_, view) -> least(view, view::promptTokens);
      case POWER_OF_TWO -> (_, view) -> better(view, random);
      case LOR -> (_, view) -> least(view, view::waiting);
      case SESSION ->
          (arrival, view) ->
              arrival.session < 0
                  ? least(view, view::outstanding)
                  : spread(arrival.session, view.replicas());
      case PREFIX -> Routing::byPrefix;
    };
  }

  private static final class RoundRobin implements Router {
    private int next;

    @Override
    public int route(Arrival arrival, View view) {
      int chosen = next;
      next = (next + 1) % view.replicas();
      return chosen;
    }
  }

  /** What is compared. */
  private interface Load {
    long of(int replica);
  }

  private static int least(Router.View view, Load load) {
    int best = 0;
    for (int replica = 1; replica < view.replicas(); replica++) {
      if (load.of(replica) < load.of(best)) {
        best = replica;
      }
    }
    return best;
  }

  private static int better(Router.View view, RandomGenerator random) {
    int one = random.nextInt(view.replicas());
    int other = random.nextInt(view.replicas());
    return view.outstanding(other) < view.outstanding(one) ? other : one;
  }

  private static int byPrefix(Arrival arrival, Router.View view) {
    long[] ids = arrival.content.ids();
    int shortest = least(view, view::outstanding);
    if (ids.length == 0) {
      return shortest;
    }
    int home = spread(ids[Math.min(1, ids.length - 1)], view.replicas());
    // Twice as many requests as the shortest queue has cost more than the prefix saves.
    return view.outstanding(home) > 2 * view.outstanding(shortest) + 8 ? shortest : home;
  }

  private static int spread(long key, int replicas) {
    long mixed = key * 0x9e3779b97f4a7c15L;
    return (int) Math.floorMod(mixed ^ (mixed >>> 32), (long) replicas);
  }
}
