package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.Optional;

/**
 * Collectives of NCCL and of the engines' own kernels.
 *
 * <p>With {@code n} ranks, a message of {@code M} bytes and {@code B} bytes a second of one chip's
 * links in one direction, a rank sends {@code fM}: {@code f = 2 (n - 1) / n} for an all-reduce,
 * {@code (n - 1) / n} for the others, in {@code r = 2 (n - 1)} or {@code n - 1} rounds. NCCL picks
 * among rings of three protocols (Hu et al., Demystifying NCCL, 2025, arXiv 2507.04786): 8-byte
 * words with a flag (LL), 128-byte lines with a flag (LL128), and chunks with a fence (Simple),
 * each with its own latency of a round and share of {@code B}; and reduction in the switch, {@code
 * (1 + 1 / n) M}, beside which a copy does not shrink beyond the ranks of one host. Simple moves
 * chunk after chunk, which costs {@code ramp sqrt(latency x transfer)}. All copy {@code M / n}
 * locally. Over several hosts an all-reduce goes up and down a binary tree of hosts, a chain within
 * each (Sanders et al. 2009, DOI 10.1016/j.parco.2009.09.001), so {@code r} grows with the
 * logarithm of hosts. The engines' own all-reduces read peers' memory: one shot {@code (n - 1) M},
 * or two shots {@code fM}, and leave large messages to NCCL, and all that leave the innermost
 * links. An eager launch lasts at least as long as the host takes.
 *
 * <p>On a host's PCIe bus two cards reach each other at {@code B}; more share a processor's host
 * bridge ({@code bridge} of B), and those of two processors the link between them ({@code socket}
 * of B).
 */
public final class CommFamily implements KernelFamily<CommShape> {
  /** Where links rather than starts take most of the time. */
  private static final double LARGE_BYTES = 1 << 20;

  private static final List<String> BOX = List.of("bridge", "socket");

  private static final List<String> REGIMES = List.of("small", "large");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "start of NCCL's kernel", 1e-6, 5e-6, 40e-6),
          new Parameter("hop", "s", "one round of flagged words", 5e-8, 1e-6, 8e-6),
          new Parameter("ll", "1", "share of the links flagged words reach", 0.01, 0.1, 0.5),
          new Parameter("ll128_hop", "1", "round of flagged lines, in hops", 1, 1.4, 8),
          new Parameter("ll128_start", "1", "start of flagged lines, in hops", 0.01, 1, 10),
          new Parameter("ll128", "1", "share of the links flagged lines reach", 0.05, 0.4, 1),
          new Parameter("simple_hop", "1", "round of chunks, in hops", 1, 4, 20),
          new Parameter("simple_start", "1", "start of chunks, in hops", 0.01, 3, 40),
          new Parameter("simple", "1", "share of the links chunks reach", 0.2, 0.75, 1),
          new Parameter("ramp", "1", "fill of the pipeline of chunks", 0.01, 0.5, 8),
          new Parameter("local", "1", "copy within the chip, over the links", 0.02, 0.4, 4),
          new Parameter("switch", "1", "share of the links with reduction there", 0.2, 0.6, 1),
          new Parameter("custom_launch", "s", "start of the engine's kernel", 1e-6, 3e-6, 40e-6),
          new Parameter("peer", "s", "its barrier, for each peer", 5e-9, 1e-7, 8e-6),
          new Parameter("one_shot", "1", "share of the links of one shot", 0.05, 0.6, 1),
          new Parameter("two_hop", "1", "second barrier over the first", 0.05, 2, 20),
          new Parameter("two_shot", "1", "share of the links of two shots", 0.05, 0.6, 1),
          new Parameter("host", "s", "host's time for an eager launch", 1e-6, 3e-5, 3e-4),
          new Parameter("bridge", "1", "share of a slot through a host bridge", 0.02, 0.15, 1),
          new Parameter("socket", "1", "share of a slot between processors", 0.005, 0.05, 1));

  @Override
  public String name() {
    return "comm";
  }

  @Override
  public String variant(CommShape shape) {
    return shape.library().key() + "-" + shape.operation().key();
  }

  @Override
  public List<String> regimes() {
    return REGIMES;
  }

  @Override
  public int regime(CommShape shape) {
    return shape.bytes() < LARGE_BYTES ? 0 : 1;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<String> ofTheBox() {
    return BOX;
  }

  @Override
  public Optional<Crossing> crossing(Platform platform, CommShape shape) {
    return Optional.of(Fabric.of(platform).crossing(shape.ranks()));
  }

  @Override
  public Kernel<CommShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    return new CommKernel(Fabric.of(platform), constants);
  }
}
