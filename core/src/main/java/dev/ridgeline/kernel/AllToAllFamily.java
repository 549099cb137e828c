package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.Optional;

/**
 * The exchanges before and after a layer of experts spread over ranks.
 *
 * <p>A token goes once to each rank that holds one of its experts: with {@code k} of {@code E}
 * experts drawn without replacement and {@code E / ep} on a rank, {@code ep (1 - C(E - E / ep, k) /
 * C(E, k))} ranks. The low-latency kernels, and combines of low precision, which round each
 * expert's output, send it once for each expert. Of those copies {@code 1 - 1 / ep} leave the chip.
 *
 * <p>A transfer takes the power mean, of exponent {@code blend}, of the links' time, of the time of
 * the multiprocessors given to the kernel, which also look at every rank a token skips, and, in the
 * low-latency kernels, of the warps that serve one expert each. Copies to other nodes go over the
 * outer level's links; DeepEP's kernels for throughput send a token once to each node, which hands
 * it on over its own links (deepseek-ai/DeepEP, normal kernels with NVLink and RDMA forwarding).
 * The fixed part has a launch, a barrier with each rank and a counter for each expert; {@code join}
 * says how far it overlaps the transfer.
 */
public final class AllToAllFamily implements KernelFamily<AllToAllShape> {
  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "all launches", 2e-6, 12e-6, 60e-6),
          new Parameter("rank", "s", "barrier with one rank", 1e-9, 1e-7, 5e-6),
          new Parameter("expert", "s", "counter of one expert", 1e-10, 1e-8, 1e-6),
          new Parameter("link", "1", "share of the links' bandwidth", 0.05, 0.6, 1),
          new Parameter("sm", "B/cycle", "copied by one multiprocessor", 1, 20, 200),
          new Parameter("copy", "cycles", "of one multiprocessor for a copy", 0.1, 30, 5000),
          new Parameter("blend", "1", "how well the parts of a transfer overlap", 1, 3, 8),
          new Parameter("join", "1", "how well fixed part and transfer overlap", 0.8, 1.2, 6),
          new Parameter("serve", "B/cycle", "copied by the warps of one expert", 0.05, 10, 60),
          new Parameter("skip", "1", "a rank that a token skips, in copies", 0.005, 0.1, 1));

  @Override
  public String name() {
    return "moe-alltoall";
  }

  @Override
  public String variant(AllToAllShape shape) {
    return shape.library().key() + "-" + shape.operation().key();
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public Optional<Crossing> crossing(Platform platform, AllToAllShape shape) {
    return Optional.of(Fabric.of(platform).crossing(shape.ep()));
  }

  @Override
  public Kernel<AllToAllShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    int multiprocessors = platform.chip().units();
    if (multiprocessors < 1) {
      throw new MissingFigureException(platform.chip().name(), "compute.units");
    }
    double clock =
        platform
            .chip()
            .clock()
            .orElseThrow(() -> new MissingFigureException(platform.chip().name(), "compute.clock"))
            .value();
    return new AllToAllKernel(Fabric.of(platform), multiprocessors, clock, constants);
  }
}
