package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  /** Test vectors of the hash's authors: isthe.com/chongo/src/fnv/test_fnv.c. */
  @Test
  void hashesAsPublished() {
    assertThat(Split.hash("")).isEqualTo(0xcbf29ce484222325L);
    assertThat(Split.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Split.hash("foobar")).isEqualTo(0x85944171f73967e8L);
  }

  @Test
  void holdsAFifthOut() {
    long heldOut = IntStream.range(0, 10_000).filter(i -> Split.heldOut(i + "," + 2 * i)).count();

    assertThat(heldOut).isBetween(1850L, 2150L);
  }
}
