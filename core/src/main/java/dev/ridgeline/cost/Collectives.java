package dev.ridgeline.cost;

import dev.ridgeline.cost.CollectivePrice.LevelCost;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.Group;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;

/**
 * Prices of exchanges over a hierarchical network.
 *
 * <p>An all-reduce over several levels is a reduce-scatter going out, an all-reduce at the
 * outermost level and an all-gather coming back, so a level moves the payload divided by the
 * devices inside it. Algorithms and their costs, for {@code n} members, hop latency {@code a},
 * one-way bandwidth {@code b} and payload {@code M} (Thakur, Rabenseifner and Gropp, IJHPCA 2005,
 * doi 10.1177/1094342005051521; one- and two-shot as in TensorRT-LLM's and vLLM's custom
 * all-reduce; in-network reduction as in Klenk et al., ISCA 2020):
 *
 * <ul>
 *   <li>ring all-reduce: {@code 2(n-1)a + 2(n-1)/n M/b}
 *   <li>tree all-reduce: {@code 2 log2(n) a + 2 M/b}
 *   <li>one-shot (any-to-any levels): {@code a + (n-1) M/b}
 *   <li>two-shot (any-to-any levels): {@code 2a + 2(n-1)/n M/b}
 *   <li>reduction in the switch: {@code 2a + M/b}
 *   <li>ring all-gather of a result M: {@code (n-1)a + (n-1)/n M/b}; direct: {@code a} in place of
 *       {@code (n-1)a}
 *   <li>all-to-all: {@code a + (n-1)/n M/b}; on a torus of {@code d} dimensions with sides of
 *       {@code s} a byte crosses {@code d s / 4} links on average and {@code d s / 2} at most
 * </ul>
 */
final class Collectives {
  private Collectives() {}

  static OperatorPrice price(Collective collective, Site site) {
    Platform platform = site.platform();
    Group group = collective.group();
    List<Span> spans = spans(group, platform, site.devices());
    LevelCost[] costs = new LevelCost[spans.size()];
    double inside = 1;
    for (int index = 0; index < costs.length; index++) {
      Span span = spans.get(index);
      boolean outermost = index == costs.length - 1;
      costs[index] =
          switch (collective.pattern()) {
            case ALL_REDUCE -> allReduce(span, smallestPart(group.size(), inside), outermost);
            case ALL_GATHER -> allGather(span, spans, index);
            case ALL_TO_ALL -> allToAll(span, group.size(), inside);
          };
      inside *= span.members;
    }
    return new CollectivePrice(collective.payloadBytes(), costs, site.energy().joulesPerLinkByte());
  }

  /** The mean of all hops from stage to stage: some stay inside a level, others leave it. */
  static OperatorPrice price(Operator.Transfer transfer, Site site) {
    Platform platform = site.platform();
    int levels = platform.levels().size();
    int[] hops = new int[levels];
    for (int hop = 0; hop < transfer.hops(); hop++) {
      long from = (long) hop * transfer.stride();
      hops[levelJoining(from, from + transfer.stride(), platform)]++;
    }
    List<LevelCost> costs = new ArrayList<>();
    for (int index = 0; index < levels; index++) {
      if (hops[index] > 0) {
        NetworkLevel level = platform.levels().get(index);
        double share = (double) hops[index] / transfer.hops();
        double secondsPerByte = share * new Span(index, level, 2).neighbourPerByte();
        costs.add(
            new LevelCost(
                index,
                share,
                secondsPerByte,
                new double[] {share * level.latency().value()},
                new double[] {secondsPerByte}));
      }
    }
    return new CollectivePrice(
        transfer.payloadBytes(),
        costs.toArray(LevelCost[]::new),
        site.energy().joulesPerLinkByte());
  }

  /** A level that a group spans, with the members it joins there. */
  private record Span(int index, NetworkLevel level, int members) {
    double latency() {
      return level.latency().value();
    }

    double perByte() {
      return 1.0 / level.bandwidth().value();
    }

    boolean anyToAny() {
      return switch (level.kind()) {
        case SWITCH, MESH, HOST, PAIR -> true;
        case TORUS -> false;
      };
    }

    /** Hops of one turn around all rings: a torus turns in each of its dimensions. */
    double ringHops() {
      return dimensions() * (side() - 1);
    }

    int dimensions() {
      return level.kind() == LinkKind.TORUS ? level.dimensions() : 1;
    }

    double side() {
      return Math.pow(members, 1.0 / dimensions());
    }

    /**
     * Time of a byte over the links that members have between them. Part of a mesh has part of its
     * links. A torus uses all of a chip's links in rings; a block of side {@code s} cut out of it
     * has no wrap-around and so {@code (s - 1) / s} of them.
     */
    double sharedPerByte() {
      return switch (level.kind()) {
        case MESH -> perByte() * (level.size() - 1) / (members - 1.0);
        case TORUS -> members < level.size() ? perByte() * side() / (side() - 1) : perByte();
        case SWITCH, PAIR, HOST -> perByte();
      };
    }

    /** Time of a byte to one neighbour: one link of a mesh, one direction of a torus. */
    double neighbourPerByte() {
      return switch (level.kind()) {
        case MESH -> perByte() * (level.size() - 1);
        case TORUS -> perByte() * 2 * dimensions();
        case SWITCH, PAIR, HOST -> perByte();
      };
    }
  }

