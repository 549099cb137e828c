package dev.ridgeline.cost;

import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Program;
import java.util.Optional;

/**
 * Prices operators as the kernels of real accelerators run them: tiles and waves, launches, cold
 * caches, with constants fitted to measurements. An operator that no kernel family covers, or for
 * which a chip states too little, takes a launch and its roofline at the share of the bandwidth
 * that matrix products reach.
 *
 * @param profiles where constants are found
 * @param library whose collectives run
 * @param measured times to ask before the kernels: what was measured is taken as it was, what lies
 *     between is interpolated in utilisation, and only the rest is left to the kernels
 */
public record KernelModel(
    KernelProfiles profiles, CollectiveLibrary library, Optional<MeasuredKernels> measured)
    implements CostModel {
  /** Name on the command line. */
  public static final String NAME = "kernel";

  /** Name on the command line where measured tables are asked first. */
  public static final String MEASURED = "measured";

  /** Kernels alone. */
  public KernelModel(KernelProfiles profiles, CollectiveLibrary library) {
    this(profiles, library, Optional.empty());
  }

  /** Whose collectives run. */
  public enum CollectiveLibrary {
    /** Whichever of the others takes least time for a message. */
    FASTEST,
    NCCL,
    TENSORRT_LLM,
    VLLM
  }

  @Override
  public String name() {
    return measured.isPresent() ? MEASURED : NAME;
  }

  @Override
  public Combination combination() {
    return Combination.SERIAL;
  }

  /** Each price says how far it is trusted; this is the band where none does. */
  @Override
  public ErrorBand band() {
    return ErrorBand.lowerBound("kernels without constants of their own run at the datasheet");
  }

  @Override
  public Optional<OperatorPrice> price(Operator operator, Site site) {
    return Optional.empty();
  }

  @Override
  public Optional<OperatorPrice> price(Program program, int row, Site site) {
    return new KernelBinding(profiles, library, measured, program, site).price(row);
  }
}
