package dev.ridgeline.serving.route;

import dev.ridgeline.serving.traffic.Arrival;

/** Sends each request to a replica when it comes. */
public interface Router {
  /** The state of the replicas as a router sees it. */
  interface View {
    /** Replicas, numbered from 0. */
    int replicas();

    /** Requests that are not in progress. */
    int waiting(int replica);

    /** Requests in the replica, waiting or in progress. */
    int outstanding(int replica);

    /** Prompt tokens of the requests in the replica. */
    long promptTokens(int replica);
  }

  /** The replica for a request. */
  int route(Arrival arrival, View view);
}
