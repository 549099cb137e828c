package dev.ridgeline.cost;

import dev.ridgeline.kernel.CommFamily;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.ContextAttentionFamily;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.ExpertFormat;
import dev.ridgeline.kernel.ExpertKernel;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.GemmFamily;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.GenerationAttentionFamily;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.MlaBmmFamily;
import dev.ridgeline.kernel.MlaBmmShape;
import dev.ridgeline.kernel.MlaFamily;
import dev.ridgeline.kernel.MlaShape;
import dev.ridgeline.kernel.MoeFamily;
import dev.ridgeline.kernel.MoeShape;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.GroupedMatmul;
import dev.ridgeline.mapping.Operator.Matmul;
import dev.ridgeline.mapping.OperatorKind;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Routing;
import java.util.List;
import java.util.Optional;

/** Binds the operators of one program to kernels of one chip. */
final class KernelBinding {
  private static final long LATENT_KEY = 576;
  private static final long LATENT_VALUE = 512;
  private static final long EXPANDED_KEY = 192;
  private static final long EXPANDED_VALUE = 128;
  private static final int HALF_BYTES = 2;
  private static final int LARGEST_HEAD = 256;
  private static final String LAUNCH = "launch";
  private static final String MEMORY = "memory_efficiency";

  private final KernelProfiles profiles;
  private final KernelModel.CollectiveLibrary library;
  private final Optional<MeasuredKernels> measured;
  private final Program program;
  private final Site site;

  KernelBinding(
      KernelProfiles profiles,
      KernelModel.CollectiveLibrary library,
      Optional<MeasuredKernels> measured,
      Program program,
      Site site) {
    this.profiles = profiles;
    this.library = library;
    this.measured = measured;
    this.program = program;
    this.site = site;
  }

  /** A kernel with the constants it runs with. */
  private record Bound<S>(Kernel<S> kernel, double launchSeconds, Provenance provenance) {}

  Optional<OperatorPrice> price(Operator operator) {
    OperatorPrice base = Roofline.IDEAL.price(operator, site).orElseThrow();
    Optional<OperatorPrice> price =
        switch (operator) {
          case Matmul matmul -> matmul(matmul, base);
          case GroupedMatmul grouped ->
              grouped.kind() == OperatorKind.EXPERTS
                  ? experts(grouped, base)
                  : headwise(grouped, base);
          case AttentionCore attention -> attention(attention, base);
          case Collective collective -> collective(collective, base);
          case Operator.Transfer _ -> Optional.empty();
          case Operator.Scan _ -> Optional.empty();
          case Operator.Convolution _ -> Optional.empty();
          case Operator.Pointwise _ -> Optional.empty();
          case Operator.Gather _ -> Optional.empty();
        };
    return price.isPresent() ? price : launched(operator, base);
  }

  private Optional<OperatorPrice> matmul(Matmul matmul, OperatorPrice base) {
    Optional<GemmFormat> format =
        KernelFormats.gemm(
            matmul.weightFormat(), matmul.inputFormat(), site.runsAs(matmul.arithmetic()));
    return format.flatMap(known -> {
      long outputs = matmul.outputs();
      long inputs = matmul.inputs();
      return bind(new GemmFamily(), new GemmShape(known, 1, outputs, inputs))
          .map(bound -> {
            var times =
                RememberedTimes.over(
                    rows -> bound.kernel().seconds(new GemmShape(known, rows, outputs, inputs)));
            LinearForm rows = matmul.rows();
            return priced(base, rows, f -> times.seconds(rows.at(f)), bound);
          });
    });
  }

  /** One small product for each head, all at once: as wide as the heads together. */
  private Optional<OperatorPrice> headwise(GroupedMatmul grouped, OperatorPrice base) {
    for (MlaBmmShape.Product product : MlaBmmShape.Product.values()) {
      if (product.inputs() == grouped.inputs() && product.outputs() == grouped.outputs()) {
        return latentProduct(grouped, product, base);
      }
    }
    Optional<GemmFormat> format =
        KernelFormats.gemm(
            grouped.weightFormat(), grouped.inputFormat(), site.runsAs(grouped.arithmetic()));
    long heads = Math.max(1, Math.round(grouped.groups()));
    return format.flatMap(known -> {
      long outputs = grouped.outputs() * heads;
      long inputs = grouped.inputs();
      return bind(new GemmFamily(), new GemmShape(known, 1, outputs, inputs))
          .map(bound -> {
            var times =
                RememberedTimes.over(
                    rows -> bound.kernel().seconds(new GemmShape(known, rows, outputs, inputs)));
            LinearForm tokens = grouped.rows().times(1.0 / heads);
            return priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
          });
    });
  }

