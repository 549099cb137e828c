package dev.ridgeline.kernel;

/**
 * A kernel on one platform with its constants set.
 *
 * @param <S> the shape it is asked for
 */
@FunctionalInterface
public interface Kernel<S> {

  /** Seconds from launch to completion, above zero and finite for every legal shape. */
  double seconds(S shape);
}
