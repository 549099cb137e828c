package dev.ridgeline.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class DurationsTest {
  /** Past its first entries a multiset takes no memory, not even when it turns to classes. */
  @Test
  void longRunsAllocateNothing() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
        "this JVM does not count allocations");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Durations durations = new Durations();
    long next = add(durations, 0, 20_000);
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    next = add(durations, next, 1_500_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    assertThat(durations.count()).isEqualTo(next);
    double middle = 1_000_000 + 3.0 * (next - 1) / 2;
    assertThat(durations.percentiles(0.5)[0]).isCloseTo(middle, within(middle / 2048));
  }

  @Test
  void fewEntriesAreExact() {
    Durations durations = new Durations();
    add(durations, 0, 30_001);
    assertThat(durations.percentiles(0, 0.5, 1))
        .containsExactly(1_000_000, 1_000_000 + 45_000, 1_000_000 + 90_000);
  }

  /** Entries that rise by three. */
  private static long add(Durations durations, long from, long count) {
    for (long entry = from; entry < from + count; entry++) {
      durations.add(1_000_000 + 3 * entry, 1);
    }
    return from + count;
  }
}
