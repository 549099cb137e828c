package dev.ridgeline.estimate;

import dev.ridgeline.cost.BoundProgram;
import dev.ridgeline.cost.ErrorBand;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Provenance;
import dev.ridgeline.units.Problem;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How much of an answer comes from measured tables.
 *
 * @param operators with measured rows that were used
 * @param of all operators
 * @param timeShare what they take of the time of all
 */
record MeasuredPart(long operators, int of, double timeShare) {

  static MeasuredPart of(BoundProgram bound, double timeShare) {
    int rows = bound.program().rows().size();
    return new MeasuredPart(measured(bound), rows, timeShare);
  }

  private static long measured(BoundProgram bound) {
    return IntStream.range(0, bound.program().rows().size())
        .filter(row -> bound.provenance(row).filter(Provenance::isMeasured).isPresent())
        .count();
  }

  /**
   * Refuses measured tables of which none has rows for any operator.
   *
   * @param bound a program that nothing was asked of yet
   */
  static void require(BoundProgram bound) {
    if (bound.model() instanceof KernelModel kernels
        && kernels.measured().isPresent()
        && measured(bound) == 0) {
      throw Problem.of(
              "no table has rows for any operator of this model in its formats on %s; looked for %s"
                  .formatted(bound.platform().chip().name(), kernels.measured().get().lookedFor()))
          .withField("tables")
          .exception();
    }
  }

  /** The cost models that answered. */
  String source() {
    return operators == 0
        ? KernelModel.NAME
        : operators == of ? KernelModel.MEASURED : KernelModel.MEASURED + "+" + KernelModel.NAME;
  }

  /** The band with what it is made of. */
  ErrorBand told(ErrorBand band) {
    String part =
        operators == 0
            ? "no shape lies inside the measured rows, all is kernel"
            : String.format(
                Locale.ROOT,
                "measured for %d of %d operators, %.0f %% of the time%s",
                operators,
                of,
                100 * timeShare,
                operators == of ? "" : ", kernel for the rest");
    return new ErrorBand(band.low(), band.high(), part + "; " + band.meaning());
  }
}
