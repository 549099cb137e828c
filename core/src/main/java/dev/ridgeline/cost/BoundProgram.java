package dev.ridgeline.cost;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.mapping.Row;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.StepFeatures;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program bound to a platform under a chain of cost models: asked for a step, it answers with its
 * cost, without allocation. Immutable; the accumulators it fills belong to the caller.
 */
public final class BoundProgram {
  private final Program program;
  private final Site site;
  private final CostModel model;
  private final OperatorPrice[] prices;
  private final int[][] repeats;
  private final int[] totalRepeats;
  private final double[] secondsPerTierByte;
  private final String[] sources;
  private final int devicesPerStage;
  private final @Nullable Streaming streaming;
  private final boolean overlapped;
  private final boolean perResource;
  private final EngineSteps engine;

  private BoundProgram(
      Program program,
      Site site,
      CostModel model,
      OperatorPrice[] prices,
      String[] sources,
      EngineOverheads overheads) {
    this.program = program;
    this.site = site;
    this.model = model;
    this.prices = prices;
    this.sources = sources;
    this.repeats = new int[prices.length][];
    this.totalRepeats = new int[prices.length];
    for (int row = 0; row < prices.length; row++) {
      List<Integer> counts = program.rows().get(row).repeats();
      int[] copy = new int[counts.size()];
      for (int stage = 0; stage < copy.length; stage++) {
        copy[stage] = counts.get(stage);
        totalRepeats[row] += copy[stage];
      }
      repeats[row] = copy;
    }
    this.secondsPerTierByte = new double[site.platform().chip().memory().size()];
    for (int tier = 0; tier < secondsPerTierByte.length; tier++) {
      secondsPerTierByte[tier] = site.secondsPerByte(tier);
    }
    this.devicesPerStage =
        program.deployment().parallelism().devicesPerReplica() / program.stages();
    this.streaming = Streaming.of(program, site).orElse(null);
    this.overlapped = model.combination() == CostModel.Combination.OVERLAPPED;
    this.perResource = overlapped || streaming != null;
    this.engine = new EngineSteps(program, overheads);
  }

  /**
   * Binds a program to a platform. The first model of the chain decides how rows combine.
   *
   * @throws IllegalDeploymentException where the platform cannot run it
   */
  public static BoundProgram bind(Program program, Platform platform, List<CostModel> chain) {
    return bind(program, platform, chain, EngineOverheads.NONE);
  }

  /**
   * Binds a program to a platform under an engine, whose overheads come on top of what the chain
   * says. The first model of the chain decides how rows combine.
   *
   * @throws IllegalDeploymentException where the platform cannot run it
   */
  public static BoundProgram bind(
      Program program, Platform platform, List<CostModel> chain, EngineOverheads overheads) {
    int devices = program.deployment().parallelism().devices();
    if (devices > platform.chips()) {
      throw new IllegalDeploymentException(
          "devices",
          Integer.toString(devices),
          "%s has %d".formatted(platform.name(), platform.chips()),
          "mappings of at most %d devices".formatted(platform.chips()));
    }
    Site site = new Site(platform, program.deployment());
    OperatorPrice[] prices = new OperatorPrice[program.rows().size()];
    String[] sources = new String[prices.length];
    for (int index = 0; index < prices.length; index++) {
      Row row = program.rows().get(index);
      for (CostModel candidate : chain) {
        Optional<OperatorPrice> price = candidate.price(program, index, site);
        if (price.isPresent()) {
          prices[index] = price.get();
          sources[index] = candidate.name();
          break;
        }
      }
      if (prices[index] == null) {
        throw new IllegalStateException("no cost model prices " + row.label());
      }
    }
    return new BoundProgram(program, site, chain.getFirst(), prices, sources, overheads);
  }

  /** The same program, prices and all, under an engine with other overheads. */
  public BoundProgram under(EngineOverheads overheads) {
    return new BoundProgram(program, site, model, prices, sources, overheads);
  }

  /** What was bound. */
  public Program program() {
    return program;
  }

  /** To what. */
  public Platform platform() {
    return site.platform();
  }

  /** Energies of the platform's chip. */
  public EnergyRates energy() {
    return site.energy();
  }

  /** Whose measured draw energies are made of; empty where they follow {@link #energy()}. */
  public Optional<String> drawSource() {
    return site.drawSource();
  }

  /** What the engine adds. */
  public EngineOverheads overheads() {
    return engine.overheads();
  }

  /** The model that leads the chain. */
  public CostModel model() {
    return model;
  }

  /** What kind of work a row is to an engine. */
  public EngineWork work(int row) {
    return engine.work(row);
  }

  /** Query heads of a row that have a head of the cache in common; 1 where there are none. */
  public double queryGroup(int row) {
    return EngineSteps.queryGroup(program.rows().get(row).operator());
  }

  /** Which model priced a row; of measured tables, those that have answered so far. */
  public String source(int row) {
    return prices[row].provenance().map(Provenance::source).orElse(sources[row]);
  }

  /** How far the price of a row is trusted, where its model says so row by row. */
  public Optional<Provenance> provenance(int row) {
    return prices[row].provenance();
  }

  /** Factors on a row's time between which surroundings that nobody measured may put it. */
  public Band doubt(int row, StepFeatures step) {
    return prices[row].doubt(step.values());
  }

