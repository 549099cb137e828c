package dev.ridgeline.calibration.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.serving.request.RequestTable;
import org.junit.jupiter.api.Test;

class LoopMeansTest {
  private final RequestTable table = new RequestTable();

  private void end(LoopMeans means, long id, double first, double last, int output) {
    int slot = table.add(id, 0, 100, output);
    table.firstTokenNanos[slot] = Nanos.of(first);
    table.lastTokenNanos[slot] = Nanos.of(last);
    means.ended(table, slot);
  }

  /** Two of four were in the burst, which is a tenth of a whole run. */
  @Test
  void theBurstCountsAsInAWholeRun() {
    var means = new LoopMeans(new ServedRun.Loop(2, 4, 0.1));
    end(means, 0, 1, 2, 11);
    end(means, 1, 3, 4, 11);
    end(means, 2, 0.2, 0.7, 11);
    end(means, 3, 0.4, 0.9, 11);
    assertThat(means.means().requests()).isEqualTo(4);
    assertThat(means.means().ttftSeconds()).isCloseTo(0.1 * 2 + 0.9 * 0.3, within(1e-9));
    assertThat(means.means().tpotSeconds()).isCloseTo(0.1 * 0.1 + 0.9 * 0.05, within(1e-9));
  }

  @Test
  void aBurstAloneIsAll() {
    var means = new LoopMeans(new ServedRun.Loop(2, 2, 0.1));
    end(means, 0, 1, 2, 11);
    end(means, 1, 3, 3, 1);
    assertThat(means.means().ttftSeconds()).isCloseTo(2, within(1e-9));
    assertThat(means.means().tpotSeconds()).isCloseTo(0.1, within(1e-9));
  }
}
