package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.Optional;

/**
 * A kind of kernel: how its time follows from a shape, a platform's datasheet and a few constants.
 *
 * @param <S> the shape of one call
 */
public interface KernelFamily<S> {

  /** Name on the command line and in profiles, such as {@code gemm}. */
  String name();

  /**
   * What is fitted apart from the rest: the number format, the library, the exchange. The key of a
   * profile's entry, such as {@code fp8_block}.
   */
  String variant(S shape);

  /**
   * Parts of the shapes in which the kernel's times are trusted more or less, such as short
   * prompts; a profile may state a band for each.
   *
   * @return names, at least one, in the order that {@link #regime} counts
   */
  default List<String> regimes() {
    return List.of("all");
  }

  /**
   * Variants whose constants may stand in for those of one that was fitted nowhere near: kernels of
   * the same make that multiply or store in another format.
   *
   * @return nearest first; empty where nothing can stand in
   */
  default List<String> standIns(String variant) {
    return List.of();
  }

  /** The place of a shape's regime in {@link #regimes}. */
  default int regime(S shape) {
    return 0;
  }

  /** The constants, in the order of the arrays that {@link #on} takes. */
  List<Parameter> parameters();

  /**
   * Constants as another chip may borrow them: without what only the set-up of a table explains.
   *
   * @param constants one for each of {@link #parameters}
   */
  default double[] lent(double[] constants) {
    return constants;
  }

  /** Names of those constants that say how the box of a table is built, not how its chips are. */
  default List<String> ofTheBox() {
    return List.of();
  }

  /**
   * What a call crosses on its way to other chips of a platform.
   *
   * @return empty where it stays on the chip
   * @throws MissingFigureException where no stated link reaches so far
   */
  default Optional<Crossing> crossing(Platform platform, S shape) {
    return Optional.empty();
  }

  /**
   * Part of a call's time that no resource explains, in seconds: the constant called {@code
   * launch}, stated in seconds or in cycles of the chip's clock; 0 where there is none.
   *
   * @throws MissingFigureException where it is stated in cycles and the chip states no clock
   */
  default double launchSeconds(Platform platform, double[] constants) {
    List<Parameter> parameters = parameters();
    for (int i = 0; i < constants.length; i++) {
      Parameter parameter = parameters.get(i);
      if (parameter.name().equals("launch")) {
        return parameter.unit().equals("cycle")
            ? constants[i] / Silicon.halfWidth(platform).clockHertz()
            : constants[i];
      }
    }
    return 0;
  }

  /**
   * The kernel on a platform.
   *
   * @param platform what it runs on; collectives look at its links, all others at its chip
   * @param variant as {@link #variant} names it
   * @param warmth what the caches hold when the kernel starts
   * @param constants one for each of {@link #parameters}, in their units
   * @throws MissingFigureException where the platform does not state a figure the kernel needs
   */
  Kernel<S> on(Platform platform, String variant, Warmth warmth, double[] constants);

  /** Times of the same shapes under one set of constants after another, as a fit asks for them. */
  @FunctionalInterface
  interface Repeated {

    /**
     * Writes the seconds of each shape.
     *
     * @param constants as {@link KernelFamily#on} takes them
     * @param into one place for each shape
     */
    void seconds(double[] constants, double[] into);
  }

  /**
   * The times of some shapes, whatever of them no constant changes being worked out once.
   *
   * @param platform as {@link #on} takes it, as are the variant and the warmth
   * @param shapes of that variant
   */
  default Repeated over(Platform platform, String variant, Warmth warmth, List<S> shapes) {
    return (constants, into) -> {
      Kernel<S> kernel = on(platform, variant, warmth, constants);
      for (int i = 0; i < into.length; i++) {
        into[i] = kernel.seconds(shapes.get(i));
      }
    };
  }
}