  /** Members of the least filled part of a group cut into parts: those whose links it has. */
  private static double smallestPart(int size, double part) {
    double rest = size % part;
    return rest == 0 ? part : rest;
  }

  /**
   * Whether some group of the devices in use lies across the end of a level although one would fit
   * into it, as the second of three ranks on nodes of four does.
   */
  static boolean straddles(Group group, long reach, int devices) {
    long extent = (long) group.size() * group.stride();
    return extent <= reach && devices > reach && reach % extent != 0;
  }

  private static List<Span> spans(Group group, Platform platform, int devices) {
    List<Span> spans = new ArrayList<>();
    long reach = 1;
    int joined = 1;
    for (int index = 0; index < platform.levels().size() && joined < group.size(); index++) {
      NetworkLevel level = platform.levels().get(index);
      reach *= level.size();
      int within = (int) Math.min(group.size(), Math.max(1, reach / group.stride()));
      if (straddles(group, reach, devices)) {
        within = Math.ceilDiv(group.size(), 2);
      }
      if (within > joined) {
        spans.add(new Span(index, level, Math.ceilDiv(within, joined)));
        joined = within;
      }
    }
    if (joined < group.size()) {
      throw unreachable(group.axis(), group.size(), platform);
    }
    return spans;
  }

  /** The innermost level at which two devices are in one group. */
  private static int levelJoining(long one, long other, Platform platform) {
    long reach = 1;
    for (int index = 0; index < platform.levels().size(); index++) {
      reach *= platform.levels().get(index).size();
      if (one / reach == other / reach) {
        return index;
      }
    }
    throw unreachable("pp", (int) other + 1, platform);
  }

  private static IllegalDeploymentException unreachable(
      String axis, int devices, Platform platform) {
    String why =
        platform.levels().isEmpty()
            ? "the chips of %s have no link to each other".formatted(platform.name())
            : "%s joins %d chips".formatted(platform.name(), platform.chips());
    return new IllegalDeploymentException(
        axis, Integer.toString(devices), why, platform.levels().isEmpty() ? "1" : "fewer ranks");
  }

  private static LevelCost allReduce(Span span, double inside, boolean outermost) {
    int members = span.members;
    double share = 1.0 / inside;
    double both = 2.0 * (members - 1) / members;
    double perByte = span.sharedPerByte() * share;
    List<double[]> algorithms = new ArrayList<>();
    algorithms.add(new double[] {2 * span.ringHops() * span.latency(), both * perByte});
    if (outermost) {
      algorithms.add(new double[] {2.0 * log2(members) * span.latency(), 2 * perByte});
    }
    double least = both;
    if (span.anyToAny()) {
      algorithms.add(new double[] {2 * span.latency(), both * perByte});
      if (outermost && inside == 1) {
        algorithms.add(new double[] {span.latency(), (members - 1) * perByte});
      }
    }
    if (span.level.reducesInNetwork() && outermost) {
      algorithms.add(new double[] {2 * span.latency(), perByte});
      least = Math.min(1.0, both);
    }
    return cost(span, least * share, algorithms);
  }

  private static LevelCost allGather(Span span, List<Span> spans, int index) {
    // Gathering from the outermost level inwards: a device first fetches its peers' parts across
    // the outer level, then shares what each has with its inner neighbours. The result has N parts;
    // at a level with n members of which each already holds "outside" parts, (n-1) x outside move.
    double outside = 1;
    for (int level = index + 1; level < spans.size(); level++) {
      outside *= spans.get(level).members;
    }
    double share = (span.members - 1) * outside / total(spans);
    double perByte = span.sharedPerByte() * share;
    List<double[]> algorithms = new ArrayList<>();
    algorithms.add(new double[] {span.ringHops() * span.latency(), perByte});
    if (span.anyToAny()) {
      algorithms.add(new double[] {span.latency(), perByte});
    }
    return cost(span, share, algorithms);
  }

  private static double total(List<Span> spans) {
    double total = 1;
    for (Span span : spans) {
      total *= span.members;
    }
    return total;
  }

  private static LevelCost allToAll(Span span, int size, double inside) {
    // Of the payload, the part for devices joined first at this level crosses it.
    double share = (span.members - 1) * inside / size;
    double hops = span.anyToAny() ? 1 : Math.max(1, span.dimensions() * span.side() / 4.0);
    double farthest = span.anyToAny() ? 1 : Math.max(1, span.dimensions() * span.side() / 2.0);
    double perByte = span.sharedPerByte() * share * hops;
    return cost(span, share * hops, List.of(new double[] {farthest * span.latency(), perByte}));
  }

  private static LevelCost cost(Span span, double leastBytes, List<double[]> algorithms) {
    double[] latency = new double[algorithms.size()];
    double[] perByte = new double[algorithms.size()];
    for (int index = 0; index < latency.length; index++) {
      latency[index] = algorithms.get(index)[0];
      perByte[index] = algorithms.get(index)[1];
    }
    return new LevelCost(
        span.index, leastBytes, leastBytes * span.sharedPerByte(), latency, perByte);
  }

  private static double log2(int members) {
    return 32 - Integer.numberOfLeadingZeros(members - 1);
  }
}
