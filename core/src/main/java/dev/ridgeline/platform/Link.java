package dev.ridgeline.platform;

import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.Seconds;

/**
 * How a chip reaches its peers.
 *
 * @param name such as {@code nvlink4}
 * @param kind shape of the network behind it
 * @param bandwidth one direction, one chip, all its links together
 * @param latency of one hop with its software
 * @param domain most chips that can be joined this way; 0 for no bound
 * @param reducesInNetwork whether the switch can add while it forwards
 * @param dimensions of a torus; 1 for all other kinds
 */
public record Link(
    String name,
    LinkKind kind,
    BytesPerSecond bandwidth,
    Seconds latency,
    int domain,
    boolean reducesInNetwork,
    int dimensions) {

  /** A link of one dimension. */
  public Link(
      String name,
      LinkKind kind,
      BytesPerSecond bandwidth,
      Seconds latency,
      int domain,
      boolean reducesInNetwork) {
    this(name, kind, bandwidth, latency, domain, reducesInNetwork, 1);
  }

  public Link {
    if (domain < 0 || dimensions < 1 || !(bandwidth.value() > 0)) {
      throw new IllegalArgumentException(
          "link %s: domain %d, bandwidth %s".formatted(name, domain, bandwidth));
    }
  }

  /** The same link at a multiple of its bandwidth. */
  public Link times(double factor) {
    return new Link(
        name,
        kind,
        new BytesPerSecond(factor * bandwidth.value()),
        latency,
        domain,
        reducesInNetwork,
        dimensions);
  }
}
