package dev.ridgeline.kernel.measured;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What of a shape is a size, and what is not. Shapes of one group differ in sizes alone; shapes of
 * one group and equal sizes form a curve over the last one, which grows with the work.
 *
 * @param group what has no in-between: formats, libraries, windows
 * @param sizes those that tell the curves of a group apart, each at least 1
 * @param along the size along a curve, at least 1
 * @param at the same shape with another size along its curve
 * @param <S> the shape of one call
 */
public record Axes<S>(
    Function<S, String> group,
    Function<S, List<Long>> sizes,
    ToLongFunction<S> along,
    Along<S> at) {

  /**
   * Moves a shape along its curve.
   *
   * @param <S> the shape of one call
   */
  @FunctionalInterface
  public interface Along<S> {
    /** The shape with this size in place of its own. */
    S at(S shape, long along);
  }
}
