package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.ProgramCompiler;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * The trade between compute and another figure at fixed targets: the least of one for each amount
 * of the other, all else as on one platform.
 *
 * @param traded what is traded against compute
 * @param points in ascending order of compute
 */
public record Frontier(Figure traded, List<Point> points) {
  /** Compute over the least that the rest allows; the knee needs them close to 1. */
  private static final List<Double> MULTIPLES =
      List.of(
          1.002, 1.005, 1.01, 1.02, 1.035, 1.05, 1.075, 1.1, 1.15, 1.2, 1.3, 1.5, 2.0, 3.0, 4.0,
          8.0, 16.0);

  private static final double PRECISION = 1e-10;
  private static final double UNLIMITED = 1e30;

  public Frontier {
    points = List.copyOf(points);
  }

  /**
   * A point of the trade.
   *
   * @param multiple compute over the least alone
   * @param computeFlopsPerSecond compute of one device
   * @param tradedBytesPerSecond least of the other figure
   */
  public record Point(double multiple, double computeFlopsPerSecond, double tradedBytesPerSecond) {}

  /**
   * Trades compute against a bandwidth.
   *
   * @param scenario its platform is not used
   * @param needed the scenario's requirement at that efficiency
   * @param rest the platform that the other figures are taken from
   * @param traded memory or link bandwidth
   * @throws UnreachableException where the rest alone forbids the targets
   */
  public static Frontier of(
      Scenario scenario, Requirement needed, double efficiency, Platform rest, Figure traded) {
    double least =
        switch (traded) {
          case MEMORY_BANDWIDTH -> needed.memoryBandwidthBytesPerSecond();
          case LINK_BANDWIDTH -> needed.linkBandwidthBytesPerSecond();
          case COMPUTE, MEMORY_CAPACITY, LINK_LATENCY ->
              throw new IllegalArgumentException(traded + " is not traded against compute");
        };
    if (!(least > 0)) {
      throw new IllegalArgumentException(traded + " is not needed");
    }
    Search search = new Search(scenario, rest, efficiency, traded);
    double peak = rest.chip().peak(needed.arithmetic()).orElseThrow().value();
    double present =
        traded == Figure.MEMORY_BANDWIDTH
            ? rest.chip().mainMemory().bandwidth().orElseThrow().value()
            : rest.levels().getFirst().bandwidth().value();
    double lowest = search.leastCompute(needed.computeFlopsPerSecond() / peak);
    List<Point> points = new ArrayList<>();
    for (double multiple : MULTIPLES) {
      double compute = multiple * lowest;
      points.add(
          new Point(
              compute * peak / needed.computeFlopsPerSecond(),
              compute * peak,
              search.leastTraded(compute, least / present) * present));
    }
    return new Frontier(traded, points);
  }

  /** Asks one program on variants of one platform. */
  private static final class Search {
    private final Scenario scenario;
    private final Program program;
    private final Platform rest;
    private final double efficiency;
    private final Figure traded;
    private final double targetTtft;
    private final double targetTpot;

    Search(Scenario scenario, Platform rest, double efficiency, Figure traded) {
      this.scenario = scenario;
      this.program = ProgramCompiler.compile(scenario.model(), scenario.deployment());
      this.rest = RequirementSolver.unlimited(rest);
      this.efficiency = efficiency;
      this.traded = traded;
      this.targetTtft = RequirementSolver.target(scenario.objectives().ttft());
      this.targetTpot = RequirementSolver.target(scenario.objectives().tpot());
    }

    /** The least factor on compute that meets the targets with the traded figure unlimited. */
    double leastCompute(double start) {
      if (!meets(UNLIMITED, UNLIMITED)) {
        throw new UnreachableException(
            Double.isInfinite(targetTtft) ? "tpot" : "ttft",
            "the rest of " + rest.name(),
            "with what else %s has, no compute and no %s meet the targets"
                .formatted(rest.name(), traded.key().replace('_', ' ')),
            List.of("no platform named, so that the rest is what suffices"));
      }
      return least(start, factor -> meets(factor, UNLIMITED));
    }

    /** The least factor on the traded figure that meets the targets. */
    double leastTraded(double compute, double start) {
      return least(start, factor -> meets(compute, factor));
    }

    /** From a factor that is known not to be too high. */
    private static double least(double start, DoublePredicate suffices) {
      if (suffices.test(start)) {
        return start;
      }
      double misses = start;
      double meets = 2 * start;
      while (!suffices.test(meets)) {
        misses = meets;
        meets *= 2;
      }
      while (meets - misses > PRECISION * meets) {
        double middle = 0.5 * (misses + meets);
        if (suffices.test(middle)) {
          meets = middle;
        } else {
          misses = middle;
        }
      }
      return meets;
    }

    private boolean meets(double compute, double factor) {
      PlatformScale scale =
          new PlatformScale(compute * efficiency, efficiency, 1, efficiency, 1)
              .with(traded, factor * efficiency);
      BoundProgram bound =
          BoundProgram.bind(
              program, scale.of(rest), scenario.costModels(), scenario.engine().overheads());
      Latency latency = Estimator.latency(scenario, bound);
      return latency.ttftSeconds() <= targetTtft && latency.tpotSeconds() <= targetTpot;
    }
  }
}
