package dev.ridgeline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.schedule.Policy;
import dev.ridgeline.serving.schedule.SchedulerOptions;
import dev.ridgeline.serving.traffic.RequestList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * LightLLM's request queue counts a waiting request as (prompt + 1, output - 1) and admits while
 * the largest (sum of what is there + rank x what is to come) stays below the capacity. By hand:
 * two prompts of 40 with outputs of 10 give 2 x 41 + 2 x 9 = 100.
 */
class LightAdmissionTest {
  @ParameterizedTest
  @CsvSource({"100, false", "101, true"})
  void twoEnterTogetherOnlyBelowTheCapacity(int tokens, boolean together) {
    RequestList two = new RequestList();
    two.add(0, 40, 10);
    two.add(0, 40, 10);
    SchedulerOptions options = Scenes.options(Policy.LIGHTLLM, tokens, 1, false);
    List<Long> scheduled = new ArrayList<>();
    new Simulation(
            Scenes.setup(Policy.LIGHTLLM, options, "10 ms + 0.1 ms * N", 1, true),
            (table, slot) -> scheduled.add(table.firstScheduledNanos[slot]),
            IterationSink.NONE)
        .run(two.at(1, 10));
    assertThat(scheduled).hasSize(2);
    assertThat(scheduled.stream().allMatch(time -> time == 0)).isEqualTo(together);
  }
}
