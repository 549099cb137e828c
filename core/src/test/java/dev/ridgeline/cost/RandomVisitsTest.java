package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.workload.Routing;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomVisitsTest {
  private static final double ROW_SECONDS = 1e-7;
  private static final double EXPERT_SECONDS = 1e-5;

  /** A layer that takes time for each expert in use and for each row of one rank. */
  private static RememberedTimes even(Routing routing) {
    return RememberedTimes.over(tokens -> {
      double rows = (double) tokens * routing.perToken() / routing.ranks();
      double experts = (double) routing.experts() / routing.ranks();
      return EXPERT_SECONDS * Math.min(experts, rows) + ROW_SECONDS * rows;
    });
  }

  private static double drawnExperts(Routing routing, int tokens) {
    var random = new Random(7);
    int rounds = 400;
    long touched = 0;
    for (int round = 0; round < rounds; round++) {
      boolean[] visited = new boolean[routing.experts()];
      for (int token = 0; token < tokens; token++) {
        random
            .ints(0, routing.experts())
            .distinct()
            .limit(routing.perToken())
            .forEach(expert -> visited[expert] = true);
      }
      for (int expert = 0; expert < routing.experts() / routing.ranks(); expert++) {
        touched += visited[expert] ? 1 : 0;
      }
    }
    return (double) touched / rounds;
  }

  @Test
  void weightsAreThoseOfExpertsThatRandomTokensTouch() {
    for (int ranks : new int[] {1, 4}) {
      var routing = new Routing(128, 8, 0, ranks);
      RememberedTimes times = new RandomVisits(even(routing), routing).remembered();
      for (int tokens : new int[] {1, 4, 8, 16, 32}) {
        double experts = drawnExperts(routing, tokens) * EXPERT_SECONDS;
        double rows = tokens * 8.0 / ranks * ROW_SECONDS;
        // Rows that come to experts in use before each expert has one are left out.
        assertThat(times.seconds(tokens)).isCloseTo(experts + rows, within(0.03 * experts));
      }
    }
  }

  @Test
  void oneTokenAndManyTakeWhatTheyTakeSpreadEvenly() {
    var routing = new Routing(128, 8, 0, 2);
    RememberedTimes even = even(routing);
    RememberedTimes times = new RandomVisits(even, routing).remembered();
    for (int tokens : new int[] {1, 256, 4096}) {
      assertThat(times.seconds(tokens)).isCloseTo(even.seconds(tokens), within(1e-9));
    }
  }
}
