package dev.ridgeline.serving.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.serving.traffic.CutTraffic.Cut;
import org.junit.jupiter.api.Test;

class CutTrafficTest {
  /** Ten requests, a second apart from 5 s on; those counted. */
  private static String counted(Cut head, Cut tail) {
    int[] sent = {0};
    CutTraffic traffic =
        new CutTraffic(
            into -> {
              into.timeNanos = (5 + sent[0]) * 1_000_000_000L;
              into.inputTokens = sent[0] + 1;
              return sent[0]++ < 10;
            },
            head,
            tail);
    StringBuilder found = new StringBuilder();
    Arrival arrival = new Arrival();
    int number = 0;
    while (traffic.next(arrival)) {
      assertThat(arrival.inputTokens).isEqualTo(++number);
      assertThat(arrival.timeNanos).isEqualTo((4 + number) * 1_000_000_000L);
      found.append(arrival.counted ? 'x' : '.');
    }
    return found.toString();
  }

  @Test
  void byNumber() {
    assertThat(counted(new Cut(3, 0), Cut.NONE)).isEqualTo("...xxxxxxx");
    assertThat(counted(new Cut(3, 0), new Cut(2, 0))).isEqualTo("...xxxxx..");
    assertThat(counted(Cut.NONE, new Cut(20, 0))).isEqualTo("..........");
    assertThat(counted(Cut.NONE, Cut.NONE)).isEqualTo("xxxxxxxxxx");
  }

  @Test
  void byTime() {
    assertThat(counted(new Cut(0, 2_500_000_000L), Cut.NONE)).isEqualTo("...xxxxxxx");
    assertThat(counted(Cut.NONE, new Cut(0, 2_500_000_000L))).isEqualTo("xxxxxxx...");
    assertThat(counted(new Cut(0, 1_000_000_000L), new Cut(1, 0))).isEqualTo(".xxxxxxxx.");
  }
}
