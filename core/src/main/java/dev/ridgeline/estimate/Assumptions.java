package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.EnergyRates;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.mapping.Row;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Puts into words what an answer took for granted. */
final class Assumptions {
  private static final double MICRO = 1e6;
  private static final double HUNDRED = 100;

  private Assumptions() {}

  static List<String> of(Scenario scenario, BoundProgram bound) {
    List<String> all = ofQuestion(scenario);
    all.addAll(widened(bound));
    scenario
        .platform()
        .price()
        .ifPresent(price ->
            all.add("price %s a device: %s".formatted(price, scenario.platform().priceSource())));
    energy(bound, all);
    EngineOverheads engine = bound.overheads();
    if (engine.leavesSteps() && engine.launchShare() < 1) {
      all.add(
          "kernels of engine %s start from captured graphs, with %s of their launches left as in the"
                  .formatted(scenario.engine().name(), percent(engine.launchShare()))
              + " engine that hides most of them, and exchange by the fastest library; hosts and"
              + " waits of engines come on top");
    }
    if (!engine.leavesSteps()) {
      all.add(
          String.format(
              Locale.ROOT,
              "host time of a step %.3g us, of its layers %.3g us, of each sequence %.3g us;"
                  + " wait at each collective %.3g us%s (%s)",
              MICRO * engine.stepSeconds(),
              MICRO * engine.layerSeconds() * scenario.model().layers().size(),
              MICRO * engine.sequenceSeconds(),
              MICRO * engine.exchangeSeconds(),
              engine.asynchronous()
                  ? "; a step is prepared while the one before runs, so that the longer counts"
                  : "",
              engine.origin().source()));
    }
    all.addAll(bound.program().notes());
    return all;
  }

  /** Weights that are stored in fewer bits than they are multiplied in. */
  private static List<String> widened(BoundProgram bound) {
    Set<String> all = new LinkedHashSet<>();
    for (Row row : bound.program().rows()) {
      switch (row.operator()) {
        case Operator.Matmul product ->
            widened(product.weightFormat(), bound.runsAs(product.arithmetic()), all);
        case Operator.GroupedMatmul product ->
            widened(product.weightFormat(), bound.runsAs(product.arithmetic()), all);
        default -> {}
      }
    }
    return List.copyOf(all);
  }

  private static void widened(NumberFormat stored, Arithmetic runs, Set<String> into) {
    if (stored.elementBits() < runs.bits()) {
      into.add(
          String.format(
              Locale.ROOT,
              "weights in %s are read as stored, %s bits each with their scales, and widened on"
                  + " the chip: products run in %s",
              stored,
              Math.rint(HUNDRED * Byte.SIZE * stored.bytesPerElement()) / HUNDRED,
              runs.key()));
    }
  }

  /** Of an inverse question, whose platform is the answer. */
  private static boolean fittedKernels(Scenario scenario) {
    return scenario.costModels().getFirst() instanceof KernelModel;
  }

  static List<String> ofRequirement(Scenario scenario, BoundProgram bound, double efficiency) {
    List<String> all = ofQuestion(scenario);
    all.add(
        efficiency == 1
            ? fittedKernels(scenario)
                ? scenario.engine().overheads().leavesSteps()
                    ? "losses of kernels are in the cost model; engine overheads come on top"
                    : "losses of kernels and of the engine are in the cost model"
                : "efficiency 1: no loss assumed, real hardware needs more"
            : String.format(
                Locale.ROOT, "runs reach %s of compute, memory and link peaks", efficiency));
    if (scenario.platform().levels().size() > 1) {
      all.add("link figures are those of the innermost level; outer levels keep their ratio to it");
    }
    all.addAll(bound.program().notes());
    all.addAll(bound.notes());
    return all;
  }

  private static List<String> ofQuestion(Scenario scenario) {
    List<String> all = new ArrayList<>();
    Model model = scenario.model();
    Parallelism parallelism = scenario.deployment().parallelism();
    Precision precision = scenario.deployment().precision();
    Traffic traffic = scenario.traffic();
    all.add(
        "mapping %s: %d of %d devices"
            .formatted(parallelism, parallelism.devices(), scenario.platform().chips()));
    all.add(
        traffic.concurrency().isPresent()
            ? "steady state of continuous batching, %d requests in flight, prompts %s"
                    .formatted(
                        traffic.inFlight(),
                        traffic.chunk().isPresent()
                            ? "cut so that a step has at most %d tokens"
                                .formatted(traffic.chunk().getAsLong())
                            : "not cut")
                + "; arrivals, queues and preemption are left to simulate --concurrency"
            : "batch %d: all requests start together".formatted(traffic.batch()));
    if (traffic.beams() > 1) {
      all.add("%d beams share the cache of the prompt".formatted(traffic.beams()));
    }
    all.add(
        "weights %s, activations %s, cache %s"
            .formatted(
                precision.weights().map(Object::toString).orElse("as the checkpoint stores them"),
                precision.activationFormat(model),
                precision.kvFormat(model)));
    if (precision.attentionArithmetic(model) != model.nativeFormat().arithmetic()) {
      all.add("attention runs in " + precision.attentionArithmetic(model).key());
    }
    precision
        .communication()
        .ifPresent(format -> all.add("partial sums are exchanged in " + format));
    if (precision.weights().isPresent()) {
      all.add("token tables, output head, router and norms keep " + model.nativeFormat());
    }
    if (scenario.deployment().routingSkew() > 0) {
      all.add(
          String.format(
              Locale.ROOT,
              "expert popularity falls with exponent %s",
              scenario.deployment().routingSkew()));
    }
    offload(scenario.deployment().placement(), all);
    scenario
        .speculation()
        .ifPresent(drafting -> {
          all.add(speculation(drafting));
          all.add(
              "tokens pass between drafter and target in no time; drafts and checks take"
                  + " turns");
        });
    all.add(
        "engine %s %s: may use %s of device memory"
            .formatted(
                scenario.engine().name(),
                scenario.engine().version(),
                percent(scenario.engine().memoryUtilization())));
    all.add(
        String.format(
            Locale.ROOT,
            "activations and buffers for at most %,d tokens in flight on a device",
            traffic.chunk().orElse(MemoryPlan.TOKENS_IN_FLIGHT)));
    return all;
  }

