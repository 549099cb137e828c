package dev.ridgeline.cost;

import dev.ridgeline.kernel.ExpertFormat;
import dev.ridgeline.kernel.ExpertKernel;
import dev.ridgeline.kernel.GemmFamily;
import dev.ridgeline.kernel.GemmFormat;
import dev.ridgeline.kernel.GemmShape;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MlaBmmFamily;
import dev.ridgeline.kernel.MlaBmmShape;
import dev.ridgeline.kernel.MoeFamily;
import dev.ridgeline.kernel.MoeShape;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.GroupedMatmul;
import dev.ridgeline.mapping.Operator.Matmul;
import dev.ridgeline.mapping.OperatorKind;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Routing;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Binds the operators of one program to kernels of one chip. */
final class KernelBinding {
  private static final String MEMORY = "memory_efficiency";

  private final KernelBinder binder;
  private final Draw draw;
  private final AttentionKernels attention;
  private final ExchangeKernels exchanges;
  private final FusedRows fused;
  private final Program program;
  private final Site site;

  KernelBinding(
      KernelProfiles profiles,
      KernelModel.CollectiveLibrary library,
      Optional<MeasuredKernels> measured,
      Program program,
      Site site) {
    this.draw = Draw.of(profiles, site);
    this.binder = new KernelBinder(profiles, measured, site, draw);
    this.fused = new FusedRows(program, site);
    this.attention = new AttentionKernels(binder, fused, program);
    this.exchanges = new ExchangeKernels(binder, library, fused, program);
    this.program = program;
    this.site = site;
  }

  Optional<OperatorPrice> price(int row) {
    Operator operator = program.rows().get(row).operator();
    OperatorPrice base = Roofline.IDEAL.price(operator, site).orElseThrow();
    Optional<OperatorPrice> price =
        switch (operator) {
          case Matmul matmul -> matmul(matmul, base);
          case GroupedMatmul grouped ->
              grouped.kind() == OperatorKind.EXPERTS
                  ? experts(row, grouped, base)
                  : headwise(grouped, base);
          case AttentionCore core -> attention.price(row, core, base);
          case Collective collective -> exchanges.price(row, collective, base);
          case Operator.Transfer _ -> Optional.empty();
          case Operator.Scan _ -> Optional.empty();
          case Operator.Convolution _ -> Optional.empty();
          case Operator.Pointwise _ -> fusedWith(row, operator, base);
          case Operator.Gather _ -> Optional.empty();
        };
    return price
        .or(() -> launched(operator, base))
        .or(() -> draw.known() ? Optional.of(new DrawnPrice(base, draw)) : Optional.empty());
  }

  /** Work that the kernel of a neighbour does. */
  private Optional<OperatorPrice> fusedWith(int row, Operator operator, OperatorPrice base) {
    Optional<Provenance> kernel =
        FusedRows.isRotary(operator)
            ? attention.rotates(row)
            : FusedRows.isAroundExperts(operator) ? expertsAround(row) : Optional.empty();
    return kernel.map(provenance -> new FusedPrice(base, draw, provenance));
  }

