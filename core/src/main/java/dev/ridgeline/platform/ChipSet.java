package dev.ridgeline.platform;

import dev.ridgeline.units.BytesPerSecond;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the platform that a short name such as {@code 4x8xh100-sxm} means. */
public final class ChipSet {
  private ChipSet() {}

  /**
   * {@code nodes} nodes of {@code chipsPerNode} chips, joined by the chip's own links.
   *
   * <p>Links that reach beyond a standard node, as in a rack of GB200 or a TPU slice, join the
   * nodes too.
   *
   * @param name name of the platform
   * @param nodes at least 1
   * @param chipsPerNode at least 1
   */
  public static Platform of(String name, int nodes, int chipsPerNode, Chip chip) {
    List<NetworkLevel> levels = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int chips = Math.multiplyExact(nodes, chipsPerNode);
    boolean reaches = nodes > 1 && reachesBeyondNode(chip, chips);
    boolean joined = addInnerLevels(levels, notes, chip, reaches ? chips : chipsPerNode);
    if (nodes > 1 && !reaches) {
      if (chip.scaleOut().isPresent()) {
        levels.add(NetworkLevel.of(chip.scaleOut().get(), nodes));
      } else {
        joined = false;
        notes.add("the catalog knows no network between nodes of " + chip.name());
      }
    }
    int perHost = chipsPerNode % chip.nodeChips() == 0 ? chip.nodeChips() : chipsPerNode;
    return new Platform(
        name,
        chip,
        chips,
        joined ? levels : List.of(),
        perHost,
        // The chip's figure is that of its standard node, and says nothing about another one.
        perHost == chip.nodeChips() ? chip.hostPower() : Optional.empty(),
        chip.price().map(Price::perDevice),
        chip.price().map(Price::citation).orElse(""),
        notes);
  }

  private static boolean reachesBeyondNode(Chip chip, int chips) {
    return chip.scaleUp()
        .filter(link -> link.kind() == LinkKind.SWITCH || link.kind() == LinkKind.TORUS)
        .filter(link -> link.domain() > chip.nodeChips())
        .filter(link -> chips <= link.domain() || chips % link.domain() == 0)
        .isPresent();
  }

  private static boolean addInnerLevels(
      List<NetworkLevel> levels, List<String> notes, Chip chip, int chips) {
    if (chips == 1) {
      return true;
    }
    Optional<Link> link = chip.scaleUp();
    if (link.isEmpty()) {
      notes.add("the catalog knows no link between chips of " + chip.name());
      return false;
    }
    int domain = link.get().domain();
    if (domain == 0 || chips <= domain) {
      levels.add(part(link.get(), chips));
      return true;
    }
    Optional<Link> slot = chip.host().filter(host -> host.name().startsWith(Medium.PCIE.key()));
    boolean bridges = link.get().kind() == LinkKind.PAIR || link.get().kind() == LinkKind.MESH;
    if (bridges && slot.isPresent() && chips <= chip.nodeChips() && chips % domain == 0) {
      // Bridged groups of one server reach each other over its slots.
      levels.add(NetworkLevel.of(link.get(), domain));
      levels.add(NetworkLevel.of(slot.get(), chips / domain));
      return true;
    }
    if (chips % domain != 0 || chip.scaleOut().isEmpty()) {
      notes.add("%d chips of %s do not fill domains of %d".formatted(chips, chip.name(), domain));
      return false;
    }
    levels.add(NetworkLevel.of(link.get(), domain));
    levels.add(NetworkLevel.of(chip.scaleOut().get(), chips / domain));
    notes.add(
        "%s joins at most %d chips; the rest go over %s"
            .formatted(link.get().name(), domain, chip.scaleOut().get().name()));
    return true;
  }

  /** Some chips of a domain. Each has the links to those others and no more. */
  private static NetworkLevel part(Link link, int chips) {
    NetworkLevel level = NetworkLevel.of(link, chips);
    if (link.kind() != LinkKind.MESH || chips >= link.domain()) {
      return level;
    }
    double share = (chips - 1.0) / (link.domain() - 1.0);
    return new NetworkLevel(
        level.name(),
        level.kind(),
        level.size(),
        new BytesPerSecond(share * link.bandwidth().value()),
        level.latency(),
        level.reducesInNetwork(),
        level.dimensions());
  }
}