  private static void offload(Placement placement, List<String> all) {
    placement.offloadedWeights().ifPresent(part -> all.add(offloaded("weights", part)));
    placement.offloadedKv().ifPresent(part -> all.add(offloaded("cache and states", part)));
    if (placement.offloads()) {
      all.add(
          placement.prefetch()
              ? "the next layer is streamed while one runs, also from one step to the next; experts"
                  + " that a step touches are taken as known in time"
              : "each layer waits for its offloaded part, nothing is prefetched");
    }
  }

  private static String offloaded(String what, Offload part) {
    return "%s of the %s of every layer in %s, streamed by copies into the tier they are read from"
        .formatted(percent(part.share()), what, part.tier());
  }

  private static String speculation(Speculation drafting) {
    return String.format(
        Locale.ROOT,
        "%s drafts %d deep on %s; a round verifies %d tokens and yields %.2f on average",
        drafting.model().name(),
        drafting.positions().size(),
        drafting.platform().map(Platform::name).orElse("the same devices"),
        drafting.verifiedTokens(),
        drafting.expectedTokens());
  }

  private static void energy(BoundProgram bound, List<String> all) {
    EnergyRates energy = bound.energy();
    if (!energy.known()) {
      all.add("no energy: the catalog knows no power limit of this chip");
      return;
    }
    if (bound.drawSource().isPresent()) {
      all.add(
          "energy of devices only, from measured board power (%s)"
              .formatted(bound.drawSource().get()));
      return;
    }
    if (energy.derived()) {
      all.add(
          "energy of devices only, shared out from the power limit: a model, not a measurement");
    }
  }

  static List<String> warnings(Scenario scenario, BoundProgram bound, MemoryLedger memory) {
    List<String> all = new ArrayList<>(bound.notes());
    if (scenario.deployment().parallelism().devices() > 1) {
      all.addAll(scenario.platform().notes());
    }
    withoutEffect(scenario, all);
    long context = scenario.traffic().inputTokens() + scenario.traffic().outputTokens();
    if (context > scenario.model().maxContext()) {
      all.add(
          "%d tokens exceed the model's stated context of %d"
              .formatted(context, scenario.model().maxContext()));
    }
    if (memory.totalBytes() > 0.97 * memory.capacityBytes()) {
      all.add("memory is nearly full: " + percent(memory.totalBytes() / memory.capacityBytes()));
    }
    scenario.speculation().ifPresent(drafting -> drafter(scenario, drafting, all));
    int unused = scenario.platform().chips() - scenario.deployment().parallelism().devices();
    if (unused > 0) {
      int more = scenario.platform().chips() / scenario.deployment().parallelism().devices();
      all.add(
          "%d devices of the platform stay idle and are not priced%s"
              .formatted(
                  unused,
                  more > 1
                      ? "; --dp %d uses more"
                          .formatted(more * scenario.deployment().parallelism().data())
                      : ""));
    }
    return all;
  }

  private static void drafter(Scenario scenario, Speculation drafting, List<String> all) {
    Model draft = drafting.model();
    Model target = scenario.model();
    if (draft.parameters().active() > target.parameters().active()) {
      all.add(
          "the drafter %s is larger than %s, which it drafts for"
              .formatted(draft.name(), target.name()));
    }
    if (draft.vocabulary() != target.vocabulary()) {
      all.add(
          "the drafter's %d tokens are taken for the target's %d, padding aside"
              .formatted(draft.vocabulary(), target.vocabulary()));
    }
    boolean priced = drafting.platform().map(other -> other.price().isPresent()).orElse(true);
    if (!priced && scenario.platform().price().isPresent()) {
      all.add("the drafter's devices have no price and are not in the cost");
    }
    if (drafting.platform().map(other -> !EnergyRates.of(other.chip()).known()).orElse(false)) {
      all.add("the drafter's devices state no power and are not in the energy");
    }
  }

  private static void withoutEffect(Scenario scenario, List<String> all) {
    Model model = scenario.model();
    Deployment deployment = scenario.deployment();
    Precision precision = deployment.precision();
    boolean quantised =
        precision.weights().isPresent()
            || model.servedWeights().stream()
                .anyMatch(
                    weight -> weight.format().elementBits() < model.nativeFormat().elementBits());
    if (precision.activations().isPresent() && !quantised) {
      all.add(
          "activations in %s change nothing: no weight is quantised"
              .formatted(precision.activations().get()));
    }
    boolean sparse =
        model.layers().stream()
            .flatMap(layer -> layer.blocks().stream())
            .anyMatch(Experts.class::isInstance);
    if (deployment.routingSkew() > 0 && !sparse) {
      all.add("the routing skew changes nothing: the model has no experts");
    }
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * ratio);
  }
}
