package dev.ridgeline.kernel;

import dev.ridgeline.platform.Link;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.Medium;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What collectives look at: the levels of a network, innermost first, and how many chips are within
 * each.
 *
 * <p>Where more ranks are asked for than the platform joins, the chip's own links go on: its
 * scale-up link as far as its domain, then its scale-out link.
 */
final class Fabric {
  private static final int WORKSTATION = 4;

  private final String name;
  private final NetworkLevel[] levels;
  private final double[] reach;
  private final int hostChips;

  private Fabric(String name, List<NetworkLevel> levels, int hostChips) {
    this.name = name;
    this.levels = levels.toArray(NetworkLevel[]::new);
    this.hostChips = hostChips;
    reach = new double[levels.size()];
    double within = 1;
    for (int index = 0; index < reach.length; index++) {
      within *= levels.get(index).size();
      reach[index] = within;
    }
  }

  static Fabric of(Platform platform) {
    List<NetworkLevel> levels = new ArrayList<>(platform.levels());
    if (levels.isEmpty()) {
      Link link =
          platform
              .chip()
              .scaleUp()
              .orElseThrow(
                  () -> new MissingFigureException(platform.chip().name(), "links.scale_up"));
      int size = link.domain() == 0 ? platform.chip().nodeChips() : link.domain();
      levels.add(NetworkLevel.of(link, Math.max(2, size)));
    } else if (levels.size() == 1) {
      widen(platform, levels);
    }
    platform
        .chip()
        .scaleOut()
        .filter(out -> !levels.getLast().name().equals(out.name()))
        .ifPresent(out -> levels.add(NetworkLevel.of(out, Integer.MAX_VALUE)));
    int chips = Math.max(platform.chipsPerNode(), platform.chip().nodeChips());
    return new Fabric(platform.name(), levels, Math.max(1, chips));
  }

  /** A standard node cut out of a larger domain goes on to the domain's end. */
  private static void widen(Platform platform, List<NetworkLevel> levels) {
    platform
        .chip()
        .scaleUp()
        .filter(link -> link.name().equals(levels.getFirst().name()))
        .filter(link -> link.domain() > levels.getFirst().size())
        .ifPresent(link -> levels.set(0, NetworkLevel.of(link, link.domain())));
  }

  /**
   * Number of levels that many ranks span.
   *
   * @throws MissingFigureException where no stated link reaches so far
   */
  int span(double ranks) {
    for (int index = 0; index < reach.length; index++) {
      if (ranks <= reach[index]) {
        return index + 1;
      }
    }
    throw new MissingFigureException(
        name, String.format(Locale.ROOT, "links.scale_out to join %.0f chips", ranks));
  }

  /**
   * One-way bytes a second of one chip towards {@code members} chips of a level: part of a mesh has
   * part of its links.
   */
  private double bytesPerSecond(int index, double members) {
    NetworkLevel level = levels[index];
    double all = level.bandwidth().value();
    return level.kind() == LinkKind.MESH && members < level.size()
        ? all * (members - 1) / (level.size() - 1)
        : all;
  }

  /** Chips within the level, at most {@code ranks}. */
  double within(int index, double ranks) {
    return index < 0 ? 1 : Math.min(ranks, reach[index]);
  }

  /**
   * One-way bytes a second of a ring through all ranks, for one rank. All chips of an inner group
   * lend their outer links to the rings that leave it, as many as the least filled group has.
   */
  double ringBytesPerSecond(double ranks) {
    int span = span(ranks);
    double least = Double.POSITIVE_INFINITY;
    for (int index = 0; index < span; index++) {
      double inside = within(index - 1, ranks);
      double members = Math.ceil(within(index, ranks) / inside);
      double rest = ranks % inside;
      least = Math.min(least, bytesPerSecond(index, members) * (rest == 0 ? inside : rest));
    }
    return least;
  }

  /** Seconds a ring of {@code rounds} rounds adds where it leaves the innermost level. */
  double outerSeconds(double ranks, double rounds) {
    int span = span(ranks);
    double sum = 0;
    for (int index = 1; index < span; index++) {
      double groups = Math.ceil(ranks / within(index - 1, ranks));
      sum += rounds / ranks * groups * levels[index].latency().value();
    }
    return sum;
  }

  /**
   * Hops from the leaves of a tree to its root: a chain through the chips of a host, and a binary
   * tree over hosts.
   */
  double treeDepth(double ranks) {
    double chain = Math.min(ranks, hostChips);
    return chain - 1 + halvings(ranks / chain);
  }

  /** Seconds that {@code passes} from leaves to root add where they leave the innermost level. */
  double outerTreeSeconds(double ranks, double passes) {
    int span = span(ranks);
    double sum = 0;
    for (int index = 1; index < span; index++) {
      double groups = within(index, ranks) / within(index - 1, ranks);
      sum += passes * halvings(groups) * levels[index].latency().value();
    }
    return sum;
  }

  private static double halvings(double groups) {
    return Math.ceil(Math.log(groups) / Math.log(2) - 1e-9);
  }

  /** Seconds to send one byte to every other of {@code ranks} chips, each to itself. */
  double exchangeSecondsPerByte(double ranks) {
    return exchangeSecondsPerByte(ranks, 1);
  }

  /** Groups of chips that the innermost links join, among {@code ranks}. */
  double groups(double ranks) {
    return Math.ceil(ranks / within(0, ranks));
  }

  /** The same where only {@code outerShare} of what leaves the innermost links is sent. */
  double exchangeSecondsPerByte(double ranks, double outerShare) {
    int span = span(ranks);
    double worst = 0;
    for (int index = 0; index < span; index++) {
      double inside = within(index - 1, ranks);
      double beyond = within(index, ranks) - inside;
      double members = Math.ceil(within(index, ranks) / inside);
      double sent = index == 0 ? beyond : beyond * outerShare;
      worst = Math.max(worst, sent / bytesPerSecond(index, members));
    }
    return worst;
  }

  /** Ranks that share a host, at most. */
  double hostRanks(double ranks) {
    return Math.min(ranks, hostChips);
  }

  /** Whether the innermost level adds in its switch and holds all ranks. */
  boolean reducesInSwitch(double ranks) {
    return span(ranks) == 1 && levels[0].reducesInNetwork();
  }

  /** What so many ranks cross. Hosts of cards decide where there is one on the way. */
  Crossing crossing(double ranks) {
    boolean host = overHost(ranks);
    return new Crossing(host ? Medium.PCIE : Medium.of(levels[0]), host && ranks > 2);
  }

  /** Whether ranks talk over the host's bus. */
  boolean overHost(double ranks) {
    for (int index = 0; index < span(ranks); index++) {
      if (levels[index].kind() == LinkKind.HOST) {
        return true;
      }
    }
    return false;
  }

  /**
   * Chips that share one of the host's processors: servers of PCIe cards have two processors,
   * workstations of up to four cards one.
   */
  int socketChips() {
    return hostChips <= WORKSTATION ? hostChips : hostChips / 2;
  }
}
