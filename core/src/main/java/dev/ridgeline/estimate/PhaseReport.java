package dev.ridgeline.estimate;

import dev.ridgeline.cost.Bound;
import java.util.List;

/**
 * One phase of a request: the prompt, or the mean output token.
 *
 * @param name {@code prefill} or {@code decode}
 * @param timeSeconds time of the phase's step
 * @param computeSeconds part bound by compute
 * @param memorySeconds part bound by memory
 * @param networkSeconds part bound by the network
 * @param overheadSeconds part that no resource explains
 * @param powerSeconds part added by the power limit
 * @param offloadSeconds part spent waiting for far memories: what no other work hides
 * @param streamSeconds time in which the mean stage streams from far memories, hidden or not
 * @param pipelineSeconds part in which the mean stage waits: bubbles, uneven or unfilled stages
 * @param flops work of the deployment
 * @param trafficBytes bytes between memory and chips of the deployment
 * @param traffic the bytes of each memory: the chips' tiers, then what is streamed from elsewhere
 * @param networkBytes bytes between devices
 * @param energyJoules energy of the deployment's devices
 * @param bound what most of the time is spent on
 * @param operators operators of one micro-batch, in program order
 */
public record PhaseReport(
    String name,
    double timeSeconds,
    double computeSeconds,
    double memorySeconds,
    double networkSeconds,
    double overheadSeconds,
    double powerSeconds,
    double offloadSeconds,
    double streamSeconds,
    double pipelineSeconds,
    double flops,
    double trafficBytes,
    List<TierTraffic> traffic,
    double networkBytes,
    double energyJoules,
    Bound bound,
    List<OperatorReport> operators) {

  /**
   * Bytes of one memory.
   *
   * @param tier its name
   * @param bytes read and written, the deployment's devices together
   */
  public record TierTraffic(String tier, double bytes) {}

  public PhaseReport {
    traffic = List.copyOf(traffic);
    operators = List.copyOf(operators);
  }

  /** Streaming that other work hides. */
  public double hiddenStreamSeconds() {
    return Math.max(0, streamSeconds - offloadSeconds);
  }
}
