package dev.ridgeline.catalog.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.units.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of an engine measured in its releases 0.4 to 0.6, called 2024, and 0.12 to 0.19. */
class EngineReleasesTest {
  private final EngineReleases releases =
      new EngineReleases(
          "served",
          "0.10.2",
          List.of(
              profile("2024", "0.4", "0.6", "h100-sxm"),
              profile("0.19", "0.12", "0.19", "any"),
              profile("2024", "0.4", "0.6", "any")));

  private static Profile profile(String version, String first, String last, String chip) {
    SequencedMap<String, Profile.Variant> none = new LinkedHashMap<>();
    return new Profile(
        EngineConstants.OPERATOR,
        chip,
        "served",
        version,
        Optional.of(new Releases(Release.parse(first), Release.parse(last), Optional.empty())),
        none,
        "");
  }

  @Test
  void noReleaseMeansTheNewestThatWasMeasured() {
    assertThat(releases.newest()).isEqualTo("0.19");
    assertThat(releases.meant(Optional.empty())).isEqualTo("0.19");
    assertThat(releases.measured()).containsExactly("0.19", "2024");
  }

  @Test
  void whereNothingWasMeasuredTheDescribedReleaseIsTheNewest() {
    var bare = new EngineReleases("served", "0.10.2", List.of());

    assertThat(bare.meant(Optional.empty())).isEqualTo("0.10.2");
    assertThat(bare.isMeasured("0.10.2")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024", "0.4", "0.6.9", "0.12.0", "0.19.2", "v0.5.4"})
  void measuredReleasesAreMeant(String release) {
    assertThat(releases.meant(Optional.of(release))).isEqualTo(release);
    assertThat(releases.isMeasured(release)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.10.2", "0.7.3", "0.9.0.2.dev108+g71faa1880", "0.20.0rc1", "0.22"})
  void releasesBetweenAndShortlyAfterAreAnsweredByTheNearest(String release) {
    assertThat(releases.meant(Optional.of(release))).isEqualTo(release);
    assertThat(releases.isMeasured(release)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.23", "99", "1.0", "2023"})
  void othersAreRefusedWithWhatIsKnown(String release) {
    assertThatThrownBy(() -> releases.meant(Optional.of(release)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such release of served")
        .hasMessageContaining(
            "0.4 to 0.6 (all of them 2024), 0.12 to 0.19, 0.10.2 (its memory only)")
        .hasMessageContaining("served@0.19");
  }

  @ParameterizedTest
  @ValueSource(strings = {"banana", "", "newest", "0.19banana", "0..19", "-1", "0.19 "})
  void whatIsNoReleaseIsRefused(String release) {
    assertThatThrownBy(() -> releases.meant(Optional.of(release)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a release of served")
        .hasMessageContaining("0.12 to 0.19");
  }

  @Test
  void aFitWithoutARangeStandsForItselfAlone() {
    SequencedMap<String, Profile.Variant> none = new LinkedHashMap<>();
    var alone =
        new Profile(EngineConstants.OPERATOR, "any", "served", "1.2", Optional.empty(), none, "");

    assertThat(EngineReleases.of(alone).covers(Release.parse("1.2.9"))).isTrue();
    assertThat(EngineReleases.of(alone).covers(Release.parse("1.3"))).isFalse();
    assertThat(new EngineReleases("served", "1.2", List.of(alone)).known()).containsExactly("1.2");
  }
}