  private Optional<OperatorPrice> latentProduct(
      GroupedMatmul grouped, MlaBmmShape.Product product, OperatorPrice base) {
    long heads = Math.max(1, Math.round(grouped.groups()));
    NumberFormat stored = grouped.weightFormat();
    return bind(new MlaBmmFamily(), new MlaBmmShape(product, stored, heads, 1))
        .map(bound -> {
          var times =
              RememberedTimes.over(tokens ->
                  bound.kernel().seconds(new MlaBmmShape(product, stored, heads, tokens)));
          LinearForm tokens = grouped.rows().times(1.0 / heads);
          return priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
        });
  }

  /** The family times all kernels of a layer; its two products share that by their flops. */
  private Optional<OperatorPrice> experts(GroupedMatmul grouped, OperatorPrice base) {
    Optional<Routing> routing = routing(grouped.touchedGroups());
    Optional<ExpertFormat> format =
        KernelFormats.experts(
            grouped.weightFormat(), grouped.inputFormat(), site.runsAs(grouped.arithmetic()));
    if (routing.isEmpty() || format.isEmpty()) {
      return Optional.empty();
    }
    Routing to = routing.get();
    boolean down = grouped.name().endsWith("down_proj");
    boolean gated =
        program.rows().stream()
            .anyMatch(row -> row.operator().name().equals("experts.gate_up_proj"));
    long hidden = down ? grouped.outputs() : grouped.inputs();
    long inter = down ? grouped.inputs() : grouped.outputs() / (gated ? 2 : 1);
    double share = down ? gated ? 1 / 3.0 : 0.5 : gated ? 2 / 3.0 : 0.5;
    ExpertKernel kind = gated ? ExpertKernel.GATED : ExpertKernel.NON_GATED;
    var shape =
        new MoeShape(
            format.get(),
            kind,
            hidden,
            inter,
            to.perToken(),
            to.experts(),
            1,
            to.ranks(),
            to.skew(),
            1);
    return bind(new MoeFamily(), shape)
        .map(bound -> {
          var times =
              RememberedTimes.over(tokens ->
                  share
                      * bound
                          .kernel()
                          .seconds(
                              new MoeShape(
                                  format.get(),
                                  kind,
                                  hidden,
                                  inter,
                                  to.perToken(),
                                  to.experts(),
                                  1,
                                  to.ranks(),
                                  to.skew(),
                                  tokens)));
          LinearForm tokens = grouped.rows().times(1 / (to.perToken() * to.busiestRankShare()));
          return priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
        });
  }

  private Optional<Routing> routing(LinearForm touched) {
    List<Routing> routings = program.features().routings();
    for (int index = 0; index < routings.size(); index++) {
      if (touched.equals(LinearForm.of(program.features().distinctExperts(index), 1))) {
        return Optional.of(routings.get(index));
      }
    }
    return Optional.empty();
  }