  private Optional<OperatorPrice> matmul(Matmul matmul, OperatorPrice base) {
    Optional<GemmFormat> format =
        KernelFormats.gemm(
            matmul.weightFormat(), matmul.inputFormat(), site.runsAs(matmul.arithmetic()));
    GemmFamily family = GemmFamily.storing(matmul.weightFormat().bytesPerElement());
    return format.flatMap(known -> {
      long outputs = matmul.outputs();
      long inputs = matmul.inputs();
      return binder
          .bind(family, new GemmShape(known, 1, outputs, inputs))
          .map(bound -> {
            var times =
                RememberedTimes.over(
                    rows -> bound.kernel().seconds(new GemmShape(known, rows, outputs, inputs)));
            LinearForm rows = matmul.rows();
            return binder.priced(base, rows, f -> times.seconds(rows.at(f)), bound);
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
    GemmFamily family = GemmFamily.storing(grouped.weightFormat().bytesPerElement());
    return format.flatMap(known -> {
      long outputs = grouped.outputs() * heads;
      long inputs = grouped.inputs();
      return binder
          .bind(family, new GemmShape(known, 1, outputs, inputs))
          .map(bound -> {
            var times =
                RememberedTimes.over(
                    rows -> bound.kernel().seconds(new GemmShape(known, rows, outputs, inputs)));
            LinearForm tokens = grouped.rows().times(1.0 / heads);
            return binder.priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
          });
    });
  }

  private Optional<OperatorPrice> latentProduct(
      GroupedMatmul grouped, MlaBmmShape.Product product, OperatorPrice base) {
    long heads = Math.max(1, Math.round(grouped.groups()));
    NumberFormat stored = grouped.weightFormat();
    return binder
        .bind(new MlaBmmFamily(), new MlaBmmShape(product, stored, heads, 1))
        .map(bound -> {
          var times =
              RememberedTimes.over(tokens ->
                  bound.kernel().seconds(new MlaBmmShape(product, stored, heads, tokens)));
          LinearForm tokens = grouped.rows().times(1.0 / heads);
          return binder.priced(base, tokens, f -> times.seconds(tokens.at(f)), bound);
        });
  }

  /** The family times all kernels of a layer; its two products share that by their flops. */
  private Optional<OperatorPrice> experts(int row, GroupedMatmul grouped, OperatorPrice base) {
    Optional<Routing> routing = routing(program, grouped.touchedGroups());
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
            .anyMatch(other -> other.operator().name().equals("experts.gate_up_proj"));
    long hidden = down ? grouped.outputs() : grouped.inputs();
    long inter = down ? grouped.inputs() : grouped.outputs() / (gated ? 2 : 1);
    double share = down ? gated ? 1 / 3.0 : 0.5 : gated ? 2 / 3.0 : 0.5;
    ExpertKernel kind = gated ? ExpertKernel.GATED : ExpertKernel.NON_GATED;
    LongFunction<MoeShape> shapes = tokens -> shape(format.get(), kind, hidden, inter, to, tokens);
    LongFunction<MoeShape> fewTokens =
        tokens -> shape(format.get(), ExpertKernel.MIN_LATENCY, hidden, inter, to, tokens);
    var family = MoeFamily.storing(grouped.weightFormat().bytesPerElement());
    Optional<KernelBinder.Bound<MoeShape>> forFew =
        gated ? binder.bind(family, fewTokens.apply(1)) : Optional.empty();
    return binder
        .bind(family, shapes.apply(1))
        .map(bound -> {
          var drawn =
              RememberedTimes.over(tokens -> {
                double seconds = bound.kernel().seconds(shapes.apply(tokens));
                // Engines pick whichever is quicker for the tokens of a step.
                double least =
                    forFew
                        .map(
                            few -> Math.min(seconds, few.kernel().seconds(fewTokens.apply(tokens))))
                        .orElse(seconds);
                return share * least;
              });
          var times = to.skew() > 0 ? drawn : new RandomVisits(drawn, to).remembered();
          LinearForm tokens = grouped.rows().times(1 / (to.perToken() * to.busiestRankShare()));
          double around = share * fused.secondsAroundExperts(row, tokens);
          return binder.priced(base, tokens, around, f -> times.seconds(tokens.at(f)), bound);
        });
  }

  private static MoeShape shape(
      ExpertFormat format, ExpertKernel kind, long hidden, long inter, Routing to, long tokens) {
    return new MoeShape(
        format, kind, hidden, inter, to.perToken(), to.experts(), 1, to.ranks(), to.skew(), tokens);
  }

  /** Whether a layer of experts is priced by its kernels. */
  private Optional<Provenance> expertsAround(int row) {
    for (GroupedMatmul product : fused.expertsAround(row)) {
      Optional<Provenance> found =
          experts(row, product, Roofline.IDEAL.price(product, site).orElseThrow())
              .flatMap(OperatorPrice::provenance);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The routing whose experts a product reads. */
  static Optional<Routing> routing(Program program, LinearForm touched) {
    List<Routing> routings = program.features().routings();
    for (int index = 0; index < routings.size(); index++) {
      if (touched.equals(LinearForm.of(program.features().distinctExperts(index), 1))) {
        return Optional.of(routings.get(index));
      }
    }
    return Optional.empty();
  }

  /**
   * A kernel of which only traffic is known: the launch of a matrix product, and the bandwidth one
   * reaches. The rotary embedding has no launch of its own: attention kernels do it.
   */
  private Optional<OperatorPrice> launched(Operator operator, OperatorPrice base) {
    if (operator instanceof Collective
        || operator instanceof Operator.Transfer
        || FusedRows.isRotary(operator)) {
      return Optional.empty();
    }
    KernelFamily<GemmShape> family = new GemmFamily();
    return binder
        .constants(family, family.variant(new GemmShape(GemmFormat.BF16, 1, 1, 1)))
        .map(found -> {
          double launchSeconds = family.launchSeconds(binder.site().platform(), found.values());
          double perSecond = 1 / KernelBinder.value(family, found, MEMORY);
          Provenance provenance = KernelBinder.provenance(found);
          return new LaunchedPrice(
              base, operator.demand().guard(), launchSeconds, perSecond, provenance, draw);
        });
  }
}