  /** What a product that asks for an arithmetic runs as on this platform. */
  public Arithmetic runsAs(Arithmetic asked) {
    return site.runsAs(asked);
  }

  /** Substitutions and omissions found while binding. */
  public List<String> notes() {
    return site.notes();
  }

  /** Names of the tiers that traffic is counted for, in the order of a step's cost. */
  public List<String> tierNames() {
    return List.copyOf(site.tierNames());
  }

  /** An accumulator of the right size. */
  public StepCost newCost() {
    return new StepCost(
        program.stages(),
        secondsPerTierByte.length,
        site.tierNames().size(),
        site.platform().levels().size());
  }

  /** An operator accumulator of the right size. */
  public OperatorCost newOperatorCost() {
    return new OperatorCost(secondsPerTierByte.length, site.platform().levels().size());
  }

  /** Prices one execution of one row, for explanations. */
  public void price(int row, StepFeatures step, OperatorCost into) {
    prices[row].price(step.values(), into);
  }

  /** Prices a step. */
  public void evaluate(StepFeatures step, StepCost into) {
    into.clear();
    double[] features = step.values();
    OperatorCost cost = into.operator;
    for (int row = 0; row < prices.length; row++) {
      prices[row].price(features, cost);
      if (cost.timeSeconds > 0 || cost.flops > 0) {
        engine.addToKernel(row, cost);
        add(cost, repeats[row], totalRepeats[row], into);
      }
    }
    if (streaming != null) {
      streaming.add(features, site, into);
    }
    if (overlapped) {
      overlap(into);
    } else if (streaming != null) {
      streaming.combine(site.energy(), into);
    }
    double kernelSeconds = 0;
    for (double seconds : into.stageSeconds) {
      kernelSeconds += seconds;
    }
    engine.addToStep(features, into);
    for (double seconds : into.stageSeconds) {
      into.timeSeconds += seconds;
      into.slowestStageSeconds = Math.max(into.slowestStageSeconds, seconds);
    }
    into.dynamicJoules = site.draw().spread(into.dynamicJoules, kernelSeconds, into.timeSeconds);
    into.flops *= devicesPerStage;
    into.networkBytes *= devicesPerStage;
    into.dynamicJoules *= devicesPerStage;
    for (int tier = 0; tier < into.tierTrafficBytes.length; tier++) {
      into.tierTrafficBytes[tier] *= devicesPerStage;
    }
  }

  private void add(OperatorCost cost, int[] perStage, int total, StepCost into) {
    double computeSeconds = Math.max(cost.matrixSeconds, cost.vectorSeconds);
    double longest = Math.max(Math.max(computeSeconds, cost.memorySeconds), cost.networkSeconds);
    double rest = cost.timeSeconds - longest - cost.overheadSeconds;
    if (rest > 0) {
      into.powerSeconds += total * rest;
    }
    into.overheadSeconds += total * cost.overheadSeconds;
    if (longest == cost.networkSeconds && longest > 0) {
      into.networkSeconds += total * longest;
    } else if (longest == cost.memorySeconds) {
      into.memorySeconds += total * longest;
    } else {
      into.computeSeconds += total * longest;
    }
    into.flops += total * cost.flops;
    into.networkBytes += total * cost.networkBytes;
    into.dynamicJoules += total * cost.dynamicJoules;
    for (int tier = 0; tier < secondsPerTierByte.length; tier++) {
      into.tierTrafficBytes[tier] += total * cost.tierTrafficBytes[tier];
    }
    for (int stage = 0; stage < perStage.length; stage++) {
      int count = perStage[stage];
      into.stageSeconds[stage] += count * cost.timeSeconds;
      if (perResource) {
        into.stageJoules[stage] += count * cost.dynamicJoules;
        into.stageMatrixSeconds[stage] += count * cost.matrixSeconds;
        into.stageVectorSeconds[stage] += count * cost.vectorSeconds;
        for (int tier = 0; tier < secondsPerTierByte.length; tier++) {
          into.stageTierSeconds[stage][tier] +=
              count * cost.tierTrafficBytes[tier] * secondsPerTierByte[tier];
        }
        for (int level = 0; level < cost.levelSeconds.length; level++) {
          into.stageLevelSeconds[stage][level] += count * cost.levelSeconds[level];
        }
      }
    }
  }

  /** Replaces serial times by the largest total of any one resource, stage by stage. */
  private static void overlap(StepCost into) {
    into.computeSeconds = 0;
    into.memorySeconds = 0;
    into.networkSeconds = 0;
    into.overheadSeconds = 0;
    into.powerSeconds = 0;
    for (int stage = 0; stage < into.stageSeconds.length; stage++) {
      double compute = Math.max(into.stageMatrixSeconds[stage], into.stageVectorSeconds[stage]);
      double memory = StepCost.largest(into.stageTierSeconds[stage]);
      double network = StepCost.largest(into.stageLevelSeconds[stage]);
      double streaming = into.stageStreamSeconds[stage];
      double longest = Math.max(Math.max(compute, memory), Math.max(network, streaming));
      into.stageSeconds[stage] = longest;
      into.streamSeconds += streaming;
      if (longest == memory) {
        into.memorySeconds += longest;
      } else if (longest == compute) {
        into.computeSeconds += longest;
      } else if (longest == network) {
        into.networkSeconds += longest;
      } else {
        into.offloadSeconds += longest;
      }
    }
  }
}
