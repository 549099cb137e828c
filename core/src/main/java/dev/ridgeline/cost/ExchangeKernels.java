package dev.ridgeline.cost;

import dev.ridgeline.kernel.AllToAllFamily;
import dev.ridgeline.kernel.AllToAllShape;
import dev.ridgeline.kernel.CommFamily;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.Group;
import dev.ridgeline.mapping.Operator.GroupedMatmul;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Routing;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Binds exchanges between devices to the kernels of the libraries that engines use. */
final class ExchangeKernels {
  private static final int HALF_BYTES = 2;
  private static final String DISPATCH = "dispatch";

  /** Multiprocessors that DeepEP's throughput kernels take unless told (deep_ep.Buffer). */
  private static final int DEEPEP_MULTIPROCESSORS = 20;

  private final KernelBinder binder;
  private final KernelModel.CollectiveLibrary library;
  private final FusedRows fused;
  private final Program program;

  ExchangeKernels(
      KernelBinder binder,
      KernelModel.CollectiveLibrary library,
      FusedRows fused,
      Program program) {
    this.binder = binder;
    this.library = library;
    this.fused = fused;
    this.program = program;
  }

  Optional<OperatorPrice> price(int row, Collective collective, OperatorPrice base) {
    if (collective.group().size() < 2) {
      return Optional.empty();
    }
    if (collective.pattern() == Collective.Pattern.ALL_TO_ALL) {
      Optional<OperatorPrice> experts = ofExperts(row, collective, base);
      if (experts.isPresent()) {
        return experts;
      }
    }
    return neighbours(collective.group()) ? collective(collective, base) : Optional.empty();
  }

  /**
   * Measured groups are contiguous and do not lie across the end of a node; within a node, devices
   * apart are as near as neighbours.
   */
  private boolean neighbours(Group group) {
    List<NetworkLevel> levels = binder.site().platform().levels();
    if (!levels.isEmpty()
        && Collectives.straddles(group, levels.getFirst().size(), binder.site().devices())) {
      return false;
    }
    return group.stride() == 1
        || (!levels.isEmpty() && (long) group.size() * group.stride() <= levels.getFirst().size());
  }

  private Optional<OperatorPrice> collective(Collective collective, OperatorPrice base) {
    int ranks = collective.group().size();
    CommShape.Operation operation =
        switch (collective.pattern()) {
          case ALL_REDUCE -> CommShape.Operation.ALL_REDUCE;
          case ALL_GATHER -> CommShape.Operation.ALL_GATHER;
          case ALL_TO_ALL -> CommShape.Operation.ALL_TO_ALL;
        };
    List<CommShape.Library> choices =
        operation == CommShape.Operation.ALL_REDUCE ? reducing() : List.of(CommShape.Library.NCCL);
    List<Choice> known =
        choices.stream()
            .flatMap(choice ->
                binder
                    .bind(new CommFamily(), message(choice, operation, ranks, 1))
                    .map(bound -> new Choice(choice, bound))
                    .stream())
            .toList();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    LinearForm payload = collective.payloadBytes();
    KernelBinder.Bound<CommShape> usual = known.getFirst().bound();
    KernelPrice price =
        binder.priced(
            base,
            payload,
            fastest(payload, known, operation, ranks, KernelBinder.Bound::kernel),
            usual);
    if (usual.extremes().isEmpty()) {
      return Optional.of(price);
    }
    binder.site().note(unmeasured(binder.site().platform(), ranks));
    return Optional.of(
        price.between(
            new KernelPrice.Extremes(
                fastest(payload, known, operation, ranks, ExchangeKernels::best),
                fastest(payload, known, operation, ranks, ExchangeKernels::worst))));
  }

  /** A library with its kernel. */
  private record Choice(CommShape.Library library, KernelBinder.Bound<CommShape> bound) {}

