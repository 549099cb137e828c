package dev.ridgeline.kernel;

import dev.ridgeline.kernel.CommShape.Library;
import dev.ridgeline.kernel.CommShape.Operation;

/** See {@link CommFamily}. */
final class CommKernel implements Kernel<CommShape> {
  private final Fabric fabric;
  private final double launch;
  private final double hop;
  private final double flaggedWords;
  private final double flaggedLinesHop;
  private final double flaggedLinesStart;
  private final double flaggedLines;
  private final double chunksHop;
  private final double chunksStart;
  private final double chunks;
  private final double ramp;
  private final double local;
  private final double inSwitch;
  private final double customLaunch;
  private final double peer;
  private final double oneShot;
  private final double secondBarrier;
  private final double twoShot;
  private final double host;
  private final double bridge;
  private final double socket;

  CommKernel(Fabric fabric, double[] constants) {
    this.fabric = fabric;
    launch = constants[0];
    hop = constants[1];
    flaggedWords = constants[2];
    flaggedLinesHop = constants[3];
    flaggedLinesStart = constants[4];
    flaggedLines = constants[5];
    chunksHop = constants[6];
    chunksStart = constants[7];
    chunks = constants[8];
    ramp = constants[9];
    local = constants[10];
    inSwitch = constants[11];
    customLaunch = constants[12];
    peer = constants[13];
    oneShot = constants[14];
    secondBarrier = constants[15];
    twoShot = constants[16];
    host = constants[17];
    bridge = constants[18];
    socket = constants[19];
  }

  @Override
  public double seconds(CommShape shape) {
    double ranks = shape.ranks();
    double bytes = shape.bytes();
    double hostShare = hostShare(ranks);
    double linkBytesPerSecond = fabric.ringBytesPerSecond(ranks) * hostShare;
    double perByte =
        shape.operation() == Operation.ALL_TO_ALL
            ? fabric.exchangeSecondsPerByte(ranks) / ranks / hostShare
            : (ranks - 1) / ranks / linkBytesPerSecond;
    double rounds = ranks - 1;
    double outerSeconds = fabric.outerSeconds(ranks, rounds);
    if (shape.operation() == Operation.ALL_REDUCE) {
      perByte *= 2;
      rounds *= 2;
      outerSeconds *= 2;
      // Within a host the tree is a chain, and as long as the ring.
      double treeRounds = 2 * fabric.treeDepth(ranks);
      if (treeRounds < rounds) {
        rounds = treeRounds;
        outerSeconds = Math.min(outerSeconds, fabric.outerTreeSeconds(ranks, 2));
      }
    }
    double transfer = bytes * perByte;
    boolean nccl = shape.library() == Library.NCCL;
    double nccls = nccl(shape, nccl, rounds, transfer, bytes / linkBytesPerSecond);
    nccls += outerSeconds;
    if (nccl || fabric.span(ranks) > 1) {
      return shape.library() == Library.VLLM_EAGER ? hostBound(nccls) : nccls;
    }
    double best = Math.min(nccls, custom(ranks, transfer, bytes / linkBytesPerSecond));
    return shape.library() == Library.VLLM_EAGER ? hostBound(best) : best;
  }

  private double hostShare(double ranks) {
    if (!fabric.overHost(ranks) || ranks <= 2) {
      return 1;
    }
    return ranks <= fabric.socketChips() ? bridge : socket;
  }

  private double nccl(
      CommShape shape, boolean smallProtocols, double rounds, double transfer, double whole) {
    double ranks = shape.ranks();
    double latency = hop * (rounds * chunksHop + chunksStart);
    double ideal = transfer / chunks;
    double best = latency + ideal + ramp * Math.sqrt(latency * ideal);
    if (smallProtocols) {
      best = Math.min(best, hop * rounds + transfer / flaggedWords);
      best =
          Math.min(
              best, hop * (rounds * flaggedLinesHop + flaggedLinesStart) + transfer / flaggedLines);
    }
    if (shape.operation() == Operation.ALL_REDUCE
        && shape.type().summedBySwitch()
        && fabric.reducesInSwitch(ranks)) {
      // Beyond a host each chip adds as much of the message as within it.
      double copied = local * whole * (1 / fabric.hostRanks(ranks) - 1 / ranks);
      best = Math.min(best, latency + (1 + 1 / ranks) * whole / inSwitch + copied);
    }
    return launch + local * whole / ranks + best;
  }

  private double custom(double ranks, double transfer, double whole) {
    double barrier = peer * (ranks - 1);
    double once = (ranks - 1) * whole / oneShot;
    double twice = secondBarrier * (barrier + hop) + transfer / twoShot;
    return customLaunch + barrier + Math.min(once, twice);
  }

  /** The larger of the two, rounded off: the host's time varies. */
  private double hostBound(double seconds) {
    double larger = Math.max(seconds, host);
    double ratio = Math.min(seconds, host) / larger;
    double squared = ratio * ratio;
    double fourth = squared * squared;
    return larger * Math.pow(1 + fourth * fourth, 0.125);
  }
}
