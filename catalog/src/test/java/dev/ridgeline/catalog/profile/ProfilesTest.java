package dev.ridgeline.catalog.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilesTest {
  private static final EngineName ASKED = EngineName.parse("trtllm@1.0");

  private record Copying() implements KernelFamily<Double> {
    @Override
    public String name() {
      return "copy";
    }

    @Override
    public String variant(Double shape) {
      return "fp16";
    }

    @Override
    public List<String> standIns(String variant) {
      return variant.equals("fp4") ? List.of("fp8", "fp16") : List.of();
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          new Parameter("launch", "s", "time of an empty call", 1e-7, 1e-6, 1e-5),
          new Parameter("reach", "1", "share of the bandwidth reached", 0.1, 0.8, 1.0));
    }

    @Override
    public List<String> regimes() {
      return List.of("short", "long");
    }

    @Override
    public int regime(Double bytes) {
      return bytes < 1e6 ? 0 : 1;
    }

    @Override
    public Kernel<Double> on(Platform platform, String variant, Warmth warmth, double[] c) {
      return bytes -> c[0] + bytes / c[1];
    }
  }

  private static Profile profile(String chip, String engine, String version, String... variants) {
    var entries = new LinkedHashMap<String, Profile.Variant>();
    var constants = new LinkedHashMap<String, Double>();
    constants.put("launch", 2e-6);
    constants.put("reach", 0.5);
    var regimes = new LinkedHashMap<String, Band>();
    regimes.put("long", new Band(0.8, 1.05));
    for (String variant : variants) {
      var library = variant.equals("nccl") ? Optional.of("nccl 2.29.2") : Optional.<String>empty();
      entries.put(
          variant,
          new Profile.Variant(
              constants,
              library,
              new Profile.Fit(
                  "table.csv",
                  "2026-11-23",
                  100,
                  Optional.of(new Profile.Search(1, 9000, 2000, "warm", "h100-sxm"))),
              Optional.of(new Profile.Accuracy(20, 0.05, 0.04, 0.1, -0.01)),
              new Band(0.9, 1.1),
              regimes,
              Optional.of("families left out"),
              0));
    }
    return new Profile("copy", chip, engine, version, entries, "memory");
  }

  private static FittedConstants find(Profiles profiles, String variant, String chip) {
    return profiles
        .find(new Copying(), variant, Catalog.shipped().chip(chip).chip(), ASKED)
        .orElseThrow();
  }

  private static Profiles of(Profile... all) {
    Profiles profiles = Catalog.shipped().profiles();
    for (Profile profile : all) {
      profiles = profiles.with(profile);
    }
    return profiles;
  }

  @Test
  void readsBackWhatItWrites() {
    Profile written = profile("h100-sxm", "trtllm", "1.0", "fp16", "nccl");
    String text = ProfileText.yaml(written);
    Profile read =
        Profiles.read("p.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));

    assertThat(ProfileText.yaml(read)).isEqualTo(text);
    assertThat(read.name()).isEqualTo("copy--h100-sxm--trtllm-1.0");
    assertThat(read.variants().keySet()).containsExactly("fp16", "nccl");
    assertThat(read.variants().get("fp16").constants()).containsEntry("launch", 2e-6);
    assertThat(read.variants().get("nccl").library()).contains("nccl 2.29.2");
  }

  /** The one fitted nearer comes first, whatever the order they are named in. */
  @Test
  void anotherFormatStandsInForOneThatWasFittedNowhere() {
    Profiles profiles =
        of(profile("h100-sxm", "trtllm", "1.0", "fp16"), profile("l40s", "trtllm", "1.0", "fp8"));

    FittedConstants own = find(profiles, "fp16", "h100-sxm");
    FittedConstants lent = find(profiles, "fp4", "h100-sxm");

    assertThat(lent.values()).isEqualTo(own.values());
    assertThat(lent.source()).isEqualTo(own.source() + " (fp16 for fp4)");
    assertThat(lent.low()).isLessThan(own.low());
    assertThat(lent.high()).isGreaterThan(own.high());
    assertThat(lent.band(1).high()).isGreaterThan(own.band(1).high());
    assertThat(find(profiles, "fp4", "l40s").source()).endsWith("(fp8 for fp4)");
  }

  @ParameterizedTest
  @CsvSource({
    "library, libary, unknown field, libary",
    "long, lung, unknown regime, long",
    "launch, lunch, missing constant, launch",
    "0.9, 1.2, must lie between, band.low",
    "2.0E-6, 2.0, must lie between, launch",
    "2026-11-23, yesterday, must be a day, date",
  })
  void refusesWhatItDoesNotUnderstand(
      String good, String bad, String reason, String field, @TempDir Path folder) throws Exception {
    String text = ProfileText.yaml(profile("h100-sxm", "trtllm", "1.0", "fp16", "nccl"));
    Files.writeString(folder.resolve("p.yaml"), text.replace(good, bad));

    assertThatThrownBy(() -> find(of().with(folder), "fp16", "h100-sxm"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("p.yaml:")
        .hasMessageContaining(field)
        .hasMessageContaining(reason);
  }

  @Test
  void prefersTheChipItself() {
    Profiles profiles =
        of(
            profile("h200-sxm", "trtllm", "1.0", "fp16"),
            profile("h100-sxm", "trtllm", "1.0", "fp16"));
    FittedConstants found = find(profiles, "fp16", "h100-sxm");

    assertThat(found.source()).isEqualTo("kernel:h100-sxm/trtllm-1.0");
    assertThat(found.values()).containsExactly(2e-6, 0.5);
    assertThat(found.low()).isEqualTo(0.9);
    assertThat(found.high()).isEqualTo(1.1);
    assertThat(found.band(0)).isEqualTo(new Band(0.9, 1.1));
    assertThat(found.band(1)).isEqualTo(new Band(0.8, 1.05));
  }

  @Test
  void borrowsFromTheNearestAndSaysSo() {
    Profiles h100 =
        of(
            profile("any", "trtllm", "1.0", "fp16"),
            profile("l40s", "trtllm", "1.0", "fp16"),
            profile("h100-sxm", "trtllm", "1.0", "fp16"));

    assertThat(find(h100, "fp16", "h200-sxm").source()).isEqualTo("kernel:sibling h100-sxm");
    assertThat(find(h100, "fp16", "b200-sxm").source()).isEqualTo("kernel:generation hopper");
    assertThat(find(h100, "fp16", "mi300x").source()).isEqualTo("kernel:default");
  }

  @Test
  void everyLoanWidensTheBand() {
    Profiles h100 = of(profile("h100-sxm", "trtllm", "1.0", "fp16"));

    assertThat(
            List.of(
                find(h100, "fp16", "h100-sxm").high(),
                find(h100, "fp16", "h200-sxm").high(),
                find(h100, "fp16", "b200-sxm").high()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void borrowsFromAnotherReleaseAndAnotherEngine() {
    Profiles other = of(profile("h100-sxm", "vllm", "0.10", "fp16", "nccl"));
    Profiles older = other.with(profile("h100-sxm", "tensorrt-llm", "0.9", "fp16"));

    assertThat(find(other, "fp16", "h100-sxm").source())
        .isEqualTo("kernel:h100-sxm/vllm-0.10 for trtllm-1.0");
    assertThat(find(older, "fp16", "h100-sxm").source())
        .isEqualTo("kernel:h100-sxm/tensorrt-llm-0.9 for trtllm-1.0");
    assertThat(find(older, "fp16", "h100-sxm").high())
        .isGreaterThan(1.1)
        .isLessThan(find(other, "fp16", "h100-sxm").high());
  }

  @Test
  void aLibraryServesEveryEngine() {
    Profiles other = of(profile("h100-sxm", "vllm", "0.10", "nccl"));
    FittedConstants found = find(other, "nccl", "h100-sxm");

    assertThat(found.source()).isEqualTo("kernel:h100-sxm/nccl-2.29.2");
    assertThat(found.high()).isCloseTo(1.1, within(1e-12));
  }

  @Test
  void hasNothingForAVariantNobodyFitted() {
    assertThat(
            of(profile("h100-sxm", "trtllm", "1.0", "fp16"))
                .find(new Copying(), "fp8", Catalog.shipped().chip("h100-sxm").chip(), ASKED))
        .isEmpty();
  }

  @Test
  void everyShippedProfileIsNamedForWhatItHolds() {
    for (String name : Shelf.PROFILES.all()) {
      String operator = name.substring(0, name.indexOf("--"));
      assertThat(Catalog.shipped().profiles().of(operator).stream().map(Profile::name))
          .contains(name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gb200, kernel:gb200/trtllm-1.3.0rc17 for trtllm-1.0",
    "b200-sxm, kernel:sibling gb200 for trtllm-1.0"
  })
  void boardPowerComesFromTheArchitecture(String chip, String source) {
    FittedConstants found =
        Catalog.shipped()
            .profiles()
            .under(ASKED)
            .power(BoardPower.RUNNING, Catalog.shipped().chip(chip).chip())
            .orElseThrow();

    assertThat(found.source()).isEqualTo(source);
    assertThat(BoardPower.of(found.values()).working()).isBetween(0.3, 0.5);
  }

  @ParameterizedTest
  @CsvSource({"h100-sxm", "h200-sxm"})
  void boardPowerOfANearArchitectureIsCarriedOverToTheBoard(String name) {
    Chip chip = Catalog.shipped().chip(name).chip();
    Chip lender = Catalog.shipped().chip("gb200").chip();
    var profiles = Catalog.shipped().profiles().under(ASKED);
    FittedConstants found = profiles.power(BoardPower.RUNNING, chip).orElseThrow();
    FittedConstants own = profiles.power(BoardPower.RUNNING, lender).orElseThrow();
    BoardPower borrowed = BoardPower.of(found.values());
    BoardPower fitted = BoardPower.of(own.values());

    assertThat(found.source()).isEqualTo("as fitted on gb200, borrowed from a near architecture");
    assertThat(found.high() / found.low()).isGreaterThan(own.high() / own.low());
    assertThat(borrowed.idle()).isEqualTo(fitted.idle());
    assertThat(borrowed.working()).isEqualTo(fitted.working());
    // Datasheets: GB200 8 TB/s and 2.5 Pflop/s of dense bf16 in 1200 W; a byte and a flop cost
    // alike.
    double bandwidth = name.equals("h100-sxm") ? 3.35e12 : 4.8e12;
    assertThat(borrowed.memory() * 700 / bandwidth)
        .isCloseTo(fitted.memory() * 1200 / 8e12, Percentage.withPercentage(0.1));
    assertThat(borrowed.matrix() * 700 / 989e12)
        .isCloseTo(fitted.matrix() * 1200 / 2.5e15, Percentage.withPercentage(1.5));
    assertThat(borrowed.watts(700, 1, 1)).isLessThanOrEqualTo(700);
  }

  @ParameterizedTest
  @CsvSource({"a100-sxm-80gb", "l40s", "mi300x"})
  void boardPowerOfFarArchitecturesIsNotBorrowed(String chip) {
    assertThat(
            Catalog.shipped()
                .profiles()
                .under(ASKED)
                .power(BoardPower.RUNNING, Catalog.shipped().chip(chip).chip()))
        .isEmpty();
  }
}
