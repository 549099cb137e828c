package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void pointsAscendAndAreFoundAgain(int bits) {
    Grid grid = Grid.of(bits);
    for (int index = 0; index < grid.size() - 1; index++) {
      assertThat(grid.at(index + 1)).isGreaterThan(grid.at(index));
      assertThat(grid.below(grid.at(index))).isEqualTo(index);
      assertThat(grid.below(grid.at(index + 1) - 1)).isEqualTo(index);
    }
  }

  @Test
  void neighboursAreWithinAFixedRatio() {
    Grid grid = Grid.of(3);
    for (int index = 16; index < 200; index++) {
      assertThat((double) grid.at(index + 1) / grid.at(index)).isLessThanOrEqualTo(1 + 1.0 / 8);
    }
  }

  @Test
  void remembersAndInterpolates() {
    var asked = new AtomicInteger();
    RememberedTimes times =
        RememberedTimes.over((first, second, third) -> {
          asked.incrementAndGet();
          return 1 + first + 10 * second + 100 * third;
        });
    // Linear in each size, so interpolation is exact wherever the points lie.
    for (int repeat = 0; repeat < 2; repeat++) {
      assertThat(times.seconds(1000.5, 333.25, 77.75))
          .isCloseTo(1 + 1000.5 + 3332.5 + 7775, within(1e-6));
    }
    assertThat(asked.get()).isEqualTo(8);
  }

  @Test
  void aFractionOfACallTakesAFractionOfItsTime() {
    RememberedTimes times = RememberedTimes.over(size -> 3.0 * size);

    assertThat(times.seconds(0.25)).isCloseTo(0.75, within(1e-12));
  }
}