  private static Kernel<CommShape> best(KernelBinder.Bound<CommShape> bound) {
    return bound.extremes().map(KernelBinder.Extremes::best).orElse(bound.kernel());
  }

  private static Kernel<CommShape> worst(KernelBinder.Bound<CommShape> bound) {
    return bound.extremes().map(KernelBinder.Extremes::worst).orElse(bound.kernel());
  }

  /** Of all choices the one that takes least for a message. */
  private static KernelPrice.Timing fastest(
      LinearForm payload,
      List<Choice> choices,
      CommShape.Operation operation,
      int ranks,
      Function<KernelBinder.Bound<CommShape>, Kernel<CommShape>> kernel) {
    var times =
        RememberedTimes.over(elements -> {
          double least = Double.POSITIVE_INFINITY;
          for (Choice choice : choices) {
            CommShape shape = message(choice.library(), operation, ranks, elements);
            least = Math.min(least, kernel.apply(choice.bound()).seconds(shape));
          }
          return least;
        });
    return f -> times.seconds(payload.at(f) / HALF_BYTES);
  }

  /**
   * The libraries that may reduce, the usual one first. Kernels of engines need peers' memory;
   * where there is none engines leave exchanges to NCCL.
   */
  private List<CommShape.Library> reducing() {
    CommShape.Library nccl = CommShape.Library.NCCL;
    return switch (library) {
      case FASTEST -> List.of(CommShape.Library.VLLM_GRAPH, CommShape.Library.TRTLLM_CUSTOM, nccl);
      case NCCL -> List.of(nccl);
      case TENSORRT_LLM -> orOverHost(CommShape.Library.TRTLLM_CUSTOM);
      case VLLM -> orOverHost(CommShape.Library.VLLM_GRAPH);
    };
  }

  private List<CommShape.Library> orOverHost(CommShape.Library own) {
    return overHost() ? List.of(own, CommShape.Library.NCCL) : List.of(own);
  }

  /** What a user should know of a box that no table is of. */
  private static String unmeasured(Platform platform, int ranks) {
    return "nobody measured how the cards of %s reach each other: exchanges of %d ranks take a usual"
            .formatted(platform.name(), ranks)
        + " PCIe server, and the band spans fast and slow ones; a platform file with levels of kind"
        + " switch says that cards meet in switches (nvidia-smi topo -m tells)";
  }

  private boolean overHost() {
    return binder.site().platform().levels().stream()
        .anyMatch(level -> level.kind() == LinkKind.HOST);
  }

  private static CommShape message(
      CommShape.Library library, CommShape.Operation operation, int ranks, long elements) {
    return new CommShape(library, operation, CommShape.ElementType.HALF, ranks, elements);
  }

  /**
   * Tokens on their way to experts and back. Where NVLink joins several nodes TensorRT-LLM writes
   * to its peers' memory; elsewhere engines use DeepEP, its low-latency kernels where all tokens
   * are decoded and those for throughput where prompts are among them.
   */
  private Optional<OperatorPrice> ofExperts(int row, Collective collective, OperatorPrice base) {
    boolean dispatches = collective.name().equals(DISPATCH);
    List<GroupedMatmul> products = fused.expertsAround(dispatches ? row + 1 : row - 1);
    if (products.isEmpty()) {
      return Optional.empty();
    }
    GroupedMatmul up = products.getFirst();
    Optional<Routing> routing = KernelBinding.routing(program, up.touchedGroups());
    int ranks = collective.group().size();
    if (routing.isEmpty() || routing.get().ranks() != ranks) {
      return Optional.empty();
    }
    double elementBytes =
        dispatches
            ? up.inputFormat().bytesPerElement()
            : program
                .deployment()
                .precision()
                .communicationFormat(program.model())
                .bytesPerElement();
    Exchange exchange =
        new Exchange(
            dispatches ? AllToAllShape.Operation.DISPATCH : AllToAllShape.Operation.COMBINE,
            elementBytes,
            Math.ceilDiv(ranks, binder.site().platform().chipsPerNode()),
            up.inputs(),
            routing.get());
    if (peersWritable(ranks) && library == KernelModel.CollectiveLibrary.TENSORRT_LLM) {
      Optional<OperatorPrice> written =
          always(AllToAllShape.Library.TRTLLM_ONE_SIDED, exchange, base);
      if (written.isPresent()) {
        return written;
      }
    }
    return byPhase(exchange, base);
  }