  private Optional<OperatorPrice> attention(AttentionCore core, OperatorPrice base) {
    boolean grouped =
        core.keyDim() == core.valueDim()
            && core.keyDim() <= LARGEST_HEAD
            && core.heads() % core.kvHeads() == 0;
    if (!grouped) {
      return latent(core, base);
    }
    NumberFormat kv = core.kvFormat();
    if (core.phase() == Phase.DECODE) {
      var shape = decode(core, 1, 1, 1);
      return bind(new GenerationAttentionFamily(), shape)
          .map(bound -> {
            var times =
                RememberedTimes.over((batch, kvTokens, queries) ->
                    bound.kernel().seconds(decode(core, batch, kvTokens, queries + 1)));
            return priced(
                base,
                core.tokens(),
                f -> {
                  double tokens = core.tokens().at(f);
                  double touched = core.touched().at(f);
                  double fresh = freshTokens(tokens, touched, core.pairs().at(f));
                  double batch = tokens / fresh;
                  return times.seconds(batch, touched / batch, Math.rint(fresh) - 1);
                },
                bound);
          });
    }
    NumberFormat runs =
        core.arithmetic().bits() <= Byte.SIZE ? NumberFormat.FP8 : NumberFormat.BF16;
    return bind(new ContextAttentionFamily(), prefill(core, runs, kv, 1, 1, 0))
        .map(bound -> {
          var times =
              RememberedTimes.over((batch, fresh, cached) ->
                  bound.kernel().seconds(prefill(core, runs, kv, batch, fresh, cached)));
          return priced(
              base,
              core.tokens(),
              f -> {
                double tokens = core.tokens().at(f);
                double touched = core.touched().at(f);
                double fresh = freshTokens(tokens, touched, core.pairs().at(f));
                double batch = tokens / fresh;
                return times.seconds(batch, fresh, Math.max(0, touched / batch - fresh));
              },
              bound);
        });
  }

  /** Latent attention, expanded for prompts and absorbed for decoding, in the published sizes. */
  private Optional<OperatorPrice> latent(AttentionCore core, OperatorPrice base) {
    boolean absorbed =
        core.kvHeads() == 1
            && core.keyDim() == LATENT_KEY
            && core.valueDim() == LATENT_VALUE
            && core.phase() == Phase.DECODE;
    boolean expanded =
        core.kvHeads() == core.heads()
            && core.keyDim() == EXPANDED_KEY
            && core.valueDim() == EXPANDED_VALUE;
    if (!absorbed && !expanded) {
      return Optional.empty();
    }
    MlaShape.Phase form = absorbed ? MlaShape.Phase.GENERATION : MlaShape.Phase.CONTEXT;
    return bind(new MlaFamily(), new MlaShape(form, core.kvFormat(), core.heads(), 1, 1, 0))
        .map(bound -> {
          var times =
              RememberedTimes.over((batch, fresh, cached) ->
                  bound
                      .kernel()
                      .seconds(
                          new MlaShape(form, core.kvFormat(), core.heads(), batch, fresh, cached)));
          return priced(
              base,
              core.tokens(),
              f -> {
                double tokens = core.tokens().at(f);
                double touched = core.touched().at(f);
                double fresh = freshTokens(tokens, touched, core.pairs().at(f));
                double batch = tokens / fresh;
                return times.seconds(batch, fresh, Math.max(0, touched / batch - fresh));
              },
              bound);
        });
  }

  /**
   * New tokens of each sequence. Of {@code b} alike sequences with {@code n} new and {@code c}
   * cached tokens, {@code T = bn} are new, {@code U = b(n + c)} are touched and {@code P = Tc + T(n
   * + 1)/2} pairs are formed, so {@code n = (P - T/2)/(U - T/2)}; of unlike ones this is the length
   * that keeps all three sums.
   */
  static double freshTokens(double tokens, double touched, double pairs) {
    return Math.clamp((pairs - tokens / 2) / (touched - tokens / 2), 1, Math.max(1, tokens));
  }

  private static GenerationAttentionShape decode(
      AttentionCore core, long batch, long kvTokens, long queries) {
    return new GenerationAttentionShape(
        core.kvFormat(), core.keyDim(), core.heads() * queries, core.kvHeads(), 0, batch, kvTokens);
  }

  private static ContextAttentionShape prefill(
      AttentionCore core, NumberFormat runs, NumberFormat kv, long batch, long fresh, long cached) {
    return new ContextAttentionShape(
        runs, kv, core.keyDim(), core.heads(), core.kvHeads(), 0, batch, fresh, cached);
  }

