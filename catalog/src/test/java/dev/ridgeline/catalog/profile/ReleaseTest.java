package dev.ridgeline.catalog.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseTest {
  private static Release of(String text) {
    return Release.parse(text);
  }

  @Test
  void readsTheNumbersThatLead() {
    assertThat(of("1.3.0rc17").numbers()).containsExactly(1, 3, 0);
    assertThat(of("v0.19").numbers()).containsExactly(0, 19);
    assertThat(of("nightly-5b8c").numbers()).isEmpty();
  }

  @Test
  void ordersByNumberAndNotByText() {
    assertThat(of("0.9.2")).isLessThan(of("0.10.0"));
    assertThat(of("1.0")).isEqualByComparingTo(of("1.0.0"));
    assertThat(of("1.0.0rc3")).isGreaterThan(of("0.21"));
  }

  @Test
  void patchesBelongToTheirRelease() {
    var releases = new Releases(of("0.12"), of("0.19"), Optional.of(of("0.14")));

    assertThat(releases.distance(of("0.12.0"))).isZero();
    assertThat(releases.distance(of("0.19.4"))).isZero();
    assertThat(releases.distance(of("0.20"))).isPositive();
    assertThat(releases.distance(of("0.11.2"))).isLessThan(releases.distance(of("0.10")));
    assertThat(releases.waitsIn(of("0.13.5"))).isTrue();
    assertThat(releases.waitsIn(of("0.14.0"))).isFalse();
  }
}