  /** One exchange but for its tokens. */
  private record Exchange(
      AllToAllShape.Operation operation,
      double elementBytes,
      int nodes,
      long width,
      Routing routing) {

    AllToAllShape shape(AllToAllShape.Library library, long tokens) {
      return new AllToAllShape(
          library,
          operation,
          elementBytes,
          nodes,
          routing.ranks(),
          width,
          routing.perToken(),
          routing.experts(),
          library == AllToAllShape.Library.DEEPEP_NORMAL ? DEEPEP_MULTIPROCESSORS : 0,
          tokens);
    }
  }

  /** Whether one domain of memory that peers can write joins the ranks beyond a node. */
  private boolean peersWritable(int ranks) {
    Chip chip = binder.site().platform().chip();
    return chip.scaleUp()
        .filter(link -> link.domain() > chip.nodeChips() && link.domain() >= ranks)
        .isPresent();
  }

  private Optional<OperatorPrice> always(
      AllToAllShape.Library runs, Exchange exchange, OperatorPrice base) {
    LinearForm tokens = tokensOf(Phase.PREFILL).plus(tokensOf(Phase.DECODE));
    return binder
        .bind(new AllToAllFamily(), exchange.shape(runs, 1))
        .map(bound -> {
          var times = remembered(runs, exchange, bound.kernel());
          return binder.priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
        });
  }

  private Optional<OperatorPrice> byPhase(Exchange exchange, OperatorPrice base) {
    List<NetworkLevel> levels = binder.site().platform().levels();
    if (levels.isEmpty() || overHost()) {
      return Optional.empty();
    }
    var throughput = AllToAllShape.Library.DEEPEP_NORMAL;
    var latency = AllToAllShape.Library.DEEPEP_LOW_LATENCY;
    LinearForm prompts = tokensOf(Phase.PREFILL);
    LinearForm decoded = tokensOf(Phase.DECODE);
    return binder
        .bind(new AllToAllFamily(), exchange.shape(throughput, 1))
        .flatMap(normal ->
            binder
                .bind(new AllToAllFamily(), exchange.shape(latency, 1))
                .map(low -> {
                  var normalTimes = remembered(throughput, exchange, normal.kernel());
                  var lowTimes = remembered(latency, exchange, low.kernel());
                  return binder.priced(
                      base,
                      prompts.plus(decoded),
                      f -> {
                        double fromPrompts = prompts.at(f);
                        double fromDecoding = decoded.at(f);
                        double alone = fromDecoding > 0 ? lowTimes.seconds(fromDecoding) : 0;
                        // No step becomes faster by another prompt.
                        return fromPrompts > 0
                            ? Math.max(alone, normalTimes.seconds(fromPrompts + fromDecoding))
                            : alone;
                      },
                      normal);
                }));
  }

  private static RememberedTimes remembered(
      AllToAllShape.Library runs, Exchange exchange, Kernel<AllToAllShape> kernel) {
    return RememberedTimes.over(tokens -> kernel.seconds(exchange.shape(runs, tokens)));
  }

  /** Tokens that one device sends: tensor ranks share those of their attention rank. */
  private LinearForm tokensOf(Phase phase) {
    double ranks = program.deployment().parallelism().tensor();
    double context = phase == Phase.PREFILL ? program.deployment().parallelism().context() : 1;
    return LinearForm.of(program.features().newTokens(phase), 1 / (ranks * context));
  }
}