  private Optional<OperatorPrice> collective(Collective collective, OperatorPrice base) {
    int ranks = collective.group().size();
    if (ranks < 2 || collective.group().stride() != 1) {
      return Optional.empty();
    }
    CommShape.Operation operation =
        switch (collective.pattern()) {
          case ALL_REDUCE -> CommShape.Operation.ALL_REDUCE;
          case ALL_GATHER -> CommShape.Operation.ALL_GATHER;
          case ALL_TO_ALL -> CommShape.Operation.ALL_TO_ALL;
        };
    CommShape.Library runs =
        operation != CommShape.Operation.ALL_REDUCE
            ? CommShape.Library.NCCL
            : switch (library) {
              case NCCL -> CommShape.Library.NCCL;
              case TENSORRT_LLM -> CommShape.Library.TRTLLM_CUSTOM;
              case VLLM -> CommShape.Library.VLLM_GRAPH;
            };
    return bind(new CommFamily(), message(runs, operation, ranks, 1))
        .map(bound -> {
          var times =
              RememberedTimes.over(
                  elements -> bound.kernel().seconds(message(runs, operation, ranks, elements)));
          LinearForm payload = collective.payloadBytes();
          return priced(base, payload, f -> times.seconds(payload.at(f) / HALF_BYTES), bound);
        });
  }

  private static CommShape message(
      CommShape.Library library, CommShape.Operation operation, int ranks, long elements) {
    return new CommShape(library, operation, CommShape.ElementType.HALF, ranks, elements);
  }

  /**
   * A kernel of which only traffic is known: the launch of a matrix product, and the bandwidth one
   * reaches. The rotary embedding has no launch of its own: attention kernels do it.
   */
  private Optional<OperatorPrice> launched(Operator operator, OperatorPrice base) {
    if (operator instanceof Collective
        || operator instanceof Operator.Transfer
        || operator.name().equals("rope_and_cache_write")) {
      return Optional.empty();
    }
    KernelFamily<GemmShape> family = new GemmFamily();
    return constants(family, family.variant(new GemmShape(GemmFormat.BF16, 1, 1, 1)))
        .map(found -> {
          double launchSeconds = value(family, found, LAUNCH);
          double perSecond = 1 / value(family, found, MEMORY);
          Provenance provenance = provenance(found);
          return new LaunchedPrice(
              base, operator.demand().guard(), launchSeconds, perSecond, provenance);
        });
  }

  private <S> Optional<Bound<S>> bind(KernelFamily<S> family, S shape) {
    String variant = family.variant(shape);
    Platform platform = site.platform();
    return constants(family, variant)
        .flatMap(found -> {
          try {
            Kernel<S> kernel = family.on(platform, variant, Warmth.COLD, found.values());
            double launchSeconds = value(family, found, LAUNCH);
            return Optional.of(
                measured(family, shape, found, kernel, launchSeconds)
                    .orElseGet(() -> new Bound<>(kernel, launchSeconds, provenance(found))));
          } catch (MissingFigureException missing) {
            site.note(
                "%s: %s is priced by its datasheet".formatted(missing.getMessage(), family.name()));
            return Optional.empty();
          }
        });
  }

  /** Measured times in front of a kernel, for shapes of a group that was measured. */
  private <S> Optional<Bound<S>> measured(
      KernelFamily<S> family,
      S shape,
      FittedConstants found,
      Kernel<S> kernel,
      double launchSeconds) {
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    String variant = family.variant(shape);
    Kernel<S> warm = family.on(site.platform(), variant, Warmth.WARM, found.values());
    return measured
        .get()
        .find(family, variant, site.platform(), warm)
        .filter(tables -> tables.times().hasGroupOf(shape))
        .map(tables ->
            new Bound<>(
                tables.over(warm, kernel),
                launchSeconds,
                new Provenance(
                    "%s, outside it %s".formatted(tables.source(), found.source()),
                    Math.min(tables.curve().low(), found.low()),
                    Math.max(tables.curve().high(), found.high()))));
  }

  private Optional<FittedConstants> constants(KernelFamily<?> family, String variant) {
    return profiles.find(family, variant, site.platform().chip());
  }

  private static Provenance provenance(FittedConstants found) {
    return new Provenance(found.source(), found.low(), found.high());
  }

  /** A constant by its name; 0 where the family has none of that name. */
  private static double value(KernelFamily<?> family, FittedConstants found, String name) {
    List<Parameter> parameters = family.parameters();
    for (int index = 0; index < parameters.size(); index++) {
      if (parameters.get(index).name().equals(name)) {
        return found.values()[index];
      }
    }
    return 0;
  }

  private static <S> OperatorPrice priced(
      OperatorPrice base, LinearForm guard, KernelPrice.Timing timing, Bound<S> bound) {
    return new KernelPrice(base, guard, timing, bound.launchSeconds(), bound.provenance());
  }
}
