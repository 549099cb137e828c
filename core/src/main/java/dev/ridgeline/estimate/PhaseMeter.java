package dev.ridgeline.estimate;

import dev.ridgeline.cost.Bound;
import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.ErrorBand;
import dev.ridgeline.cost.OperatorCost;
import dev.ridgeline.cost.OperatorPrice;
import dev.ridgeline.cost.Provenance;
import dev.ridgeline.cost.StepCost;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Row;
import dev.ridgeline.workload.StepFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Averages weighted steps into the report of a phase. */
final class PhaseMeter {
  private final BoundProgram bound;
  private final StepCost step;
  private final OperatorCost operator;
  private final double[][] rows;
  private double weightSum;
  private double timeSeconds;
  private double computeSeconds;
  private double memorySeconds;
  private double networkSeconds;
  private double overheadSeconds;
  private double powerSeconds;
  private double offloadSeconds;
  private double streamSeconds;
  private double pipelineSeconds;
  private double flops;
  private final double[] tierBytes;
  private double networkBytes;
  private double dynamicJoules;

  PhaseMeter(BoundProgram bound) {
    this.bound = bound;
    this.step = bound.newCost();
    this.operator = bound.newOperatorCost();
    this.tierBytes = new double[step.tierTrafficBytes.length];
    this.rows = new double[bound.program().rows().size()][9];
  }

  /**
   * Adds a step that runs as equal parts through the pipeline.
   *
   * @param part features of one part
   * @param parts micro-batches, at least 1
   * @param steady whether parts follow each other without end, as in decoding
   * @param weight share of this step in the mean
   * @return time of the step
   */
  double add(StepFeatures part, int parts, boolean steady, double weight) {
    return add(part, parts, part, 0, steady, weight);
  }

  /**
   * Adds a step whose parts are of two sizes.
   *
   * @param larger features of a larger part
   * @param largerParts how many there are, at least 1
   * @param smaller features of a smaller part
   * @param smallerParts how many there are; may be 0
   * @return time of the step
   */
  double add(
      StepFeatures larger,
      double largerParts,
      StepFeatures smaller,
      double smallerParts,
      boolean steady,
      double weight) {
    bound.evaluate(larger, step);
    double work = step.timeSeconds;
    double slowest = largerParts * step.slowestStageSeconds;
    double others = (largerParts - 1) * step.slowestStageSeconds;
    double parts = largerParts + smallerParts;
    double busy = addWork(step, weight * largerParts);
    addOperators(larger, weight * largerParts / parts);
    if (smallerParts > 0) {
      bound.evaluate(smaller, step);
      slowest += smallerParts * step.slowestStageSeconds;
      others += smallerParts * step.slowestStageSeconds;
      busy += addWork(step, weight * smallerParts);
      addOperators(smaller, weight * smallerParts / parts);
    }
    double time = steady ? Math.max(work, slowest) : work + others;
    weightSum += weight;
    timeSeconds += weight * time;
    pipelineSeconds += weight * time - busy;
    return time;
  }

  /** Adds what devices do; returns the time a stage is busy with it on average. */
  private double addWork(StepCost cost, double weight) {
    double perStage = weight / bound.program().stages();
    computeSeconds += perStage * cost.computeSeconds;
    memorySeconds += perStage * cost.memorySeconds;
    networkSeconds += perStage * cost.networkSeconds;
    overheadSeconds += perStage * cost.overheadSeconds;
    powerSeconds += perStage * cost.powerSeconds;
    flops += weight * cost.flops;
    networkBytes += weight * cost.networkBytes;
    offloadSeconds += perStage * cost.offloadSeconds;
    streamSeconds += perStage * cost.streamSeconds;
    for (int tier = 0; tier < tierBytes.length; tier++) {
      tierBytes[tier] += weight * cost.tierTrafficBytes[tier];
    }
    dynamicJoules += weight * cost.dynamicJoules;
    return perStage * cost.timeSeconds;
  }

  private void addOperators(StepFeatures part, double weight) {
    for (int row = 0; row < rows.length; row++) {
      bound.price(row, part, operator);
      double[] sums = rows[row];
      sums[0] += weight * operator.timeSeconds;
      sums[1] += weight * Math.max(operator.matrixSeconds, operator.vectorSeconds);
      sums[2] += weight * operator.memorySeconds;
      sums[3] += weight * operator.networkSeconds;
      sums[4] += weight * operator.flops;
      for (double bytes : operator.tierTrafficBytes) {
        sums[5] += weight * bytes;
      }
      sums[6] += weight * operator.networkBytes;
      Band doubt = bound.doubt(row, part);
      sums[7] += weight * operator.timeSeconds * (doubt.low() - 1);
      sums[8] += weight * operator.timeSeconds * (doubt.high() - 1);
    }
  }

  /** Share of the operators' time that operators with measured rows take; 0 without time. */
  double measuredShare() {
    double time = 0;
    double measured = 0;
    for (int index = 0; index < rows.length; index++) {
      double seconds = rows[index][0] * bound.program().rows().get(index).totalRepeats();
      time += seconds;
      measured += bound.provenance(index).filter(Provenance::isMeasured).isPresent() ? seconds : 0;
    }
    return time > 0 ? measured / time : 0;
  }

