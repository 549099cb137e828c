package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measured calls of one variant of a kernel on one platform.
 *
 * @param platform what they ran on
 * @param variant as the family names it
 * @param warmth what the caches held
 * @param shapes one for each call
 * @param seconds measured times, one for each shape
 * @param <S> the shape of one call
 */
public record Sample<S>(
    Platform platform, String variant, Warmth warmth, List<S> shapes, double[] seconds) {

  /** Copies the shapes. */
  public Sample {
    shapes = List.copyOf(shapes);
    if (shapes.isEmpty() || shapes.size() != seconds.length) {
      throw new IllegalArgumentException(
          "%d shapes, %d times".formatted(shapes.size(), seconds.length));
    }
  }

  /** How many calls. */
  public int size() {
    return shapes.size();
  }

  /**
   * At most {@code most} of the calls, spread evenly over the order of their times, so that short
   * and long calls keep their shares.
   */
  public Sample<S> atMost(int most) {
    if (size() <= most) {
      return this;
    }
    List<Integer> byTime =
        IntStream.range(0, size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> seconds[i]).thenComparing(i -> i))
            .toList();
    List<S> chosen = new ArrayList<>(most);
    double[] times = new double[most];
    for (int i = 0; i < most; i++) {
      int row = byTime.get((int) ((i + 0.5) * size() / most));
      chosen.add(shapes.get(row));
      times[i] = seconds[row];
    }
    return new Sample<>(platform, variant, warmth, chosen, times);
  }
}
