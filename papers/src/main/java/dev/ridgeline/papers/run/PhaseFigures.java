package dev.ridgeline.papers.run;

import dev.ridgeline.cost.Bound;
import dev.ridgeline.estimate.OperatorReport;
import dev.ridgeline.estimate.PhaseReport;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.ExpressionException;
import dev.ridgeline.units.expression.Unit;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The figures of a phase, and those of its operators. */
final class PhaseFigures {
  private static final String OPERATORS = "operators.";
  private static final String ALL = "all";

  private PhaseFigures() {}

  /**
   * The figure of a path such as {@code time_s}, {@code bound.memory} (1 where it is so, else 0) or
   * {@code operators.attention.flops}; empty for an unknown one. Operators are picked by kind,
   * name, block or {@code all}, and added up for one device.
   */
  static Optional<Amount> figure(PhaseReport phase, String path) {
    if (path.startsWith(OPERATORS)) {
      int dot = path.lastIndexOf('.');
      String field = path.substring(dot + 1);
      return dot < OPERATORS.length()
          ? Optional.empty()
          : operators(phase, path.substring(OPERATORS.length(), dot), field);
    }
    return switch (path) {
      case "time_s" -> amount(phase.timeSeconds(), Unit.SECOND);
      case "compute_s" -> amount(phase.computeSeconds(), Unit.SECOND);
      case "memory_s" -> amount(phase.memorySeconds(), Unit.SECOND);
      case "network_s" -> amount(phase.networkSeconds(), Unit.SECOND);
      case "overhead_s" -> amount(phase.overheadSeconds(), Unit.SECOND);
      case "power_s" -> amount(phase.powerSeconds(), Unit.SECOND);
      case "pipeline_s" -> amount(phase.pipelineSeconds(), Unit.SECOND);
      case "flops" -> amount(phase.flops(), Unit.FLOP);
      case "traffic_bytes" -> amount(phase.trafficBytes(), Unit.BYTE);
      case "network_bytes" -> amount(phase.networkBytes(), Unit.BYTE);
      case "energy_j" -> amount(phase.energyJoules(), Unit.JOULE);
      case "bound.compute" -> isBound(phase, Bound.COMPUTE);
      case "bound.memory" -> isBound(phase, Bound.MEMORY);
      case "bound.network" -> isBound(phase, Bound.NETWORK);
      default -> Optional.empty();
    };
  }

  private static Optional<Amount> operators(PhaseReport phase, String selector, String field) {
    List<OperatorReport> picked =
        phase.operators().stream()
            .filter(operator ->
                selector.equals(ALL)
                    || operator.kind().key().equals(selector)
                    || operator.label().equals(selector)
                    || operator.label().startsWith(selector + "."))
            .toList();
    if (picked.isEmpty()) {
      throw new ExpressionException(
          "no operator of %s is \"%s\"; there are %s"
              .formatted(
                  phase.name(),
                  selector,
                  String.join(
                      ", ", phase.operators().stream().map(OperatorReport::label).toList())));
    }
    return switch (field) {
      case "count" -> sum(picked, OperatorReport::repeats, Unit.NONE);
      case "time_s" -> sum(picked, OperatorReport::timeSeconds, Unit.SECOND);
      case "compute_s" -> sum(picked, OperatorReport::computeSeconds, Unit.SECOND);
      case "memory_s" -> sum(picked, OperatorReport::memorySeconds, Unit.SECOND);
      case "network_s" -> sum(picked, OperatorReport::networkSeconds, Unit.SECOND);
      case "flops" -> sum(picked, OperatorReport::flops, Unit.FLOP);
      case "traffic_bytes" -> sum(picked, OperatorReport::trafficBytes, Unit.BYTE);
      case "network_bytes" -> sum(picked, OperatorReport::networkBytes, Unit.BYTE);
      default -> Optional.empty();
    };
  }

  private static Optional<Amount> sum(
      List<OperatorReport> operators, ToDoubleFunction<OperatorReport> figure, Unit unit) {
    return amount(operators.stream().mapToDouble(figure).sum(), unit);
  }

  private static Optional<Amount> amount(double value, Unit unit) {
    return Optional.of(new Amount(value, unit));
  }

  private static Optional<Amount> isBound(PhaseReport phase, Bound bound) {
    return Optional.of(Amount.of(phase.bound() == bound ? 1 : 0));
  }
}
