package dev.ridgeline.cost;

import java.util.Arrays;

/**
 * What a step costs on one replica of a program: the reused accumulator of the hot path. Times are
 * of one device of each stage; traffic, flops and energy are of all devices of one replica.
 */
public final class StepCost {
  /** Time from the first stage's start to the last stage's end for one micro-batch. */
  public double timeSeconds;

  /** Time of the slowest stage: what a full pipeline takes for each micro-batch. */
  public double slowestStageSeconds;

  /** Of the time, what compute bounds. */
  public double computeSeconds;

  /** Of the time, what memory bounds. */
  public double memorySeconds;

  /** Of the time, what the network bounds. */
  public double networkSeconds;

  /** Of the time, what no resource explains. */
  public double overheadSeconds;

  /** Of the time, what the power limit adds. */
  public double powerSeconds;

  /** Of the time, what waiting for far memories adds. */
  public double offloadSeconds;

  /** Time in which stages stream from far memories, hidden behind other work or not. */
  public double streamSeconds;

  /** Work of all devices of the replica. */
  public double flops;

  /**
   * Bytes by memory tier, over all devices of the replica: the chip's tiers, then the memories
   * beside it that are streamed from.
   */
  public final double[] tierTrafficBytes;

  /** Bytes between devices. */
  public double networkBytes;

  /** Energy beyond static power, over all devices of the replica. */
  public double dynamicJoules;

  final double[] stageSeconds;
  final double[] stageMatrixSeconds;
  final double[] stageVectorSeconds;
  final double[][] stageTierSeconds;
  final double[][] stageLevelSeconds;
  final double[] stageStreamSeconds;
  final double[] stageJoules;
  final OperatorCost operator;

  /**
   * @param stages pipeline stages
   * @param chipTiers memory tiers of the chip
   * @param tiers these and the memories beside it
   * @param levels network levels
   */
  StepCost(int stages, int chipTiers, int tiers, int levels) {
    tierTrafficBytes = new double[tiers];
    stageSeconds = new double[stages];
    stageMatrixSeconds = new double[stages];
    stageVectorSeconds = new double[stages];
    stageTierSeconds = new double[stages][chipTiers];
    stageLevelSeconds = new double[stages][levels];
    stageStreamSeconds = new double[stages];
    stageJoules = new double[stages];
    operator = new OperatorCost(chipTiers, levels);
  }

  void clear() {
    timeSeconds = 0;
    slowestStageSeconds = 0;
    computeSeconds = 0;
    memorySeconds = 0;
    networkSeconds = 0;
    overheadSeconds = 0;
    powerSeconds = 0;
    offloadSeconds = 0;
    streamSeconds = 0;
    flops = 0;
    networkBytes = 0;
    dynamicJoules = 0;
    Arrays.fill(tierTrafficBytes, 0);
    Arrays.fill(stageSeconds, 0);
    Arrays.fill(stageMatrixSeconds, 0);
    Arrays.fill(stageVectorSeconds, 0);
    Arrays.fill(stageStreamSeconds, 0);
    Arrays.fill(stageJoules, 0);
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      Arrays.fill(stageTierSeconds[stage], 0);
      Arrays.fill(stageLevelSeconds[stage], 0);
    }
  }

  static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  /** Time of one stage for one micro-batch. */
  public double stageSeconds(int stage) {
    return stageSeconds[stage];
  }

  /** What most of the time is spent on. */
  public Bound bound() {
    double largest =
        Math.max(
            Math.max(Math.max(computeSeconds, memorySeconds), networkSeconds),
            Math.max(Math.max(overheadSeconds, powerSeconds), offloadSeconds));
    if (largest == offloadSeconds && largest > 0) {
      return Bound.OFFLOAD;
    }
    if (largest == memorySeconds) {
      return Bound.MEMORY;
    }
    if (largest == computeSeconds) {
      return Bound.COMPUTE;
    }
    if (largest == networkSeconds) {
      return Bound.NETWORK;
    }
    return largest == overheadSeconds ? Bound.OVERHEAD : Bound.POWER;
  }
}