  /**
   * The band of the steps so far. Equal operators of one program err together, so bands do not
   * shrink as rows add up. Empty where a row's model says nothing of its own.
   */
  Optional<ErrorBand> band() {
    double time = 0;
    double low = 0;
    double high = 0;
    for (int index = 0; index < rows.length; index++) {
      double seconds = rows[index][0] * bound.program().rows().get(index).totalRepeats();
      Optional<Provenance> provenance = bound.provenance(index);
      time += seconds;
      low += seconds * provenance.map(Provenance::low).orElse(1.0);
      high += seconds * provenance.map(Provenance::high).orElse(1.0);
    }
    return time > 0 && high > low
        ? Optional.of(
            new ErrorBand(
                low / time,
                high / time,
                "80 % band of the kernels' own errors; engine overheads come on top"))
        : Optional.empty();
  }

  /** Factors on the time of the steps so far that surroundings nobody measured may make. */
  Band doubt() {
    double time = 0;
    double less = 0;
    double more = 0;
    for (int index = 0; index < rows.length; index++) {
      int repeats = bound.program().rows().get(index).totalRepeats();
      time += rows[index][0] * repeats;
      less += rows[index][7] * repeats;
      more += rows[index][8] * repeats;
    }
    double whole = Math.max(time, timeSeconds);
    return whole > 0 ? new Band(1 + less / whole, 1 + more / whole) : OperatorPrice.CERTAIN;
  }

  /** Mean time of the steps so far. */
  double meanSeconds() {
    return timeSeconds / weightSum;
  }

  /** Mean energy of the steps so far beyond static power, over the devices of one replica. */
  double meanDynamicJoules() {
    return dynamicJoules / weightSum;
  }

  /**
   * The report.
   *
   * @param replicas replicas that work alike
   * @param devices all devices, idle ones too
   */
  PhaseReport report(String name, int replicas, int devices) {
    List<OperatorReport> operators = new ArrayList<>();
    for (int index = 0; index < rows.length; index++) {
      if (rows[index][0] > 0) {
        operators.add(operatorReport(index));
      }
    }
    double share = 1 / weightSum;
    List<PhaseReport.TierTraffic> traffic = new ArrayList<>();
    double trafficBytes = 0;
    for (int tier = 0; tier < tierBytes.length; tier++) {
      double bytes = replicas * tierBytes[tier] * share;
      if (tierBytes[tier] > 0) {
        traffic.add(new PhaseReport.TierTraffic(bound.tierNames().get(tier), bytes));
      }
      trafficBytes += tier < operator.tierTrafficBytes.length ? bytes : 0;
    }
    double staticJoules = bound.energy().staticWatts() * devices * timeSeconds;
    return new PhaseReport(
        name,
        timeSeconds * share,
        computeSeconds * share,
        memorySeconds * share,
        networkSeconds * share,
        overheadSeconds * share,
        powerSeconds * share,
        offloadSeconds * share,
        streamSeconds * share,
        pipelineSeconds * share,
        replicas * flops * share,
        trafficBytes,
        traffic,
        replicas * networkBytes * share,
        (replicas * dynamicJoules + staticJoules) * share,
        bound(),
        operators);
  }

  private Bound bound() {
    StepCost totals = bound.newCost();
    totals.computeSeconds = computeSeconds;
    totals.memorySeconds = memorySeconds;
    totals.networkSeconds = networkSeconds;
    totals.overheadSeconds = overheadSeconds;
    totals.powerSeconds = powerSeconds;
    totals.offloadSeconds = offloadSeconds;
    double largest =
        Math.max(
            Math.max(computeSeconds, memorySeconds),
            Math.max(
                Math.max(networkSeconds, overheadSeconds), Math.max(powerSeconds, offloadSeconds)));
    return pipelineSeconds > largest ? Bound.PIPELINE : totals.bound();
  }

  private OperatorReport operatorReport(int index) {
    Row row = bound.program().rows().get(index);
    double[] sums = rows[index];
    double scale = row.totalRepeats() / weightSum;
    operator.clear();
    operator.matrixSeconds = sums[1];
    operator.memorySeconds = sums[2];
    operator.networkSeconds = sums[3];
    return new OperatorReport(
        row.label(),
        row.operator().kind(),
        row.totalRepeats(),
        sums[0] * scale,
        sums[1] * scale,
        sums[2] * scale,
        sums[3] * scale,
        sums[4] * scale,
        sums[5] * scale,
        sums[6] * scale,
        operator.bound(),
        bound.source(index),
        formula(row.operator()));
  }

  private String formula(Operator op) {
    LinearForm form =
        switch (op) {
          case Operator.Collective collective -> collective.payloadBytes();
          case Operator.Transfer transfer -> transfer.payloadBytes();
          case Operator.Matmul matmul -> matmul.demand().matrixFlops();
          case Operator.GroupedMatmul grouped -> grouped.demand().matrixFlops();
          case Operator.AttentionCore attention -> attention.demand().matrixFlops();
          case Operator.Scan scan -> scan.demand().matrixFlops().plus(scan.demand().vectorFlops());
          case Operator.Convolution conv -> conv.demand().vectorFlops();
          case Operator.Pointwise pointwise -> pointwise.demand().totalTrafficBytes();
          case Operator.Gather gather -> gather.demand().totalTrafficBytes();
        };
    String unit =
        switch (op.kind()) {
          case COLLECTIVE, TRANSFER, POINTWISE, GATHER -> " B";
          default -> " flop";
        };
    return form.describe(bound.program().features()) + unit;
  }
}
